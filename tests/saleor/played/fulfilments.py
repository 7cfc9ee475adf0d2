"""Handing goods over: fulfilments of orders, by staff there and by an App."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.saleor.played.orders import take_out, touch
from tests.saleor.played.registry import Asking, Refusal, mutation
from tests.saleor.played.world import Thing, World

OPEN = ("UNFULFILLED", "PARTIALLY_FULFILLED")


def fulfill(
    world: World,
    order: Thing,
    lines: Sequence[tuple[Thing, int]] = (),
    *,
    warehouse: Thing | None = None,
    tracking_number: str = "",
) -> Thing:
    """Hand over these lines and quantities, or all that is left. Raises `Refusal`."""
    if order["status"] not in OPEN:
        raise Refusal("order", "INVALID", "Order cannot be fulfilled.")
    wanted = list(lines) or [(one, one["quantityToFulfill"]) for one in order["lines"] if one["quantityToFulfill"]]
    for line, quantity in wanted:
        if quantity > line["quantityToFulfill"]:
            message = f"Only {line['quantityToFulfill']} items remaining to fulfill: {line['productName']}"
            raise Refusal("orderLineId", "FULFILL_ORDER_LINE", message, orderLines=[line["id"]])
    made = world.add(
        "Fulfillment",
        fulfillmentOrder=len(order["fulfillments"]) + 1,
        status="FULFILLED",
        statusDisplay="Fulfilled",
        trackingNumber=tracking_number,
        created=world.moment(),
        warehouse=warehouse or world.kinds["Warehouse"][0],
        lines=[world.add("FulfillmentLine", quantity=quantity, orderLine=line) for line, quantity in wanted],
        order=order,
        shippingRefundedAmount=None,
        totalRefundedAmount=None,
    )
    order["fulfillments"].append(made)
    for line, quantity in wanted:
        line["quantityFulfilled"] += quantity
        line["quantityToFulfill"] -= quantity
        take_out(line, quantity, is_sent=True)
    _set_status(world, order)
    world.tell("FULFILLMENT_CREATED", fulfillment=made, order=order, notifyCustomer=False)
    world.tell("FULFILLMENT_APPROVED", fulfillment=made, order=order, notifyCustomer=False)
    if order["status"] == "FULFILLED":
        world.tell("ORDER_FULFILLED", order=order)
    world.tell("ORDER_UPDATED", order=order)
    return made


def cancel_fulfilment(world: World, order: Thing, made: Thing) -> None:
    """The goods came back before they were handed over."""
    made.update(status="CANCELED", statusDisplay="Canceled")
    for one in made["lines"]:
        one["orderLine"]["quantityFulfilled"] -= one["quantity"]
        one["orderLine"]["quantityToFulfill"] += one["quantity"]
    _set_status(world, order)
    world.tell("FULFILLMENT_CANCELED", fulfillment=made, order=order)
    world.tell("ORDER_UPDATED", order=order)


def _set_status(world: World, order: Thing) -> None:
    is_begun = any(one["quantityFulfilled"] for one in order["lines"])
    is_whole = not any(one["quantityToFulfill"] for one in order["lines"])
    order["status"] = "FULFILLED" if is_whole else "PARTIALLY_FULFILLED" if is_begun else "UNFULFILLED"
    touch(world, order)


@mutation("orderFulfill", "MANAGE_ORDERS")
def _order_fulfill(asking: Asking, order: str | None = None, input: Thing | None = None) -> dict[str, Any]:
    world = asking.world
    found, given = world.find(order, "Order"), input or {}
    if found is None:
        raise Refusal("order", "NOT_FOUND", f"Couldn't resolve to a node: {order}")
    is_paid = found["chargeStatus"] in ("FULL", "OVERCHARGED")
    settings = world.kinds["Shop"][0]
    if not is_paid and settings["fulfillmentAutoApprove"] and not settings["fulfillmentAllowUnpaid"]:
        raise Refusal("order", "CANNOT_FULFILL_UNPAID_ORDER", "Cannot fulfill unpaid order.")
    lines, warehouse = [], None
    for one in given["lines"]:
        line = next((line for line in found["lines"] if line["id"] == one.get("orderLineId")), None)
        if line is None:
            raise Refusal("orderLineId", "NOT_FOUND", f"Couldn't resolve to a node: {one.get('orderLineId')}")
        for stock in one["stocks"]:
            warehouse = world.find(stock["warehouse"], "Warehouse")
            if warehouse is None:
                raise Refusal("warehouse", "NOT_FOUND", f"Couldn't resolve to a node: {stock['warehouse']}")
            if stock["quantity"] > 0:
                lines.append((line, stock["quantity"]))
    if not lines:
        raise Refusal("lines", "ZERO_QUANTITY", "Total quantity must be larger than 0.")
    made = fulfill(world, found, lines, warehouse=warehouse, tracking_number=given.get("trackingNumber") or "")
    return {"order": found, "fulfillments": [made]}
