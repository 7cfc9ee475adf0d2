"""Whether a document is plainly valid, seen in one walk: GraphQL's own rules take 26 visitors through each node.

Only a document of which every part is found ordinary passes; anything else is left to GraphQL's rules, whose errors
are told. What passes here must pass there: tests hold both against each other over thousands of broken documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    OverlappingFieldsCanBeMergedRule,
    SelectionSetNode,
    Undefined,
    ValueNode,
    VariableNode,
    is_input_type,
    specified_directives,
    type_from_ast,
    validate,
)
from graphql.utilities import do_types_overlap
from graphql.validation.rules.variables_in_allowed_position import allowed_variable_usage

SWITCHES: Final = {one.name: one for one in specified_directives if one.name in {"include", "skip"}}
TYPENAME: Final = "__typename"
COMPOSITE: Final = (GraphQLObjectType, GraphQLInterfaceType, GraphQLUnionType)
LEAVES: Final = (GraphQLScalarType, GraphQLEnumType)

Usage = tuple[str, Any, Any]
"""A variable, the type of the place where it stands, and that place's default."""


class _NotPlain(Exception):
    """Something is wrong, or out of the ordinary."""


def is_plainly_valid(document: DocumentNode, *, schema: GraphQLSchema, pairs: int) -> bool:
    """Whether GraphQL's own rules have surely nothing to say against a document.

    `pairs` is how many pairs of fields stand for one name of the answer (`comparisons`): where there is none, no two
    can contradict each other. The caller has refused circles of fragments and bounded how deep a document nests.
    """
    try:
        _Walk(document, schema).check()
    except _NotPlain:
        return False
    return pairs == 0 or not validate(schema, document, rules=[OverlappingFieldsCanBeMergedRule], max_errors=1)


class _Inside:
    """What a definition holds: variables at their places, and fragments by name."""

    __slots__ = ("spreads", "usages")

    def __init__(self) -> None:
        self.usages: list[Usage] = []
        self.spreads: set[str] = set()


class _Walk:
    """One document on its way."""

    def __init__(self, document: DocumentNode, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._operations: list[OperationDefinitionNode] = []
        self._fragments: dict[str, tuple[FragmentDefinitionNode, GraphQLNamedType]] = {}
        self._inside = _Inside()
        for node in document.definitions:
            if isinstance(node, OperationDefinitionNode):
                self._operations.append(node)
            elif isinstance(node, FragmentDefinitionNode):
                _require(node.name.value not in self._fragments and not node.variable_definitions)
                self._fragments[node.name.value] = node, self._composite(node.type_condition.name.value)
            else:
                raise _NotPlain

    def check(self) -> None:
        """Raises `_NotPlain`."""
        names = [node.name.value for node in self._operations if node.name is not None]
        _require(len(names) == len(set(names)))
        _require(len(names) == len(self._operations) or len(self._operations) == 1)
        of_fragments = {name: self._definition(node, kind) for name, (node, kind) in self._fragments.items()}
        spread: set[str] = set()
        for node in self._operations:
            spread |= self._operation(node, of_fragments)
        _require(len(spread) == len(of_fragments))

    def _operation(self, node: OperationDefinitionNode, of_fragments: dict[str, _Inside]) -> set[str]:
        """Answers which fragments it brings."""
        root = self._schema.get_root_type(node.operation)
        if root is None or node.operation is OperationType.SUBSCRIPTION:
            raise _NotPlain
        inside = self._definition(node, root)
        usages, waiting, spread = list(inside.usages), list(inside.spreads), set[str]()
        while waiting:
            name = waiting.pop()
            if name not in spread:
                spread.add(name)
                usages += of_fragments[name].usages
                waiting += of_fragments[name].spreads
        self._variables(node, usages)
        return spread

    def _variables(self, node: OperationDefinitionNode, usages: Iterable[Usage]) -> None:
        declared: dict[str, tuple[Any, ValueNode | None]] = {}
        for one in node.variable_definitions:
            kind: Any = type_from_ast(self._schema, one.type)
            name = one.variable.name.value
            _require(is_input_type(kind) and not one.directives and name not in declared)
            if one.default_value is not None:
                self._value(one.default_value, kind, Undefined)
            declared[name] = kind, one.default_value
        used: set[str] = set()
        for name, place, default in usages:
            _require(name in declared)
            used.add(name)
            _require(allowed_variable_usage(self._schema, *declared[name], place, default))
        _require(len(used) == len(declared))

    def _definition(self, node: OperationDefinitionNode | FragmentDefinitionNode, kind: GraphQLNamedType) -> _Inside:
        _require(not node.directives)
        self._inside = inside = _Inside()
        self._selections(node.selection_set, kind)
        return inside

    def _selections(self, selections: SelectionSetNode, parent: GraphQLNamedType) -> None:
        for node in selections.selections:
            if node.directives:
                self._directives(node.directives)
            if isinstance(node, FieldNode):
                self._field(node, parent)
            elif isinstance(node, FragmentSpreadNode):
                name = node.name.value
                _require(name in self._fragments)
                self._overlap(self._fragments[name][1], parent)
                self._inside.spreads.add(name)
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                kind = parent if condition is None else self._composite(condition.name.value)
                self._overlap(kind, parent)
                self._selections(node.selection_set, kind)

    def _field(self, node: FieldNode, parent: GraphQLNamedType) -> None:
        name, inner = node.name.value, node.selection_set
        if name == TYPENAME:
            _require(not node.arguments and inner is None)
            return
        if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) or name not in parent.fields:
            raise _NotPlain
        field = parent.fields[name]
        if field.args or node.arguments:
            self._given(((one.name.value, one.value) for one in node.arguments), field.args)
        kind: Any = field.type
        while isinstance(kind, GraphQLNonNull | GraphQLList):
            kind = kind.of_type
        if inner is not None:
            _require(isinstance(kind, COMPOSITE))
            self._selections(inner, kind)
        else:
            _require(isinstance(kind, LEAVES))

    def _directives(self, nodes: Sequence[DirectiveNode]) -> None:
        names = [node.name.value for node in nodes]
        _require(len(names) == len(set(names)))
        for node in nodes:
            _require(node.name.value in SWITCHES)
            self._given(((one.name.value, one.value) for one in node.arguments), SWITCHES[node.name.value].args)

    def _given(
        self,
        given: Iterable[tuple[str, ValueNode]],
        places: dict[str, GraphQLArgument] | dict[str, GraphQLInputField],
    ) -> None:
        """Values by name for arguments, or for the fields of an input: each once, all that are required."""
        names: set[str] = set()
        for name, value in given:
            _require(name in places and name not in names)
            names.add(name)
            self._value(value, places[name].type, places[name].default_value)
        for name, place in places.items():
            if name not in names:
                _require(not isinstance(place.type, GraphQLNonNull) or place.default_value is not Undefined)

    def _value(self, node: ValueNode, kind: Any, default: Any) -> None:
        if isinstance(node, VariableNode):
            self._inside.usages.append((node.name.value, kind, default))
            return
        if isinstance(kind, GraphQLNonNull):
            _require(not isinstance(node, NullValueNode))
            kind = kind.of_type
        if isinstance(node, NullValueNode):
            return
        if isinstance(kind, GraphQLList):
            for item in node.values if isinstance(node, ListValueNode) else (node,):
                self._value(item, kind.of_type, Undefined)
        elif isinstance(kind, GraphQLInputObjectType):
            if not isinstance(node, ObjectValueNode) or kind.is_one_of:
                raise _NotPlain
            self._given(((one.name.value, one.value) for one in node.fields), kind.fields)
        else:
            _require(not isinstance(node, ListValueNode | ObjectValueNode))
            _require(_is_literal_of(node, kind))

    def _composite(self, name: str) -> GraphQLNamedType:
        kind = self._schema.get_type(name)
        if not isinstance(kind, COMPOSITE):
            raise _NotPlain
        return kind

    def _overlap(self, kind: Any, parent: Any) -> None:
        _require(kind is parent or do_types_overlap(self._schema, kind, parent))


def _is_literal_of(node: ValueNode, kind: GraphQLScalarType | GraphQLEnumType) -> bool:
    try:
        return kind.parse_literal(node) is not Undefined
    except Exception:  # whatever a scalar raises is told by GraphQL's rules
        return False


def _require(holds: bool) -> None:
    if not holds:
        raise _NotPlain
