"""The search itself: words and filters in SQL, the order of the candidates by their marks in Python.

All typed words must be there, the last one as a beginning; filters are joined by AND. At most `CANDIDATES_MAX`
products are ordered, since the cost of a search follows the number of matches, and at most the newest `MATCHES_MAX`
matches are looked at. Empty text browses. Elsewhere: which words (`words`), which matches (`matching`), the databases
(`engines`), keeping it true (`index`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from catalog.collections import has_stars
from catalog.models import Product, ProductVariant, Stock
from catalog.search.engines import Wanted
from catalog.search.matching import MATCHES_FIRST, Matches, Matching, facts_of, ids_matching, newest_matching
from catalog.search.wanted import SearchFilters, Sort, check_filters, check_page, check_text
from catalog.search.words import exact_words, folded_words, has_words, marked_words
from catalog.selectors import ProductCard, cards_in_order, visible_products
from marketplace.core.statements import Among
from vendors.models import Vendor

CANDIDATES_MAX = 1000
PAGE_ROWS_USUAL = 24
NO_FILTERS = SearchFilters()

NamedRow: TypeAlias = tuple[int, str, str]
"""A product's key, its name, and its name folded."""

_ORDERS: Mapping[Sort, Sequence[str]] = {
    Sort.RELEVANCE: ("-published_at", "pk"),
    Sort.NEWEST: ("-published_at", "pk"),
    Sort.NAME: ("sort_key", "pk"),
    Sort.PRICE_UP: ("price_from_vnd", "pk"),
    Sort.PRICE_DOWN: ("-price_from_vnd", "-pk"),
}
"""Each ends with the key, so that pages never repeat or miss a product; each has its index."""
_BY_NEWNESS = frozenset({Sort.RELEVANCE, Sort.NEWEST})
"""The orders of which the search table can find the first without the rest."""


@dataclass(frozen=True)
class SearchPage:
    """One page of what was found. `total` counts at most `CANDIDATES_MAX`; then `total_is_exact` is False."""

    cards: list[ProductCard]
    total: int
    page: int
    pages: int
    total_is_exact: bool


def search_products(
    *,
    today: date,
    age_declared: bool,
    text: str = "",
    filters: SearchFilters = NO_FILTERS,
    sold_by: QuerySet[Vendor] | None = None,
    sort: Sort = Sort.RELEVANCE,
    page: int = 1,
    page_size: int = PAGE_ROWS_USUAL,
    matches: Matches | None = None,
) -> SearchPage:
    """Products that shoppers may see, by text and filters, a page at a time (1 to 100 rows).

    `today` is the date in Vietnam, for stars. `sold_by` are the shops that a layer above lets in, for example those
    that send to some place. `matches` are shared with the facets of the same page. A page beyond the last is empty.
    Takes at most fourteen statements, whatever it finds, and seven where no more than `CANDIDATES_MAX` match.
    Raises `BadText` and `BadFilter`.
    """
    check_page(page=page, page_size=page_size)
    products = browse_products(today=today, age_declared=age_declared, filters=filters, sold_by=sold_by)
    found = _candidates(products, text=check_text(text), sort=sort, facts=facts_of(filters), matches=matches)
    ids = found.rows
    shown = ids[(page - 1) * page_size : page * page_size]
    return SearchPage(
        cards=cards_in_order(shown, today=today),
        total=len(ids),
        page=page,
        pages=max(1, -(-len(ids) // page_size)),
        total_is_exact=found.is_all,
    )


def browse_products(
    *,
    today: date,
    age_declared: bool,
    filters: SearchFilters = NO_FILTERS,
    sold_by: QuerySet[Vendor] | None = None,
    own: Collection[int] = (),
) -> QuerySet[Product]:
    """All products that shoppers may see and that pass `filters`, in no order: for lists that page by themselves.

    Those of the vendors `own` are among them in any state. Raises `BadFilter`.
    """
    check_filters(filters)
    products = _filtered(visible_products(age_declared=age_declared, own=own), filters=filters, today=today)
    return products if sold_by is None else products.filter(vendor__in=sold_by.order_by().values("pk"))


def ids_by_relevance(
    products: QuerySet[Product],
    *,
    text: str,
    filters: SearchFilters = NO_FILTERS,
    matches: Matches | None = None,
) -> list[int]:
    """Which of `products` have the typed words, in the order of `Sort.RELEVANCE`; at most `CANDIDATES_MAX`.

    `filters` are those that `products` were browsed with, if any: the search table finds some of them by itself.
    `matches` are shared by what one asker looks for. Raises `BadText`.
    """
    facts = facts_of(filters)
    return _candidates(products, text=check_text(text), sort=Sort.RELEVANCE, facts=facts, matches=matches).rows


def _candidates(
    products: QuerySet[Product], *, text: str, sort: Sort, facts: tuple[str, ...], matches: Matches | None
) -> Matching[int]:
    """Ids in the order they are shown, at most `CANDIDATES_MAX`."""
    words = folded_words(text)
    if text and not words:
        return Matching([], is_all=True)  # only signs were typed: that is no wish to see everything
    wanted = Wanted(words, facts)
    if words and sort is Sort.RELEVANCE:
        return _by_relevance(products, wanted=wanted, typed=marked_words(text), matches=matches or Matches())
    if not wanted.is_everything and sort in _BY_NEWNESS:
        return _newest(products, wanted)
    is_all = True
    if words:
        matching = ids_matching(wanted)
        products, is_all = products.filter(pk__in=matching.rows), matching.is_all
    ids = list(products.order_by(*_ORDERS[sort]).values_list("pk", flat=True)[: CANDIDATES_MAX + 1])
    return Matching(ids[:CANDIDATES_MAX], is_all and len(ids) <= CANDIDATES_MAX)


def _by_relevance(
    products: QuerySet[Product], *, wanted: Wanted, typed: Sequence[str], matches: Matches
) -> Matching[int]:
    """Names before other texts. Which of a few matches have the words in their names is seen from the names."""
    if len(matches.newest(wanted, at_most=MATCHES_FIRST)) <= CANDIDATES_MAX:
        found = _newest_names(products, wanted, matches)
        in_name = [row for row in found.rows if has_words(wanted.words, folded=row[2])]
        return _names_first(in_name, found, typed=typed)
    names = _newest_names(products, replace(wanted, in_name=True), matches)
    if not names.is_all:
        return Matching(_exact_marks_first(names.rows, typed=typed), is_all=False)
    return _names_first(names.rows, _newest_names(products, wanted, matches), typed=typed)


def _names_first(in_name: Sequence[NamedRow], anywhere: Matching[NamedRow], *, typed: Sequence[str]) -> Matching[int]:
    known = {row[0] for row in in_name}
    elsewhere = [row for row in anywhere.rows if row[0] not in known]
    ids = [*_exact_marks_first(in_name, typed=typed), *_exact_marks_first(elsewhere, typed=typed)]
    return Matching(ids[:CANDIDATES_MAX], anywhere.is_all and len(ids) <= CANDIDATES_MAX)


def _newest_names(products: QuerySet[Product], wanted: Wanted, matches: Matches) -> Matching[NamedRow]:
    """The newest, at most `CANDIDATES_MAX`, with their names."""
    newest = products.order_by(*_ORDERS[Sort.NEWEST]).values_list("pk", "name", "folded_name")
    return newest_matching(
        wanted,
        rows_max=CANDIDATES_MAX,
        matches=matches,
        read=lambda ids: list(newest.filter(Among("pk", ids))),
    )


def _newest(products: QuerySet[Product], wanted: Wanted) -> Matching[int]:
    newest = products.order_by(*_ORDERS[Sort.NEWEST]).values_list("pk", flat=True)
    return newest_matching(wanted, rows_max=CANDIDATES_MAX, read=lambda ids: list(newest.filter(Among("pk", ids))))


def _exact_marks_first(rows: Sequence[NamedRow], *, typed: Sequence[str]) -> list[int]:
    """The most words with the very marks typed first; equals keep their order."""
    ordered = sorted(rows, key=lambda row: -exact_words(typed, name=marked_words(row[1])))
    return [row[0] for row in ordered]


def _filtered(products: QuerySet[Product], *, filters: SearchFilters, today: date) -> QuerySet[Product]:
    columns = {
        "commune_of_origin__province_id": filters.province_code,
        "commune_of_origin_id": filters.commune_code,
        "ocop_set": filters.ocop_set,
        "vendor_id": filters.vendor_id,
        "vendor__market_site__slug": filters.site_slug,
    }
    products = products.filter(**{name: value for name, value in columns.items() if value is not None})
    if filters.stars is not None:
        products = products.filter(has_stars([filters.stars], today=today))
    if filters.price_min_vnd is not None or filters.price_max_vnd is not None:
        products = products.filter(_has_price(filters.price_min_vnd, most=filters.price_max_vnd))
    if filters.in_stock:
        products = products.filter(is_in_stock())
    return products


def _has_price(least: int | None, *, most: int | None) -> Exists:
    within = Q(price_vnd__gte=least or 0)
    if most is not None:
        within &= Q(price_vnd__lte=most)
    return Exists(ProductVariant.objects.filter(within, product=OuterRef("pk"), is_active=True))


def is_in_stock() -> Exists:
    """The condition on `Product` that some variant on sale can be got now."""
    return Exists(
        Stock.objects.filter(
            variant__product=OuterRef("pk"),
            variant__is_active=True,
            warehouse__is_active=True,
            quantity__gt=F("allocated") + F("reserved"),
        )
    )
