"""What `products` may be filtered and sorted by, read into what the catalogue understands."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import graphene
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from graphql import GraphQLError

from catalog.models import PRICE_VND_MAX, Product
from catalog.search import SearchFilters
from marketplace.api.graphql.connections import ID_KEY, SortKey, SortKind
from marketplace.api.graphql.ids import integer_of
from marketplace.api.graphql.limits import ROWS_A_PAGE_MAX
from marketplace.api.graphql.types.enums import OrderDirection, ProductOrderField, StockAvailability

RANK = "RANK"
PRICE = SortKey("sorted_price_vnd", SortKind.NUMBER)
UPDATED = SortKey("updated_at", SortKind.MOMENT)
PUBLISHED = SortKey("published_at", SortKind.MOMENT)
SORT_KEYS = {
    "NAME": SortKey("sort_key"),
    "PRICE": PRICE,
    "MINIMAL_PRICE": PRICE,
    "LAST_MODIFIED": UPDATED,
    "LAST_MODIFIED_AT": UPDATED,
    "DATE": UPDATED,
    "PUBLICATION_DATE": PUBLISHED,
    "PUBLISHED_AT": PUBLISHED,
    "CREATED_AT": SortKey("made_at", SortKind.MOMENT),
}


class PriceRangeInput(graphene.InputObjectType):
    """Amounts in đồng, both ends included."""

    gte = graphene.Float()
    lte = graphene.Float()


class ProductFilterInput(graphene.InputObjectType):
    """What products must be; all that is given must hold."""

    search = graphene.String()
    price = PriceRangeInput()
    minimal_price = PriceRangeInput()
    stock_availability = StockAvailability()
    categories = graphene.List(graphene.NonNull(graphene.ID))
    ids = graphene.List(graphene.NonNull(graphene.ID))
    slugs = graphene.List(graphene.NonNull(graphene.String))
    vendor = graphene.ID()
    province = graphene.String()
    commune = graphene.String()
    stars = graphene.Int()


class ProductOrder(graphene.InputObjectType):
    """In which order products come."""

    direction = OrderDirection(required=True)
    field = ProductOrderField()


def search_filters(given: dict[str, Any]) -> SearchFilters:
    """What the catalogue's own filters can hold of a `ProductFilterInput`. Raises `InvalidId`."""
    price = given.get("price") or given.get("minimal_price") or {}
    vendor = given.get("vendor")
    return SearchFilters(
        province_code=given.get("province"),
        commune_code=given.get("commune"),
        stars=given.get("stars"),
        vendor_id=None if vendor is None else integer_of(vendor, "Vendor"),
        price_min_vnd=_dong(price.get("gte"), rounded=math.ceil),
        price_max_vnd=_dong(price.get("lte"), rounded=math.floor),
        in_stock=given.get("stock_availability") is not None,
    )


def _dong(amount: float | None, *, rounded: Callable[[float], int]) -> int | None:
    if amount is not None and not math.isfinite(amount):
        raise GraphQLError("A price must be a number.")  # a literal such as 1e400 is read as infinity
    return None if amount is None else rounded(amount)


def named_ones(products: QuerySet[Product], given: dict[str, Any]) -> QuerySet[Product]:
    """Those of `products` whose ids, slugs or categories are named. Raises `InvalidId`, `GraphQLError`."""
    if given.get("ids") is not None:
        products = products.filter(pk__in=_integers(given["ids"], "Product"))
    if given.get("categories") is not None:
        products = products.filter(ocop_set__in=_integers(given["categories"], "Category"))
    if given.get("slugs") is not None:
        products = products.filter(slug__in=_bounded(given["slugs"]))
    return products


def sorted_by(products: QuerySet[Product], given: dict[str, Any]) -> tuple[QuerySet[Product], Sequence[SortKey]]:
    """The products with what they are sorted by, and its keys; by slug where nothing is said."""
    if given.get("field") is None:
        return products, [SortKey("slug")]
    key = SORT_KEYS[given["field"].value]
    descending = is_descending(given)
    if key is PRICE:
        # What has no price at present comes behind everything that has one.
        products = products.annotate(sorted_price_vnd=Coalesce("price_from_vnd", Value(PRICE_VND_MAX + 1)))
    return products, [SortKey(key.column, key.kind, descending), SortKey(ID_KEY.column, ID_KEY.kind, descending)]


def is_descending(given: dict[str, Any]) -> bool:
    """Whether the last shall be first."""
    return bool(given["direction"].value == "DESC")


def _integers(ids: Iterable[str], type_name: str) -> list[int]:
    return [integer_of(one, type_name) for one in _bounded(list(ids))]


def _bounded(values: list[str]) -> list[str]:
    if len(values) > ROWS_A_PAGE_MAX:
        raise GraphQLError(f"At most {ROWS_A_PAGE_MAX} values may be named in a filter.")
    return values
