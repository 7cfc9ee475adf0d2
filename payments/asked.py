"""What buyers were asked to pay, found again."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import NotFound
from marketplace.core.payment_codes import is_valid_code
from payments.models import MONEY_MOVES, TransactionEvent, TransactionItem
from payments.services.requesting import AskedPayment, instruction_of, payment_for_order, takes_links
from payments.vietqr.values import AMOUNT_DONG_MAX


def transaction_by_id(transaction_id: uuid.UUID) -> TransactionItem:
    """The transaction with its payment code and order. Raises `NotFound`."""
    item = TransactionItem.objects.select_related("payment_code", "order").filter(pk=transaction_id).first()
    if item is None:
        raise NotFound(_("Không tìm thấy lần thanh toán này."))
    return item


def events_of(item: TransactionItem) -> list[TransactionEvent]:
    """Everything that happened in a transaction, the first event first; one statement."""
    return list(item.events.order_by("pk"))


def event_that_asked(item: TransactionItem, *, amount_vnd: int) -> TransactionEvent | None:
    """The event that the buyer was asked for this amount, in đồng, or None."""
    asked = TransactionEvent.Type.CHARGE_ACTION_REQUIRED
    return item.events.filter(type=asked, amount_vnd=amount_vnd).order_by("pk").first()


def last_movement(item: TransactionItem) -> TransactionEvent | None:
    """The last event of a transaction that moved money, or None while the buyer has yet to pay."""
    return item.events.filter(type__in=MONEY_MOVES).order_by("-pk").first()


def asked_payload(*, code_text: str, amount_vnd: int, now: datetime) -> str:
    """The text of the VietQR code for an amount (đồng) that was asked for under this payment code.

    By the code, which stands in the picture anyway: its address is passed around, and must open nothing else.
    Raises `NotFound` where it never was, and what `payment_for_order` raises where there is nothing to pay any more
    or no code for it.
    """
    items = TransactionItem.objects.select_related("payment_code__order__vendor", "order")
    item = items.filter(payment_code__code=code_text).first() if is_valid_code(code_text) else None
    code = item.payment_code if item is not None else None
    if item is None or code is None or amount_vnd > AMOUNT_DONG_MAX:
        raise NotFound(_("Không tìm thấy lần thanh toán này."))
    if event_that_asked(item, amount_vnd=amount_vnd) is None:
        raise NotFound(_("Không tìm thấy lần thanh toán này."))
    order = item.order or code.order
    if order is not None:
        return payment_for_order(order=order, now=now, amount_vnd=amount_vnd).payload
    asked = AskedPayment(
        transaction=item,
        code=code,
        amount_vnd=amount_vnd,
        outstanding_vnd=amount_vnd,
        expires_at=None,
        by_link=takes_links(code.vendor_id),
    )
    return instruction_of(asked, now=now).payload
