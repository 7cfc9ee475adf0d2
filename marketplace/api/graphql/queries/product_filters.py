"""What `products` may be filtered and sorted by, read into what the catalogue understands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import graphene
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from graphql import GraphQLError

from catalog.attribute_conditions import NUMBERED, order_of, with_attribute
from catalog.attributes import ATTRIBUTES
from catalog.conditions import (
    Viewer,
    cheapest_between,
    everything_if,
    in_categories,
    in_collections,
    priced_between,
    stocked,
    with_metadata,
)
from catalog.models import PRICE_VND_MAX, Product
from catalog.product_types import of_types, type_number
from catalog.search import SearchFilters
from catalog.search.search import is_in_stock
from marketplace.api.graphql.connections import ID_KEY, SortKey, SortKind
from marketplace.api.graphql.ids import integer_of
from marketplace.api.graphql.queries.reading_inputs import (
    Given,
    amounts,
    attribute_wish,
    bounded,
    integers,
    moment,
    moments_between,
)
from marketplace.api.graphql.types.enums import OrderDirection, ProductOrderField, StockAvailability
from marketplace.api.graphql.types.inputs import (
    AttributeInput,
    DateTimeRangeInput,
    MetadataFilter,
    PriceRangeInput,
    ProductStockFilterInput,
    non_null_items,
)

RANK = "RANK"
RATING = "RATING"
COLLECTION = "COLLECTION"
IN_STOCK = "IN_STOCK"
NO_PRICE = RawSQL(str(PRICE_VND_MAX + 1), [])  # noqa: S611 - a number of ours
"""Written out, as in the index `product_by_cost`: SQLite does not know a parameter for it."""
PRICE = SortKey("sorted_price_vnd", SortKind.NUMBER)
TYPE = SortKey("sorted_type", SortKind.NUMBER)
UPDATED = SortKey("updated_at", SortKind.MOMENT)
PUBLISHED = SortKey("published_at", SortKind.MOMENT)
NEWEST_FIRST = SortKey("published_at", SortKind.MOMENT, descending=True)
BY_SLUG = SortKey("slug")
SORT_KEYS = {
    "NAME": SortKey("sort_key"),
    "PRICE": PRICE,
    "MINIMAL_PRICE": PRICE,
    "LAST_MODIFIED": UPDATED,
    "LAST_MODIFIED_AT": UPDATED,
    "DATE": UPDATED,
    "TYPE": TYPE,
    "PUBLICATION_DATE": PUBLISHED,
    "PUBLISHED_AT": PUBLISHED,
    "CREATED_AT": SortKey("made_at", SortKind.MOMENT),
}
SORT_VALUES: Mapping[str, Callable[[], Any]] = {
    # What has no price at present comes behind everything that has one.
    PRICE.column: lambda: Coalesce("price_from_vnd", NO_PRICE),
    TYPE.column: type_number,
}
ALL_ALIKE = frozenset({"PUBLISHED", RATING})
"""Whatever shoppers see is published, and nobody rates goods here: these leave the order by slug."""
ATTRIBUTES_BY_NO = {one.no: one for one in ATTRIBUTES.values()}
WAREHOUSE = "Warehouse"
MAY_NAME_NONE = frozenset({"categories", "collections", "ids", "product_types"})
"""Lists of a `filter` that ask for nothing where they are empty, as in Saleor."""


class ProductFilterInput(graphene.InputObjectType):
    """What products must be; all that is given must hold."""

    is_published = graphene.Boolean()
    collections = non_null_items(graphene.ID)
    categories = non_null_items(graphene.ID)
    has_category = graphene.Boolean()
    attributes = non_null_items(AttributeInput)
    stock_availability = StockAvailability()
    stocks = ProductStockFilterInput()
    search = graphene.String()
    metadata = non_null_items(MetadataFilter)
    published_from = graphene.DateTime()
    is_available = graphene.Boolean()
    available_from = graphene.DateTime()
    is_visible_in_listing = graphene.Boolean()
    price = PriceRangeInput()
    minimal_price = PriceRangeInput()
    updated_at = DateTimeRangeInput()
    product_types = non_null_items(graphene.ID)
    gift_card = graphene.Boolean()
    ids = non_null_items(graphene.ID)
    has_preordered_variants = graphene.Boolean()
    slugs = non_null_items(graphene.String)
    channel = graphene.String()
    vendor = graphene.ID()
    province = graphene.String()
    commune = graphene.String()
    stars = graphene.Int()


class ProductOrder(graphene.InputObjectType):
    """In which order products come: by a field, or by an attribute."""

    direction = OrderDirection(required=True)
    channel = graphene.String()
    attribute_id = graphene.ID()
    field = ProductOrderField()


def search_filters(given: Given) -> SearchFilters:
    """What the catalogue's own filters can hold of a `ProductFilterInput`. Raises `InvalidId`."""
    vendor = given.get("vendor")
    return SearchFilters(
        province_code=given.get("province"),
        commune_code=given.get("commune"),
        stars=given.get("stars"),
        vendor_id=None if vendor is None else integer_of(vendor, "Vendor"),
    )


def available_so(asked: Any) -> Q:
    """In stock, or out of it."""
    return Q(is_in_stock()) if asked.value == IN_STOCK else ~Q(is_in_stock())


def stocked_so(given: Given) -> Q:
    """What a `ProductStockFilterInput` asks for. Raises `InvalidId`."""
    quantity = given.get("quantity") or {}
    ids = given.get("warehouse_ids")
    return stocked(
        warehouse_ids=None if ids is None else integers(ids, WAREHOUSE),
        least=quantity.get("gte"),
        most=quantity.get("lte"),
    )


def all_metadata(given: Sequence[Given]) -> Q:
    """Every one of the keys and values is kept."""
    found = Q()
    for one in bounded(given):
        found &= with_metadata(one["key"], one.get("value"))
    return found


def all_attributes(given: Sequence[Given], viewer: Viewer) -> Q:
    """Every one of the attributes is as wanted."""
    found = Q()
    for wish in map(attribute_wish, bounded(given)):
        if wish is not None:
            found &= with_attribute(wish, viewer)
    return found


COMMON: Mapping[str, Callable[[Any, Viewer], Q]] = {
    # What only staff may see is not there for a shopper, so that asking for it finds nothing, as in Saleor.
    "is_published": lambda given, _viewer: everything_if(given),
    "is_visible_in_listing": lambda given, _viewer: everything_if(given),
    "is_available": lambda given, _viewer: everything_if(given),
    "has_category": lambda given, _viewer: everything_if(given),
    "gift_card": lambda given, _viewer: everything_if(not given),
    "has_preordered_variants": lambda given, _viewer: everything_if(not given),
    "published_from": lambda given, _viewer: Q(published_at__lte=moment(given)),
    "available_from": lambda given, _viewer: Q(published_at__lte=moment(given)),
    "attributes": all_attributes,
    "stock_availability": lambda given, _viewer: available_so(given),
    "stocks": lambda given, _viewer: stocked_so(given),
    "metadata": lambda given, _viewer: all_metadata(given),
    "ids": lambda given, _viewer: Q(pk__in=integers(given, "Product")),
}
"""What `filter` and `where` have alike, by the name in Python."""
FILTERS: Mapping[str, Callable[[Any, Viewer], Q]] = {
    **COMMON,
    "collections": lambda given, viewer: in_collections(integers(given, "Collection"), viewer),
    "categories": lambda given, _viewer: in_categories(integers(given, "Category")),
    "price": lambda given, _viewer: priced_between(*amounts(given)),
    "minimal_price": lambda given, _viewer: cheapest_between(*amounts(given)),
    "updated_at": lambda given, _viewer: moments_between("updated_at", given),
    "product_types": lambda given, _viewer: of_types(integers(given, "ProductType")),
    "slugs": lambda given, _viewer: Q(slug__in=bounded(given)),
}


def filter_condition(given: Given, viewer: Viewer) -> Q:
    """The condition that a `ProductFilterInput` comes to, but for what `search_filters` holds.

    Raises `InvalidId`, `GraphQLError`.
    """
    found = Q()
    for name, condition in FILTERS.items():
        if given.get(name) is not None and not (name in MAY_NAME_NONE and not given[name]):
            found &= condition(given[name], viewer)
    return found


def sorted_by(
    products: QuerySet[Product], given: Given, viewer: Viewer, *, is_collection: bool = False
) -> tuple[QuerySet[Product], Sequence[SortKey]]:
    """The products with what they are sorted by, and its keys; by slug where nothing is said.

    Raises `InvalidId`, `GraphQLError`.
    """
    descending = is_descending(given)
    if given.get("attribute_id") is not None:
        return _by_attribute(products, given, viewer, descending=descending)
    field = given["field"].value if given.get("field") is not None else ""
    if field == COLLECTION:
        return products, _in_collection(is_collection=is_collection, descending=descending)
    if field not in SORT_KEYS:
        return products, [SortKey(BY_SLUG.column, BY_SLUG.kind, descending and field in ALL_ALIKE)]
    keys = _keys(SORT_KEYS[field], descending=descending)
    return with_sort_values(products, keys), keys


def with_sort_values(products: QuerySet[Product], keys: Sequence[SortKey]) -> QuerySet[Product]:
    """The products with those of the `keys` that are no columns of theirs."""
    values = {key.column: SORT_VALUES[key.column]() for key in keys if key.column in SORT_VALUES}
    return products.annotate(**values) if values else products


def is_descending(given: Given) -> bool:
    """Whether the last shall be first."""
    return "direction" in given and bool(given["direction"].value == "DESC")


def _keys(key: SortKey, *, descending: bool) -> Sequence[SortKey]:
    return [SortKey(key.column, key.kind, descending), SortKey(ID_KEY.column, ID_KEY.kind, descending)]


def _in_collection(*, is_collection: bool, descending: bool) -> Sequence[SortKey]:
    """A collection's own order: the newest first."""
    if not is_collection:
        raise GraphQLError("Sorting by COLLECTION is available only for the products of a collection.")
    return [
        SortKey(PUBLISHED.column, PUBLISHED.kind, not descending),
        SortKey(ID_KEY.column, ID_KEY.kind, descending),
    ]


def _by_attribute(
    products: QuerySet[Product], given: Given, viewer: Viewer, *, descending: bool
) -> tuple[QuerySet[Product], Sequence[SortKey]]:
    if given.get("field") is not None:
        raise GraphQLError("You must provide either `field` or `attributeId` to sort the products.")
    attribute = ATTRIBUTES_BY_NO.get(integer_of(given["attribute_id"], "Attribute"))
    order = None if attribute is None else order_of(attribute, viewer)
    if attribute is None or order is None:
        return products, [SortKey(BY_SLUG.column, BY_SLUG.kind, descending)]
    kind = SortKind.NUMBER if attribute in NUMBERED else SortKind.TEXT
    key = SortKey("sorted_attribute", kind)
    return products.annotate(sorted_attribute=order), _keys(key, descending=descending)
