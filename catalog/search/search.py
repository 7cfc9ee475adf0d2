"""The search itself: words and filters in SQL, the order of the candidates by their marks in Python.

All typed words must be there, the last one as a beginning; filters are joined by AND. At most `CANDIDATES_MAX`
products are ordered, since the cost of a search follows the number of matches. Empty text browses.
Elsewhere: which words (`words`), the databases (`engines`), keeping it true (`index`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from catalog.models import OcopCertificate, Product, ProductVariant, Stock
from catalog.search.engines import engine
from catalog.search.wanted import SearchFilters, Sort, check_filters, check_page, check_text
from catalog.search.words import exact_words, folded_words, marked_words
from catalog.selectors import ProductCard, cards_in_order, visible_products
from vendors.models import Vendor

CANDIDATES_MAX = 1000
PAGE_ROWS_USUAL = 24
NO_FILTERS = SearchFilters()

_ORDERS: Mapping[Sort, Sequence[str]] = {
    Sort.RELEVANCE: ("-published_at", "pk"),
    Sort.NEWEST: ("-published_at", "pk"),
    Sort.NAME: ("sort_key", "pk"),
    Sort.PRICE_UP: ("price_from_vnd", "pk"),
    Sort.PRICE_DOWN: ("-price_from_vnd", "-pk"),
}
"""Each ends with the key, so that pages never repeat or miss a product; each has its index."""


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
) -> SearchPage:
    """Products that shoppers may see, by text and filters, a page at a time (1 to 100 rows).

    `today` is the date in Vietnam, for stars. `sold_by` are the shops that a layer above lets in, for example those
    that send to some place. A page beyond the last is empty. Takes at most seven statements, whatever it finds.
    Raises `BadText` and `BadFilter`.
    """
    check_page(page=page, page_size=page_size)
    products = browse_products(today=today, age_declared=age_declared, filters=filters, sold_by=sold_by)
    found = _candidates(products, text=check_text(text), sort=sort)
    ids = found[:CANDIDATES_MAX]
    shown = ids[(page - 1) * page_size : page * page_size]
    return SearchPage(
        cards=cards_in_order(shown, today=today),
        total=len(ids),
        page=page,
        pages=max(1, -(-len(ids) // page_size)),
        total_is_exact=_fits(found),
    )


def browse_products(
    *,
    today: date,
    age_declared: bool,
    filters: SearchFilters = NO_FILTERS,
    sold_by: QuerySet[Vendor] | None = None,
) -> QuerySet[Product]:
    """All products that shoppers may see and that pass `filters`, in no order: for lists that page by themselves.

    Raises `BadFilter`.
    """
    check_filters(filters)
    products = _filtered(visible_products(age_declared=age_declared), filters=filters, today=today)
    return products if sold_by is None else products.filter(vendor__in=sold_by.order_by().values("pk"))


def ids_by_relevance(products: QuerySet[Product], *, text: str) -> list[int]:
    """Which of `products` have the typed words, in the order of `Sort.RELEVANCE`; at most `CANDIDATES_MAX`.

    Raises `BadText`.
    """
    return _candidates(products, text=check_text(text), sort=Sort.RELEVANCE)[:CANDIDATES_MAX]


def _candidates(products: QuerySet[Product], *, text: str, sort: Sort) -> list[int]:
    """Ids in the order they are shown, at least one more than `CANDIDATES_MAX` where there are more."""
    words = folded_words(text)
    if text and not words:
        return []  # only signs were typed: that is no wish to see everything
    if words and sort is Sort.RELEVANCE:
        return _by_relevance(products, words=words, typed=marked_words(text))
    if words:
        products = products.filter(engine().has_words(words, in_name=False))
    return list(products.order_by(*_ORDERS[sort]).values_list("pk", flat=True)[: CANDIDATES_MAX + 1])


def _by_relevance(products: QuerySet[Product], *, words: Sequence[str], typed: Sequence[str]) -> list[int]:
    """Names before other texts; the other texts are asked only when there are not enough names."""
    in_name = _newest(products.filter(engine().has_words(words, in_name=True)))
    anywhere = _newest(products.filter(engine().has_words(words, in_name=False))) if _fits(in_name) else {}
    elsewhere = {pk: name for pk, name in anywhere.items() if pk not in in_name}
    return [*_exact_marks_first(in_name, typed=typed), *_exact_marks_first(elsewhere, typed=typed)]


def _newest(products: QuerySet[Product]) -> dict[int, str]:
    """Ids with names, the newest first, one more than `CANDIDATES_MAX` where there are more."""
    rows = products.order_by(*_ORDERS[Sort.NEWEST]).values_list("pk", "name")
    return dict(rows[: CANDIDATES_MAX + 1])


def _fits(candidates: Collection[int]) -> bool:
    return len(candidates) <= CANDIDATES_MAX


def _exact_marks_first(names: Mapping[int, str], *, typed: Sequence[str]) -> list[int]:
    """The most words with the very marks typed first; equals keep their order."""
    return sorted(names, key=lambda pk: -exact_words(typed, name=marked_words(names[pk])))


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
        products = products.filter(_has_stars(filters.stars, today=today))
    if filters.price_min_vnd is not None or filters.price_max_vnd is not None:
        products = products.filter(_has_price(filters.price_min_vnd, most=filters.price_max_vnd))
    if filters.in_stock:
        products = products.filter(is_in_stock())
    return products


def _has_stars(stars: int, *, today: date) -> Exists:
    return Exists(
        OcopCertificate.objects.filter(
            product=OuterRef("pk"), state=OcopCertificate.State.VERIFIED, stars=stars, expires_on__gte=today
        )
    )


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
