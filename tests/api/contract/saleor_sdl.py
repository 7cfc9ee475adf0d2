"""Saleor's own schema, made again from the facts: what is valid in it, a client of Saleor may ask."""

from __future__ import annotations

from functools import cache

from graphql import GraphQLSchema, build_schema

from tests.api.contract.facts import SCALARS_OF_GRAPHQL, TypeFacts, saleor_types


@cache
def saleor_schema() -> GraphQLSchema:
    """All types of Saleor's that have fields, values or names; resolves nothing."""
    return build_schema(written_schema())


def written_schema() -> str:
    """The same in GraphQL's schema language."""
    return "\n".join(_written(name, facts) for name, facts in saleor_types().items())


def _written(name: str, facts: TypeFacts) -> str:
    if facts.kind == "SCALAR":
        return "" if name in SCALARS_OF_GRAPHQL else f"scalar {name}"
    if facts.kind == "UNION":
        return f"union {name} = {' | '.join(facts.members)}"
    if facts.kind == "ENUM":
        return f"enum {name} {{ {' '.join(facts.members)} }}"
    if facts.kind == "INPUT_OBJECT":
        return f"input {name} {{ {' '.join(f'{member}: {of}' for member, of in facts.members.items())} }}"
    keyword = "interface" if facts.kind == "INTERFACE" else "type"
    implemented = f" implements {' & '.join(sorted(facts.interfaces))}" if facts.interfaces else ""
    return f"{keyword} {name}{implemented} {{ {' '.join(_fields(facts))} }}"


def _fields(facts: TypeFacts) -> list[str]:
    arguments: dict[str, list[str]] = {}
    for member, of in facts.members.items():
        field, is_argument, rest = member.partition("(")
        arguments.setdefault(field, [])
        if is_argument:
            arguments[field].append(f"{rest.removesuffix(')')}: {of}")
    return [
        f"{field}{'(' + ', '.join(given) + ')' if given else ''}: {facts.members[field]}"
        for field, given in arguments.items()
    ]
