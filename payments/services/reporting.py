"""What programs report of a transaction (Saleor's `transactionEventReport`), and what of it is booked.

A report is its program's word and nobody else's: what came by it is counted like what a shop marks by hand (VENDOR),
in the order's own transaction for that, and is never called confirmed. Only banks and the card network confirm.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.core import journal
from marketplace.core.actors import Actor
from marketplace.core.clock import vietnam_date
from marketplace.core.errors import Conflict, InvalidInput
from marketplace.core.metadata import Change, change_texts
from marketplace.core.text import clean_line
from marketplace.orders.locks import lock_order
from marketplace.orders.models import Order
from marketplace.people.models import App
from payments.asked import transaction_by_id
from payments.models import MONEY_MOVES, Confirmation, TransactionEvent, TransactionItem
from payments.models.transactions import MESSAGE_CHARACTERS_MAX, REFERENCE_CHARACTERS_MAX
from payments.selectors import sums_of
from payments.services.amounts import NothingToPay, checked_amount, require_outstanding
from payments.services.giving_back import require_free_to_go_back
from payments.services.moving import STRIPE_GATEWAY, Movement, charge, item_by_hand, item_of_code, note, refund
from payments.services.permissions import require_reporter
from vendors.models import Vendor

CLOCKS_APART_MAX: Final = timedelta(minutes=5)
"""How far a program's clock may be from ours."""
_Type = TransactionEvent.Type
BOOKED: Final = frozenset({_Type.CHARGE_SUCCESS, _Type.REFUND_SUCCESS})
NOTED: Final = frozenset({_Type.CHARGE_FAILURE, _Type.REFUND_FAILURE, _Type.INFO})


class CannotReport(InvalidInput):
    """Nothing that a program can say of this transaction."""


class OtherDetails(Conflict):
    """This very event was told of before, with another amount."""

    code = "INCORRECT_DETAILS"


class OtherOrder(Conflict):
    """One transfer is counted once: this one is in the balance of another order of the shop."""

    code = "ALREADY_EXISTS"


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a program says happened: `type` is one of Saleor's event types in small letters, the amount in đồng."""

    type: str
    reference: str
    """Of the payment service or bank; one event of a type has one, and is told of by it again."""
    amount_vnd: int | None = None
    happened_at: datetime | None = None
    message: str = ""
    """What is longer than Saleor keeps is cut off, as there."""
    texts: Change = field(default_factory=Change)
    private_texts: Change = field(default_factory=Change)


@dataclass(frozen=True)
class Reported:
    """The event of a report, and whether it was there before."""

    event: TransactionEvent
    was_known: bool


def report_event(
    *, actor: Actor, app: App | None, transaction_id: uuid.UUID, report: Report, now: datetime
) -> Reported:
    """Book (CHARGE_SUCCESS, REFUND_SUCCESS) or write down (the failures, INFO) what a program reports.

    Told again with the same reference, type and amount, nothing happens; that may be a bank's event. A charge is 1 to
    the outstanding đồng; a refund comes out of this transaction, at most what is free to go back. Raises
    `MayNotReport`, `NotFound`, `CannotReport`, `OtherDetails`, `OtherOrder`, `BadText`, `AmountOutOfRange`,
    `NothingToPay`, `AllPromised`, and what `moving.charge` raises; nothing is changed then.
    """
    require_reporter(actor, app)
    item = transaction_by_id(transaction_id)
    kind, reference = _kind(report, item), _reference(report)
    movement = _movement(report, item, reference=reference, now=now)
    with transaction.atomic():
        order = _locked_order(item)
        known = _known(order, kind, movement)
        if known is not None:
            return Reported(known, was_known=True)
        event = _written(order, item, kind, movement=movement, actor=actor, now=now)
        _keep_texts(event, report)
        journal.record(
            kind="transaction.reported",
            aggregate_type="order",
            aggregate_id=order.pk,
            actor=actor,
            now=now,
            data={"transaction_event": event.pk, "app": None if app is None else app.pk},
        )
    return Reported(event, was_known=False)


def _kind(report: Report, item: TransactionItem) -> TransactionEvent.Type:
    kind = next((one for one in BOOKED | NOTED if one == report.type), None)
    if kind is None:
        raise CannotReport(_("Chợ không nhận báo loại này."), field="type")
    if kind in MONEY_MOVES and item.gateway == STRIPE_GATEWAY:
        raise CannotReport(_("Tiền qua thẻ chỉ mạng thẻ mới báo được."), field="type")
    return kind


def _reference(report: Report) -> str:
    reference = clean_line(
        report.reference, characters_max=REFERENCE_CHARACTERS_MAX, field="psp_reference", required=False
    )
    if not reference:
        raise CannotReport(_("Bạn ghi mã giao dịch giúp."), field="psp_reference", code="REQUIRED")
    return reference


def _movement(report: Report, item: TransactionItem, *, reference: str, now: datetime) -> Movement:
    if report.amount_vnd is None and report.type in BOOKED:
        raise CannotReport(_("Bạn ghi số tiền."), field="amount", code="REQUIRED")
    happened_at = _moment(report.happened_at, item, now=now)
    return Movement(
        amount_vnd=report.amount_vnd or 0,
        confirmation=Confirmation.VENDOR,
        happened_at=happened_at,
        bank_date=vietnam_date(happened_at),
        reference=reference,
        # Money is booked however much is said about it.
        message=clean_line(
            report.message[:MESSAGE_CHARACTERS_MAX], characters_max=MESSAGE_CHARACTERS_MAX, field="message"
        ),
    )


def _moment(told: datetime | None, item: TransactionItem, *, now: datetime) -> datetime:
    """When it happened: not before it was asked for, and not to come."""
    if told is None:
        return now
    is_possible = told.tzinfo is not None and item.made_at - CLOCKS_APART_MAX <= told <= now + CLOCKS_APART_MAX
    if not is_possible:
        raise CannotReport(_("Thời điểm này không đúng."), field="time")
    return min(told, now)


def _locked_order(item: TransactionItem) -> Order:
    """The order of the transaction, locked. Raises `CannotReport` for a checkout that is none yet."""
    code = item.payment_code
    order_id = item.order_id or (None if code is None else code.order_id)
    if order_id is None:
        raise CannotReport(_("Giỏ hàng này chưa thành đơn. Hãy đặt đơn trước rồi báo tiền."), field="id")
    return lock_order(order_id)


def _known(order: Order, kind: TransactionEvent.Type, movement: Movement) -> TransactionEvent | None:
    """The event that was told of before, by whomever.

    Raises `OtherDetails` where it was another amount, `OtherOrder` where its money is counted elsewhere.
    """
    alike = TransactionEvent.objects.filter(type=kind, psp_reference=movement.reference).order_by("pk")
    known = alike.filter(order=order).select_related("transaction__order").first()
    if known is None and kind in BOOKED and _is_counted_elsewhere(order, alike):
        raise OtherOrder(_("Khoản này đã tính cho đơn khác của gian hàng."), field="psp_reference")
    if known is not None and known.amount_vnd != movement.amount_vnd:
        sentence = "The transaction with provided `pspReference` and `type` already exists with different amount."
        raise OtherDetails(sentence, field="psp_reference")
    return known


def _is_counted_elsewhere(order: Order, alike: QuerySet[TransactionEvent]) -> bool:
    """Whether another order of the shop has it. Reports of one shop's orders wait here for each other."""
    list(Vendor.objects.select_for_update(no_key=True).filter(pk=order.vendor_id).values_list("pk"))
    return alike.filter(vendor=order.vendor_id).exists()


def _written(
    order: Order,
    item: TransactionItem,
    kind: TransactionEvent.Type,
    *,
    movement: Movement,
    actor: Actor,
    now: datetime,
) -> TransactionEvent:
    if kind == _Type.CHARGE_SUCCESS:
        checked_amount(movement.amount_vnd, at_most_vnd=_owed(order))
        own = item_by_hand(order, confirmation=Confirmation.VENDOR, now=now)
        return charge(order, own, movement=movement, actor=actor, now=now)
    if kind == _Type.REFUND_SUCCESS:
        checked_amount(movement.amount_vnd, at_most_vnd=min(require_free_to_go_back(order), _left_in(item)))
        return refund(order, item, movement=movement, actor=actor, now=now)
    if item.payment_code is not None:  # the transaction follows its code into the order
        item = item_of_code(item.payment_code, order=order, now=now)
    return note(kind, order, item, movement=movement, actor=actor)


def _owed(order: Order) -> int:
    """What the order still owes, in đồng. Raises `NothingToPay` in words for whoever looks after the shop's money."""
    try:
        return require_outstanding(order)
    except NothingToPay as nothing:
        sentence = _(
            "Đơn này đã hủy hoặc không còn nợ, nên chợ không ghi khoản này. Nếu tiền đã về, gian hàng trả lại khách."
        )
        raise NothingToPay(sentence, field="id") from nothing


def _left_in(item: TransactionItem) -> int:
    """How much of what came into this transaction is still there, in đồng. Raises `NothingToPay` for nothing."""
    sums = sums_of(item)
    left_vnd = sums.charged_vnd - sums.refunded_vnd
    if left_vnd <= 0:
        raise NothingToPay(_("Đơn này chưa nhận khoản tiền nào."))
    return left_vnd


def _keep_texts(event: TransactionEvent, report: Report) -> None:
    for change, is_private in ((report.texts, False), (report.private_texts, True)):
        if change.put:
            event.transaction = change_texts(event.transaction, change, private=is_private)
