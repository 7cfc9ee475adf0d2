"""What a query selects below a field, so that a list loads with its rows what will be asked of them."""

from __future__ import annotations

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLResolveInfo,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
)
from graphql.execution.collect_fields import collect_sub_fields


def selected(info: GraphQLResolveInfo) -> frozenset[str]:
    """The names of all fields that are selected below the field being resolved, however deep.

    Fields of fragments are among them, each fragment looked at once. Directives and types are not looked at, so
    that at most too much is named.
    """
    return _selected([node.selection_set for node in info.field_nodes], info)


def is_asked(name: str, info: GraphQLResolveInfo) -> bool:
    """Whether the answer will bring the field `name` of the object being resolved: directives are looked at."""
    kind = get_named_type(info.return_type)
    if not isinstance(kind, GraphQLObjectType):
        return False
    fields = collect_sub_fields(info.schema, info.fragments, info.variable_values, kind, info.field_nodes)
    return any(nodes[0].name.value == name for nodes in fields.values())


def selected_anywhere(info: GraphQLResolveInfo) -> frozenset[str]:
    """The same of the whole operation: rows that several fields share are loaded for all of them."""
    return _selected([info.operation.selection_set], info)


def _selected(waiting: list[SelectionSetNode | None], info: GraphQLResolveInfo) -> frozenset[str]:
    names: set[str] = set()
    fragments: set[str] = set()
    while waiting:
        selections = waiting.pop()
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                names.add(node.name.value)
                waiting.append(node.selection_set)
            elif isinstance(node, InlineFragmentNode):
                waiting.append(node.selection_set)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in fragments:
                fragments.add(node.name.value)
                fragment = info.fragments.get(node.name.value)
                if isinstance(fragment, FragmentDefinitionNode):
                    waiting.append(fragment.selection_set)
    return frozenset(names)
