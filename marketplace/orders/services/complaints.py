"""Complaints: a buyer says what is wrong, shop and commune answer, and it ends when it is settled.

The first answer is due within `FIRST_ANSWER_S_MAX`: the four hours that the administration's operations centres
ask for, counted round the clock. The shop cannot close a complaint about itself; its buyer and the commune can.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import ANONYMOUS, SYSTEM, Actor
from marketplace.core.errors import Conflict, InvalidInput
from marketplace.core.journal import JsonValue
from marketplace.core.requests_once import once
from marketplace.core.text import clean_text
from marketplace.orders.complaint_photos import PhotoOnDisk, photo_on_disk
from marketplace.orders.events import record_order
from marketplace.orders.locks import lock_complaint, lock_if_free, lock_order_by_token
from marketplace.orders.models import COMPLAINT_CHARACTERS_MAX, Complaint, ComplaintMessage, Order
from marketplace.orders.selectors.complaints import complaint_for_member, complaint_for_staff, complaint_of_buyer

FIRST_ANSWER_S_MAX = 4 * 3600
COMPLAINTS_AN_ORDER_MAX = 5
MESSAGES_A_COMPLAINT_MAX = 40
ANSWERED_DAYS_MAX = 14
"""A complaint that was answered is closed when its buyer says nothing for so long."""
BY_STAFF = (Complaint.Outcome.AGREED, Complaint.Outcome.UPHELD, Complaint.Outcome.UNFOUNDED)
"""How commune staff may close a complaint, in the order in which they are asked."""


class AlreadyComplained(Conflict):
    """The order has an open complaint: what is to be added is said there."""


class TooManyComplaints(Conflict):
    """The order had as many complaints, or the complaint as many messages, as there may be."""


class ComplaintClosed(Conflict):
    """The complaint is settled; nobody writes into it any more."""


def open_complaint(
    *,
    token: uuid.UUID,
    kind: str,
    text: str,
    now: datetime,
    photo: bytes | None = None,
    client_id: uuid.UUID | None = None,
) -> Complaint:
    """A buyer says what is wrong with an order; the order's token is their right to. The same id again: the same.

    `photo` is a JPEG, PNG or WebP file. Raises `NotFound`, `InvalidInput` for a kind, `BadText`, what
    `catalog.photos.read_photo` raises, `AlreadyComplained`, `TooManyComplaints`; nothing is changed then.
    """
    if kind not in Complaint.Kind.values:
        raise InvalidInput(_("Bạn chọn việc gặp phải giúp."), field="kind")
    words = _words(text)

    with photo_on_disk(photo) as picture:

        def work() -> str:
            order = lock_order_by_token(token)
            _require_room(order)
            complaint = Complaint.objects.create(
                order=order,
                vendor=order.vendor,
                commune=order.vendor.commune,
                kind=kind,
                opened_at=now,
                answer_due_at=now + timedelta(seconds=FIRST_ANSWER_S_MAX),
                waiting_since=now,
                updated_at=now,
            )
            _say(complaint, ComplaintMessage.Author.BUYER, words, picture=picture, now=now)
            complaint.save()
            _record("complaint.opened", complaint, actor=ANONYMOUS, now=now)
            return str(complaint.pk)

        asked = {"kind": kind, "text": words, "photo": _fingerprint(photo)}
        answer = once(
            work, action="complaint.open", owner=f"order-token:{token}", client_id=client_id, asked=asked, now=now
        )
    return Complaint.objects.select_related("order", "vendor").get(pk=int(answer))


def add_to_complaint(
    *,
    token: uuid.UUID,
    complaint_id: int,
    text: str,
    now: datetime,
    photo: bytes | None = None,
    client_id: uuid.UUID | None = None,
) -> None:
    """The buyer says more; shop and commune are waited for again. The same `client_id` again adds nothing.

    Raises `NotFound`, `BadText`, what `catalog.photos.read_photo` raises, `ComplaintClosed`, `TooManyComplaints`.
    """
    found = complaint_of_buyer(token=token, complaint_id=complaint_id)
    _write(found, ComplaintMessage.Author.BUYER, text, actor=ANONYMOUS, photo=photo, client_id=client_id, now=now)


def answer_as_vendor(
    *,
    actor: Actor,
    complaint_id: int,
    text: str,
    now: datetime,
    photo: bytes | None = None,
    client_id: uuid.UUID | None = None,
) -> None:
    """A member of the shop answers. Raises `NotFound` for a stranger, else as `add_to_complaint`."""
    found = complaint_for_member(actor=actor, complaint_id=complaint_id)
    _write(found, ComplaintMessage.Author.VENDOR, text, actor=actor, photo=photo, client_id=client_id, now=now)


def answer_as_staff(
    *, actor: Actor, complaint_id: int, text: str, now: datetime, client_id: uuid.UUID | None = None
) -> None:
    """Staff of the complaint's commune answer. Raises `NotFound` for others, else as `add_to_complaint`."""
    found = complaint_for_staff(actor=actor, complaint_id=complaint_id)
    _write(found, ComplaintMessage.Author.STAFF, text, actor=actor, photo=None, client_id=client_id, now=now)


def settle_own_complaint(*, token: uuid.UUID, complaint_id: int, now: datetime) -> Complaint:
    """The buyer says that all is well again. Closed already: that complaint. Raises `NotFound`."""
    found = complaint_of_buyer(token=token, complaint_id=complaint_id)
    with transaction.atomic():
        locked = lock_complaint(found.pk)
        if locked.state != Complaint.State.CLOSED:
            _close(locked, Complaint.Outcome.SETTLED, actor=ANONYMOUS, now=now)
    return locked


def close_complaint(*, actor: Actor, complaint_id: int, outcome: str, text: str, now: datetime) -> Complaint:
    """Commune staff end it, with an outcome of `BY_STAFF` and a sentence that buyer and shop both read.

    Closed already: that complaint. Raises `NotFound` for others, `InvalidInput` for an outcome, `BadText`.
    """
    found = complaint_for_staff(actor=actor, complaint_id=complaint_id)
    if outcome not in BY_STAFF:
        raise InvalidInput(_("Bạn chọn kết quả giúp."), field="outcome")
    words = _words(text)
    with transaction.atomic():
        locked = lock_complaint(found.pk)
        if locked.state != Complaint.State.CLOSED:
            _say(locked, ComplaintMessage.Author.STAFF, words, user_id=actor.user_id, now=now)
            _note_answer(locked, actor=actor, by=ComplaintMessage.Author.STAFF, now=now)
            _close(locked, Complaint.Outcome(outcome), actor=actor, now=now)
    return locked


def close_lapsed(*, now: datetime, at_most: int) -> int:
    """Close up to `at_most` complaints that were answered and heard no more of for `ANSWERED_DAYS_MAX` days."""
    due = Q(state=Complaint.State.ANSWERED, updated_at__lt=now - timedelta(days=ANSWERED_DAYS_MAX))
    ids = Complaint.objects.filter(due).order_by("updated_at").values_list("pk", flat=True)[:at_most]
    return sum(_lapse(complaint_id, due, now=now) for complaint_id in list(ids))


def _lapse(complaint_id: int, due: Q, *, now: datetime) -> int:
    with transaction.atomic():
        rows = Complaint.objects.select_related("order__vendor__commune", "commune")
        locked = lock_if_free(rows.filter(due, pk=complaint_id))
        if locked is None:
            return 0
        _close(locked, Complaint.Outcome.LAPSED, actor=SYSTEM, now=now)
    return 1


def _write(
    found: Complaint,
    author: ComplaintMessage.Author,
    text: str,
    *,
    actor: Actor,
    photo: bytes | None,
    client_id: uuid.UUID | None,
    now: datetime,
) -> None:
    """Say something in a complaint and move its state: a buyer waits, an answer ends the waiting."""
    words = _words(text)

    with photo_on_disk(photo) as picture:

        def work() -> str:
            locked = lock_complaint(found.pk)
            if locked.state == Complaint.State.CLOSED:
                raise ComplaintClosed(_("Khiếu nại này đã xong. Có việc mới, người mua gửi khiếu nại mới."))
            if locked.message_count >= MESSAGES_A_COMPLAINT_MAX:
                raise TooManyComplaints(_("Khiếu nại này đã có nhiều lời nhắn quá. Bạn gọi điện cho nhau giúp."))
            _say(locked, author, words, user_id=actor.user_id, picture=picture, now=now)
            if author == ComplaintMessage.Author.BUYER:
                _wait(locked, now=now)
            else:
                _note_answer(locked, actor=actor, by=author, now=now)
            locked.save()
            return str(locked.pk)

        once(
            work,
            action=f"complaint.{author}",
            owner=f"complaint:{found.pk}",
            client_id=client_id,
            asked={"text": words, "photo": _fingerprint(photo)},
            now=now,
        )


def _words(text: str) -> str:
    return clean_text(text, characters_max=COMPLAINT_CHARACTERS_MAX, field="text", required=True)


def _fingerprint(photo: bytes | None) -> str:
    return hashlib.sha256(photo).hexdigest() if photo else ""


def _require_room(order: Order) -> None:
    earlier = list(order.complaints.values_list("state", flat=True))
    if any(state != Complaint.State.CLOSED for state in earlier):
        raise AlreadyComplained(_("Đơn này đang có khiếu nại chưa xong. Bạn nhắn thêm vào đó giúp."))
    if len(earlier) >= COMPLAINTS_AN_ORDER_MAX:
        sentence = _("Mỗi đơn gửi được {most} khiếu nại. Bạn gọi số hỗ trợ giúp.")
        raise TooManyComplaints(format_lazy(sentence, most=COMPLAINTS_AN_ORDER_MAX))


def _say(
    complaint: Complaint,
    author: ComplaintMessage.Author,
    words: str,
    *,
    now: datetime,
    user_id: int | None = None,
    picture: PhotoOnDisk | None = None,
) -> None:
    message = ComplaintMessage(complaint=complaint, author=author, user_id=user_id, text=words, made_at=now)
    if picture is not None:
        message.photo, message.photo_width, message.photo_height = picture.name, picture.width, picture.height
    message.save(force_insert=True)
    if picture is not None:
        picture.is_kept = True
    complaint.message_count += 1
    complaint.updated_at = now


def _wait(complaint: Complaint, *, now: datetime) -> None:
    complaint.state = Complaint.State.WAITING
    complaint.waiting_since = complaint.waiting_since or now


def _note_answer(complaint: Complaint, *, actor: Actor, by: ComplaintMessage.Author, now: datetime) -> None:
    is_first = complaint.first_answered_at is None
    complaint.state = Complaint.State.ANSWERED
    complaint.waiting_since = None
    complaint.first_answered_at = complaint.first_answered_at or now
    more: dict[str, JsonValue] = {"by": str(by), "first": is_first}
    if is_first:
        more["in_time"] = complaint.was_answered_in_time
    _record("complaint.answered", complaint, actor=actor, now=now, more=more)


def _close(complaint: Complaint, outcome: Complaint.Outcome, *, actor: Actor, now: datetime) -> None:
    complaint.state = Complaint.State.CLOSED
    complaint.waiting_since = None
    complaint.closed_at = now
    complaint.updated_at = now
    complaint.outcome = outcome
    complaint.save()
    _record("complaint.closed", complaint, actor=actor, now=now, more={"outcome": str(outcome)})


def _record(
    kind: str,
    complaint: Complaint,
    *,
    actor: Actor,
    now: datetime,
    more: dict[str, JsonValue] | None = None,
) -> None:
    """Write it into the order's journal, under the commune whose staff see to it."""
    place = complaint.commune
    facts: dict[str, JsonValue] = {
        "complaint": complaint.pk,
        "commune": place.pk,
        "province": place.province_id,
        "kind": complaint.kind,
    }
    record_order(kind, complaint.order, actor=actor, now=now, more={**facts, **(more or {})})
