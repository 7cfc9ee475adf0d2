"""Facets: how many of the products found lie in each province, set, grade or shop, so that nobody narrows to nothing.

A small row is read for each match, the newest first and at most `FACET_ROWS_MAX`; the counting is pure. (To have the
database count instead of the small rows costs as much: most of the time goes into stars and stock of each match.)
Each facet is counted under the filters of all the others, so that its other values can be taken instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.db.models import OuterRef, Q, QuerySet, Subquery

from catalog.models import OcopCertificate, Product
from catalog.search.engines import Wanted
from catalog.search.matching import Matches, newest_matching
from catalog.search.search import NO_FILTERS, browse_products, is_in_stock
from catalog.search.wanted import SearchFilters, check_text
from catalog.search.words import folded_words
from catalog.selectors import visible_products
from marketplace.core.statements import Among, Given, Kept
from vendors.models import Vendor

FACET_ROWS_MAX = 1000
"""The cost follows the matches: beyond these nothing is counted, and the page offers every value without a number."""


MORE_FOR_THE_HIDDEN = 200

Value = TypeVar("Value", bound=Hashable)


class FacetRow(NamedTuple):
    """What one match counts for."""

    province: str
    commune: str
    ocop_set: int
    vendor: int
    stars: int | None
    in_stock: bool


@dataclass(frozen=True)
class Facets:
    """How many matches each value has, the most first; `is_exact` is False where there are too many to count."""

    provinces: Mapping[str, int]
    communes: Mapping[str, int]
    sets: Mapping[int, int]
    stars: Mapping[int, int]
    vendors: Mapping[int, int]
    in_stock: int
    is_exact: bool


def count_facets(
    *,
    today: date,
    age_declared: bool,
    text: str,
    filters: SearchFilters,
    sold_by: QuerySet[Vendor] | None = None,
    within: Q | None = None,
    matches: Matches | None = None,
) -> Facets:
    """The facets of a search; two statements, or four. `today` is the date in Vietnam.

    `within` is any other condition on products, which narrows every facet; `matches` are shared with the list that
    the facets stand beside. Raises `BadText`, `BadFilter`.
    """
    everything_else = replace(
        filters, province_code=None, commune_code=None, ocop_set=None, stars=None, vendor_id=None, in_stock=False
    )
    words = folded_words(check_text(text))
    if text and not words:
        return counted([], filters=filters, is_all=True)
    if words and not within and sold_by is None and everything_else == NO_FILTERS:
        return _of_matches(_everything(age_declared).all, words, filters=filters, today=today, matches=matches)
    products = browse_products(today=today, age_declared=age_declared, filters=everything_else, sold_by=sold_by)
    rows = _rows(products.filter(within) if within else products, expires_from=today)
    if words:
        return _of_matches(
            lambda ids, today: list(rows.filter(Among("pk", ids))),
            words,
            filters=filters,
            today=today,
            matches=matches,
        )
    found = list(rows[: FACET_ROWS_MAX + 1])
    is_all = len(found) <= FACET_ROWS_MAX
    return counted([FacetRow(*row) for row in found[:FACET_ROWS_MAX]], filters=filters, is_all=is_all)


def _of_matches(
    read: Callable[..., list[tuple[Any, ...]]],
    words: tuple[str, ...],
    *,
    filters: SearchFilters,
    today: date,
    matches: Matches | None,
) -> Facets:
    found = newest_matching(
        Wanted(words),
        rows_max=FACET_ROWS_MAX,
        first=FACET_ROWS_MAX + MORE_FOR_THE_HIDDEN,
        matches=matches,
        read=lambda ids: read(ids=ids, today=today),
    )
    return counted([FacetRow(*row) for row in found.rows], filters=filters, is_all=found.is_all)


@cache
def _everything(age_declared: bool) -> Kept[tuple[Any, ...]]:
    """What a search counts that is narrowed by nothing else, as most are."""
    visible = visible_products(age_declared=age_declared)
    return Kept(lambda: _rows(visible.filter(Among("pk", Given("ids"))), expires_from=Given("today")))


def _rows(products: QuerySet[Product], *, expires_from: date | Given) -> QuerySet[Product, tuple[Any, ...]]:
    certificates = OcopCertificate.objects.filter(
        product=OuterRef("pk"), state=OcopCertificate.State.VERIFIED, expires_on__gte=expires_from
    )
    return (
        products.annotate(shown_stars=Subquery(certificates.values("stars")[:1]), is_there=is_in_stock())
        .order_by("-published_at", "pk")
        .values_list(
            "commune_of_origin__province_id",
            "commune_of_origin_id",
            "ocop_set",
            "vendor_id",
            "shown_stars",
            "is_there",
        )
    )


def counted(rows: Collection[FacetRow], *, filters: SearchFilters, is_all: bool = True) -> Facets:
    """Count rows under the filters; `is_all` says whether they are all there are. Pure."""
    conditions: dict[str, Callable[[FacetRow], bool]] = {}
    if filters.province_code is not None:
        conditions["province"] = lambda row: row.province == filters.province_code
    if filters.commune_code is not None:
        conditions["commune"] = lambda row: row.commune == filters.commune_code
    if filters.ocop_set is not None:
        conditions["set"] = lambda row: row.ocop_set == filters.ocop_set
    if filters.stars is not None:
        conditions["stars"] = lambda row: row.stars == filters.stars
    if filters.vendor_id is not None:
        conditions["vendor"] = lambda row: row.vendor == filters.vendor_id
    if filters.in_stock:
        conditions["in_stock"] = lambda row: row.in_stock

    def under(*left_out: str) -> list[FacetRow]:
        asked = [holds for name, holds in conditions.items() if name not in left_out]
        return [row for row in rows if all(holds(row) for holds in asked)]

    return Facets(
        # Another province has other communes: whoever changes the one lets go of the other.
        provinces=_most_first(row.province for row in under("province", "commune")),
        communes=_most_first(row.commune for row in under("commune")),
        sets=_most_first(row.ocop_set for row in under("set")),
        stars=_most_first(row.stars for row in under("stars") if row.stars is not None),
        vendors=_most_first(row.vendor for row in under("vendor")),
        in_stock=sum(row.in_stock for row in under("in_stock")),
        is_exact=is_all,
    )


def _most_first(values: Iterable[Value]) -> dict[Value, int]:
    return dict(Counter(values).most_common())
