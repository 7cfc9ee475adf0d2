"""`orders`: what the asker's own shops sold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import graphene
from django.db.models import Q
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.connections import ID_KEY, Connection, Slice, SortKey, SortKind, nothing, page_of_rows
from marketplace.api.graphql.context import context
from marketplace.api.graphql.permissions import needs_one_of
from marketplace.api.graphql.queries.product_filters import is_descending
from marketplace.api.graphql.queries.reading_inputs import bounded
from marketplace.api.graphql.types.common import paging
from marketplace.api.graphql.types.enums import (
    OrderChargeStatusEnum,
    OrderDirection,
    OrderSortField,
    OrderStatusFilter,
)
from marketplace.api.graphql.types.inputs import DateRangeInput, non_null_items
from marketplace.api.graphql.types.orders import OrderConnection, came_together
from marketplace.core.clock import VIETNAM
from marketplace.orders.models import Channel, Order
from marketplace.orders.selectors.orders import orders_of_shops
from marketplace.orders.services.vouchers import DAY_MAX, DAY_MIN
from vendors.access import shops_in_reach

NAME = "orders"
_STATUS = Order.Status
_PAID = (Order.ChargeStatus.FULL, Order.ChargeStatus.OVERCHARGED)
STATUSES: Final[Mapping[str, Q]] = {
    "READY_TO_FULFILL": Q(status__in=(_STATUS.UNFULFILLED, _STATUS.PARTIALLY_FULFILLED), charge_status__in=_PAID),
    # Nothing is authorized first and charged later here.
    "READY_TO_CAPTURE": Q(pk__in=()),
    "UNFULFILLED": Q(status=_STATUS.UNFULFILLED),
    "UNCONFIRMED": Q(status=_STATUS.UNCONFIRMED),
    "PARTIALLY_FULFILLED": Q(status=_STATUS.PARTIALLY_FULFILLED),
    "FULFILLED": Q(status=_STATUS.FULFILLED),
    "CANCELED": Q(status=_STATUS.CANCELED),
}
PLACED = SortKey("placed_at", SortKind.MOMENT)
# By their words, as in Saleor: `canceled` comes before `fulfilled`.
BY_STATUS = SortKey("status")
COLUMNS: Final[Mapping[str, SortKey]] = {
    "NUMBER": ID_KEY,
    "CREATION_DATE": PLACED,
    "CREATED_AT": PLACED,
    "LAST_MODIFIED_AT": SortKey("updated_at", SortKind.MOMENT),
    "PAYMENT": SortKey("charge_status"),
    "FULFILLMENT_STATUS": BY_STATUS,
    "STATUS": BY_STATUS,
}

Given = Mapping[str, Any]


class OrderFilterInput(graphene.InputObjectType):
    """Which orders; all that is given must hold. Days are Vietnam's."""

    charge_status = non_null_items(OrderChargeStatusEnum)
    created = DateRangeInput()
    numbers = non_null_items(graphene.String)
    status = non_null_items(OrderStatusFilter)


class OrderSortingInput(graphene.InputObjectType):
    """In which order they come."""

    direction = OrderDirection(required=True)
    field = OrderSortField(required=True)


class OrderQueries(graphene.ObjectType):
    """What people of a shop may ask about its orders."""

    orders = graphene.Field(
        OrderConnection,
        filter=OrderFilterInput(),
        sort_by=OrderSortingInput(description="The newest first where left out."),
        channel=graphene.String(),
        description="The orders of the shops that the asker works in. Needs MANAGE_ORDERS, as in Saleor.",
        **paging(),
    )

    @staticmethod
    def resolve_orders(
        _root: None,
        info: GraphQLResolveInfo,
        *,
        filter: Given | None = None,
        sort_by: Given | None = None,
        channel: str | None = None,
        **asked: Any,
    ) -> Connection[Order]:
        shops = shops_in_reach(context(info).actor)
        if not shops:
            raise needs_one_of("MANAGE_ORDERS")
        if channel is not None and channel not in Channel.values:
            return nothing(asked=Slice(**asked), name=NAME)
        rows = orders_of_shops(shops).filter(_condition(filter or {}), **({"channel": channel} if channel else {}))
        found = page_of_rows(rows, keys=_keys(sort_by), asked=Slice(**asked), name=NAME)
        came_together(found.nodes, info)
        return found


def _keys(sort_by: Given | None) -> list[SortKey]:
    column = PLACED if sort_by is None else COLUMNS[sort_by["field"].value]
    descending = sort_by is None or is_descending(sort_by)
    keys = [column] if column is ID_KEY else [column, ID_KEY]
    return [SortKey(key.column, key.kind, descending) for key in keys]


def _condition(given: Given) -> Q:
    wanted = Q()
    if given.get("status") is not None:
        wanted &= _any(STATUSES[one.value] for one in bounded(given["status"]))
    if given.get("charge_status") is not None:
        wanted &= Q(charge_status__in=[one.value.lower() for one in bounded(given["charge_status"])])
    if given.get("numbers") is not None:
        numbers = [one for one in bounded(given["numbers"]) if one.isascii() and one.isdecimal() and len(one) < 19]
        wanted &= Q(pk__in=[int(one) for one in numbers])
    days: Given = given.get("created") or {}
    if days.get("gte") is not None:
        wanted &= Q(placed_at__gte=_midnight(days["gte"]))
    if days.get("lte") is not None:
        wanted &= Q(placed_at__lt=_midnight(days["lte"]) + timedelta(days=1))
    return wanted


def _midnight(day: date) -> datetime:
    """When a day begins in Vietnam; one that lies before or after all orders of this market is the nearest without.

    The calendar's own ends have no midnight in UTC, and none after it.
    """
    return datetime.combine(min(max(day, DAY_MIN), DAY_MAX), time.min, VIETNAM)


def _any(conditions: Any) -> Q:
    found = Q(pk__in=())
    for condition in conditions:
        found |= condition
    return found
