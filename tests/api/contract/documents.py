"""The documents of Saleor's storefront as we write them from the names it asks: one a query, all of every type."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from graphql import DocumentNode, FragmentDefinitionNode, FragmentSpreadNode, Node, Visitor, parse, print_ast, visit

FOLDER = Path(__file__).parent / "documents"
FRAGMENTS = "fragments.graphql"
GONE = frozenset({"checkoutLineDelete"})
"""Mutations that Saleor 3.24 dropped and its storefront's documents name still: clients are generated of them."""


def names() -> list[str]:
    """The operations that there is a document of."""
    return sorted(path.stem for path in FOLDER.glob("*.graphql") if path.name != FRAGMENTS)


@cache
def document(name: str) -> str:
    """The document of this operation with just the fragments that it spreads, each of them once."""
    operation = parse((FOLDER / f"{name}.graphql").read_text(encoding="utf-8"))
    needed: dict[str, FragmentDefinitionNode] = {}
    waiting: list[Node] = [operation]
    while waiting:
        for spread in _spreads(waiting.pop()):
            if spread not in needed:
                needed[spread] = _fragments()[spread]
                waiting.append(needed[spread])
    return print_ast(DocumentNode(definitions=(*operation.definitions, *needed.values())))


@cache
def _fragments() -> dict[str, FragmentDefinitionNode]:
    shared = parse((FOLDER / FRAGMENTS).read_text(encoding="utf-8"))
    return {one.name.value: one for one in shared.definitions if isinstance(one, FragmentDefinitionNode)}


def _spreads(node: Node) -> list[str]:
    found: list[str] = []

    class Spreads(Visitor):
        def enter_fragment_spread(self, spread: FragmentSpreadNode, *_: object) -> None:
            found.append(spread.name.value)

    visit(node, Spreads())
    return found
