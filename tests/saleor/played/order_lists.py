"""Asking for orders: one, and many with `where`, `filter`, `sortBy` and cursors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.saleor.played.connections import Sorted
from tests.saleor.played.registry import Asking, query
from tests.saleor.played.resolving import NotPlayed
from tests.saleor.played.world import Thing

SORTS = {
    "NUMBER": "number_sorted",
    "CREATION_DATE": "created",
    "CREATED_AT": "created",
    "LAST_MODIFIED_AT": "updatedAt",
}
Test = Callable[[Thing, Any], bool]


@query("order")
def _order(asking: Asking, id: str | None = None, externalReference: str | None = None) -> Thing | None:
    if externalReference is not None:
        return asking.world.first("Order", externalReference=externalReference)
    return asking.world.find(id, "Order")


@query("orders", "MANAGE_ORDERS")
def _orders(
    asking: Asking,
    sortBy: Thing | None = None,
    filter: Thing | None = None,
    where: Thing | None = None,
    channel: str | None = None,
    **_paging: Any,
) -> list[Thing]:
    found = [
        one
        for one in asking.world.kinds["Order"]
        if (channel is None or one["channel"]["slug"] == channel)
        and _fits(one, where or {}, WHERE)
        and _fits(one, filter or {}, FILTER)
    ]
    sort = sortBy or {"field": "NUMBER", "direction": "DESC"}
    if sort["field"] not in SORTS:
        raise NotPlayed(f"orders sorted by {sort['field']}")
    for one in found:
        one["number_sorted"] = int(one["number"])
    return Sorted(found, by=[SORTS[sort["field"]]], descending=sort["direction"] == "DESC")


def _fits(order: Thing, wanted: Mapping[str, Any], tests: Mapping[str, Test]) -> bool:
    for name, value in wanted.items():
        if name == "AND":
            if not all(_fits(order, one, tests) for one in value):
                return False
        elif name == "OR":
            if not any(_fits(order, one, tests) for one in value):
                return False
        elif name not in tests:
            raise NotPlayed(f"orders by {name}")
        elif value is not None and not tests[name](order, value):
            return False
    return True


def in_range(value: Any, wanted: Mapping[str, Any]) -> bool:
    """Whether a value lies in a `{gte, lte}` range, both borders included."""
    above, below = wanted.get("gte"), wanted.get("lte")
    return (above is None or value >= above) and (below is None or value <= below)


def equal(value: Any, wanted: Mapping[str, Any]) -> bool:
    """Whether a value is `{eq}`, or one of `{oneOf}`."""
    if wanted.get("range") is not None:
        return in_range(value, wanted["range"])
    if wanted.get("eq") is not None:
        return bool(value == wanted["eq"])
    return value in (wanted.get("oneOf") or ())


WHERE: Mapping[str, Test] = {
    "ids": lambda order, wanted: order["id"] in wanted,
    "number": lambda order, wanted: equal(int(order["number"]), wanted),
    "channelId": lambda order, wanted: equal(order["channel"]["id"], wanted),
    "createdAt": lambda order, wanted: in_range(order["created"], wanted),
    "updatedAt": lambda order, wanted: in_range(order["updatedAt"], wanted),
    "status": lambda order, wanted: equal(order["status"], wanted),
    "chargeStatus": lambda order, wanted: equal(order["chargeStatus"], wanted),
    "authorizeStatus": lambda order, wanted: equal(order["authorizeStatus"], wanted),
    "checkoutId": lambda order, wanted: equal(order["checkoutId"], wanted),
    "userEmail": lambda order, wanted: equal(order["userEmail"], wanted),
}
FILTER: Mapping[str, Test] = {
    "ids": lambda order, wanted: order["id"] in wanted,
    "numbers": lambda order, wanted: order["number"] in wanted,
    "status": lambda order, wanted: order["status"] in wanted,
    "chargeStatus": lambda order, wanted: order["chargeStatus"] in wanted,
    "authorizeStatus": lambda order, wanted: order["authorizeStatus"] in wanted,
    "channels": lambda order, wanted: order["channel"]["id"] in wanted,
    "updatedAt": lambda order, wanted: in_range(order["updatedAt"], wanted),
    "checkoutIds": lambda order, wanted: order["checkoutId"] in wanted,
}
