"""What a document may ask before anything of it is run.

Every bound is checked on the parsed document in a number of steps that grows with its length and not with what its
fragments unfold to: each fragment is measured once and remembered. (graphene's own depth check walks nested
fragments again and again: 892 bytes took it 1.8 s.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    TokenKind,
    VariableNode,
)

TOKENS_MAX = 1000
DEPTH_MAX = 15
ALIASES_MAX = 30
MUTATIONS_A_DOCUMENT_MAX = 4
INTROSPECTED_LISTS_MAX = 3
REPEATS_MAX = 60
COST_MAX = 50_000
ROWS_A_PAGE_MAX = 100
ROWS_DIGITS_MAX = 9  # of a literal; Python refuses to read one of several thousand digits

ROWS_OF_LIST = {
    "communes": 100,
    "deliveries": 5,
    "discounts": 1,
    "events": 5,
    "fulfillments": 3,
    "lines": 10,
    "media": 4,
    "metadata": 3,
    "provinces": 34,
    "shippingMethods": 5,
    "variants": 10,
    "vendors": 3,
}
"""How many rows a list without pages is taken to have; others (of errors, of words) have about one."""
COST_OF_FIELD = {"description": 20, "story": 20}
"""Fields whose value is much larger than a name or a number."""
INTROSPECTED_LISTS = frozenset({"fields", "inputFields", "interfaces", "possibleTypes"})
"""A list of types inside lists of types multiplies the whole schema with itself."""


class TooDemanding(GraphQLError):
    """A document asks for more than one request may."""


@dataclass(frozen=True)
class Measure:
    """What a selection asks for: how deep, with how many aliases, at what cost, through how many lists of types.

    `fields` are its own fields, those of its fragments with them.
    """

    depth: int = 0
    aliases: int = 0
    cost: int = 0
    introspected_lists: int = 0
    fields: int = 0

    def beside(self, other: Measure) -> Measure:
        """Both selections together, next to one another."""
        return Measure(
            depth=max(self.depth, other.depth),
            aliases=self.aliases + other.aliases,
            cost=self.cost + other.cost,
            introspected_lists=max(self.introspected_lists, other.introspected_lists),
            fields=self.fields + other.fields,
        )


class DocumentMeter:
    """Measures one document; `steps` counts the selections it looked at, each of them once."""

    def __init__(self, document: DocumentNode, variables: Mapping[str, object] | None) -> None:
        self._variables = variables
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._known: dict[str, Measure] = {}
        self._open: set[str] = set()
        self.steps = 0

    def measure(self, selections: SelectionSetNode | None) -> Measure:
        """The measure of a selection set with all that its fragments bring."""
        total = Measure()
        for node in selections.selections if selections else ():
            self.steps += 1
            if isinstance(node, FieldNode):
                total = total.beside(self._field(node))
            elif isinstance(node, InlineFragmentNode):
                total = total.beside(self.measure(node.selection_set))
            elif isinstance(node, FragmentSpreadNode):
                total = total.beside(self._fragment(node.name.value))
        return total

    def _field(self, node: FieldNode) -> Measure:
        inner = self.measure(node.selection_set)
        name = node.name.value
        return Measure(
            depth=inner.depth + 1,
            aliases=inner.aliases + (node.alias is not None),
            cost=COST_OF_FIELD.get(name, 1) + inner.cost * self._rows(node),
            introspected_lists=inner.introspected_lists + (name in INTROSPECTED_LISTS),
            fields=1,
        )

    def _fragment(self, name: str) -> Measure:
        # An unknown or circular fragment is refused by GraphQL's own rules, with a better sentence than ours.
        if name in self._known or name not in self._fragments or name in self._open:
            return self._known.get(name, Measure())
        self._open.add(name)
        self._known[name] = self.measure(self._fragments[name].selection_set)
        self._open.discard(name)
        return self._known[name]

    def _rows(self, node: FieldNode) -> int:
        for argument in node.arguments:
            if argument.name.value in {"first", "last"}:
                value = argument.value
                if isinstance(value, IntValueNode):
                    return _bounded_rows(int(value.value[:ROWS_DIGITS_MAX]))
                if isinstance(value, VariableNode):
                    return self._rows_of_variable(value.name.value)
        return ROWS_OF_LIST.get(node.name.value, 1)

    def _rows_of_variable(self, name: str) -> int:
        if self._variables is None:
            return 1
        given = self._variables.get(name)
        return _bounded_rows(given) if isinstance(given, int) else ROWS_A_PAGE_MAX


def _bounded_rows(rows: int) -> int:
    return max(1, min(rows, ROWS_A_PAGE_MAX))


def check_document(document: DocumentNode, variables: Mapping[str, object] | None) -> int:
    """Refuse a document that asks too much; answer its cost (field values at most) for `extensions.cost`.

    `variables` None: they are not known yet, so that the least they can be is counted. Raises `TooDemanding`.
    """
    meter = DocumentMeter(document, variables)
    total, mutations = Measure(), 0
    for operation in _operations(document):
        measure = meter.measure(operation.selection_set)
        if operation.operation is OperationType.MUTATION:
            mutations += measure.fields
        total = total.beside(measure)
    _check(mutations, MUTATIONS_A_DOCUMENT_MAX, "Too many mutations in one request: {}, at most {}.")
    _check(total.depth, DEPTH_MAX, "The query is nested too deeply: {} levels, at most {}.")
    _check(total.aliases, ALIASES_MAX, "The query uses too many aliases: {}, at most {}.")
    _check(total.introspected_lists, INTROSPECTED_LISTS_MAX, "The introspection is too deep: {}, at most {}.")
    _check(total.cost, COST_MAX, "The query exceeds the maximum cost: {}, at most {}.")
    return total.cost


def check_texts(document: DocumentNode) -> None:
    """Refuse a NUL in a text of the document, however it was written. Raises `GraphQLError`."""
    token = document.loc.start_token if document.loc else None
    while token is not None:
        if token.kind in {TokenKind.STRING, TokenKind.BLOCK_STRING} and "\x00" in (token.value or ""):
            raise GraphQLError("The query holds a NUL character.")
        token = token.next


def check_repeats(document: DocumentNode) -> None:
    """Refuse a document that names one field over and over. Raises `TooDemanding`.

    GraphQL's own rules compare each two of them: 980 took 2.8 s.
    """
    times: Counter[str] = Counter()
    waiting: list[SelectionSetNode | None] = [
        node.selection_set
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode | FragmentDefinitionNode)
    ]
    while waiting:
        selections = waiting.pop()
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                times[(node.alias or node.name).value] += 1
            if isinstance(node, FieldNode | InlineFragmentNode):
                waiting.append(node.selection_set)
    _check(max(times.values(), default=0), REPEATS_MAX, "The query names one field too often: {} times, at most {}.")


def _operations(document: DocumentNode) -> Iterator[OperationDefinitionNode]:
    return (node for node in document.definitions if isinstance(node, OperationDefinitionNode))


def _check(found: int, most: int, sentence: str) -> None:
    if found > most:
        raise TooDemanding(sentence.format(found if found < 10**9 else "a great many", most))
