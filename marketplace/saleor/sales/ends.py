"""What became of an order at its Saleor, followed here: called off, run out of time, handed over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import SYSTEM
from marketplace.orders.errors import CannotCancel
from marketplace.orders.models import Order
from marketplace.orders.services.charging import PAID
from marketplace.orders.services.ending import cancel_order
from marketplace.orders.services.fulfilling import OPEN
from marketplace.orders.services.handing import hand_over
from marketplace.saleor.models import SaleorPart
from marketplace.saleor.sales.reading import Sold

OVER = frozenset({Order.Status.CANCELED.value, Order.Status.EXPIRED.value})


def follow_end(parts: Sequence[SaleorPart], sold: Sold, *, now: datetime) -> list[str]:
    """Cancel the parts of an order that ended there, or hand over what was handed over there; orders locked.

    Money that came stays counted until it goes back, and the market asks its vendor to return it as for every
    cancelled order. Handing over goes one way: what a Saleor takes back stays handed over here, and is named.
    """
    problems = []
    for part in parts:
        problems += _cancel(part.order, now=now) if sold.is_ended else _hand_over(part, sold, now=now)
    return problems


def _cancel(order: Order, *, now: datetime) -> list[str]:
    if order.status in OVER:
        return []
    reason = str(_("Đơn đã hủy ở nơi người mua đặt hàng."))
    try:
        cancel_order(actor=SYSTEM, order=order, reason=reason, now=now)
    except CannotCancel:
        sentence = _("Saleor đã hủy đơn mà gian hàng {name} đã giao hàng.")
        return [str(sentence).format(name=order.vendor.name)]
    return []


def _hand_over(part: SaleorPart, sold: Sold, *, now: datetime) -> list[str]:
    order = part.order
    own = list(order.lines.order_by("position", "pk"))
    there = {line.pk: sold.fulfilled.get(part.lines.get(str(line.pk), ""), 0) for line in own}
    new = {line.pk: min(there[line.pk], line.quantity) - line.quantity_fulfilled for line in own}
    quantities = {line_id: quantity for line_id, quantity in new.items() if quantity > 0}
    # What is not paid yet waits: the money's own event brings the order here once more.
    if quantities and order.status in OPEN and order.charge_status in PAID:
        hand_over(order, own, quantities, actor=SYSTEM, tracking="", now=now)
    if any(quantity < 0 for quantity in new.values()) and not part.to_tell.exists():
        sentence = _("Saleor đã rút lại lần giao hàng của gian hàng {name}.")
        return [str(sentence).format(name=order.vendor.name)]
    return []
