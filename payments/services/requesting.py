"""Asking a buyer to pay: which account, how much, with which words, as text of a VietQR code.

In two steps. `ask_for_…` writes down that the buyer was asked, in a transaction. `instruction_of` says how to pay;
for a shop that is paid through payOS it may ask payOS for a link, and must not run inside a transaction.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import SYSTEM
from marketplace.core.clock import vietnam_date
from marketplace.core.errors import NotFound
from marketplace.orders.drafts import draft_of
from marketplace.orders.locks import lock_order
from marketplace.orders.models import Checkout, Order, PaymentCode
from marketplace.orders.selectors.orders import order_of_checkout
from marketplace.orders.services.codes import live_code_of_order, reserve_checkout
from payments.models import Feed, PaymentLink, TransactionEvent, TransactionItem
from payments.services.amounts import NothingToPay, checked_amount, require_outstanding
from payments.services.links import LinkNotMade, Wanted, ensure_link, feeds_with_links
from payments.services.moving import item_of_code
from payments.vietqr.values import AMOUNT_DONG_MAX
from payments.vietqr.writer import write_vietqr
from vendors.banks import Bank, bank_by_bin
from vendors.models import Vendor

_TELL_OF_THE_ACCOUNT: Final = (Feed.Provider.SEPAY, Feed.Provider.CASSO, Feed.Provider.VIETQRVN)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentInstruction:
    """All that a buyer needs to pay, and a program to draw the code."""

    transaction: TransactionItem
    payload: str
    """The VietQR code's text."""
    reference: str
    """The payment code."""
    memo: str
    """What must stand in the transfer: the code, after the prefix its bank may want; a link's own words instead."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPayment:
    """That a buyer was asked to pay, before it is said how."""

    transaction: TransactionItem
    code: PaymentCode
    amount_vnd: int
    outstanding_vnd: int
    expires_at: datetime | None
    by_link: bool
    """Whether the shop takes money through its provider's links."""


def payment_for_order(*, order: Order, now: datetime, amount_vnd: int | None = None) -> PaymentInstruction:
    """How to pay the order, or `amount_vnd` (1 to outstanding) of it: always by its one live code.

    Without an amount: all that is outstanding, or as much of it as one NAPAS247 transfer carries. Asking again
    writes nothing. Must not run inside a transaction. Raises `NothingToPay`, `AmountOutOfRange`,
    `AmountOverTransferLimit`, `LinkNotMade`, and `NoBankAccount` of orders.
    """
    return instruction_of(ask_for_order(order=order, now=now, amount_vnd=amount_vnd), now=now)


def payment_for_checkout(
    *, checkout_id: uuid.UUID, now: datetime, amount_vnd: int | None = None
) -> PaymentInstruction:
    """How to pay a checkout before it is an order: its stock and prices are held until `expires_at`.

    Again: the same code, the hold renewed. A checkout that became an order answers the order's payment.
    Raises what `reserve_checkout` of orders raises, and what `payment_for_order` raises.
    """
    return instruction_of(ask_for_checkout(checkout_id=checkout_id, now=now, amount_vnd=amount_vnd), now=now)


def ask_for_order(*, order: Order, now: datetime, amount_vnd: int | None = None) -> AskedPayment:
    """The first step of `payment_for_order`."""
    known = Order.objects.filter(pk=order.pk).first()
    if known is None:
        raise NotFound(_("Không tìm thấy đơn hàng này."))
    asked = _asked_of_order(known, amount_vnd)
    before = _asked_before(known, asked)
    if before is not None:
        return before
    with transaction.atomic():
        code = live_code_of_order(order=known, now=now)
        locked = lock_order(known.pk)
        asked = _asked_of_order(locked, amount_vnd)
        item = item_of_code(code, order=locked, now=now)
        _write_down(item, locked.vendor, asked=asked, channel=locked.channel, now=now)
        return _to_pay(item, code, asked, by_link=takes_links(code.vendor_id))


def ask_for_checkout(*, checkout_id: uuid.UUID, now: datetime, amount_vnd: int | None = None) -> AskedPayment:
    """The first step of `payment_for_checkout`."""
    try:
        with transaction.atomic():
            return _for_checkout(checkout_id, amount_vnd, now=now)
    except NotFound:
        order = order_of_checkout(checkout_id)
        if order is None:
            raise
    return ask_for_order(order=order, now=now, amount_vnd=amount_vnd)


def instruction_of(asked: AskedPayment, *, now: datetime) -> PaymentInstruction:
    """How to pay what was asked for: through a link where the shop takes money by links, else by our own code.

    Without its link (payOS cannot be reached) our own code is shown only where another feed would tell of the money
    (decision 0010). Raises `LinkNotMade` otherwise.
    """
    if not asked.by_link:
        return _by_code(asked)
    wanted = Wanted(code=asked.code, amount_vnd=asked.amount_vnd, expires_at=asked.expires_at)
    try:
        link = ensure_link(wanted=wanted, now=now)
    except LinkNotMade:
        if not is_told_otherwise(asked.code.vendor_id):
            raise
        return _by_code(asked)
    return _by_link(asked, link)


def outstanding_of_code(code: PaymentCode) -> int:
    """What the order or checkout behind a payment code still costs, in đồng; 0 when there is none any more."""
    if code.order_id is not None:
        return Order.objects.get(pk=code.order_id).outstanding_vnd
    if code.checkout_id is not None:
        checkout = Checkout.objects.select_related("delivery").get(pk=code.checkout_id)
        return draft_of(checkout, now=code.issued_at).total_vnd
    return 0


def takes_links(vendor_id: int) -> bool:
    """Whether the vendor takes money through a provider's links."""
    return feeds_with_links().filter(vendor=vendor_id).exists()


def is_told_otherwise(vendor_id: int) -> bool:
    """Whether a feed other than payOS's tells, by itself, of money that comes to the vendor's own account."""
    theirs = Q(vendor=vendor_id) | Q(market_site__vendors=vendor_id)
    return Feed.objects.filter(theirs, is_active=True, provider__in=_TELL_OF_THE_ACCOUNT).exists()


def _for_checkout(checkout_id: uuid.UUID, amount_vnd: int | None, *, now: datetime) -> AskedPayment:
    code = reserve_checkout(checkout_id=checkout_id, now=now)
    checkout = Checkout.objects.select_related("vendor__commune", "delivery").get(pk=checkout_id)
    total_vnd = draft_of(checkout, now=now).total_vnd
    if not total_vnd:
        raise NothingToPay(_("Giỏ hàng này không phải trả tiền."))
    asked = _asked(total_vnd, amount_vnd, expires_at=checkout.reserved_until)
    item = item_of_code(code, order=None, now=now)
    _write_down(item, checkout.vendor, asked=asked, channel=checkout.channel, now=now)
    return _to_pay(item, code, asked, by_link=takes_links(code.vendor_id))


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


def _asked_before(order: Order, asked: _Asked) -> AskedPayment | None:
    """The same question, if the order's live code asked for this amount before: one statement, no lock."""
    item = (
        TransactionItem.objects.filter(
            order=order,
            payment_code__order=order,
            payment_code__is_live=True,
            events__type=TransactionEvent.Type.CHARGE_ACTION_REQUIRED,
            events__amount_vnd=asked.amount_vnd,
        )
        .select_related("payment_code")
        .annotate(by_link=Exists(feeds_with_links().filter(vendor=OuterRef("payment_code__vendor"))))
        .first()
    )
    if item is None or item.payment_code is None:
        return None
    return _to_pay(item, item.payment_code, asked, by_link=item.by_link)


def _to_pay(item: TransactionItem, code: PaymentCode, asked: _Asked, *, by_link: bool) -> AskedPayment:
    return AskedPayment(
        transaction=item,
        code=code,
        amount_vnd=asked.amount_vnd,
        outstanding_vnd=asked.outstanding_vnd,
        expires_at=asked.expires_at,
        by_link=by_link,
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


def _by_code(asked: AskedPayment) -> PaymentInstruction:
    """From what the code froze when it was issued: the account may have changed since."""
    code = asked.code
    return PaymentInstruction(
        transaction=asked.transaction,
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


def _by_link(asked: AskedPayment, link: PaymentLink) -> PaymentInstruction:
    """What the link's provider gave: its account, its words in the transfer, its code."""
    return PaymentInstruction(
        transaction=asked.transaction,
        payload=link.qr_payload,
        reference=asked.code.code,
        memo=link.memo,
        amount_vnd=asked.amount_vnd,
        outstanding_vnd=asked.outstanding_vnd,
        bank=bank_by_bin(link.bin),
        account_number=link.account_number,
        account_name=link.account_name,
        expires_at=asked.expires_at,
    )
