"""What people of a shop decide about money that waits."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from marketplace.core.actors import ANONYMOUS
from marketplace.core.errors import NotAllowed, NotFound
from marketplace.core.text import BadText
from marketplace.orders.errors import AmountWrong, InsufficientStock, OrderCancelled
from marketplace.orders.models import Order
from marketplace.orders.services.ending import cancel_order, expire_due_orders
from payments.invariants import violations
from payments.models import BankNotice, ReviewItem, TransactionEvent
from payments.reasons import RESOLUTIONS, SENTENCES, resolution_in_words, why_in_words
from payments.services.reviewing import AlreadyClosed, NothingToBook, book_from_review, close_review_item
from tests.payments.factories import (
    NOW,
    PRICE_VND,
    Shop,
    a_shop,
    an_order,
    code_of,
    journal,
    moved,
    pay,
    rows,
    waiting,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)
CLIENT_ID = uuid.UUID(int=8)


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


@pytest.fixture(autouse=True)
def _money_adds_up(db: None) -> object:
    yield
    assert violations() == []


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
    assert (closed.resolution, closed.closed_at, closed.closed_by_id) == ("booked", LATER, shop.seller.user_id)
    assert waiting(shop) == []
    assert journal("review.closed")[0]["review"] == item.pk


def test_it_is_booked_once_whoever_tries_again(shop: Shop, item: ReviewItem) -> None:
    order = an_order(shop, quantity=2)
    first = book_from_review(actor=shop.seller, item=item, order=order, now=NOW, client_id=CLIENT_ID)

    assert book_from_review(actor=shop.seller, item=item, order=order, now=NOW, client_id=CLIENT_ID) == first
    with pytest.raises(AlreadyClosed):
        book_from_review(actor=shop.owner, item=item, order=order, now=NOW)
    with pytest.raises(AlreadyClosed):
        close_review_item(actor=shop.owner, item=item, resolution="x", now=NOW)
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
    closed = close_review_item(
        actor=shop.seller, item=item, resolution="  đã chuyển trả\tkhách ", now=LATER, client_id=CLIENT_ID
    )

    assert (closed.resolution, closed.closed_at) == ("đã chuyển trả khách", LATER)
    assert closed.closed_by_id == shop.seller.user_id
    assert BankNotice.objects.get().state == "review"
    assert TransactionEvent.objects.count() == 0
    again = close_review_item(
        actor=shop.seller, item=item, resolution="đã chuyển trả khách", now=LATER, client_id=CLIENT_ID
    )
    assert again == closed
    assert len(journal("review.closed")) == 1


def test_money_whose_item_was_ended_is_not_booked_any_more(shop: Shop, item: ReviewItem) -> None:
    order = an_order(shop)
    close_review_item(actor=shop.seller, item=item, resolution="tiền riêng", now=NOW)
    before = rows()

    with pytest.raises(AlreadyClosed):
        book_from_review(actor=shop.seller, item=item, order=order, now=NOW)

    assert (rows(), moved(order)) == (before, [])


@pytest.mark.parametrize("resolution", ["", "   ", "x" * 201, "a\x00b", "a\x07"])
def test_words_that_cannot_be_kept_end_nothing(shop: Shop, item: ReviewItem, resolution: str) -> None:
    with pytest.raises(BadText):
        close_review_item(actor=shop.seller, item=item, resolution=resolution, now=NOW)

    assert waiting(shop) == [("unmatched", PRICE_VND)]


def test_strangers_do_not_find_the_item_and_agents_never_touch_money(shop: Shop, item: ReviewItem) -> None:
    order = an_order(shop)
    other = a_shop("Hộ ông Páo")
    agent = replace(shop.seller, user_id=1, helped_user_id=shop.owner.user_id)
    before = rows()

    for actor, error in ((ANONYMOUS, NotFound), (other.owner, NotFound), (agent, NotAllowed)):
        with pytest.raises(error):
            close_review_item(actor=actor, item=item, resolution="x", now=NOW)
        with pytest.raises(error):
            book_from_review(actor=actor, item=item, order=order, now=NOW)

    assert rows() == before


def test_every_reason_and_resolution_has_a_sentence() -> None:
    assert why_in_words("no_code") == "Nội dung chuyển khoản không có mã đơn."
    assert why_in_words("") == ""
    assert resolution_in_words("booked") == "Đã ghi vào đơn."
    assert resolution_in_words("đã trả khách") == "đã trả khách"
    assert all(str(sentence).endswith(".") for sentence in [*SENTENCES.values(), *RESOLUTIONS.values()])
