"""What money does to an order. Called by payments, inside the transaction that books it, with the order locked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from marketplace.core import journal
from marketplace.core.actors import Actor
from marketplace.core.clock import vietnam_date
from marketplace.core.journal import JsonValue
from marketplace.core.statements import Given, Kept, update
from marketplace.orders.checks import moved_amount
from marketplace.orders.errors import OrderCancelled, RefundTooLarge
from marketplace.orders.events import order_entry, record_order
from marketplace.orders.expiry import is_in_time
from marketplace.orders.locks import lock_order, lock_stocks, require_transaction
from marketplace.orders.models import Channel, Order, OrderLine
from marketplace.orders.services import stock
from marketplace.orders.services.handing import hand_over_all
from marketplace.orders.services.voucher_uses import use_again

__all__ = ["ChargeOutcome", "apply_charge", "apply_refund", "charge_status", "lock_order"]

_MOVED_BY_MONEY: Final = (
    "charged_vnd",
    "charge_status",
    "status",
    "fully_charged_at",
    "expires_at",
    "ended_at",
    "updated_at",
)
_LINES: Kept[OrderLine] = Kept(
    lambda: (
        OrderLine.objects.filter(order=Given("order"))
        .defer("metadata", "private_metadata")
        .order_by("position", "pk")
    )
)

PAID = frozenset({Order.ChargeStatus.FULL.value, Order.ChargeStatus.OVERCHARGED.value})


@dataclass(frozen=True)
class ChargeOutcome:
    """What a charge or refund made of an order's charge status.

    `first_full` is true once in an order's life; `overcharged_vnd` is what came on top of the price.
    """

    status_before: str
    status_after: str
    first_full: bool
    overcharged_vnd: int
    revived: bool = False


def charge_status(*, charged_vnd: int, total_vnd: int) -> Order.ChargeStatus:
    """Saleor's charge status of an order that costs `total_vnd` and has got `charged_vnd`."""
    if charged_vnd <= 0:
        return Order.ChargeStatus.NONE
    if charged_vnd < total_vnd:
        return Order.ChargeStatus.PARTIAL
    return Order.ChargeStatus.FULL if charged_vnd == total_vnd else Order.ChargeStatus.OVERCHARGED


def apply_charge(
    *, order: Order, amount_vnd: int, actor: Actor, now: datetime, data: Mapping[str, JsonValue]
) -> ChargeOutcome:
    """Count money that came. In full for the first time: the sale is counted and the order may be handed over.

    `data` goes into the journal: `confirmation`, `bank_date` ("YYYY-MM-DD"), `transaction_event`, and the vendor's
    `commune` and `province` then. Any money ends the order's expiry. An expired order takes its stock again, and
    its voucher's use. At the stall the buyer takes the goods as the money comes: they are handed over with it,
    unless the order's time had run out, since nobody knows then whether the buyer still stood there.

    Raises `AmountWrong`, `OrderCancelled`, and for an expired order `InsufficientStock` when its goods are gone,
    `VoucherUsedUp` when the use of its voucher is; nothing is changed then.
    """
    require_transaction()
    amount = moved_amount(amount_vnd)
    if order.status == Order.Status.CANCELED:
        raise OrderCancelled(_("Đơn hàng này đã hủy."), field="order")
    before = str(order.charge_status)
    revived = order.status == Order.Status.EXPIRED
    if revived:
        _revive(order, actor=actor, now=now)
    order.charged_vnd += amount
    order.expires_at = None
    first_full = _recompute(order, now=now)
    entries = [order_entry("order.charged", order, {**data, "amount_vnd": amount})]
    if first_full:
        entries.append(_sale(order, data=data, now=now))
    journal.record_all(entries, actor=actor, now=now)
    if first_full and order.channel == Channel.STALL and is_in_time(order, now=now):
        hand_over_all(order, actor=actor, now=now)
    over = max(0, order.charged_vnd - order.total_vnd)
    return ChargeOutcome(before, str(order.charge_status), first_full, over, revived)


def apply_refund(
    *, order: Order, amount_vnd: int, actor: Actor, now: datetime, data: Mapping[str, JsonValue]
) -> ChargeOutcome:
    """Count money that went back to the buyer. When the order was first paid in full stays as it was.

    `data` as in `apply_charge`. Raises `AmountWrong`, `RefundTooLarge`; nothing is changed then.
    """
    require_transaction()
    amount = moved_amount(amount_vnd)
    if amount > order.charged_vnd:
        raise RefundTooLarge(_("Không thể hoàn nhiều hơn số tiền đã nhận."), field="amount")
    before = str(order.charge_status)
    order.charged_vnd -= amount
    _recompute(order, now=now)
    record_order("order.refunded", order, actor=actor, now=now, more={**data, "amount_vnd": amount})
    over = max(0, order.charged_vnd - order.total_vnd)
    return ChargeOutcome(before, str(order.charge_status), False, over)


def _recompute(order: Order, *, now: datetime) -> bool:
    """Bring the statuses in line with what was charged and save; whether it is full for the first time."""
    order.charge_status = charge_status(charged_vnd=order.charged_vnd, total_vnd=order.total_vnd)
    first_full = order.charge_status in PAID and order.fully_charged_at is None
    if first_full:
        order.fully_charged_at = now
    if order.charge_status in PAID and order.status == Order.Status.UNCONFIRMED:
        order.status = Order.Status.UNFULFILLED
    order.updated_at = now
    update(order, _MOVED_BY_MONEY)
    return first_full


def _revive(order: Order, *, actor: Actor, now: datetime) -> None:
    use_again(order)
    # What a Saleor sells comes out of its own stock, which it keeps itself.
    if order.origin != Order.Origin.SALEOR:
        _take_stock_again(order)
    order.status = Order.Status.UNCONFIRMED
    order.ended_at = None
    record_order("order.revived", order, actor=actor, now=now)


def _take_stock_again(order: Order) -> None:
    lines = list(order.lines.order_by("position", "pk"))
    stocks = lock_stocks(variant_ids=[line.variant_id for line in lines if line.variant_id is not None])
    takings = stock.plan(
        stock.wanted_by_order(lines), stock.usable(stocks), first_warehouse_id=stock.first_place_of(order)
    )
    stock.allocate(takings, stocks)
    stock.write(stocks)


def _sale(order: Order, *, data: Mapping[str, JsonValue], now: datetime) -> journal.Entry:
    places = {key: data[key] for key in ("commune", "province") if key in data}
    return order_entry(
        "order.fully_charged",
        order,
        {
            **places,
            "day": data.get("bank_date") or vietnam_date(now).isoformat(),
            "buyer_known": order.user_id is not None,
            "lines": [_sold(line) for line in _LINES.all(order=order.pk)],
        },
    )


def _sold(line: OrderLine) -> dict[str, str | int | None]:
    """A line as figures count it: what is paid for it, its share of a discount off, without one of the delivery."""
    return {
        "product": line.product_id_then,
        "variant": line.variant_id,
        "ocop_set": line.ocop_set,
        "quantity": line.quantity,
        "amount_vnd": line.total_vnd,
    }
