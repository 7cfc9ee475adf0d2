"""What people of a shop decide about money that waits."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from marketplace.core.actors import ANONYMOUS
from marketplace.core.errors import InvalidInput, NotAllowed, NotFound
from marketplace.core.requests_once import SameIdOtherContent
from marketplace.core.text import BadText
from marketplace.orders.errors import AmountWrong, InsufficientStock, OrderCancelled
from marketplace.orders.models import Order
from marketplace.orders.services.ending import cancel_order, expire_due_orders
from payments.invariants import violations
from payments.models import BankNotice, ReviewItem, TransactionEvent
from payments.reasons import RESOLUTIONS, SENTENCES, resolution_in_words, why_in_words
from payments.services.feeds import create_feed
from payments.services.reviewing import (
    AlreadyClosed,
    NoFirstNotice,
    NothingToBook,
    StillWaits,
    book_from_review,
    link_to_first,
    refund_held,
    set_aside,
    take_up_again,
)
from tests.payments.factories import (
    NOW,
    PRICE_VND,
    SECRET,
    Shop,
    a_notice,
    a_shop,
    an_order,
    code_of,
    journal,
    moved,
    pay,
    rows,
    send,
    waiting,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("money_adds_up")]
LATER = NOW + timedelta(hours=2)
CLIENT_ID = uuid.UUID(int=8)


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


@pytest.fixture
def item(shop: Shop) -> ReviewItem:
    """A transfer without a code."""
    pay(shop, "mua hang", referenceCode="FT1")
    return ReviewItem.objects.get()


def test_money_without_a_code_is_booked_where_a_person_says(shop: Shop, item: ReviewItem) -> None:
    order = an_order(shop)

    event = book_from_review(actor=shop.seller, item=item, order=order, now=LATER)

    assert (event.amount_vnd, event.confirmation, event.actor_id) == (PRICE_VND, "bank", shop.seller.user_id)
    assert (event.happened_at, event.psp_reference) == (NOW, "FT1")
    assert Order.objects.get(pk=order.pk).charge_status == "full"
    notice = BankNotice.objects.get()
    assert (notice.state, notice.why, notice.order_id, notice.decided_at) == ("booked", "no_code", order.pk, LATER)
    closed = ReviewItem.objects.get()
    assert (closed.outcome, closed.resolution, closed.refund_method) == ("booked", "booked", "")
    assert (closed.closed_at, closed.closed_by_id) == (LATER, shop.seller.user_id)
    assert waiting(shop) == []
    said = journal("review.closed")[0]
    assert (said["review"], said["outcome"], said["refund_method"]) == (item.pk, "booked", None)


def test_it_is_booked_once_whoever_tries_again(shop: Shop, item: ReviewItem) -> None:
    order = an_order(shop, quantity=2)
    first = book_from_review(actor=shop.seller, item=item, order=order, now=NOW, client_id=CLIENT_ID)

    assert book_from_review(actor=shop.seller, item=item, order=order, now=NOW, client_id=CLIENT_ID) == first
    with pytest.raises(AlreadyClosed):
        book_from_review(actor=shop.owner, item=item, order=order, now=NOW)
    with pytest.raises(AlreadyClosed):
        set_aside(actor=shop.owner, item=item, resolution="x", now=NOW)
    assert moved(order) == [("charge_success", PRICE_VND, "bank")]


def test_a_second_payment_booked_on_a_paid_order_is_due_back(shop: Shop) -> None:
    order = an_order(shop)
    pay(shop, code_of(order))
    pay(shop, code_of(order))
    item = ReviewItem.objects.get()

    book_from_review(actor=shop.seller, item=item, order=order, now=NOW)

    assert waiting(shop) == [("refund_due", PRICE_VND)]


def test_it_is_not_booked_on_another_shops_order_or_a_cancelled_one_or_one_without_goods(
    shop: Shop, item: ReviewItem
) -> None:
    foreign = an_order(a_shop("Hộ ông Páo"))
    cancelled, gone = an_order(shop), an_order(shop, quantity=9)
    cancel_order(actor=shop.owner, order=cancelled, reason="", now=NOW)
    expire_due_orders(now=LATER, at_most=10)
    an_order(shop, quantity=8, now=LATER)
    before = rows()

    for order, error in ((foreign, NotFound), (cancelled, OrderCancelled), (gone, InsufficientStock)):
        with pytest.raises(error):
            book_from_review(actor=shop.seller, item=item, order=order, now=LATER)

    assert rows() == before
    assert waiting(shop) == [("unmatched", PRICE_VND)]


def test_money_beyond_any_purchase_cannot_be_booked_by_hand_either(shop: Shop) -> None:
    order = an_order(shop)
    pay(shop, code_of(order), 1_000_000_000_000)
    before = rows()

    with pytest.raises(AmountWrong):
        book_from_review(actor=shop.seller, item=ReviewItem.objects.get(), order=order, now=NOW)

    assert rows() == before


def test_a_task_about_an_order_is_no_money_to_book(shop: Shop) -> None:
    order = an_order(shop)
    pay(shop, code_of(order), 10_000)

    with pytest.raises(NothingToBook):
        book_from_review(actor=shop.seller, item=ReviewItem.objects.get(), order=order, now=NOW)


def test_a_person_ends_an_item_in_their_own_words(shop: Shop, item: ReviewItem) -> None:
    closed = set_aside(
        actor=shop.seller, item=item, resolution="  đã chuyển trả\tkhách ", now=LATER, client_id=CLIENT_ID
    )

    assert (closed.outcome, closed.resolution, closed.closed_at) == ("set_aside", "đã chuyển trả khách", LATER)
    assert closed.closed_by_id == shop.seller.user_id
    assert BankNotice.objects.get().state == "review"
    assert TransactionEvent.objects.count() == 0
    again = set_aside(actor=shop.seller, item=item, resolution="đã chuyển trả khách", now=LATER, client_id=CLIENT_ID)
    assert again == closed
    assert len(journal("review.closed")) == 1


def test_money_whose_item_was_ended_is_not_booked_any_more(shop: Shop, item: ReviewItem) -> None:
    order = an_order(shop)
    set_aside(actor=shop.seller, item=item, resolution="tiền riêng", now=NOW)
    before = rows()

    with pytest.raises(AlreadyClosed):
        book_from_review(actor=shop.seller, item=item, order=order, now=NOW)

    assert (rows(), moved(order)) == (before, [])


@pytest.mark.parametrize("resolution", ["", "   ", "x" * 201, "a\x00b", "a\x07"])
def test_words_that_cannot_be_kept_end_nothing(shop: Shop, item: ReviewItem, resolution: str) -> None:
    with pytest.raises(BadText):
        set_aside(actor=shop.seller, item=item, resolution=resolution, now=NOW)

    assert waiting(shop) == [("unmatched", PRICE_VND)]


def test_strangers_do_not_find_the_item_and_agents_never_touch_money(shop: Shop, item: ReviewItem) -> None:
    order = an_order(shop)
    other = a_shop("Hộ ông Páo")
    agent = replace(shop.seller, user_id=1, helped_user_id=shop.owner.user_id)
    before = rows()

    for actor, error in ((ANONYMOUS, NotFound), (other.owner, NotFound), (agent, NotAllowed)):
        with pytest.raises(error):
            set_aside(actor=actor, item=item, resolution="x", now=NOW)
        with pytest.raises(error):
            book_from_review(actor=actor, item=item, order=order, now=NOW)
        for act in (take_up_again, link_to_first):
            with pytest.raises(error):
                act(actor=actor, item=item, now=NOW)
        with pytest.raises(error):
            refund_held(actor=actor, item=item, method="cash", now=NOW)

    assert rows() == before


@pytest.mark.parametrize("method", ["vendor", "cash"])
def test_held_money_that_went_back_is_on_record_with_who_and_how(shop: Shop, item: ReviewItem, method: str) -> None:
    refunded = refund_held(actor=shop.seller, item=item, method=method, now=LATER, client_id=CLIENT_ID)

    assert (refunded.outcome, refunded.refund_method, refunded.amount_vnd) == ("refunded", method, PRICE_VND)
    assert (refunded.closed_at, refunded.closed_by_id) == (LATER, shop.seller.user_id)
    assert resolution_in_words(refunded.resolution) == "Đã trả lại khách."
    assert refund_held(actor=shop.seller, item=item, method=method, now=LATER, client_id=CLIENT_ID) == refunded
    assert [(said["amount_vnd"], said["refund_method"]) for said in journal("review.refunded")] == [
        (PRICE_VND, method)
    ]
    assert (waiting(shop), TransactionEvent.objects.count()) == ([], 0)


def test_the_same_id_for_another_way_of_giving_back_is_refused(shop: Shop, item: ReviewItem) -> None:
    refund_held(actor=shop.seller, item=item, method="cash", now=NOW, client_id=CLIENT_ID)

    with pytest.raises(SameIdOtherContent):
        refund_held(actor=shop.seller, item=item, method="vendor", now=NOW, client_id=CLIENT_ID)


@pytest.mark.parametrize("method", ["", "bank", "card", "x"])
def test_money_goes_back_by_transfer_or_in_cash_only(shop: Shop, item: ReviewItem, method: str) -> None:
    with pytest.raises(InvalidInput):
        refund_held(actor=shop.seller, item=item, method=method, now=NOW)

    assert waiting(shop) == [("unmatched", PRICE_VND)]


def test_what_is_booked_or_about_an_order_is_not_given_back_here(shop: Shop, item: ReviewItem) -> None:
    order = an_order(shop)
    pay(shop, code_of(order), 10_000)
    book_from_review(actor=shop.seller, item=item, order=order, now=NOW)
    partial = ReviewItem.objects.get(kind="refund_due")

    with pytest.raises(AlreadyClosed):
        refund_held(actor=shop.seller, item=item, method="cash", now=NOW)
    with pytest.raises(NothingToBook):
        refund_held(actor=shop.seller, item=partial, method="cash", now=NOW)


def test_money_that_was_set_aside_or_given_back_by_mistake_is_taken_up_again(shop: Shop, item: ReviewItem) -> None:
    order = an_order(shop)
    set_aside(actor=shop.seller, item=item, resolution="not_for_goods", now=NOW)
    take_up_again(actor=shop.seller, item=item, now=LATER, client_id=CLIENT_ID)
    assert take_up_again(actor=shop.seller, item=item, now=LATER, client_id=CLIENT_ID).closed_at is None
    refund_held(actor=shop.seller, item=item, method="cash", now=LATER)
    opened = take_up_again(actor=shop.owner, item=item, now=LATER)

    assert (opened.outcome, opened.resolution, opened.refund_method, opened.closed_by_id) == ("", "", "", None)
    assert waiting(shop) == [("unmatched", PRICE_VND)]
    book_from_review(actor=shop.seller, item=item, order=order, now=LATER)
    assert moved(order) == [("charge_success", PRICE_VND, "bank")]
    assert [said["outcome"] for said in journal("review.reopened")] == ["set_aside", "refunded"]
    assert [said["outcome"] for said in journal("review.closed")] == ["set_aside", "refunded", "booked"]


def test_what_waits_or_was_booked_or_is_no_money_is_not_taken_up_again(shop: Shop, item: ReviewItem) -> None:
    with pytest.raises(StillWaits):
        take_up_again(actor=shop.seller, item=item, now=NOW)
    order = an_order(shop, quantity=2)
    book_from_review(actor=shop.seller, item=item, order=order, now=NOW)

    with pytest.raises(AlreadyClosed):
        take_up_again(actor=shop.seller, item=item, now=NOW)
    with pytest.raises(NothingToBook):
        take_up_again(actor=shop.seller, item=ReviewItem.objects.get(kind="partial"), now=NOW)


def test_what_may_be_told_again_is_linked_where_a_person_says_that_it_is(shop: Shop) -> None:
    order = an_order(shop, quantity=2)
    first = pay(shop, code_of(order), referenceCode="")
    other = create_feed(actor=shop.owner, vendor=shop.vendor, secret=SECRET, now=NOW).feed
    send(other, a_notice(other, shop.account, code_of(order), referenceCode=""))
    item = ReviewItem.objects.get(kind="unmatched")
    assert item.notice is not None
    assert item.notice.why == "may_be_repeat"

    linked = link_to_first(actor=shop.seller, item=item, now=LATER, client_id=CLIENT_ID)

    assert linked.outcome == "repeat"
    again = BankNotice.objects.get(pk=item.notice_id)
    assert (again.state, again.why, again.same_as, again.decided_at) == ("ignored", "same_transfer", first, LATER)
    assert moved(order) == [("charge_success", PRICE_VND, "bank")]
    assert link_to_first(actor=shop.seller, item=item, now=LATER, client_id=CLIENT_ID) == linked
    with pytest.raises(AlreadyClosed):
        link_to_first(actor=shop.seller, item=item, now=LATER)


def test_what_was_linked_by_mistake_waits_again_and_is_booked_on_its_own_order(shop: Shop) -> None:
    """Two buyers paid as much on one day: the second was taken for the first told again."""
    order, other = an_order(shop), an_order(shop)
    first = pay(shop, code_of(order), referenceCode="FT1")
    feed = create_feed(actor=shop.owner, vendor=shop.vendor, secret=SECRET, now=NOW).feed
    send(feed, a_notice(feed, shop.account, code_of(order), referenceCode=""))
    item = ReviewItem.objects.get(kind="unmatched")
    link_to_first(actor=shop.seller, item=item, now=NOW)

    opened = take_up_again(actor=shop.seller, item=item, now=LATER, client_id=CLIENT_ID)

    again = BankNotice.objects.get(pk=item.notice_id)
    assert (again.state, again.why, again.same_as) == ("review", "may_be_repeat", None)
    assert (opened.outcome, opened.resolution, waiting(shop)) == ("", "", [("unmatched", PRICE_VND)])
    assert take_up_again(actor=shop.seller, item=item, now=LATER, client_id=CLIENT_ID) == opened
    book_from_review(actor=shop.seller, item=item, order=other, now=LATER)
    assert moved(order) == moved(other) == [("charge_success", PRICE_VND, "bank")]
    assert [said["outcome"] for said in journal("review.closed")] == ["repeat", "booked"]
    assert [said["outcome"] for said in journal("review.reopened")] == ["repeat"]
    assert (BankNotice.objects.get(pk=first.pk).state, violations()) == ("booked", [])


def test_money_like_no_other_is_linked_to_nothing(shop: Shop, item: ReviewItem) -> None:
    with pytest.raises(NoFirstNotice):
        link_to_first(actor=shop.seller, item=item, now=NOW)

    assert waiting(shop) == [("unmatched", PRICE_VND)]


def test_a_rest_that_is_paid_settles_by_itself(shop: Shop) -> None:
    order = an_order(shop)
    pay(shop, code_of(order), 10_000)
    pay(shop, code_of(order), 50_000)

    closed = ReviewItem.objects.get()
    assert (closed.outcome, closed.resolution) == ("settled", "paid_in_full")


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": "set_aside"},
        {"closed_at": NOW},
        {"closed_at": NOW, "outcome": "refunded"},
        {"closed_at": NOW, "outcome": "refunded", "refund_method": "bank"},
        {"closed_at": NOW, "outcome": "set_aside", "refund_method": "cash"},
    ],
)
def test_the_database_itself_refuses_an_outcome_that_does_not_fit(item: ReviewItem, wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewItem.objects.filter(pk=item.pk).update(**wrong)


def test_every_reason_and_resolution_has_a_sentence() -> None:
    assert why_in_words("no_code") == "Nội dung chuyển khoản không có mã đơn."
    assert why_in_words("") == ""
    assert resolution_in_words("booked") == "Đã ghi vào đơn."
    assert resolution_in_words("đã trả khách") == "đã trả khách"
    assert all(str(sentence).endswith(".") for sentence in [*SENTENCES.values(), *RESOLUTIONS.values()])
