"""What buyers were asked to pay, found again."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Conflict, NotFound
from marketplace.core.payment_codes import is_valid_code
from marketplace.orders.drafts import draft_of, is_held
from marketplace.orders.models import Checkout, Order
from payments.models import MONEY_MOVES, TransactionEvent, TransactionItem
from payments.selectors import transactions_of_order
from payments.services.amounts import NothingToPay
from payments.services.requesting import (
    AskedPayment,
    PaymentInstruction,
    event_that_asked,
    instruction_of,
    payment_for_order,
    takes_links,
)
from payments.vietqr.values import AMOUNT_DONG_MAX


class HoldIsOver(Conflict):
    """Stock and price are held for this payment no more: whoever has not paid asks for it anew."""

    code = "INVALID"


def transaction_by_id(transaction_id: uuid.UUID) -> TransactionItem:
    """The transaction with its payment code and order. Raises `NotFound`."""
    item = TransactionItem.objects.select_related("payment_code", "order").filter(pk=transaction_id).first()
    if item is None:
        raise NotFound(_("Không tìm thấy lần thanh toán này."))
    return item


def transaction_of_order(order: Order, transaction_id: uuid.UUID) -> TransactionItem:
    """This transaction of the order. Raises `NotFound`, also for another order's."""
    item = transactions_of_order(order).filter(pk=transaction_id).first()
    if item is None:
        raise NotFound(_("Không tìm thấy lần thanh toán này."), field="transaction_id")
    return item


def events_of(item: TransactionItem) -> list[TransactionEvent]:
    """Everything that happened in a transaction, the first event first; one statement unless it is at hand."""
    return sorted(item.events.all(), key=lambda event: event.pk)


def last_movement(item: TransactionItem) -> TransactionEvent | None:
    """The last event of a transaction that moved money, or None while the buyer has yet to pay."""
    return item.events.filter(type__in=MONEY_MOVES).order_by("-pk").first()


def how_to_pay(item: TransactionItem, *, now: datetime) -> PaymentInstruction:
    """How to pay what was asked for in a transaction to which no money came: for whoever looks again and again.

    Of a checkout: the most that was asked for of what it costs. Nothing is written, and its hold is not renewed.
    Must not run inside a transaction. Raises `NotFound`, `HoldIsOver`, and what `payment_for_order` raises.
    """
    checkout = Checkout.objects.select_related("delivery").filter(transactions=item.pk).first()
    order = item.order
    if order is None and checkout is None:
        # It became an order, and nobody asked for its payment since.
        order = _order_of_code(item)
    if order is not None:
        return payment_for_order(order=order, now=now)
    if checkout is None:
        raise NotFound(_("Giỏ hàng này không còn."), field="id")
    return instruction_of(_asked_of_held(item, checkout, now=now), now=now)


def rest_to_pay(item: TransactionItem, *, now: datetime) -> PaymentInstruction | None:
    """How to pay what is left of the order, after money came in this transaction; None where nothing is owed.

    By the order's one live code, whatever this transaction was. That the rest was asked for is written down once, as
    `payment_for_order` does. Must not run inside a transaction. Raises what `payment_for_order` raises but
    `NothingToPay`.
    """
    order = item.order or _order_of_code(item)
    if order is None:
        return None
    try:
        return payment_for_order(order=order, now=now)
    except NothingToPay:
        return None


def _order_of_code(item: TransactionItem) -> Order | None:
    return Order.objects.filter(payment_codes__transactions=item.pk).first()


def _asked_of_held(item: TransactionItem, checkout: Checkout, *, now: datetime) -> AskedPayment:
    total_vnd = draft_of(checkout, now=now).total_vnd
    events = item.events.filter(type=TransactionEvent.Type.CHARGE_ACTION_REQUIRED, amount_vnd__lte=total_vnd)
    event, code = events.order_by("-amount_vnd").first(), item.payment_code
    if event is None or code is None or not is_held(checkout, now=now):
        raise HoldIsOver(
            _("Đã hết giờ giữ hàng và giá cho bạn. Nếu chưa chuyển tiền, bạn lấy mã mới rồi hãy trả."), field="id"
        )
    return AskedPayment(
        transaction=item,
        code=code,
        amount_vnd=event.amount_vnd,
        outstanding_vnd=total_vnd,
        expires_at=checkout.reserved_until,
        by_link=takes_links(code.vendor_id),
        event=event,
    )


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
