"""How much a document asks for, found in a number of steps that grows with its length and not with its answer's.

Each fragment is measured once and remembered. (graphene's own depth check walks nested fragments again and again:
892 bytes took it 1.8 s.) The schema says which fields are lists, so that one that is new counts from its first day.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    SelectionNode,
    SelectionSetNode,
    TypeMetaFieldDef,
    ValueNode,
    VariableNode,
    get_named_type,
)

from marketplace.api.graphql.limits.bounds import (
    COST_OF_FIELD,
    COST_OF_NESTED_LIST,
    LISTS_AT_HAND,
    NESTED_SELECTIONS_MAX,
    ROWS_A_PAGE_MAX,
    ROWS_DIGITS_MAX,
    ROWS_OF_LIST,
    ROWS_OF_LIST_OF_TYPE,
    ROWS_OF_OTHER_LISTS,
    ROWS_OF_PAGE_MAX,
)
from marketplace.api.graphql.limits.refusal import refuse_above

PAGE_ARGUMENTS = ("first", "last")
LISTS_OF_A_CONNECTION = frozenset({"edges", "nodes"})
INTROSPECTED_LISTS = frozenset({"types", "fields", "inputFields", "interfaces", "possibleTypes", "enumValues"})
"""A list of types inside lists of types multiplies the whole schema with itself."""
INTROSPECTION = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}
ROWS_OF_TYPE = 0.5
"""Tools ask nine levels deep for the type inside a type; most have one, or none."""
INTEGER_MAX = 2**31 - 1


class Measure(NamedTuple):
    """What a selection asks for."""

    depth: int = 0
    aliases: int = 0
    cost: float = 0
    """Field values that the answer holds at most."""
    introspected_lists: int = 0
    fields: int = 0
    """Its own fields, those of its fragments with them."""
    unfolded: int = 0
    """All selections below, with those that the fragments bring."""


NOTHING = Measure()


class DocumentMeter:
    """Measures one document; `steps` counts the selections it looked at, each of them once.

    `variables` None: they are not known yet, so that the least they can be is counted.
    """

    def __init__(
        self, document: DocumentNode, variables: Mapping[str, object] | None, *, schema: GraphQLSchema
    ) -> None:
        self._schema = schema
        self._variables = variables
        self._defaults: dict[str, int] = {}
        self._fragments: dict[str, FragmentDefinitionNode] = {}
        self._known: dict[str, Measure] = {}
        self._operations: dict[int, Measure] = {}
        self._open: set[str] = set()
        self._nested = 0
        self.steps = 0
        self.is_circular = False
        """Whether a fragment leads to itself."""
        self.variables_of_pages: set[str] = set()
        """The variables on which the cost hangs."""
        for node in document.definitions:
            if isinstance(node, FragmentDefinitionNode):
                self._fragments[node.name.value] = node
            elif isinstance(node, OperationDefinitionNode):
                self._learn_defaults(node)

    def operation(self, node: OperationDefinitionNode) -> Measure:
        """The measure of one operation."""
        known = self._operations.get(id(node))
        if known is None:
            known = self.measure(node.selection_set, self._schema.get_root_type(node.operation))
            self._operations[id(node)] = known
        return known

    def fragment(self, name: str) -> Measure:
        """The measure of one fragment. An unknown or circular one is GraphQL's own rules to refuse."""
        self.is_circular |= name in self._open
        if name in self._known or name not in self._fragments or name in self._open:
            return self._known.get(name, NOTHING)
        node = self._fragments[name]
        self._open.add(name)
        self._known[name] = self.measure(node.selection_set, self._type(node.type_condition.name.value))
        self._open.discard(name)
        return self._known[name]

    def measure(self, selections: SelectionSetNode | None, parent: GraphQLNamedType | None) -> Measure:
        """The measure of a selection set on a type, with all that its fragments bring. Raises `TooDemanding`."""
        if selections is None:
            return NOTHING
        self._nested += 1
        refuse_above(NESTED_SELECTIONS_MAX, self._nested, "The query is nested too deeply: {} times, at most {}.")
        depth = aliases = lists = fields = unfolded = 0
        cost = 0.0
        for node in selections.selections:
            self.steps += 1
            one = self._selection(node, parent)
            depth, lists = max(depth, one.depth), max(lists, one.introspected_lists)
            aliases, cost = aliases + one.aliases, cost + one.cost
            fields, unfolded = fields + one.fields, unfolded + one.unfolded + 1
        self._nested -= 1
        return Measure(depth, aliases, cost, lists, fields, unfolded)

    def _selection(self, node: SelectionNode, parent: GraphQLNamedType | None) -> Measure:
        if isinstance(node, FieldNode):
            return self._field(node, parent)
        if isinstance(node, FragmentSpreadNode):
            return self.fragment(node.name.value)
        assert isinstance(node, InlineFragmentNode)  # noqa: S101 - GraphQL knows three kinds of selection
        condition = node.type_condition
        return self.measure(node.selection_set, self._type(condition.name.value) if condition else parent)

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None) -> Measure:
        name = node.name.value
        field = _field_of(parent, name)
        inner = self.measure(node.selection_set, get_named_type(field.type) if field else None)
        rows = self._rows(node, field, parent)
        introspection = _is_introspection(parent)
        own = 1 if introspection else COST_OF_FIELD.get(name, 1)
        own += COST_OF_NESTED_LIST if self._is_nested_list(field, name, parent) else 0
        return Measure(
            depth=inner.depth + 1,
            aliases=inner.aliases + (node.alias is not None),
            cost=own + inner.cost * rows if inner.fields else max(own, rows),
            introspected_lists=inner.introspected_lists + (introspection and name in INTROSPECTED_LISTS),
            fields=1,
            unfolded=inner.unfolded,
        )

    def _is_nested_list(self, field: GraphQLField | None, name: str, parent: GraphQLNamedType | None) -> bool:
        """Whether the database is asked for a page of it as often as the row that it belongs to is answered."""
        is_page = field is not None and _is_page(get_named_type(field.type)) and name not in LISTS_AT_HAND
        return is_page and parent is not self._schema.query_type

    def _rows(self, node: FieldNode, field: GraphQLField | None, parent: GraphQLNamedType | None) -> float:
        """How often what is selected inside the field may stand in the answer."""
        if field is None:  # refused by GraphQL's own rules
            return 1
        place = _place(parent, node)
        most = ROWS_OF_PAGE_MAX.get(place)
        for argument in node.arguments:
            if argument.name.value in PAGE_ARGUMENTS:
                rows = self._number(argument.value)
                if rows is not None:
                    return rows if most is None else min(rows, most)
        name = node.name.value
        if _is_introspection(parent):
            return introspected_rows(self._schema).get(name, 1)
        if _is_page(get_named_type(field.type)) and not _is_list(field.type):
            return ROWS_A_PAGE_MAX if most is None else most
        if not _is_list(field.type) or (_is_page(parent) and name in LISTS_OF_A_CONNECTION):
            return 1
        return ROWS_OF_LIST_OF_TYPE.get(place, ROWS_OF_LIST.get(name, ROWS_OF_OTHER_LISTS))

    def _number(self, value: ValueNode) -> int | None:
        """The number of rows that an argument says; None where it says none."""
        if isinstance(value, IntValueNode):
            return _counted(int(value.value[:ROWS_DIGITS_MAX]))
        if not isinstance(value, VariableNode):
            return None
        name = value.name.value
        self.variables_of_pages.add(name)
        if self._variables is None:
            return 1
        given = self._variables.get(name, self._defaults.get(name))
        if given is None:  # who pages back by `last` leaves the variable of `first` out
            return None
        return _counted(given) if isinstance(given, int | float) else ROWS_A_PAGE_MAX

    def _learn_defaults(self, operation: OperationDefinitionNode) -> None:
        """Of two operations that give one variable another default, the larger counts."""
        for definition in operation.variable_definitions:
            if isinstance(definition.default_value, IntValueNode):
                name, value = definition.variable.name.value, int(definition.default_value.value[:ROWS_DIGITS_MAX])
                self._defaults[name] = max(value, self._defaults.get(name, value))

    def _type(self, name: str) -> GraphQLNamedType | None:
        return self._schema.get_type(name)


@lru_cache(maxsize=4)
def introspected_rows(schema: GraphQLSchema) -> dict[str, float]:
    """How long the lists of introspection are: `types` wholly, the lists of a type on the average of all types."""
    kinds = list(schema.type_map.values())
    inputs = [kind for kind in kinds if isinstance(kind, GraphQLInputObjectType)]
    outputs = [kind for kind in kinds if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)]
    fields = [field for kind in outputs for field in kind.fields.values()]
    return {
        "types": len(kinds),
        "fields": len(fields) / len(kinds),
        "inputFields": sum(len(kind.fields) for kind in inputs) / len(kinds),
        "enumValues": sum(len(kind.values) for kind in kinds if isinstance(kind, GraphQLEnumType)) / len(kinds),
        "interfaces": sum(len(kind.interfaces) for kind in outputs) / len(kinds),
        "possibleTypes": sum(len(kind.interfaces) for kind in outputs) / len(kinds),
        "args": sum(len(field.args) for field in fields) / len(fields),
        "directives": len(schema.directives),
        "ofType": ROWS_OF_TYPE,
    }


def _field_of(parent: GraphQLNamedType | None, name: str) -> GraphQLField | None:
    if name in INTROSPECTION:
        return INTROSPECTION[name]
    if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        field: GraphQLField | None = parent.fields.get(name)
        return field
    return None


def _place(parent: GraphQLNamedType | None, node: FieldNode) -> tuple[str, str]:
    """A field by the name of its type and its own."""
    return (parent.name if parent is not None else "", node.name.value)


def _is_page(kind: GraphQLNamedType | None) -> bool:
    """Whether it is a connection, whose rows the field that leads to it has counted."""
    return isinstance(kind, GraphQLObjectType) and "pageInfo" in kind.fields


def _is_list(kind: GraphQLOutputType) -> bool:
    inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    return isinstance(inner, GraphQLList)


def _is_introspection(kind: GraphQLNamedType | None) -> bool:
    return kind is not None and kind.name.startswith("__")


def _counted(rows: float) -> int:
    # What is no GraphQL integer is refused as such.
    return int(rows) if 1 <= rows <= INTEGER_MAX else 1
