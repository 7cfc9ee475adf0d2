"""How a checked document is answered, found out once a document instead of once a field of every row.

graphql-core looks up for each field of each row which fields its selection has, what its arguments are and what its
type makes of a value; for a list of 20 products that is four fifths of the work. A plan keeps these answers with the
document. The fields of a mutation are answered one after the other, each with all below it, as a query's are anyway.
What a document means stays graphql-core's business: types, values, errors and their places are its own, and
tests hold both executors against each other (decision 0027).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final, TypeAlias

from graphene.types.resolver import dict_or_attr_resolver
from graphql import (
    ExecutionContext,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Undefined,
    VariableNode,
    default_field_resolver,
    get_directive_values,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    located_error,
    type_from_ast,
)
from graphql.execution.execute import get_field_def
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path as CorePath

Place: TypeAlias = "tuple[Place | None, str | int]"
Complete: TypeAlias = Callable[[Any, "Run", Place], Any]

PLAIN_TYPES: Final[Mapping[str, type]] = {"String": str, "ID": str, "Boolean": bool, "Float": float}
"""Scalars whose value of this very type is its own answer; anything else is asked of the scalar."""


class Run:
    """One request's answering: its facts, what was prepared for it, and its errors."""

    __slots__ = ("errors", "facts", "prepared")

    def __init__(self, facts: ExecutionContext) -> None:
        self.facts = facts
        self.prepared: dict[FieldPlan, tuple[GraphQLResolveInfo, dict[str, Any]]] = {}
        self.errors: list[GraphQLError] = []


class OperationPlan:
    """The plan of one query or mutation under one set of `@skip` and `@include`; `fields` counts what was planned.

    Raises `GraphQLError` for an operation of a kind that the schema has not.
    """

    def __init__(self, schema: GraphQLSchema, facts: ExecutionContext, *, switches: Collection[str]) -> None:
        self.schema = schema
        self.fragments = facts.fragments
        # Only what directives ask is needed of the variables; they belong to one request.
        self.variables = {name: facts.variable_values.get(name) for name in switches}
        self.fields = 0
        root = schema.get_root_type(facts.operation.operation)
        if root is None:
            asked = facts.operation.operation.value
            raise GraphQLError(f"Schema is not configured to execute {asked} operation.", facts.operation)
        self._root = ObjectPlan(self, root, [facts.operation.selection_set])

    def values(self, run: Run) -> dict[str, Any] | None:
        """The data of an answer; None where an error took all of it."""
        try:
            return self._root.values(run.facts.root_value, run, None)
        except GraphQLError as problem:
            run.errors.append(problem)
            return None


class ObjectPlan:
    """The fields that a selection asks of one type."""

    __slots__ = ("fields",)

    def __init__(self, query: OperationPlan, kind: GraphQLObjectType, selections: Iterable[SelectionSetNode]) -> None:
        asked: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        for selection in selections:
            for node in _fields_of(query, kind, selection, seen):
                asked.setdefault((node.alias or node.name).value, []).append(node)
        self.fields: list[tuple[str, FieldPlan]] = []
        for key, nodes in asked.items():
            definition = get_field_def(query.schema, kind, nodes[0])
            if definition is not None:
                self.fields.append((key, FieldPlan(query, kind, definition, key, nodes)))
        query.fields += len(self.fields)

    def values(self, source: Any, run: Run, place: Place | None) -> dict[str, Any]:
        """What `source` answers."""
        return {key: field.value(source, run, place) for key, field in self.fields}


class FieldPlan:
    """One field of one type: who resolves it, what it is asked with, what its type makes of the value."""

    __slots__ = (
        *("_arguments", "_complete", "_definition", "_is_attribute", "_is_required", "_key", "_kind"),
        *("_nodes", "_resolve"),
    )

    def __init__(
        self,
        query: OperationPlan,
        kind: GraphQLObjectType,
        definition: GraphQLField,
        key: str,
        nodes: list[FieldNode],
    ) -> None:
        self._kind, self._definition, self._key, self._nodes = kind, definition, key, nodes
        self._resolve = _resolver(definition, nodes[0].name.value)
        self._is_required = isinstance(definition.type, GraphQLNonNull)
        # Who reads an attribute and has nothing below needs to know nothing of the request.
        self._is_attribute = (
            not definition.args
            and _reads_an_attribute(definition.resolve)
            and is_leaf_type(get_named_type(definition.type))
        )
        self._arguments: dict[str, Any] | None = {} if not definition.args else None
        self._complete = _completer(query, self, definition.type)

    def value(self, source: Any, run: Run, place: Place | None) -> Any:
        """The field's value in the answer. Raises `GraphQLError` where it may not be null and could not be had."""
        here = (place, self._key)
        try:
            if self._is_attribute:
                return self._complete(self._resolve(source, None), run, here)
            prepared = run.prepared.get(self)
            if prepared is None:
                prepared = run.prepared[self] = self._prepare(run.facts)
            info, arguments = prepared
            return self._complete(self._resolve(source, info, **arguments), run, here)
        except Exception as problem:
            self.refuse(problem, run, here, is_required=self._is_required)
            return None

    def refuse(self, problem: Exception, run: Run, place: Place, *, is_required: bool) -> None:
        """Note an error at its place. Raises it as `GraphQLError` where null is no answer."""
        error = located_error(problem, self._nodes, keys_of(place))
        if is_required:
            raise error from problem
        run.errors.append(error)

    @property
    def name(self) -> str:
        """As an error names it."""
        return f"{self._kind.name}.{self._nodes[0].name.value}"

    @property
    def nodes(self) -> list[FieldNode]:
        """Where the document asks for it."""
        return self._nodes

    def _prepare(self, facts: ExecutionContext) -> tuple[GraphQLResolveInfo, dict[str, Any]]:
        """What every row's resolver gets: the rows' own place is in errors only."""
        info = GraphQLResolveInfo(
            self._nodes[0].name.value,
            self._nodes,
            self._definition.type,
            self._kind,
            CorePath(None, self._key, self._kind.name),
            facts.schema,
            facts.fragments,
            facts.root_value,
            facts.operation,
            facts.variable_values,
            facts.context_value,
            facts.is_awaitable,
        )
        if self._arguments is not None:
            return info, self._arguments
        return info, get_argument_values(self._definition, self._nodes[0], facts.variable_values)


def switches_of(operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]) -> Iterator[str]:
    """The names of the variables that `@skip` and `@include` of a document ask."""
    waiting: list[SelectionSetNode | None] = [operation.selection_set]
    waiting += [fragment.selection_set for fragment in fragments.values()]
    while waiting:
        selection = waiting.pop()
        for node in selection.selections if selection else ():
            for directive in node.directives or ():
                for argument in directive.arguments:
                    if isinstance(argument.value, VariableNode):
                        yield argument.value.name.value
            if isinstance(node, FieldNode | InlineFragmentNode):
                waiting.append(node.selection_set)


def keys_of(place: Place | None) -> list[str | int]:
    """A place as the answer writes it, from the root."""
    keys: list[str | int] = []
    while place is not None:
        place, key = place
        keys.append(key)
    return keys[::-1]


def _fields_of(
    query: OperationPlan, kind: GraphQLObjectType, selection: SelectionSetNode, seen: set[str]
) -> Iterator[FieldNode]:
    for node in selection.selections:
        if not _is_asked(query, node):
            continue
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, InlineFragmentNode):
            if _applies(query.schema, node, kind):
                yield from _fields_of(query, kind, node.selection_set, seen)
        elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
            seen.add(node.name.value)
            fragment = query.fragments[node.name.value]
            if _applies(query.schema, fragment, kind):
                yield from _fields_of(query, kind, fragment.selection_set, seen)


def _is_asked(query: OperationPlan, node: Any) -> bool:
    if not node.directives:
        return True
    skip = get_directive_values(GraphQLSkipDirective, node, query.variables)
    include = get_directive_values(GraphQLIncludeDirective, node, query.variables)
    return not (skip and skip["if"]) and not (include and not include["if"])


def _applies(
    schema: GraphQLSchema, fragment: InlineFragmentNode | FragmentDefinitionNode, kind: GraphQLObjectType
) -> bool:
    if fragment.type_condition is None:
        return True
    wanted = type_from_ast(schema, fragment.type_condition)
    return wanted is kind or (is_abstract_type(wanted) and schema.is_sub_type(wanted, kind))  # type: ignore[arg-type]  # is_abstract_type guards


def _resolver(definition: GraphQLField, name: str) -> Callable[..., Any]:
    resolve = definition.resolve
    if resolve is None:
        return default_field_resolver
    if _reads_an_attribute(resolve):
        return _attribute(*resolve.args)  # type: ignore[attr-defined]  # a partial, as was just found
    return resolve


def _reads_an_attribute(resolve: object) -> bool:
    return isinstance(resolve, partial) and resolve.func is dict_or_attr_resolver and len(resolve.args) == 2


def _attribute(name: str, default: object) -> Callable[..., Any]:
    """graphene's resolver of a field without one, without asking each row whether it is a mapping first."""

    def resolve(source: Any, _info: GraphQLResolveInfo, **_arguments: Any) -> Any:
        if isinstance(source, dict):
            return source.get(name, default)
        return getattr(source, name, default)

    return resolve


def _completer(query: OperationPlan, field: FieldPlan, kind: GraphQLOutputType) -> Complete:
    if isinstance(kind, GraphQLNonNull):
        return _required(field, _completer(query, field, kind.of_type))
    if isinstance(kind, GraphQLList):
        is_required = isinstance(kind.of_type, GraphQLNonNull)
        return _listed(field, _completer(query, field, kind.of_type), is_required=is_required)
    if isinstance(kind, GraphQLScalarType | GraphQLEnumType):
        return _leaf(kind)
    if isinstance(kind, GraphQLObjectType):
        return _object(query, field, kind)
    return _abstract(query, field, kind)  # type: ignore[arg-type]  # nothing else is left


def _required(field: FieldPlan, inner: Complete) -> Complete:
    def complete(value: Any, run: Run, place: Place) -> Any:
        done = inner(value, run, place)
        if done is None:
            raise TypeError(f"Cannot return null for non-nullable field {field.name}.")
        return done

    return complete


def _listed(field: FieldPlan, inner: Complete, *, is_required: bool) -> Complete:
    def complete(values: Any, run: Run, place: Place) -> Any:
        if values is None:
            return None
        if isinstance(values, Exception):
            raise values
        if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
            raise GraphQLError(f"Expected Iterable, but did not find one for field '{field.name}'.")
        done = []
        for number, value in enumerate(values):
            try:
                done.append(inner(value, run, (place, number)))
            except Exception as problem:
                field.refuse(problem, run, (place, number), is_required=is_required)
                done.append(None)
        return done

    return complete


def _leaf(kind: GraphQLScalarType | GraphQLEnumType) -> Complete:
    plain = PLAIN_TYPES.get(kind.name)
    serialize = kind.serialize

    def complete(value: Any, _run: Run, _place: Place) -> Any:
        if value is None or (type(value) is plain and plain is not float):
            return value
        if isinstance(value, Exception):
            raise value
        done = serialize(value)
        if done is Undefined or done is None:
            raise TypeError(f"Expected `{kind.name}.serialize({value!r})` to return non-nullable value.")
        return done

    return complete


def _object(query: OperationPlan, field: FieldPlan, kind: GraphQLObjectType) -> Complete:
    planned: list[ObjectPlan] = []

    def complete(value: Any, run: Run, place: Place) -> Any:
        if value is None:
            return None
        if isinstance(value, Exception):
            raise value
        if not planned:
            planned.append(ObjectPlan(query, kind, _selections(field)))
        if kind.is_type_of is not None and not kind.is_type_of(value, run.prepared[field][0]):
            raise GraphQLError(f"Expected value of type '{kind.name}' but got: {value!r}.", field.nodes)
        return planned[0].values(value, run, place)

    return complete


def _abstract(query: OperationPlan, field: FieldPlan, kind: GraphQLAbstractType) -> Complete:
    planned: dict[str, ObjectPlan] = {}

    def complete(value: Any, run: Run, place: Place) -> Any:
        if value is None:
            return None
        if isinstance(value, Exception):
            raise value
        facts = run.facts
        resolve_type = kind.resolve_type or facts.type_resolver
        found = resolve_type(value, run.prepared[field][0], kind)
        actual = facts.ensure_valid_runtime_type(found, kind, field.nodes, run.prepared[field][0], value)
        plan = planned.get(actual.name)
        if plan is None:
            plan = planned[actual.name] = ObjectPlan(query, actual, _selections(field))
        return plan.values(value, run, place)

    return complete


def _selections(field: FieldPlan) -> list[SelectionSetNode]:
    return [node.selection_set for node in field.nodes if node.selection_set is not None]
