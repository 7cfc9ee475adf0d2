"""The search itself: words and filters in one statement, the order of the candidates in Python.

All typed words must be there, the last one as a beginning; filters are joined by AND. At most `CANDIDATES_MAX`
products are ordered, since the cost of a search follows the number of matches. Empty text browses.
Elsewhere: which words (`words`), the databases (`engines`), keeping it true (`index`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Value, When

from catalog.models import OcopCertificate, Product, ProductVariant, Stock
from catalog.search.engines import engine
from catalog.search.wanted import SearchFilters, Sort, check_filters, check_page, check_text
from catalog.search.words import exact_words, folded_words, marked_words
from catalog.selectors import ProductCard, cards_in_order, visible_products

CANDIDATES_MAX = 1000
PAGE_ROWS_USUAL = 24
NO_FILTERS = SearchFilters()


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
    sort: Sort = Sort.RELEVANCE,
    page: int = 1,
    page_size: int = PAGE_ROWS_USUAL,
) -> SearchPage:
    """Products that shoppers may see, by text and filters, a page at a time (1 to 100 rows).

    `today` is the date in Vietnam, for stars. A page beyond the last is empty. Takes six statements, whatever it
    finds. Raises `BadText` and `BadFilter`.
    """
    typed = check_text(text)
    check_filters(filters)
    check_page(page=page, page_size=page_size)
    found = _candidates(
        _filtered(visible_products(age_declared=age_declared), filters=filters, today=today),
        text=typed,
        sort=sort,
    )
    ids = found[:CANDIDATES_MAX]
    shown = ids[(page - 1) * page_size : page * page_size]
    return SearchPage(
        cards=cards_in_order(shown, today=today),
        total=len(ids),
        page=page,
        pages=max(1, -(-len(ids) // page_size)),
        total_is_exact=len(found) <= CANDIDATES_MAX,
    )


def _candidates(products: QuerySet[Product], *, text: str, sort: Sort) -> list[int]:
    """Ids in the order they are shown, one more than `CANDIDATES_MAX` where there are more."""
    words = folded_words(text)
    if text and not words:
        return []  # only signs were typed: that is no wish to see everything
    if not words:
        return list(_sorted(products, sort).values_list("pk", flat=True)[: CANDIDATES_MAX + 1])
    matching = products.filter(engine().has_words(words, in_name=False))
    if sort is Sort.RELEVANCE:
        return _by_relevance(matching, words=words, typed=marked_words(text))
    return list(_sorted(matching, sort).values_list("pk", flat=True)[: CANDIDATES_MAX + 1])


def _by_relevance(products: QuerySet[Product], *, words: Sequence[str], typed: Sequence[str]) -> list[int]:
    in_name = Case(When(engine().has_words(words, in_name=True), then=Value(1)), default=Value(0))
    rows = list(
        products.annotate(in_name=in_name)
        .order_by("-in_name", "-published_at", "pk")
        .values_list("pk", "name", "in_name")[: CANDIDATES_MAX + 1]
    )

    def rank(row: tuple[int, str, int]) -> tuple[int, int]:
        return -row[2], -exact_words(typed, name=marked_words(row[1]))

    return [row[0] for row in sorted(rows, key=rank)]  # equal ranks stay newest first


def _sorted(products: QuerySet[Product], sort: Sort) -> QuerySet[Product]:
    if sort is Sort.NAME:
        return products.order_by("sort_key", "pk")
    if sort in {Sort.PRICE_UP, Sort.PRICE_DOWN}:
        price = F("price_from_vnd")
        return products.annotate(price_from_vnd=_price_from()).order_by(
            price.asc(nulls_last=True) if sort is Sort.PRICE_UP else price.desc(nulls_last=True), "pk"
        )
    return products.order_by("-published_at", "pk")


def _price_from() -> Subquery:
    """The lowest price among a product's variants on sale, in đồng: the one its card shows."""
    of_product = ProductVariant.objects.filter(product=OuterRef("pk"), is_active=True).order_by()
    return Subquery(of_product.values("product").annotate(least=Min("price_vnd")).values("least"))


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
        products = products.filter(_is_in_stock())
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


def _is_in_stock() -> Exists:
    return Exists(
        Stock.objects.filter(
            variant__product=OuterRef("pk"),
            variant__is_active=True,
            warehouse__is_active=True,
            quantity__gt=F("allocated") + F("reserved"),
        )
    )
