"""Facets: how many of the products found lie in each province, set, grade or shop, so that nobody narrows to nothing.

One statement reads a small row for each match, the newest first and at most `FACET_ROWS_MAX`; the counting is pure.
Each facet is counted under the filters of all the others, so that its other values can be taken instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple, TypeVar

from django.db.models import OuterRef, QuerySet, Subquery

from catalog.models import OcopCertificate
from catalog.search.engines import engine
from catalog.search.search import browse_products, is_in_stock
from catalog.search.wanted import SearchFilters, check_text
from catalog.search.words import folded_words
from vendors.models import Vendor

FACET_ROWS_MAX = 2000
"""The cost follows the matches: beyond these nothing is counted, and the page offers every value without a number."""


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
    *, today: date, age_declared: bool, text: str, filters: SearchFilters, sold_by: QuerySet[Vendor] | None = None
) -> Facets:
    """The facets of a search; one statement. `today` is the date in Vietnam. Raises `BadText`, `BadFilter`."""
    everything_else = replace(
        filters, province_code=None, commune_code=None, ocop_set=None, stars=None, vendor_id=None, in_stock=False
    )
    products = browse_products(today=today, age_declared=age_declared, filters=everything_else, sold_by=sold_by)
    if text:
        words = folded_words(check_text(text))
        products = products.filter(engine().has_words(words, in_name=False)) if words else products.none()
    certificates = OcopCertificate.objects.filter(
        product=OuterRef("pk"), state=OcopCertificate.State.VERIFIED, expires_on__gte=today
    )
    rows = (
        products.annotate(shown_stars=Subquery(certificates.values("stars")[:1]), is_there=is_in_stock())
        .order_by("-published_at", "pk")
        .values_list(
            "commune_of_origin__province_id",
            "commune_of_origin_id",
            "ocop_set",
            "vendor_id",
            "shown_stars",
            "is_there",
        )[: FACET_ROWS_MAX + 1]
    )
    return counted([FacetRow(*row) for row in rows], filters=filters)


def counted(rows: Collection[FacetRow], *, filters: SearchFilters) -> Facets:
    """Count rows under the filters. Pure."""
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
        is_exact=len(rows) <= FACET_ROWS_MAX,
    )


def _most_first(values: Iterable[Value]) -> dict[Value, int]:
    return dict(Counter(values).most_common())
