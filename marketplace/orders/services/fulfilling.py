"""Handing goods over, all or a part: what the shop says has left it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.requests_once import once
from marketplace.core.text import clean_line
from marketplace.orders.checks import line_quantity
from marketplace.orders.errors import CannotFulfil, CannotFulfilLine
from marketplace.orders.locks import lock_order
from marketplace.orders.models import Fulfillment, Order, OrderLine
from marketplace.orders.services.charging import PAID
from marketplace.orders.services.handing import hand_over
from vendors.access import require_seller

TRACKING_NUMBER_CHARACTERS_MAX = 120
OPEN = frozenset({Order.Status.UNFULFILLED.value, Order.Status.PARTIALLY_FULFILLED.value})


@dataclass(frozen=True)
class LineFulfilled:
    """How many of an order's line are handed over."""

    order_line_id: uuid.UUID
    quantity: int


def fulfil_order(
    *,
    actor: Actor,
    order: Order,
    now: datetime,
    lines: Sequence[LineFulfilled] | None = None,
    tracking_number: str = "",
    client_id: uuid.UUID | None = None,
) -> Fulfillment:
    """Hand over these lines, or all that is left: stock and what was allocated of it fall together.

    Only an order that is paid in full. The same `client_id` again answers the same fulfilment. Raises `NotFound`
    for a stranger, `BadText`, `CannotFulfil` (CANNOT_FULFILL_UNPAID_ORDER, or INVALID with nothing left),
    `CannotFulfilLine`, `QuantityWrong`, `QuantityTooLarge`; nothing is changed then.
    """
    require_seller(actor, order.vendor)
    tracking = clean_line(tracking_number, characters_max=TRACKING_NUMBER_CHARACTERS_MAX, field="tracking_number")

    def work() -> str:
        locked = lock_order(order.pk)
        require_open(locked)
        own = list(locked.lines.order_by("position", "pk"))
        made = hand_over(locked, own, _quantities(own, lines), actor=actor, tracking=tracking, now=now)
        return str(made.pk)

    asked = {"lines": None if lines is None else [(line.order_line_id, line.quantity) for line in lines]}
    answer = once(work, action="order.fulfil", owner=f"order:{order.pk}", client_id=client_id, asked=asked, now=now)
    return Fulfillment.objects.get(pk=int(answer))


def require_open(order: Order) -> None:
    """Raises `CannotFulfil` unless the order is paid in full and something of it is left to hand over."""
    if order.status == Order.Status.UNCONFIRMED or (order.status in OPEN and order.charge_status not in PAID):
        raise CannotFulfil(_("Đơn này chưa nhận đủ tiền nên chưa giao được."), field="order")
    if order.status not in OPEN:
        raise CannotFulfil(_("Đơn này không còn gì để giao."), field="order", code="INVALID")


def _quantities(own: Sequence[OrderLine], lines: Sequence[LineFulfilled] | None) -> dict[uuid.UUID, int]:
    left = {line.pk: line.quantity_left for line in own}
    if lines is None:
        return {line_id: quantity for line_id, quantity in left.items() if quantity}
    wanted: dict[uuid.UUID, int] = {}
    nothing_leaves = not any(line.quantity for line in lines)
    for line in lines:
        if line.order_line_id not in left:
            raise CannotFulfilLine(_("Món này không thuộc đơn hàng."), field="lines")
        if not line.quantity and not nothing_leaves:
            continue  # programs name every place, also those that nothing leaves
        together = wanted.get(line.order_line_id, 0) + line_quantity(line.quantity)
        if together > left[line.order_line_id]:
            raise CannotFulfilLine(_only_left(own, line.order_line_id), field="lines")
        wanted[line.order_line_id] = together
    if not wanted:
        raise CannotFulfilLine(_("Bạn chọn ít nhất một món để giao."), field="lines", code="REQUIRED")
    return wanted


def _only_left(own: Sequence[OrderLine], line_id: uuid.UUID) -> str | Promise:
    line = next(line for line in own if line.pk == line_id)
    sentence = _("{name}: chỉ còn {left} để giao.")
    return format_lazy(sentence, name=line.product_name, left=line.quantity_left)
