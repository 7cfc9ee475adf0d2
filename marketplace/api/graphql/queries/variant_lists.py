"""The kinds of a product: filtered, sorted and paged among those on sale, which are few and at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import graphene

from catalog.models import ProductVariant
from catalog.search.words import folded_words
from marketplace.api.graphql.connections import Connection, Slice, page_of_list
from marketplace.api.graphql.queries.arguments import not_both_filters
from marketplace.api.graphql.queries.product_filters import IN_STOCK
from marketplace.api.graphql.queries.product_where import AND, OR, check_size
from marketplace.api.graphql.queries.reading_inputs import (
    Given,
    bounded,
    integers,
    lies_between,
    one_of,
    words_typed,
)
from marketplace.api.graphql.types.common import paging
from marketplace.api.graphql.types.enums import OrderDirection, ProductVariantSortField, StockAvailability
from marketplace.api.graphql.types.inputs import (
    DateTimeRangeInput,
    MetadataFilter,
    StringFilterInput,
    non_null_items,
)

Left = Callable[[int], int]
"""How many of a variant, by its id, a new buyer can get."""


class ProductVariantFilterInput(graphene.InputObjectType):
    """What variants must be; all that is given must hold."""

    search = graphene.String()
    sku = non_null_items(graphene.String)
    metadata = non_null_items(MetadataFilter)
    is_preorder = graphene.Boolean()
    updated_at = DateTimeRangeInput()


class ProductVariantWhereInput(graphene.InputObjectType):
    """What variants must be; all that is given must hold, and one of what stands under OR."""

    metadata = non_null_items(MetadataFilter)
    ids = non_null_items(graphene.ID)
    sku = StringFilterInput()
    updated_at = DateTimeRangeInput()
    stock_availability = StockAvailability()
    AND = non_null_items(lambda: ProductVariantWhereInput)
    OR = non_null_items(lambda: ProductVariantWhereInput)


class ProductVariantSortingInput(graphene.InputObjectType):
    """In which order variants come; the shop's own where nothing is said."""

    direction = OrderDirection(required=True)
    field = ProductVariantSortField(required=True)


def variant_arguments() -> dict[str, Any]:
    """The arguments of the list of a product's variants."""
    return {
        "filter": ProductVariantFilterInput(),
        "where": ProductVariantWhereInput(),
        "sort_by": ProductVariantSortingInput(),
        **paging(),
    }


def variant_page(
    variants: Sequence[ProductVariant],
    *,
    left: Left,
    filter: Given | None = None,
    where: Given | None = None,
    sort_by: Given | None = None,
    **asked: Any,
) -> Connection[ProductVariant]:
    """A page of these variants of one product. Raises `GraphQLError`, `InvalidId`."""
    not_both_filters(filter, where)
    check_size(where or {})
    conditions = FILTERS if filter else WHERE
    found = [one for one in variants if _holds(one, filter or where or {}, conditions, left)]
    if sort_by is not None:
        found.sort(key=lambda one: (one.product.updated_at, one.pk), reverse=sort_by["direction"].value == "DESC")
    return page_of_list(found, key=lambda one: one.pk, asked=Slice(**asked), name="productVariants")


Condition = Callable[[ProductVariant, Any, Left], bool]


def _holds(variant: ProductVariant, given: Given, conditions: Mapping[str, Condition], left: Left) -> bool:
    fields = (name for name in conditions if given.get(name) is not None)
    return (
        all(conditions[name](variant, given[name], left) for name in fields)
        and all(_holds(variant, inner, conditions, left) for inner in given.get(AND) or ())
        and (not given.get(OR) or any(_holds(variant, inner, conditions, left) for inner in given[OR]))
    )


def _has_metadata(variant: ProductVariant, given: Sequence[Given], _left: Left) -> bool:
    return all(
        one["key"] in variant.metadata and one.get("value") in (None, str(variant.metadata[one["key"]]))
        for one in bounded(given)
    )


def _is_found(variant: ProductVariant, text: str, _left: Left) -> bool:
    """Every typed word begins a word of the name, the unit or the shop's code."""
    words = folded_words(f"{variant.name} {variant.unit} {variant.sku or ''}")
    return all(any(word.startswith(typed) for word in words) for typed in words_typed(text))


def _is_updated(variant: ProductVariant, given: Given, _left: Left) -> bool:
    """A variant changes with its product, which keeps when."""
    return lies_between(variant.product.updated_at, given)


def _has_sku(variant: ProductVariant, given: Given, _left: Left) -> bool:
    skus = one_of(given)
    return skus is None or variant.sku in skus


def _is_available(variant: ProductVariant, given: Any, left: Left) -> bool:
    return (left(variant.pk) > 0) is (given.value == IN_STOCK)


FILTERS: Mapping[str, Condition] = {
    "search": _is_found,
    "sku": lambda variant, given, _left: variant.sku in bounded(given),
    "metadata": _has_metadata,
    "is_preorder": lambda _variant, given, _left: not given,
    "updated_at": _is_updated,
}
WHERE: Mapping[str, Condition] = {
    "metadata": _has_metadata,
    "ids": lambda variant, given, _left: variant.pk in integers(given, "ProductVariant"),
    "sku": _has_sku,
    "updated_at": _is_updated,
    "stock_availability": _is_available,
}
