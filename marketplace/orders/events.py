"""What happened to an order, written into the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from marketplace.core import journal
from marketplace.core.actors import Actor
from marketplace.core.journal import JsonValue
from marketplace.orders.models import Order


def record_order(
    kind: str, order: Order, *, actor: Actor, now: datetime, more: Mapping[str, JsonValue] | None = None
) -> None:
    """Write an event of this order; see `order_entry`."""
    journal.record_all([order_entry(kind, order, more)], actor=actor, now=now)


def order_entry(kind: str, order: Order, more: Mapping[str, JsonValue] | None = None) -> journal.Entry:
    """An event of this order: its vendor, the vendor's commune and province now, its channel, and `more`.

    What `more` says of commune and province counts, since the caller may know where the vendor was then.
    """
    commune = order.vendor.commune
    data: dict[str, JsonValue] = {
        "order": order.pk,
        "vendor": order.vendor_id,
        "commune": commune.pk,
        "province": commune.province_id,
        "channel": str(order.channel),
    }
    return journal.Entry(kind=kind, aggregate_type="order", aggregate_id=order.pk, data={**data, **(more or {})})
