"""Which documents may come in a large body: those that do nothing but a bulk mutation, of people of a shop."""

from __future__ import annotations

from typing import Final

from graphql import DocumentNode, FieldNode, OperationDefinitionNode

BULK_MUTATIONS: Final = frozenset({"productBulkCreate"})


def is_bulk(document: DocumentNode) -> bool:
    """Whether every field that the document's operations ask for at their root is a bulk mutation."""
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    roots = [node for operation in operations for node in operation.selection_set.selections]
    return all(isinstance(node, FieldNode) and node.name.value in BULK_MUTATIONS for node in roots)
