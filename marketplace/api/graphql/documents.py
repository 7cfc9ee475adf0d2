"""Documents that were read and checked once, kept so that the same text is not read again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from graphql import DocumentNode, GraphQLError, parse, validate

from marketplace.api.graphql.execution import Plans
from marketplace.api.graphql.limits import (
    Cost,
    check_document,
    check_measured,
    check_structure,
    check_words,
    is_plainly_valid,
)
from marketplace.api.graphql.limits.bounds import COMMENTS_MAX, ERRORS_SHOWN_MAX, TOKENS_MAX
from marketplace.api.graphql.schema import schema

WORDS_KEPT_MAX = 60_000
"""Of all kept documents together: about half a KiB each, 30 MiB."""
DOCUMENTS_KEPT_MAX = 100
"""Each keeps its plans too (`marketplace.api.graphql.execution`). Saleor's storefront has 69 documents."""
WORDS_OF_A_REFUSAL = 50
NO_COST = Cost(0)


@dataclass(frozen=True)
class Checked:
    """A document that was read: either it may be run, or these are its faults."""

    document: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()
    code: str = "GraphQLError"
    cost: Cost = NO_COST
    """With the least that its variables can mean."""
    words: int = WORDS_OF_A_REFUSAL

    @cached_property
    def plans(self) -> Plans:
        """How its queries are answered."""
        if self.document is None:
            raise ValueError("a document with faults has no plan")
        return Plans(self.document)

    def cost_with(self, variables: Mapping[str, object]) -> int:
        """How many values the answer may hold. Raises `TooDemanding`."""
        if self.document is None or not self.cost.variables:
            return self.cost.values
        return check_document(self.document, variables, schema=schema.graphql_schema).values


class KeptDocuments:
    """The documents asked for last, as many as `words_max` words hold. May be used by several threads."""

    def __init__(self, *, words_max: int) -> None:
        self._words_max = words_max
        self._kept: OrderedDict[tuple[str, bool], Checked] = OrderedDict()
        self._words = 0
        self._guard = threading.Lock()

    def checked(self, query: str, *, hide_suggestions: bool) -> Checked:
        """The document of a text, read now or before."""
        key = (query, hide_suggestions)
        with self._guard:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
                return known
        found = check(query, hide_suggestions=hide_suggestions)
        with self._guard:
            if key not in self._kept:
                self._kept[key] = found
                self._words += found.words
            while self._words > self._words_max or len(self._kept) > DOCUMENTS_KEPT_MAX:
                self._words -= self._kept.popitem(last=False)[1].words
        return found

    def forget(self) -> None:
        """Forget all of them."""
        with self._guard:
            self._kept.clear()
            self._words = 0

    @property
    def words(self) -> int:
        """The words of all that is kept."""
        return self._words


documents = KeptDocuments(words_max=WORDS_KEPT_MAX)


def check(query: str, *, hide_suggestions: bool) -> Checked:
    """Read and check a text. Our own bounds come before GraphQL's rules, whose work grows faster than the text."""
    try:
        document = parse(query, max_tokens=TOKENS_MAX, max_comments=COMMENTS_MAX)
    except GraphQLError as problem:
        return Checked(None, (problem,), "GraphQLSyntaxError")
    except RecursionError:
        return Checked(None, (GraphQLError("The query is nested too deeply."),))
    try:
        words = check_words(document)
        structure = check_structure(document, schema=schema.graphql_schema)
        cost = check_measured(document, structure.meter)
    except GraphQLError as problem:
        return Checked(None, (problem,))
    if is_plainly_valid(document, schema=schema.graphql_schema, pairs=structure.pairs):
        return Checked(document, cost=cost, words=words)
    errors = validate(schema.graphql_schema, document, max_errors=ERRORS_SHOWN_MAX, hide_suggestions=hide_suggestions)
    if errors:
        return Checked(None, tuple(errors[:ERRORS_SHOWN_MAX]))
    return Checked(document, cost=cost, words=words)
