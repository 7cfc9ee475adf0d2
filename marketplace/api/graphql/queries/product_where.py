"""Saleor's `where`: conditions joined by AND and OR, nested, within bounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import graphene
from django.db.models import Q
from graphql import GraphQLError

from catalog.conditions import (
    NOTHING,
    Viewer,
    cheapest_between,
    in_categories,
    in_collections,
    priced_between,
    priced_one_of,
)
from catalog.product_types import of_types
from marketplace.api.graphql.queries.product_filters import COMMON
from marketplace.api.graphql.queries.reading_inputs import (
    Given,
    amounts,
    integers,
    moment,
    moments_between,
    one_of,
    whole_amounts,
)
from marketplace.api.graphql.types.enums import StockAvailability
from marketplace.api.graphql.types.inputs import (
    AttributeInput,
    DateTimeFilterInput,
    DecimalFilterInput,
    GlobalIDFilterInput,
    MetadataFilter,
    ProductStockFilterInput,
    StringFilterInput,
    non_null_items,
)

WHERE_LEVELS_MAX = 4
WHERE_CONDITIONS_MAX = 50
AND, OR = "AND", "OR"
LISTS_OF_CONDITIONS = frozenset({"attributes", "metadata"})
"""Each of their items is a condition of its own; lists of ids are one together."""

Conditions = Mapping[str, Callable[[Any, Viewer], Q]]


class ProductWhereInput(graphene.InputObjectType):
    """What products must be; all that is given must hold, and one of what stands under OR."""

    metadata = non_null_items(MetadataFilter)
    ids = non_null_items(graphene.ID)
    name = StringFilterInput()
    slug = StringFilterInput()
    product_type = GlobalIDFilterInput()
    category = GlobalIDFilterInput()
    collection = GlobalIDFilterInput()
    is_available = graphene.Boolean()
    is_published = graphene.Boolean()
    is_visible_in_listing = graphene.Boolean()
    published_from = graphene.DateTime()
    available_from = graphene.DateTime()
    has_category = graphene.Boolean()
    price = DecimalFilterInput()
    minimal_price = DecimalFilterInput()
    attributes = non_null_items(AttributeInput)
    stock_availability = StockAvailability()
    stocks = ProductStockFilterInput()
    gift_card = graphene.Boolean()
    has_preordered_variants = graphene.Boolean()
    updated_at = DateTimeFilterInput()
    AND = non_null_items(lambda: ProductWhereInput)
    OR = non_null_items(lambda: ProductWhereInput)


def product_where(given: Given, viewer: Viewer) -> Q:
    """The condition that a `ProductWhereInput` comes to. Raises `InvalidId`, `GraphQLError`."""
    return where(given, WHERE, viewer, null=NOTHING)


def where(given: Given, conditions: Conditions, viewer: Viewer, *, null: Q) -> Q:
    """The condition of a nested `where` out of those for its fields; a field that is null comes to `null`.

    Raises `GraphQLError` for too large a one, and for operators beside fields or each other.
    """
    check_size(given)
    return _where(given, conditions, viewer, null)


def check_size(given: Given) -> int:
    """Refuse a `where` or `filter` that is nested deeper, or names more, than anybody needs.

    Answers how many conditions it holds. Raises `GraphQLError`.
    """
    waiting, conditions = [(given, 1)], 0
    while waiting:
        one, level = waiting.pop()
        if level > WHERE_LEVELS_MAX:
            raise GraphQLError(f"`where` may be nested {WHERE_LEVELS_MAX} levels deep at most.")
        conditions += len(one) + sum(
            len(one[name]) for name in LISTS_OF_CONDITIONS if isinstance(one.get(name), list)
        )
        if conditions > WHERE_CONDITIONS_MAX:
            raise GraphQLError(f"A list may be narrowed by {WHERE_CONDITIONS_MAX} conditions at most.")
        waiting += [(inner, level + 1) for name in (AND, OR) for inner in one.get(name) or ()]
    return conditions


def named(given: Given, column: str) -> Q:
    """What a `StringFilterInput` asks of a column; one that names nothing finds nothing, as in Saleor."""
    return Q(**{f"{column}__in": only_one_of(given) or ()})


def only_one_of(given: Given) -> list[Any] | None:
    """What `{eq}` or `{oneOf}` names; None where it is neither. Raises `GraphQLError` for more ways than one."""
    if len(given) > 1:
        raise GraphQLError("Only one option can be specified.")
    return one_of(given)


def _where(given: Given, conditions: Conditions, viewer: Viewer, null: Q) -> Q:
    if given.keys() & {AND, OR} and len(given) > 1:
        raise GraphQLError("Cannot mix operators with other filter inputs.")
    found = Q()
    for name, condition in conditions.items():
        if name in given:
            found &= null if given[name] is None else condition(given[name], viewer)
    for inner in given.get(AND) or ():
        found &= _where(inner, conditions, viewer, null)
    if given.get(OR):
        found &= _any_of(given[OR], conditions, viewer, null)
    return found


def _any_of(given: list[Given], conditions: Conditions, viewer: Viewer, null: Q) -> Q:
    found = NOTHING
    for inner in given:
        condition = _where(inner, conditions, viewer, null)
        if not condition:
            return Q()  # what asks for nothing lets everything in
        found |= condition
    return found


def _moments(given: Given, column: str) -> Q:
    moments = only_one_of(given)
    if moments is None:
        return moments_between(column, given["range"]) if given.get("range") else NOTHING
    return Q(**{f"{column}__in": [moment(one) for one in moments]})


def _ids(given: Given, type_name: str, condition: Callable[[list[int]], Q]) -> Q:
    return condition(integers(only_one_of(given) or (), type_name))


def _prices(given: Given, _viewer: Viewer) -> Q:
    prices = only_one_of(given)
    if prices is None:
        return priced_between(*amounts(given["range"])) if given.get("range") else NOTHING
    return priced_one_of(whole_amounts(prices))


def _lowest_prices(given: Given, _viewer: Viewer) -> Q:
    prices = only_one_of(given)
    if prices is None:
        return cheapest_between(*amounts(given["range"])) if given.get("range") else NOTHING
    return Q(price_from_vnd__in=whole_amounts(prices))


WHERE: Conditions = {
    **COMMON,
    "name": lambda given, _viewer: named(given, "name"),
    "slug": lambda given, _viewer: named(given, "slug"),
    "product_type": lambda given, _viewer: _ids(given, "ProductType", of_types),
    "category": lambda given, _viewer: _ids(given, "Category", in_categories),
    "collection": lambda given, viewer: _ids(given, "Collection", lambda ids: in_collections(ids, viewer)),
    "price": _prices,
    "minimal_price": _lowest_prices,
    "updated_at": lambda given, _viewer: _moments(given, "updated_at"),
}
