"""Goods leave the stock for good: by the shop's word, or at the stall by the money itself."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from catalog.models import StockMovement
from catalog.services.movements import Moved, write_movements
from marketplace.core.actors import Actor
from marketplace.orders.events import record_order
from marketplace.orders.locks import lock_stocks
from marketplace.orders.models import Allocation, Fulfillment, FulfillmentLine, Order, OrderLine
from marketplace.orders.services import stock


def hand_over_all(order: Order, *, actor: Actor, now: datetime) -> Fulfillment:
    """Everything that is left of a paid order leaves the stock; the order is locked."""
    own = list(order.lines.order_by("position", "pk"))
    left = {line.pk: line.quantity_left for line in own if line.quantity_left}
    return hand_over(order, own, left, actor=actor, tracking="", now=now)


def hand_over(
    order: Order,
    own: Sequence[OrderLine],
    quantities: Mapping[uuid.UUID, int],
    *,
    actor: Actor,
    tracking: str,
    now: datetime,
) -> Fulfillment:
    """These quantities of the order's own lines leave the stock for good; the order moves on, and it is written down.

    The order is locked, paid, and has that much left. Stocks are locked the lowest id first. An amount that was
    typed at the stall is handed over like a thing, and comes out of no stock.
    """
    made = Fulfillment.objects.create(order=order, tracking_number=tracking, made_at=now)
    allocations = stock.allocations_of(order)
    taken = [pair for line in own for pair in _take(line, quantities.get(line.pk, 0), allocations)]
    stocks = lock_stocks(stock_ids=[row.stock_id for row, _quantity in taken])
    for row, quantity in taken:
        stocks[row.stock_id].quantity -= quantity
        stocks[row.stock_id].allocated -= quantity
        row.quantity -= quantity
    stock.write(stocks)
    gone = [
        Moved(row, StockMovement.Kind.SOLD, -sum(part for one, part in taken if one.stock_id == row.pk), order.number)
        for row in stocks.values()
    ]
    write_movements(gone, vendor_id=order.vendor_id, actor=actor, now=now)
    stock.keep_allocations([row for row, _quantity in taken])
    FulfillmentLine.objects.bulk_create(
        FulfillmentLine(fulfillment=made, order_line_id=row.order_line_id, stock_id=row.stock_id, quantity=quantity)
        for row, quantity in taken
    )
    for line in own:
        line.quantity_fulfilled += quantities.get(line.pk, 0)
    OrderLine.objects.bulk_update(own, ["quantity_fulfilled"])
    _move_on(order, own, now=now)
    more = {"fulfillment": made.pk, "complete": order.status == Order.Status.FULFILLED}
    record_order("order.fulfilled", order, actor=actor, now=now, more=more)
    return made


def _take(line: OrderLine, quantity: int, allocations: Sequence[Allocation]) -> list[tuple[Allocation, int]]:
    """Out of which of the line's allocations `quantity` is taken."""
    taken: list[tuple[Allocation, int]] = []
    for row in allocations:
        part = min(quantity, row.quantity) if row.order_line_id == line.pk else 0
        if part:
            taken.append((row, part))
            quantity -= part
    return taken


def _move_on(order: Order, own: Sequence[OrderLine], *, now: datetime) -> None:
    complete = all(line.quantity_fulfilled == line.quantity for line in own)
    order.status = Order.Status.FULFILLED if complete else Order.Status.PARTIALLY_FULFILLED
    if complete:
        order.ended_at = now
    else:
        order.packed_at = None  # what is left lies unpacked
    order.updated_at = now
    order.save(update_fields=["status", "packed_at", "ended_at", "updated_at"])
