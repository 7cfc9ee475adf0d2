"""What pages may be sorted by and looked for, alike for shops, in SQL, and for the market's own texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from graphql import GraphQLError

from marketplace.api.graphql.connections import SortKey, SortKind
from marketplace.api.graphql.page_rows import PageRow
from marketplace.core.text import fold
from vendors.models import Vendor
from vendors.selectors import called_so, words_looked_for

RANK = "RANK"
TITLE = SortKey("sort_key")
SLUG = SortKey("slug")
CREATED = SortKey("made_at", SortKind.MOMENT)
SHOWN = SortKey("shown_at", SortKind.MOMENT)
"""Since when shoppers may see it."""
NAME_RANK = SortKey("name_rank", SortKind.NUMBER)
"""1 where the title begins with what is looked for, else 0."""
SORT_KEYS = {
    "TITLE": TITLE,
    "SLUG": SLUG,
    "VISIBILITY": SLUG,  # all that is shown is visible
    "CREATION_DATE": CREATED,
    "CREATED_AT": CREATED,
    "PUBLICATION_DATE": SHOWN,
    "PUBLISHED_AT": SHOWN,
    RANK: NAME_RANK,
}
OF_TEXT: Mapping[str, Callable[[PageRow], Any]] = {
    SLUG.column: lambda page: page.slug,
    TITLE.column: lambda page: page.sort_key,
    CREATED.column: lambda page: page.created,
    SHOWN.column: lambda page: page.published_at,
}


@dataclass(frozen=True)
class PageOrder:
    """What pages are sorted by: columns of shops, and the same of a text."""

    keys: tuple[SortKey, ...]
    of_text: Callable[[str, PageRow], Any]
    """The value of a text under the name of a column."""

    def sorted_texts(self, texts: Sequence[PageRow]) -> list[PageRow]:
        """The texts in this order; those that tie by their numbers."""
        found = sorted(texts, key=lambda one: one.pk)
        for key in reversed(self.keys):
            found = sorted(found, key=partial(self.of_text, key.column), reverse=key.descending)
        return found

    def beyond(self, text: PageRow, *, backwards: bool, or_equal: bool) -> Q:
        """The shops on one side of a text; those that tie with it come after it."""
        found, equal = Q(), Q()
        for key in self.keys:
            value = self.of_text(key.column, text)
            found |= equal & key.compared(value, backwards=backwards)
            equal &= Q(**{key.column: value})
        return found | equal if or_equal else found


def order_asked(given: Mapping[str, Any] | None, *, text: str) -> PageOrder:
    """The order in a `PageSortingInput`; without one by rank where `text` is looked for, else by slug.

    Raises `GraphQLError` for an order by rank where no text is looked for.
    """
    field, is_descending = (RANK, True) if words_looked_for(text) else ("SLUG", False)
    if given is not None:
        field, is_descending = given["field"].value, given["direction"].value == "DESC"
    if field == RANK and not words_looked_for(text):
        raise GraphQLError("Sorting by RANK needs a search text.")
    first = SORT_KEYS[field]
    keys = [SortKey(first.column, first.kind, is_descending)]
    return PageOrder((*keys, TITLE) if field == RANK else tuple(keys), partial(_of_text, text))


def shops_called_so(shops: QuerySet[Vendor], text: str) -> QuerySet[Vendor]:
    """Those of the shops that are called so, with all that they may be sorted by."""
    rank = Case(When(folded__startswith=_folded(text), then=Value(1)), default=Value(0), output_field=IntegerField())
    return shops.filter(called_so(text)).annotate(name_rank=rank, shown_at=Coalesce("verified_at", "made_at"))


def is_called_so(page: PageRow, text: str) -> bool:
    """Whether a text's title is called so, by the rule of `vendors.selectors.called_so`."""
    words = fold(page.title).split()
    return all(any(word.startswith(asked) for word in words) for asked in words_looked_for(text))


def _of_text(searched: str, column: str, page: PageRow) -> Any:
    if column == NAME_RANK.column:
        return int(fold(page.title).startswith(_folded(searched)))
    return OF_TEXT[column](page)


def _folded(text: str) -> str:
    return " ".join(words_looked_for(text))
