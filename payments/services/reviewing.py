"""What a person of the vendor decides about money that the market could not settle by itself.

Every act is asked for once by its client-made id, done once whoever asks again, and written into the journal. An
agent does none of them. Locks: the notice, then the order, then the item.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict, InvalidInput, NotFound
from marketplace.core.requests_once import once
from marketplace.core.text import clean_line
from marketplace.orders.locks import lock_order
from marketplace.orders.models import Order
from marketplace.orders.services.codes import live_code_of_order
from payments.likeness import Likeness, compare_references
from payments.matching import IgnoreReason, ReviewReason
from payments.models import BankNotice, ReviewItem, TransactionEvent
from payments.reasons import Resolution
from payments.services.amounts import require_counted_here
from payments.services.moving import BY_HAND_GATEWAYS, Movement, charge, item_of_code
from payments.services.permissions import asker, require_money_handler
from payments.services.repeats import first_told
from payments.services.reviews import close, open_again
from payments.services.sales import words_of

RESOLUTION_CHARACTERS_MAX: Final = 200


class AlreadyClosed(Conflict):
    """Somebody settled the item before."""


class AlreadyTold(Conflict):
    """This very transfer is counted: another feed's telling is booked, or somebody's word of it."""


class NothingToBook(Conflict):
    """The item is not about money that still waits for its order."""


class BookedOnOrder(NothingToBook):
    """The money is in an order's balance and goes back out of that, promised and then kept."""


class StillWaits(Conflict):
    """The item waits already."""


class NoFirstNotice(Conflict):
    """No other feed told of a transfer like this one before."""


def set_aside(
    *, actor: Actor, item: ReviewItem, resolution: str, now: datetime, client_id: uuid.UUID | None = None
) -> ReviewItem:
    """End an item with a reason: a `Resolution`, or a person's own words of at most 200 characters. Books nothing.

    The money stays on record and can be taken up again. The same `client_id` again answers the same. Raises
    `NotFound` for strangers, `NotAllowed` for agents, `BadText`, `AlreadyClosed`.
    """
    require_money_handler(actor, item.vendor)
    words = clean_line(resolution, characters_max=RESOLUTION_CHARACTERS_MAX, field="resolution", required=True)

    def work() -> None:
        close(_lock_open(item), resolution=words, outcome=ReviewItem.Outcome.SET_ASIDE, actor=actor, now=now)

    return _done_once(
        work,
        "payments.set_aside",
        item,
        actor=actor,
        client_id=client_id,
        now=now,
        asked={"resolution": words},
    )


def take_up_again(*, actor: Actor, item: ReviewItem, now: datetime, client_id: uuid.UUID | None = None) -> ReviewItem:
    """Let money that was set aside, or marked as given back or as told before by mistake, wait for its order again.

    The same `client_id` again answers the same. Raises `NotFound` for strangers, `NotAllowed` for agents,
    `NothingToBook` for what is no money without an order, `AlreadyClosed` for what was booked, `StillWaits`.
    """
    require_money_handler(actor, item.vendor)

    def work() -> None:
        notice = _lock_notice(item)
        locked = _lock(item)
        if locked.outcome == ReviewItem.Outcome.REPEAT:
            _unlink(notice)
        _require_waiting(notice)
        if locked.closed_at is None:
            raise StillWaits(_("Khoản này vẫn đang chờ bạn xem."))
        open_again(locked, actor=actor, now=now)

    return _done_once(work, "payments.take_up_again", item, actor=actor, client_id=client_id, now=now)


def may_be_taken_up(item: ReviewItem) -> bool:
    """Whether `take_up_again` can let this money wait again."""
    if item.closed_at is None or item.notice is None:
        return False
    return item.outcome == ReviewItem.Outcome.REPEAT or item.notice.state == BankNotice.State.REVIEW


def refund_held(
    *, actor: Actor, item: ReviewItem, method: str, now: datetime, client_id: uuid.UUID | None = None
) -> ReviewItem:
    """Write down that the vendor gave back held money, all of it, by `method` VENDOR (a transfer) or CASH.

    It was never booked, so no order's balance changes: the item itself is the record. A part of it is booked on an
    order first and given back there. The same `client_id` again answers the same. Raises `NotFound` for strangers,
    `NotAllowed` for agents, `InvalidInput` for another method, `BookedOnOrder`, `NothingToBook`, `AlreadyClosed`.
    """
    require_money_handler(actor, item.vendor)
    if method not in BY_HAND_GATEWAYS:
        raise InvalidInput(_("Hãy chọn: chuyển khoản hoặc tiền mặt."), field="method")
    if item.kind == ReviewItem.Kind.REFUND_DUE:
        raise BookedOnOrder(_("Khoản này đã ghi vào đơn. Bạn trả lại ở đơn ấy."))

    def work() -> None:
        _lock_waiting_notice(item)
        outcome = ReviewItem.Outcome.REFUNDED
        words = Resolution.REFUNDED
        close(_lock_open(item), resolution=words, outcome=outcome, refund_method=method, actor=actor, now=now)

    return _done_once(
        work, "payments.refund_held", item, actor=actor, client_id=client_id, now=now, asked={"method": method}
    )


def link_to_first(*, actor: Actor, item: ReviewItem, now: datetime, client_id: uuid.UUID | None = None) -> ReviewItem:
    """Say that held money is the very transfer that another feed told of before: it is counted there, once.

    The same `client_id` again answers the same. Raises `NotFound` for strangers, `NotAllowed` for agents,
    `NothingToBook`, `AlreadyClosed`, `NoFirstNotice`.
    """
    require_money_handler(actor, item.vendor)

    def work() -> None:
        notice = _lock_waiting_notice(item)
        told = first_told(notice)
        if told is None:
            raise NoFirstNotice(_("Không còn thấy khoản nào giống khoản này."))
        close(_lock_open(item), resolution=Resolution.REPEAT, outcome=ReviewItem.Outcome.REPEAT, actor=actor, now=now)
        notice.state, notice.why = BankNotice.State.IGNORED, IgnoreReason.SAME_TRANSFER
        notice.same_as, notice.decided_at = told[0], now
        notice.save(update_fields=["state", "why", "same_as", "decided_at"])

    return _done_once(work, "payments.link_to_first", item, actor=actor, client_id=client_id, now=now)


def book_from_review(
    *, actor: Actor, item: ReviewItem, order: Order, now: datetime, client_id: uuid.UUID | None = None
) -> TransactionEvent:
    """Book money that waits on an order of the same vendor, all of it, as confirmed by the bank.

    What is more than the order costs becomes a refund that is due. The same `client_id` again answers the same
    event. Raises `NotFound` for strangers and other vendors' orders, `NotAllowed` for agents, `AlreadyClosed`,
    `AlreadyTold`, `NothingToBook`, `PaidElsewhere`, and `OrderCancelled`, `InsufficientStock` and `VoucherUsedUp` of
    orders.
    """
    require_money_handler(actor, item.vendor)
    if order.vendor_id != item.vendor_id:
        raise NotFound(_("Không tìm thấy đơn hàng này."))

    asked = {"item": item.pk, "order": order.pk}
    answer = once(
        lambda: str(_book(item, order, actor=actor, now=now).pk),
        action="payments.book_review",
        owner=asker(actor),
        client_id=client_id,
        asked=asked,
        now=now,
    )
    return TransactionEvent.objects.select_related("order").get(pk=int(answer))


def _done_once(
    work: Callable[[], None],
    action: str,
    item: ReviewItem,
    *,
    actor: Actor,
    client_id: uuid.UUID | None,
    now: datetime,
    asked: Mapping[str, object] | None = None,
) -> ReviewItem:
    """Do `work` on an item once for a client id; answers the item as it is afterwards."""

    def answering() -> str:
        work()
        return str(item.pk)

    said = {"item": item.pk} | dict(asked or {})
    once(answering, action=action, owner=asker(actor), client_id=client_id, asked=said, now=now)
    return ReviewItem.objects.get(pk=item.pk)


def _book(item: ReviewItem, order: Order, *, actor: Actor, now: datetime) -> TransactionEvent:
    notice = _lock_waiting_notice(item)
    told = first_told(notice)
    if told is not None and told[1].is_certain and told[0].state == BankNotice.State.BOOKED:
        raise AlreadyTold(_("Khoản này đã ghi vào đơn rồi: nguồn khác báo trước."))
    require_counted_here(order)
    code = live_code_of_order(order=order, now=now)
    locked = lock_order(order.pk)
    _refuse_what_was_counted(notice, locked)
    transaction_item = item_of_code(code, order=locked, now=now)
    event = charge(locked, transaction_item, movement=Movement.of_notice(notice), actor=actor, now=now)
    notice.state = BankNotice.State.BOOKED
    notice.order = locked
    notice.decided_at = now
    notice.save(update_fields=["state", "order", "decided_at"])
    close(_lock_open(item), resolution=Resolution.BOOKED, outcome=ReviewItem.Outcome.BOOKED, actor=actor, now=now)
    return event


def _refuse_what_was_counted(notice: BankNotice, order: Order) -> None:
    """Raises `AlreadyTold` where this very transfer is in the order's balance on somebody's word."""
    for word in words_of(order):
        is_same = compare_references(word.reference, notice.bank_reference) is Likeness.SAME
        if is_same and word.amount == notice.amount_vnd:
            raise AlreadyTold(_("Khoản này đã tính vào đơn rồi: đã có người báo trước."))


def _unlink(notice: BankNotice) -> None:
    """Let a notice stand for a transfer of its own again; that it is like another is why it waits."""
    notice.state, notice.why = BankNotice.State.REVIEW, ReviewReason.MAY_BE_REPEAT
    notice.same_as = None
    notice.save(update_fields=["state", "why", "same_as"])


def _lock_waiting_notice(item: ReviewItem) -> BankNotice:
    notice = _lock_notice(item)
    _require_waiting(notice)
    return notice


def _lock_notice(item: ReviewItem) -> BankNotice:
    """The notice an item is about, locked: before the order, as the sweep does it."""
    if item.notice_id is None:
        raise NothingToBook(_("Mục này không có khoản tiền nào chờ ghi vào đơn."))
    return BankNotice.objects.select_for_update(no_key=True).get(pk=item.notice_id)


def _require_waiting(notice: BankNotice) -> None:
    if notice.state != BankNotice.State.REVIEW:
        raise AlreadyClosed(_("Mục này đã được giải quyết."))


def _lock_open(item: ReviewItem) -> ReviewItem:
    locked = _lock(item)
    if locked.closed_at is not None:
        raise AlreadyClosed(_("Mục này đã được giải quyết."))
    return locked


def _lock(item: ReviewItem) -> ReviewItem:
    return ReviewItem.objects.select_for_update(no_key=True).get(pk=item.pk)
