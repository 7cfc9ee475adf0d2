"""Asking a buyer to pay: which account, how much, with which words, as text of a VietQR code."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import SYSTEM
from marketplace.core.clock import vietnam_date
from marketplace.core.errors import NotFound
from marketplace.orders.drafts import draft_of
from marketplace.orders.locks import lock_order
from marketplace.orders.models import Checkout, Order, PaymentCode
from marketplace.orders.selectors.orders import order_of_checkout
from marketplace.orders.services.codes import live_code_of_order, reserve_checkout
from payments.models import TransactionEvent, TransactionItem
from payments.services.amounts import NothingToPay, checked_amount, require_outstanding
from payments.services.moving import item_of_code
from payments.vietqr.values import AMOUNT_DONG_MAX
from payments.vietqr.writer import write_vietqr
from vendors.banks import Bank, bank_by_bin
from vendors.models import Vendor


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentInstruction:
    """All that a buyer needs to pay, and a program to draw the code."""

    transaction: TransactionItem
    payload: str
    """The VietQR code's text."""
    reference: str
    """The payment code."""
    memo: str
    """What must stand in the transfer: the code, after the prefix its bank may want."""
    amount_vnd: int
    outstanding_vnd: int
    bank: Bank
    account_number: str
    account_name: str
    expires_at: datetime | None
    """Until when stock and price are held; None where nothing expires any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What is to be paid: the amount now, the whole rest, and until when."""

    amount_vnd: int
    outstanding_vnd: int
    expires_at: datetime | None


def payment_for_order(*, order: Order, now: datetime, amount_vnd: int | None = None) -> PaymentInstruction:
    """How to pay the order, or `amount_vnd` (1 to outstanding) of it: always by its one live code.

    Without an amount: all that is outstanding, or as much of it as one NAPAS247 transfer carries. Asking again
    writes nothing. Raises `NothingToPay`, `AmountOutOfRange`, `AmountOverTransferLimit`, and `NoBankAccount`
    of orders.
    """
    known = Order.objects.filter(pk=order.pk).first()
    if known is None:
        raise NotFound(_("Không tìm thấy đơn hàng này."))
    asked = _asked_of_order(known, amount_vnd)
    item = _item_that_asked(known, asked.amount_vnd)
    if item is not None and item.payment_code is not None:
        return _instruction(item, item.payment_code, asked=asked)
    with transaction.atomic():
        code = live_code_of_order(order=known, now=now)
        locked = lock_order(known.pk)
        asked = _asked_of_order(locked, amount_vnd)
        item = item_of_code(code, order=locked, now=now)
        _write_down(item, locked.vendor, asked=asked, channel=locked.channel, now=now)
        return _instruction(item, code, asked=asked)


def payment_for_checkout(
    *, checkout_id: uuid.UUID, now: datetime, amount_vnd: int | None = None
) -> PaymentInstruction:
    """How to pay a checkout before it is an order: its stock and prices are held until `expires_at`.

    Again: the same code, the hold renewed. A checkout that became an order answers the order's payment.
    Raises what `reserve_checkout` of orders raises, and what `payment_for_order` raises.
    """
    try:
        with transaction.atomic():
            return _for_checkout(checkout_id, amount_vnd, now=now)
    except NotFound:
        order = order_of_checkout(checkout_id)
        if order is None:
            raise
    return payment_for_order(order=order, now=now, amount_vnd=amount_vnd)


def outstanding_of_code(code: PaymentCode) -> int:
    """What the order or checkout behind a payment code still costs, in đồng; 0 when there is none any more."""
    if code.order_id is not None:
        return Order.objects.get(pk=code.order_id).outstanding_vnd
    if code.checkout_id is not None:
        checkout = Checkout.objects.select_related("delivery").get(pk=code.checkout_id)
        return draft_of(checkout, now=code.issued_at).total_vnd
    return 0


def _for_checkout(checkout_id: uuid.UUID, amount_vnd: int | None, *, now: datetime) -> PaymentInstruction:
    code = reserve_checkout(checkout_id=checkout_id, now=now)
    checkout = Checkout.objects.select_related("vendor__commune", "delivery").get(pk=checkout_id)
    total_vnd = draft_of(checkout, now=now).total_vnd
    if not total_vnd:
        raise NothingToPay(_("Giỏ hàng này không phải trả tiền."))
    asked = _asked(total_vnd, amount_vnd, expires_at=checkout.reserved_until)
    item = item_of_code(code, order=None, now=now)
    _write_down(item, checkout.vendor, asked=asked, channel=checkout.channel, now=now)
    return _instruction(item, code, asked=asked)


def _asked_of_order(order: Order, amount_vnd: int | None) -> _Asked:
    if order.status == Order.Status.EXPIRED:
        raise NothingToPay(_("Đơn này đã hết hạn. Bạn đặt lại giúp nhé."))
    return _asked(require_outstanding(order), amount_vnd, expires_at=order.expires_at)


def _asked(outstanding_vnd: int, amount_vnd: int | None, *, expires_at: datetime | None) -> _Asked:
    amount = (
        min(outstanding_vnd, AMOUNT_DONG_MAX)
        if amount_vnd is None
        else checked_amount(amount_vnd, at_most_vnd=outstanding_vnd)
    )
    return _Asked(amount_vnd=amount, outstanding_vnd=outstanding_vnd, expires_at=expires_at)


def _item_that_asked(order: Order, amount_vnd: int) -> TransactionItem | None:
    """The transaction of the order's live code, if it asked for this amount before."""
    return (
        TransactionItem.objects.filter(
            order=order,
            payment_code__order=order,
            payment_code__is_live=True,
            events__type=TransactionEvent.Type.CHARGE_ACTION_REQUIRED,
            events__amount_vnd=amount_vnd,
        )
        .select_related("payment_code")
        .first()
    )


def _write_down(item: TransactionItem, vendor: Vendor, *, asked: _Asked, channel: str, now: datetime) -> None:
    """The event that a buyer was asked, once for each amount. The order or checkout is locked."""
    kind = TransactionEvent.Type.CHARGE_ACTION_REQUIRED
    if item.events.filter(type=kind, amount_vnd=asked.amount_vnd).exists():
        return
    TransactionEvent.objects.create(
        transaction=item,
        order_id=item.order_id,
        vendor=vendor,
        type=kind,
        amount_vnd=asked.amount_vnd,
        psp_reference=item.psp_reference,
        actor_id=SYSTEM.user_id,
        happened_at=now,
        bank_date=vietnam_date(now),
        commune=vendor.commune,
        channel=channel,
    )


def _instruction(item: TransactionItem, code: PaymentCode, *, asked: _Asked) -> PaymentInstruction:
    """From what the code froze when it was issued: the account may have changed since."""
    return PaymentInstruction(
        transaction=item,
        payload=write_vietqr(bin=code.bin, account=code.account_number, amount=asked.amount_vnd, memo=code.memo),
        reference=code.code,
        memo=code.memo,
        amount_vnd=asked.amount_vnd,
        outstanding_vnd=asked.outstanding_vnd,
        bank=bank_by_bin(code.bin),
        account_number=code.account_number,
        account_name=code.account_name,
        expires_at=asked.expires_at,
    )
