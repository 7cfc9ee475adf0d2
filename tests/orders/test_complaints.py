"""A complaint: opened by who holds the order's link, once, with the time by when it is to be answered."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from catalog.photos import NotAPhoto
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.requests_once import SameIdOtherContent
from marketplace.core.text import BadText
from marketplace.orders.models import COMPLAINT_CHARACTERS_MAX, Complaint, ComplaintMessage, Order
from marketplace.orders.selectors import complaints_of_order
from marketplace.orders.services.complaints import (
    COMPLAINTS_AN_ORDER_MAX,
    AlreadyComplained,
    TooManyComplaints,
    settle_own_complaint,
)
from tests.orders.complaining import BROKEN, HOUR, complained, everything, files, said
from tests.orders.factories import NOW, THUC_PHAN
from tests.payments.factories import journal

pytestmark = pytest.mark.django_db


def test_a_buyer_complains_and_the_first_answer_is_due_in_four_hours(order: Order) -> None:
    complaint = complained(order)

    assert (complaint.state, complaint.kind, complaint.vendor_id) == ("waiting", "damaged", order.vendor_id)
    assert complaint.commune_id == THUC_PHAN
    assert complaint.answer_due_at == NOW + 4 * HOUR
    assert complaint.waiting_since == NOW
    assert said(complaint) == [("buyer", BROKEN)]
    assert journal("complaint.opened") == [
        {
            "order": order.pk,
            "vendor": order.vendor_id,
            "commune": THUC_PHAN,
            "province": "04",
            "channel": "online",
            "complaint": complaint.pk,
            "kind": "damaged",
        }
    ]


def test_the_form_sent_twice_is_one_complaint(order: Order) -> None:
    sent = uuid.uuid4()

    first, again = complained(order, client_id=sent), complained(order, client_id=sent)

    assert first == again
    assert everything() == (1, 1, 1)
    with pytest.raises(SameIdOtherContent):
        complained(order, client_id=sent, text="Việc khác hẳn")
    assert everything() == (1, 1, 1)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"kind": "anger"}, InvalidInput),
        ({"text": "   "}, BadText),
        ({"text": "a" * (COMPLAINT_CHARACTERS_MAX + 1)}, BadText),
        ({"token": uuid.uuid4()}, NotFound),
        ({"photo": b"<svg/>"}, NotAPhoto),
    ],
)
def test_what_cannot_be_a_complaint_is_refused_and_nothing_is_kept(
    order: Order, media: Path, given: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        complained(order, **given)

    assert everything() == (0, 0, 0)
    assert files(media) == []


def test_an_order_has_one_open_complaint_and_a_further_one_after_it(order: Order) -> None:
    first = complained(order)
    with pytest.raises(AlreadyComplained):
        complained(order)
    assert everything() == (1, 1, 1)

    settle_own_complaint(token=order.token, complaint_id=first.pk, now=NOW + HOUR)
    second = complained(order, kind="money", now=NOW + 2 * HOUR)

    assert [row.pk for row in complaints_of_order(order.token)] == [second.pk, first.pk]


def test_control_the_database_itself_refuses_a_second_open_complaint(order: Order) -> None:
    first = complained(order)
    first.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        first.save(force_insert=True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "answered"},
        {"state": "closed"},
        {"waiting_since": None},
        {"outcome": "settled"},
        {"closed_at": NOW},
    ],
)
def test_the_database_refuses_a_state_that_its_times_contradict(order: Order, wrong: dict[str, Any]) -> None:
    complaint = complained(order)

    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(**wrong)


def test_what_was_said_is_never_changed(order: Order) -> None:
    message = complained(order).messages.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        ComplaintMessage.objects.filter(pk=message.pk).update(text="Không có gì")
    with pytest.raises(IntegrityError), transaction.atomic():
        ComplaintMessage.objects.filter(pk=message.pk).delete()


def test_an_order_takes_five_complaints(order: Order) -> None:
    for _number in range(COMPLAINTS_AN_ORDER_MAX):
        settle_own_complaint(token=order.token, complaint_id=complained(order).pk, now=NOW)

    with pytest.raises(TooManyComplaints):
        complained(order)
    assert Complaint.objects.count() == 5
