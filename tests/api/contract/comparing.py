"""Our printed schema beside Saleor's types: what differs, and what only we have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
    build_schema,
)

from marketplace.api.graphql.schema import schema
from tests.api.contract.facts import SCALARS_OF_GRAPHQL, TypeFacts, saleor_types

KINDS = {
    GraphQLEnumType: "ENUM",
    GraphQLInputObjectType: "INPUT_OBJECT",
    GraphQLInterfaceType: "INTERFACE",
    GraphQLObjectType: "OBJECT",
    GraphQLScalarType: "SCALAR",
    GraphQLUnionType: "UNION",
}


@dataclass
class Comparison:
    """What was found, by coordinate; a difference with what it is."""

    differences: dict[str, str] = field(default_factory=dict)
    ours: set[str] = field(default_factory=set)


def printed_schema() -> str:
    """Our schema in the schema definition language, as clients' tools read it."""
    return str(schema)


@cache
def our_types() -> Mapping[str, TypeFacts]:
    """Every type of ours by name, GraphQL's own scalars and introspection left out."""
    return types_in(printed_schema())


def types_in(sdl: str) -> Mapping[str, TypeFacts]:
    """The types of a schema that is written out."""
    types = build_schema(sdl).type_map
    return {
        name: _facts(given)
        for name, given in types.items()
        if not name.startswith("__") and name not in SCALARS_OF_GRAPHQL
    }


def _facts(given: GraphQLNamedType) -> TypeFacts:
    kind = KINDS[type(given)]
    if isinstance(given, GraphQLEnumType):
        return TypeFacts(kind, dict.fromkeys(given.values, ""))
    if isinstance(given, GraphQLUnionType):
        return TypeFacts(kind, {one.name: "" for one in given.types})
    members: dict[str, str] = {}
    if isinstance(given, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        for name, of in given.fields.items():
            members[name] = str(of.type)
            members |= {f"{name}({argument})": str(one.type) for argument, one in getattr(of, "args", {}).items()}
    interfaces = getattr(given, "interfaces", ())
    return TypeFacts(kind, members, frozenset(one.name for one in interfaces))


def compared(types: Mapping[str, TypeFacts], *, wanted: Iterable[str]) -> Comparison:
    """These types beside Saleor's. `wanted` are the coordinates that must be there whatever else is."""
    found = Comparison()
    for name, ours in types.items():
        theirs = saleor_types().get(name)
        if theirs is None:
            found.ours.add(name)
        elif theirs.kind != ours.kind:
            found.differences[name] = f"{ours.kind}, in Saleor {theirs.kind}"
        else:
            _compare_members(name, ours, theirs, found)
    for coordinate in wanted:
        if not _has(types, coordinate):
            found.differences.setdefault(coordinate, "missing")
    return found


def _compare_members(name: str, ours: TypeFacts, theirs: TypeFacts, found: Comparison) -> None:
    for member, of in ours.members.items():
        is_of_own_field = "(" in member and member.partition("(")[0] not in theirs.members
        if is_of_own_field:
            continue  # what a field of our own is asked with is its own matter
        if member not in theirs.members:
            found.ours.add(f"{name}.{member}")
            if _must_be_given(member, of, ours):
                found.differences[f"{name}.{member}"] = "must be given, and Saleor does not know it"
        elif theirs.members[member] != of:
            found.differences[f"{name}.{member}"] = f"{of}, in Saleor {theirs.members[member]}"
    for member, of in theirs.members.items():
        has_its_field = "(" not in member or member.partition("(")[0] in ours.members
        is_given = "(" in member or theirs.kind in ("INPUT_OBJECT", "UNION")  # a fragment on a type is given, too
        if member not in ours.members and theirs.kind == "ENUM":
            # Also where it is only answered: clients that are generated of a schema name every value.
            found.differences[f"{name}.{member}"] = "missing, and clients of Saleor know it"
        if member not in ours.members and has_its_field and is_given:
            need = "must" if _must_be_given(member, of, theirs) else "may"
            found.differences[f"{name}.{member}"] = f"missing, and clients of Saleor {need} give it"
    found.ours.update(f"{name} implements {one}" for one in ours.interfaces - theirs.interfaces)


def _must_be_given(member: str, of: str, facts: TypeFacts) -> bool:
    return of.endswith("!") and ("(" in member or facts.kind == "INPUT_OBJECT")


def _has(types: Mapping[str, TypeFacts], coordinate: str) -> bool:
    name, _dot, member = coordinate.partition(".")
    return name in types and (not member or member in types[name].members)
