"""Saleor's public interface as data: its types, and what its own storefront asks of them.

Everything that has a type is named by its coordinate: `Product`, `Product.name`, `Product.thumbnail(size)`,
`ProductOrder.field` of an input, `OrderDirection.ASC` of an enum, `DeliveryMethod.Warehouse` of a union.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

SCALARS_OF_GRAPHQL = frozenset({"Boolean", "Float", "ID", "Int", "String"})
DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True)
class TypeFacts:
    """A type by its members: of a field or argument its type, of a value or a union's type an empty text."""

    kind: str
    """As introspection says it: OBJECT, INTERFACE, INPUT_OBJECT, ENUM, UNION or SCALAR."""
    members: Mapping[str, str] = field(default_factory=dict)
    """By `field`, `field(argument)`, `VALUE` or `Type`."""
    interfaces: frozenset[str] = frozenset()


@cache
def saleor_types() -> Mapping[str, TypeFacts]:
    """Every type of Saleor's by name."""
    types: dict[str, Any] = json.loads((DATA / "saleor_schema.json").read_text(encoding="utf-8"))["types"]
    return {name: _facts(given) for name, given in types.items()}


def _facts(given: Mapping[str, Any]) -> TypeFacts:
    members = dict.fromkeys([*given.get("values", ()), *given.get("types", ())], "")
    for name, of in given.get("fields", {}).items():
        members[name] = of if isinstance(of, str) else of["type"]
        arguments = {} if isinstance(of, str) else of.get("args", {})
        members |= {f"{name}({argument})": type_ for argument, type_ in arguments.items()}
    return TypeFacts(given["kind"], members, frozenset(given.get("interfaces", ())))


@cache
def usage() -> Mapping[str, Any]:
    """What Saleor's storefront asks: operations, root fields, fields by type, arguments by field."""
    content: dict[str, Any] = json.loads((DATA / "saleor_storefront_usage.json").read_text(encoding="utf-8"))
    return content


def bare(type_: str) -> str:
    """The name inside a type: `Product` of `[Product!]!`."""
    return type_.strip("[]!")


def asked_by_queries() -> set[str]:
    """The coordinates that the storefront's queries ask: root fields, the fields behind them, and their arguments."""
    return _asked_from("Query", usage()["root_queries"])


def asked_by_mutations(names: Iterable[str]) -> set[str]:
    """The coordinates that the storefront asks by these mutations, and the fields behind them."""
    return _asked_from("Mutation", {name: usage()["root_mutations"][name] for name in names})


def _asked_from(root: str, roots: Mapping[str, Any]) -> set[str]:
    seen: set[str] = set()
    waiting = [root]
    while waiting:
        name = waiting.pop()
        if name in seen or name in SCALARS_OF_GRAPHQL:
            continue
        seen.add(name)
        for member in _members_asked(name, roots if name == root else None):
            seen.add(f"{name}.{member}")
            if "(" not in member:
                waiting += _types_behind(bare(saleor_types()[name].members[member]))
    return seen


def inputs_of(coordinates: Iterable[str]) -> set[str]:
    """The input types and enums that these arguments take, with every field and value that they have in Saleor.

    Of the inputs inside those inputs just the enums: what may be sent of the others is each field's own matter.
    """
    found: set[str] = set()
    for coordinate in coordinates:
        type_name, _dot, member = coordinate.partition(".")
        if "(" in member:
            taken = bare(saleor_types()[type_name].members[member])
            found |= _whole(taken, "INPUT_OBJECT", "ENUM")
            for inner in saleor_types()[taken].members.values() if taken in saleor_types() else ():
                found |= _whole(bare(inner), "ENUM")
    return found


def _whole(name: str, *kinds: str) -> set[str]:
    facts = saleor_types().get(name)
    if facts is None or facts.kind not in kinds:
        return set()
    return {name, *(f"{name}.{member}" for member in facts.members)}


def _members_asked(name: str, roots: Mapping[str, Any] | None) -> Iterator[str]:
    arguments: Mapping[str, Any]
    if roots is not None:
        arguments, fields = roots, list(roots)
    else:
        fields = [one for one in usage()["fields_by_type"].get(name, ()) if one != "__typename"]
        arguments = {one: usage()["field_arguments"].get(f"{name}.{one}", ()) for one in fields}
    for one in fields:
        yield one
        yield from (f"{one}({argument})" for argument in arguments[one])


def _types_behind(name: str) -> list[str]:
    """The type itself, and of an interface or union the types of it that the storefront looks into."""
    facts = saleor_types().get(name, TypeFacts("SCALAR"))
    if facts.kind == "UNION":
        inside = set(facts.members)
    elif facts.kind == "INTERFACE":
        inside = {one for one, other in saleor_types().items() if name in other.interfaces}
    else:
        inside = set()
    known: Mapping[str, Any] = usage()["fields_by_type"]
    return [one for one in (name, *sorted(inside)) if one == name or one in known]
