"""How many pairs of fields GraphQL's own rules will compare.

They compare each field with each other that stands for the same name of the answer, however the two came there:
980 times `name` took 2.8 s. Here the pairs are counted without comparing them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

Fragments = Mapping[str, FragmentDefinitionNode]


def comparisons(document: DocumentNode, *, stop_above: int) -> int:
    """The pairs of fields for one name of an answer, over all operations and fragments; at least that many.

    The caller has refused circles of fragments and bounded what they unfold to, and so the steps that this takes.
    """
    fragments: dict[str, FragmentDefinitionNode] = {}
    waiting: list[list[SelectionSetNode]] = []
    for node in document.definitions:
        if isinstance(node, FragmentDefinitionNode):
            fragments[node.name.value] = node
        if isinstance(node, FragmentDefinitionNode | OperationDefinitionNode):
            waiting.append([node.selection_set])
    pairs = 0
    while waiting and pairs <= stop_above:
        for fields in _by_name(waiting.pop(), fragments):
            pairs += len(fields) * (len(fields) - 1) // 2
            inside = [field.selection_set for field in fields if field.selection_set is not None]
            if inside:
                waiting.append(inside)
    return pairs


def _by_name(selections: Sequence[SelectionSetNode], fragments: Fragments) -> Iterator[list[FieldNode]]:
    """The fields of selection sets that answer one object, by the name in the answer; a fragment is one for all."""
    found: dict[str, list[FieldNode]] = {}
    waiting, seen = list(selections), set[str]()
    while waiting:
        for node in waiting.pop().selections:
            if isinstance(node, FieldNode):
                found.setdefault((node.alias or node.name).value, []).append(node)
            elif not isinstance(node, FragmentSpreadNode):
                waiting.append(node.selection_set)  # type: ignore[attr-defined]  # the third kind: an inline fragment
            elif node.name.value not in seen and node.name.value in fragments:
                seen.add(node.name.value)
                waiting.append(fragments[node.name.value].selection_set)
    return iter(found.values())
