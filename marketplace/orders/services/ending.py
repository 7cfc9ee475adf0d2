"""Ends without a sale: orders cancelled or expired, holds that ran out. Their stock and voucher are free again."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import ANONYMOUS, SYSTEM, Actor
from marketplace.core.text import clean_line
from marketplace.orders.errors import CannotCancel
from marketplace.orders.events import record_order
from marketplace.orders.locks import lock_if_free, lock_order, lock_order_by_token, lock_stocks, require_transaction
from marketplace.orders.models import Address, Checkout, Order
from marketplace.orders.services import stock
from marketplace.orders.services.holding import release_hold
from marketplace.orders.services.voucher_uses import give_back_of_order
from vendors.access import require_seller

END_REASON_CHARACTERS_MAX = 300
FORGOTTEN_DAYS = 30
UNPAID = frozenset({Order.Status.UNCONFIRMED.value, Order.Status.EXPIRED.value})
CANCELLABLE = frozenset({Order.Status.UNCONFIRMED.value, Order.Status.UNFULFILLED.value})


def cancel_order(*, actor: Actor, order: Order, reason: str, now: datetime) -> Order:
    """The shop calls the order off, as long as nothing of it was handed over. Cancelled already: that order.

    Money that came stays counted until it is given back; the event says how much there is, so that payments asks
    the shop to return it. `reason` is shown to the buyer. Raises `NotFound` for a stranger, `BadText`,
    `CannotCancel`.
    """
    require_seller(actor, order.vendor)
    why = clean_line(reason, characters_max=END_REASON_CHARACTERS_MAX, field="reason")
    with transaction.atomic():
        locked = lock_order(order.pk)
        if locked.status == Order.Status.CANCELED:
            return locked
        if locked.status not in CANCELLABLE:
            raise CannotCancel(_("Đơn này đã giao hoặc đã kết thúc nên không hủy được."), field="order")
        _cancel(locked, actor=actor, reason=why, now=now)
    return locked


def cancel_unpaid_order(*, order: Order, reason: str, now: datetime) -> None:
    """Call off an order that no money came for because its sale is over elsewhere, also one whose time ran out.

    What ran out comes back to life with late money; called off, that money waits for its vendor instead. One that is
    called off already stays as it is. The order is locked. Raises `CannotCancel` once money came, also where it went
    back.
    """
    require_transaction()
    if order.status == Order.Status.CANCELED:
        return
    has_money = order.charged_vnd > 0 or order.fully_charged_at is not None
    if has_money or order.status not in UNPAID:
        raise CannotCancel(_("Đơn này đã giao hoặc đã kết thúc nên không hủy được."), field="order")
    _cancel(order, actor=SYSTEM, reason=reason, now=now)


def cancel_own_unpaid_order(*, token: uuid.UUID, now: datetime) -> Order:
    """The buyer calls off an order before any money came; the token is their right to. Cancelled already: that order.

    Raises `NotFound`, `CannotCancel` once money came or the order ended.
    """
    with transaction.atomic():
        order = lock_order_by_token(token)
        if order.status == Order.Status.CANCELED:
            return order
        if order.status != Order.Status.UNCONFIRMED or order.charged_vnd > 0:
            raise CannotCancel(_("Đơn này không tự hủy được nữa. Bạn gọi gian hàng nhé."), field="order")
        _cancel(order, actor=ANONYMOUS, reason="", now=now)
    return order


def expire_due_orders(*, now: datetime, at_most: int) -> int:
    """End up to `at_most` orders that stayed unpaid past their time, each in its own transaction.

    An order that somebody else is busy with is left for the next round. Answers how many ended.
    """
    due = Q(status=Order.Status.UNCONFIRMED, expires_at__lte=now, charged_vnd=0)
    ids = Order.objects.filter(due).order_by("expires_at").values_list("pk", flat=True)[:at_most]
    return sum(_expire(order_id, due, now=now) for order_id in list(ids))


def release_due_reservations(*, now: datetime, at_most: int) -> int:
    """Free what up to `at_most` checkouts held past their time. Answers how many checkouts."""
    due = Q(reserved_until__lte=now)
    ids = Checkout.objects.filter(due).order_by("reserved_until").values_list("pk", flat=True)[:at_most]
    return sum(_release(checkout_id, due) for checkout_id in list(ids))


def _expire(order_id: int, due: Q, *, now: datetime) -> int:
    with transaction.atomic():
        order = lock_if_free(Order.objects.select_related("vendor__commune").filter(due, pk=order_id))
        if order is None:
            return 0
        _end(order, Order.Status.EXPIRED, now=now)
        record_order("order.expired", order, actor=SYSTEM, now=now)
    return 1


def _release(checkout_id: uuid.UUID, due: Q) -> int:
    with transaction.atomic():
        checkout = lock_if_free(Checkout.objects.filter(due, pk=checkout_id))
        if checkout is None:
            return 0
        release_hold(checkout)
    return 1


def _cancel(order: Order, *, actor: Actor, reason: str, now: datetime) -> None:
    order.end_reason = reason
    _end(order, Order.Status.CANCELED, now=now)
    record_order("order.cancelled", order, actor=actor, now=now, more={"charged_vnd": order.charged_vnd})


def _end(order: Order, status: Order.Status, *, now: datetime) -> None:
    give_back_of_order(order)
    allocations = stock.allocations_of(order)
    stocks = lock_stocks(stock_ids=[row.stock_id for row in allocations])
    stock.drop_allocations(allocations, stocks)
    stock.write(stocks)
    order.status = status
    order.expires_at = None
    order.ended_at = now
    order.updated_at = now
    order.save(update_fields=["status", "end_reason", "voucher_counts", "expires_at", "ended_at", "updated_at"])


def forget_old_checkouts(*, now: datetime, at_most: int) -> int:
    """Delete checkouts that nobody touched for `FORGOTTEN_DAYS`, with their addresses. Returns how many.

    One that holds stock, or that a code was ever given out for, stays: money may still come for it.
    """
    with transaction.atomic():
        old = Checkout.objects.filter(
            updated_at__lt=now - timedelta(days=FORGOTTEN_DAYS),
            reserved_until__isnull=True,
            payment_codes__isnull=True,
        ).order_by("updated_at")
        rows = list(old.values_list("pk", "shipping_address", "billing_address")[:at_most])
        Checkout.objects.filter(pk__in=[pk for pk, _shipping, _billing in rows]).delete()
        Address.objects.filter(pk__in={pk for _checkout, *both in rows for pk in both if pk is not None}).delete()
    return len(rows)
