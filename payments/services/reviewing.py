"""What a person of the vendor decides about money that the market could not settle by itself."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict, NotFound
from marketplace.core.requests_once import once
from marketplace.core.text import clean_line
from marketplace.orders.locks import lock_order
from marketplace.orders.models import Order
from marketplace.orders.services.codes import live_code_of_order
from payments.models import BankNotice, ReviewItem, TransactionEvent
from payments.reasons import Resolution
from payments.services.moving import Movement, charge, item_of_code
from payments.services.permissions import asker, require_money_handler
from payments.services.reviews import close

RESOLUTION_CHARACTERS_MAX: Final = 200


class AlreadyClosed(Conflict):
    """Somebody settled the item before."""


class NothingToBook(Conflict):
    """The item is not about money that still waits for its order."""


def close_review_item(
    *, actor: Actor, item: ReviewItem, resolution: str, now: datetime, client_id: uuid.UUID | None = None
) -> ReviewItem:
    """End an item in a person's own words ("đã chuyển trả khách"), at most 200 characters. Books nothing.

    The same `client_id` again answers the same. Raises `NotFound` for strangers, `NotAllowed` for agents,
    `BadText`, `AlreadyClosed`.
    """
    require_money_handler(actor, item.vendor)
    words = clean_line(resolution, characters_max=RESOLUTION_CHARACTERS_MAX, field="resolution", required=True)

    asked = {"item": item.pk, "resolution": words}
    once(
        lambda: _close(item, words, actor=actor, now=now),
        action="payments.close_review",
        owner=asker(actor),
        client_id=client_id,
        asked=asked,
        now=now,
    )
    return ReviewItem.objects.get(pk=item.pk)


def book_from_review(
    *, actor: Actor, item: ReviewItem, order: Order, now: datetime, client_id: uuid.UUID | None = None
) -> TransactionEvent:
    """Book money that waits on an order of the same vendor, all of it, as confirmed by the bank.

    What is more than the order costs becomes a refund that is due. The same `client_id` again answers the same
    event. Raises `NotFound` for strangers and other vendors' orders, `NotAllowed` for agents, `AlreadyClosed`,
    `NothingToBook`, and `OrderCancelled` and `InsufficientStock` of orders.
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


def _close(item: ReviewItem, words: str, *, actor: Actor, now: datetime) -> str:
    close(_lock_open(item), resolution=words, actor=actor, now=now)
    return str(item.pk)


def _book(item: ReviewItem, order: Order, *, actor: Actor, now: datetime) -> TransactionEvent:
    notice = _lock_waiting_notice(item)
    code = live_code_of_order(order=order, now=now)
    locked = lock_order(order.pk)
    transaction_item = item_of_code(code, order=locked, now=now)
    event = charge(locked, transaction_item, movement=Movement.of_notice(notice), actor=actor, now=now)
    notice.state = BankNotice.State.BOOKED
    notice.order = locked
    notice.decided_at = now
    notice.save(update_fields=["state", "order", "decided_at"])
    close(_lock_open(item), resolution=Resolution.BOOKED, actor=actor, now=now)
    return event


def _lock_waiting_notice(item: ReviewItem) -> BankNotice:
    """The notice an item is about, locked: before the order, as the sweep does it."""
    if item.notice_id is None:
        raise NothingToBook(_("Mục này không có khoản tiền nào chờ ghi vào đơn."))
    notice = BankNotice.objects.select_for_update(no_key=True).get(pk=item.notice_id)
    if notice.state != BankNotice.State.REVIEW:
        raise AlreadyClosed(_("Mục này đã được giải quyết."))
    return notice


def _lock_open(item: ReviewItem) -> ReviewItem:
    locked = ReviewItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    if locked.closed_at is not None:
        raise AlreadyClosed(_("Mục này đã được giải quyết."))
    return locked
