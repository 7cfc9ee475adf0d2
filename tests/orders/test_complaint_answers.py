"""A complaint is answered by its shop or its commune, and ended by its buyer, by the commune, or by silence."""

import uuid
from datetime import timedelta
from functools import partial

import pytest

from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.text import BadText
from marketplace.orders.models import Complaint, Order
from marketplace.orders.selectors import (
    complaint_for_member,
    complaint_for_staff,
    complaint_of_buyer,
    complaints_in_commune,
    complaints_of_order,
    complaints_of_vendor,
)
from marketplace.orders.services.complaints import (
    ANSWERED_DAYS_MAX,
    MESSAGES_A_COMPLAINT_MAX,
    ComplaintClosed,
    TooManyComplaints,
    add_to_complaint,
    answer_as_staff,
    answer_as_vendor,
    close_complaint,
    close_lapsed,
    settle_own_complaint,
)
from marketplace.orders.tasks import close_lapsed_complaints
from tests.orders.complaining import HOUR, OFFICER, STRANGERS, complained, everything, now_of, said
from tests.orders.factories import NOW, a_member, a_shop
from tests.payments.factories import journal

pytestmark = pytest.mark.django_db


def test_the_shop_answers_and_nobody_is_waited_for(order: Order, seller: Actor) -> None:
    complaint = complained(order)

    answer_as_vendor(actor=seller, complaint_id=complaint.pk, text="Tôi gửi lại hai hũ mới.", now=NOW + HOUR)

    after = now_of(complaint)
    assert (after.state, after.waiting_since, after.first_answered_at) == ("answered", None, NOW + HOUR)
    assert after.was_answered_in_time
    assert said(after)[1] == ("vendor", "Tôi gửi lại hai hũ mới.")
    assert after.messages.order_by("pk")[1].user_id == seller.user_id
    assert (
        journal("complaint.answered")[0] | {"by": "vendor", "first": True, "in_time": True}
        == (journal("complaint.answered")[0])
    )


def test_the_answer_sent_twice_is_said_once(order: Order, seller: Actor) -> None:
    complaint, sent = complained(order), uuid.uuid4()

    for _time in range(2):
        answer_as_vendor(actor=seller, complaint_id=complaint.pk, text="Xin lỗi.", now=NOW, client_id=sent)

    assert len(said(complaint)) == 2


def test_the_commune_answers_late_and_that_is_on_record(order: Order) -> None:
    complaint = complained(order)
    assert not complaint.is_late(NOW + 4 * HOUR)
    assert complaint.is_late(NOW + 5 * HOUR)

    answer_as_staff(actor=OFFICER, complaint_id=complaint.pk, text="Xã đang hỏi gian hàng.", now=NOW + 5 * HOUR)

    after = now_of(complaint)
    assert not after.was_answered_in_time
    assert not after.is_late(NOW + 6 * HOUR)
    assert journal("complaint.answered")[0]["in_time"] is False


def test_the_buyer_says_more_and_waits_again_from_then(order: Order, seller: Actor) -> None:
    complaint = complained(order)
    answer_as_vendor(actor=seller, complaint_id=complaint.pk, text="Xin lỗi.", now=NOW + HOUR)

    for later in (2, 3):
        add_to_complaint(
            token=order.token, complaint_id=complaint.pk, text="Vẫn chưa thấy hàng.", now=NOW + later * HOUR
        )

    after = now_of(complaint)
    assert (after.state, after.waiting_since) == ("waiting", NOW + 2 * HOUR)
    assert after.first_answered_at == NOW + HOUR
    answer_as_vendor(actor=seller, complaint_id=complaint.pk, text="Mai tới.", now=NOW + 4 * HOUR)
    assert [event["first"] for event in journal("complaint.answered")] == [True, False]


@pytest.mark.parametrize("stranger", STRANGERS)
def test_strangers_neither_read_nor_answer_nor_close(order: Order, stranger: Actor) -> None:
    complaint = complained(order)
    before = everything()

    for attempt in (
        partial(complaint_for_member, actor=stranger, complaint_id=complaint.pk),
        partial(complaint_for_staff, actor=stranger, complaint_id=complaint.pk),
        partial(answer_as_vendor, actor=stranger, complaint_id=complaint.pk, text="a", now=NOW),
        partial(answer_as_staff, actor=stranger, complaint_id=complaint.pk, text="a", now=NOW),
        partial(close_complaint, actor=stranger, complaint_id=complaint.pk, outcome="agreed", text="a", now=NOW),
        partial(complaint_of_buyer, token=uuid.uuid4(), complaint_id=complaint.pk),
        partial(settle_own_complaint, token=uuid.uuid4(), complaint_id=complaint.pk, now=NOW),
        partial(complaints_of_vendor, actor=stranger, vendor=order.vendor),
        partial(complaints_in_commune, actor=stranger, commune=complaint.commune),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert complaints_of_order(uuid.uuid4()) == []
    assert everything() == before


def test_another_shops_member_and_the_shop_as_staff_are_strangers(order: Order, seller: Actor) -> None:
    complaint = complained(order)
    other = a_member(a_shop("che-ta-xua"), phone="+84911222333")

    with pytest.raises(NotFound):
        answer_as_vendor(actor=other, complaint_id=complaint.pk, text="a", now=NOW)
    with pytest.raises(NotFound):
        close_complaint(actor=seller, complaint_id=complaint.pk, outcome="unfounded", text="a", now=NOW)


def test_the_commune_closes_it_with_an_outcome_and_its_reason(order: Order) -> None:
    complaint = complained(order)

    close_complaint(
        actor=OFFICER, complaint_id=complaint.pk, outcome="upheld", text="Gian hàng gửi lại hai hũ.", now=NOW + HOUR
    )

    after = now_of(complaint)
    assert (after.state, after.outcome, after.closed_at) == ("closed", "upheld", NOW + HOUR)
    assert said(after)[-1] == ("staff", "Gian hàng gửi lại hai hũ.")
    assert after.was_answered_in_time
    assert journal("complaint.closed")[0]["outcome"] == "upheld"
    close_complaint(actor=OFFICER, complaint_id=complaint.pk, outcome="agreed", text="Lần nữa", now=NOW + 2 * HOUR)
    assert now_of(complaint).outcome == "upheld"
    assert len(said(complaint)) == 2


@pytest.mark.parametrize(
    ("outcome", "text", "refusal"),
    [
        ("settled", "a", InvalidInput),
        ("lapsed", "a", InvalidInput),
        ("x", "a", InvalidInput),
        ("agreed", "", BadText),
    ],
)
def test_the_commune_closes_only_with_an_outcome_of_its_own_and_words(
    order: Order, outcome: str, text: str, refusal: type[Exception]
) -> None:
    complaint = complained(order)

    with pytest.raises(refusal):
        close_complaint(actor=OFFICER, complaint_id=complaint.pk, outcome=outcome, text=text, now=NOW)
    assert now_of(complaint).state == "waiting"
    assert len(said(complaint)) == 1


def test_the_buyer_ends_it_and_nobody_writes_into_it_any_more(order: Order, seller: Actor) -> None:
    complaint = complained(order)

    for later in (1, 2):
        settle_own_complaint(token=order.token, complaint_id=complaint.pk, now=NOW + later * HOUR)

    assert (now_of(complaint).outcome, now_of(complaint).closed_at) == ("settled", NOW + HOUR)
    assert len(journal("complaint.closed")) == 1
    with pytest.raises(ComplaintClosed):
        answer_as_vendor(actor=seller, complaint_id=complaint.pk, text="Xin lỗi.", now=NOW)
    with pytest.raises(ComplaintClosed):
        add_to_complaint(token=order.token, complaint_id=complaint.pk, text="Còn nữa.", now=NOW)
    assert len(said(complaint)) == 1


def test_a_complaint_holds_forty_messages_and_can_still_be_closed(order: Order) -> None:
    complaint = complained(order)
    Complaint.objects.filter(pk=complaint.pk).update(message_count=MESSAGES_A_COMPLAINT_MAX)

    with pytest.raises(TooManyComplaints):
        add_to_complaint(token=order.token, complaint_id=complaint.pk, text="Nữa", now=NOW)
    assert len(said(complaint)) == 1
    close_complaint(actor=OFFICER, complaint_id=complaint.pk, outcome="agreed", text="Xong", now=NOW)
    assert now_of(complaint).state == "closed"


def test_an_answered_complaint_lapses_after_fourteen_days_of_silence(order: Order, seller: Actor) -> None:
    complaint = complained(order)
    late = NOW + timedelta(days=ANSWERED_DAYS_MAX, hours=2)
    assert close_lapsed(now=late, at_most=10) == 0  # nobody answered: the shop is waited for, not the buyer

    answer_as_vendor(actor=seller, complaint_id=complaint.pk, text="Xin lỗi.", now=NOW + HOUR)

    assert close_lapsed(now=late - 2 * HOUR, at_most=10) == 0
    assert close_lapsed_complaints(late) == 1
    assert close_lapsed_complaints(late) == 0
    assert now_of(complaint).outcome == "lapsed"
