"""Asking a buyer to pay: which account, how much, with which words, as text of a VietQR code.

In two steps. `ask_for_…` writes down that the buyer was asked, in a transaction. `instruction_of` says how to pay;
for a shop that is paid through payOS it may ask payOS for a link, and must not run inside a transaction.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import SYSTEM
from marketplace.core.clock import vietnam_date
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.requests_once import once
from marketplace.core.statements import Given, Kept, insert
from marketplace.core.text import clean_line
from marketplace.orders.drafts import draft_of, shop_of
from marketplace.orders.locks import lock_order
from marketplace.orders.models import Checkout, Order, PaymentCode
from marketplace.orders.selectors.orders import order_of_checkout
from marketplace.orders.services.codes import live_code_of_order, reserve
from payments.models import Feed, PaymentLink, TransactionEvent, TransactionItem
from payments.services.amounts import NothingToPay, checked_amount, require_outstanding
from payments.services.links import LinkNotMade, Wanted, ensure_link, feeds_with_links
from payments.services.moving import item_of_code, item_of_new_code
from payments.vietqr.values import AMOUNT_DONG_MAX
from payments.vietqr.writer import write_vietqr
from vendors.banks import Bank, bank_by_bin
from vendors.models import Vendor

ASKED_AMOUNTS_MAX: Final = 20
"""Each amount that is asked for is written down: so many different parts of one payment, and always the whole."""
KEY_CHARACTERS_MAX: Final = 512
"""As in Saleor."""
KEPT_KEY_CHARACTERS_MAX: Final = 100
"""A longer one is kept as its SHA-256."""
KEYS: Final = uuid.UUID("6f2d3c1e-52c8-4d2c-9a55-1b6f3d7a9e04")
"""The name space in which clients' own keys, which may be any text, become UUIDs."""
_THAT_ASKED: Kept[TransactionEvent] = Kept(
    lambda: TransactionEvent.objects.filter(
        transaction=Given("item"),
        type=TransactionEvent.Type.CHARGE_ACTION_REQUIRED,
        amount_vnd=Given("amount_vnd"),
    ).order_by("pk")
)
_WITH_LINKS: Kept[tuple[uuid.UUID]] = Kept(
    lambda: feeds_with_links().filter(vendor=Given("vendor")).order_by("pk").values_list("pk")[:1]
)
_TELL_OF_THE_ACCOUNT: Final = (Feed.Provider.SEPAY, Feed.Provider.CASSO, Feed.Provider.VIETQRVN)


class TooManyAmounts(InvalidInput):
    """Another part of a payment of which `ASKED_AMOUNTS_MAX` amounts were asked for."""

    code = "INVALID"


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
    charged_vnd: int = 0
    """What came before, of an order that is paid in part."""
    event: TransactionEvent | None = field(default=None, compare=False)
    """That the buyer was asked for this amount, where it is at hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What is to be paid: the amount now, the whole rest, and until when."""

    amount_vnd: int
    outstanding_vnd: int
    expires_at: datetime | None
    charged_vnd: int = 0

    @property
    def is_part(self) -> bool:
        """Whether more could be asked for in one transfer."""
        return self.amount_vnd < min(self.outstanding_vnd, AMOUNT_DONG_MAX)


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
    charged_vnd: int = 0
    event: TransactionEvent | None = field(default=None, compare=False)
    """That they were asked for this amount, where it is at hand."""


def payment_for_order(*, order: Order, now: datetime, amount_vnd: int | None = None) -> PaymentInstruction:
    """How to pay the order, or `amount_vnd` (1 to outstanding) of it: always by its one live code.

    Without an amount: all that is outstanding, or as much of it as one NAPAS247 transfer carries. Asking again
    writes nothing. Must not run inside a transaction. Raises `NothingToPay`, `AmountOutOfRange`,
    `AmountOverTransferLimit`, `TooManyAmounts`, `LinkNotMade`, and `NoBankAccount` of orders.
    """
    return instruction_of(ask_for_order(order=order, now=now, amount_vnd=amount_vnd), now=now)


def payment_for_checkout(
    *, checkout_id: uuid.UUID, now: datetime, amount_vnd: int | None = None
) -> PaymentInstruction:
    """How to pay a checkout before it is an order: its stock and prices are held until `expires_at`.

    Again: the same code, the hold renewed (`HOLD_S_MAX` of orders at most). A checkout that became an order answers
    the order's payment. Raises what `reserve_checkout` of orders raises, and what `payment_for_order` raises.
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
        event = _written_down(item, locked.vendor, asked=asked, channel=locked.channel, now=now)
        return _to_pay(item, code, asked, by_link=takes_links(code.vendor_id), event=event)


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


def ask_once(
    ask: Callable[[], AskedPayment], *, owner: str, key: str, amount_vnd: int | None, now: datetime
) -> AskedPayment | TransactionItem:
    """Ask under a client's own key, which is kept with the transaction.

    The same key again answers the transaction that it made, whatever became of that meanwhile. Keys are one
    checkout's or order's (`owner`, at most 80 characters). Raises `SameIdOtherContent` where the key asked for
    something else, `BadText`, and what `ask` raises.
    """
    clean = clean_line(key, characters_max=KEY_CHARACTERS_MAX, field="idempotency_key", required=True)
    kept = clean if len(clean) <= KEPT_KEY_CHARACTERS_MAX else hashlib.sha256(clean.encode()).hexdigest()
    made: list[AskedPayment] = []

    def work() -> str:
        asked = ask()
        item = asked.transaction
        if item.idempotency_key is None:
            item.idempotency_key = kept
            item.save(update_fields=["idempotency_key"])
        made.append(asked)
        return str(item.pk)

    answer = once(
        work,
        action="transaction.initialize",
        owner=owner,
        client_id=uuid.uuid5(KEYS, clean),
        asked={"amount_vnd": amount_vnd},
        now=now,
    )
    if made:
        return made[0]
    return TransactionItem.objects.select_related("payment_code", "order").get(pk=uuid.UUID(answer))


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
    return bool(_WITH_LINKS.all(vendor=vendor_id))


def is_told_otherwise(vendor_id: int) -> bool:
    """Whether a feed other than payOS's tells, by itself, of money that comes to the vendor's own account."""
    theirs = Q(vendor=vendor_id) | Q(market_site__vendors=vendor_id)
    return Feed.objects.filter(theirs, is_active=True, provider__in=_TELL_OF_THE_ACCOUNT).exists()


def _for_checkout(checkout_id: uuid.UUID, amount_vnd: int | None, *, now: datetime) -> AskedPayment:
    reserved = reserve(checkout_id=checkout_id, now=now)
    code, checkout, total_vnd = reserved.code, reserved.draft.checkout, reserved.draft.total_vnd
    if not total_vnd:
        raise NothingToPay(_("Giỏ hàng này không phải trả tiền."))
    asked = _asked(total_vnd, amount_vnd, expires_at=checkout.reserved_until)
    is_new = reserved.is_new_code
    item = item_of_new_code(code, now=now) if is_new else item_of_code(code, order=None, now=now)
    event = _written_down(item, shop_of(checkout), asked=asked, channel=checkout.channel, now=now, is_new=is_new)
    return _to_pay(item, code, asked, by_link=takes_links(code.vendor_id), event=event)


def _asked_of_order(order: Order, amount_vnd: int | None) -> _Asked:
    if order.status == Order.Status.EXPIRED:
        raise NothingToPay(_("Đơn này đã hết hạn. Bạn đặt lại giúp nhé."))
    outstanding_vnd = require_outstanding(order)
    return _asked(outstanding_vnd, amount_vnd, expires_at=order.expires_at, charged_vnd=order.charged_vnd)


def _asked(
    outstanding_vnd: int, amount_vnd: int | None, *, expires_at: datetime | None, charged_vnd: int = 0
) -> _Asked:
    amount = (
        min(outstanding_vnd, AMOUNT_DONG_MAX)
        if amount_vnd is None
        else checked_amount(amount_vnd, at_most_vnd=outstanding_vnd)
    )
    return _Asked(amount_vnd=amount, outstanding_vnd=outstanding_vnd, expires_at=expires_at, charged_vnd=charged_vnd)


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
    return _to_pay(item, item.payment_code, asked, by_link=item.by_link, event=None)


def _to_pay(
    item: TransactionItem, code: PaymentCode, asked: _Asked, *, by_link: bool, event: TransactionEvent | None
) -> AskedPayment:
    return AskedPayment(
        transaction=item,
        code=code,
        amount_vnd=asked.amount_vnd,
        outstanding_vnd=asked.outstanding_vnd,
        expires_at=asked.expires_at,
        by_link=by_link,
        charged_vnd=asked.charged_vnd,
        event=event,
    )


def _written_down(
    item: TransactionItem, vendor: Vendor, *, asked: _Asked, channel: str, now: datetime, is_new: bool = False
) -> TransactionEvent:
    """The event that a buyer was asked, once for each amount. The order or checkout is locked.

    An item that `is_new` in this transaction has no events. Raises `TooManyAmounts`.
    """
    kind = TransactionEvent.Type.CHARGE_ACTION_REQUIRED
    known = None if is_new else event_that_asked(item, amount_vnd=asked.amount_vnd)
    if known is not None:
        return known
    if asked.is_part and item.events.filter(type=kind).count() >= ASKED_AMOUNTS_MAX:
        raise TooManyAmounts(
            _("Đã hỏi nhiều số tiền khác nhau quá. Bạn trả hết một lần, hoặc trả theo số đã hỏi."), field="amount"
        )
    event = TransactionEvent(
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
    insert(event)
    return event


def event_that_asked(item: TransactionItem, *, amount_vnd: int) -> TransactionEvent | None:
    """The event that the buyer was asked for this amount, in đồng, or None."""
    return _THAT_ASKED.one(item=item.pk, amount_vnd=amount_vnd)


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
        charged_vnd=asked.charged_vnd,
        event=asked.event,
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
        charged_vnd=asked.charged_vnd,
        event=asked.event,
    )
