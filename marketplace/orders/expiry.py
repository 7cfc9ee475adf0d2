"""How long an unpaid order keeps its goods, by channel."""

from __future__ import annotations

from datetime import datetime, timedelta

from marketplace.orders.models import Channel, Order

UNPAID_ORDER_S = {Channel.ONLINE.value: 30 * 60, Channel.STALL.value: 15 * 60}
"""How long an order may stay unpaid before its stock is free again, by channel."""


def is_in_time(order: Order, *, now: datetime) -> bool:
    """Whether the order's time to be paid has not run out, whatever the sweep has done so far."""
    return now < order.placed_at + timedelta(seconds=UNPAID_ORDER_S[order.channel])
