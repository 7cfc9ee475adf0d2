"""What is asked about money: right to the đồng, for those who may, in a bounded number of statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.core.actors import ANONYMOUS
from marketplace.core.errors import NotAllowed, NotFound
from marketplace.orders.services.placing import complete_checkout
from payments import selectors
from payments.services.by_hand import mark_paid_by_hand, record_refund
from payments.services.requesting import payment_for_checkout, payment_for_order
from tests.payments.factories import NOW, Shop, a_checkout, a_shop, an_order, code_of, pay

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop(quantity=100)


@contextmanager
def statements(count: int) -> Iterator[None]:
    with CaptureQueriesContext(connection) as made:
        yield
    assert len(made) == count


def a_day(shop: Shop) -> None:
    """60,000 and 50,000 by bank, 20,000 in cash, 10,000 seen by the vendor, 5,000 given back."""
    first, second = an_order(shop), an_order(shop, quantity=2)
    pay(shop, code_of(first))
    pay(shop, code_of(second), 50_000)
    for amount, who in ((20_000, "cash"), (10_000, "vendor")):
        mark_paid_by_hand(actor=shop.seller, order=second, amount_vnd=amount, confirmation=who, now=NOW)
    record_refund(actor=shop.seller, order=first, amount_vnd=5_000, confirmation="cash", now=NOW)


def test_a_days_takings_are_the_sum_of_its_movements_by_who_says_so(shop: Shop) -> None:
    a_day(shop)
    pay(shop, code_of(an_order(shop)), transactionDate="2026-11-21 23:59:59")
    other = a_shop("Hộ ông Páo")
    pay(other, code_of(an_order(other)))

    with statements(1):
        takings = selectors.day_takings(actor=shop.seller, vendor=shop.vendor, day=TODAY)

    assert takings == selectors.DayTakings(
        total_vnd=135_000,
        bank_vnd=110_000,
        card_vnd=0,
        vendor_vnd=10_000,
        cash_vnd=20_000,
        refunds_vnd=5_000,
        count=4,
    )
    assert takings.confirmed_vnd == 110_000


def test_a_day_without_sales_is_all_noughts(shop: Shop) -> None:
    payment_for_order(order=an_order(shop), now=NOW)

    takings = selectors.day_takings(actor=shop.owner, vendor=shop.vendor, day=TODAY)

    assert (takings.total_vnd, takings.count) == (0, 0)


def test_receipts_come_newest_first_and_say_who_confirmed(shop: Shop) -> None:
    a_day(shop)

    with statements(1):
        receipts = selectors.receipts(actor=shop.seller, vendor=shop.vendor)

    assert [(one.amount_vnd, one.is_refund, one.confirmation, one.is_confirmed) for one in receipts] == [
        (5_000, True, "cash", False),
        (10_000, False, "vendor", False),
        (20_000, False, "cash", False),
        (50_000, False, "bank", True),
        (60_000, False, "bank", True),
    ]
    assert receipts[-1].order_number == str(receipts[-1].order_id)
    assert (receipts[-1].channel, receipts[-1].bank_date, receipts[-1].happened_at) == ("online", TODAY, NOW)


def test_receipts_of_one_day_or_after_one_that_was_seen(shop: Shop) -> None:
    a_day(shop)
    seen = selectors.receipts(actor=shop.seller, vendor=shop.vendor)
    pay(shop, code_of(an_order(shop)), 1_000, transactionDate="2026-11-21 10:00:00")

    def amounts(**more: object) -> list[int]:
        return [one.amount_vnd for one in selectors.receipts(actor=shop.seller, vendor=shop.vendor, **more)]  # type: ignore[arg-type]  # checked at run time

    assert amounts(day=date(2026, 11, 21)) == [1_000]
    assert amounts(after_id=seen[0].event_id) == [1_000]
    assert amounts(at_most=2) == [1_000, 5_000]
    assert amounts(at_most=-1) == []
    assert len(amounts(at_most=10**9)) == 6


def test_the_review_list_comes_whole_in_one_statement_whatever_its_length(shop: Shop) -> None:
    for minute in range(5):
        pay(shop, f"lần {minute}", now=NOW + timedelta(minutes=minute))
    pay(shop, code_of(an_order(shop)), 1_000)

    with statements(1):
        items = selectors.open_review_items(actor=shop.seller, vendor=shop.vendor)
        words = [item.notice.content if item.notice else str(item.order) for item in items]

    assert words[:4] == ["lần 4", "lần 3", "lần 2", "lần 1"]
    assert sorted(item.kind for item in items) == ["partial"] + ["unmatched"] * 5
    assert len(selectors.open_review_items(actor=shop.seller, vendor=shop.vendor, at_most=2)) == 2


def test_how_far_an_order_is_paid(shop: Shop) -> None:
    order = an_order(shop, quantity=2)
    nothing = selectors.payment_state(order)
    pay(shop, code_of(order), 70_000)
    mark_paid_by_hand(actor=shop.seller, order=order, amount_vnd=50_000, confirmation="cash", now=LATER)
    event = record_refund(actor=shop.seller, order=order, amount_vnd=10_000, confirmation="vendor", now=LATER)

    state = selectors.payment_state(order)

    assert (nothing.charge_status, nothing.charged_vnd, nothing.outstanding_vnd) == ("none", 0, 120_000)
    assert (nothing.last_paid_at, nothing.last_event_id) == (None, 0)
    assert (state.charge_status, state.charged_vnd, state.outstanding_vnd) == ("partial", 110_000, 10_000)
    assert (state.confirmed_vnd, state.by_hand_vnd, state.refunded_vnd) == (70_000, 50_000, 10_000)
    assert (state.last_paid_at, state.last_event_id) == (LATER, event.pk)


def test_the_transactions_of_an_order_follow_its_code_out_of_the_checkout(shop: Shop) -> None:
    checkout_id = a_checkout(shop)
    asked = payment_for_checkout(checkout_id=checkout_id, amount_vnd=10_000, now=NOW)
    order = complete_checkout(checkout_id=checkout_id, actor=ANONYMOUS, now=NOW)

    assert list(selectors.transactions_of_order(order)) == [asked.transaction]
    pay(shop, asked.memo, 25_000)
    record_refund(actor=shop.seller, order=order, amount_vnd=5_000, confirmation="cash", now=NOW)
    mark_paid_by_hand(actor=shop.seller, order=order, amount_vnd=1_000, confirmation="cash", now=LATER)

    first, second = selectors.transactions_of_order(order)
    assert selectors.sums_of(first) == selectors.TransactionSums(
        charged_vnd=25_000, refunded_vnd=5_000, asked_vnd=10_000
    )
    assert selectors.sums_of(second) == selectors.TransactionSums(charged_vnd=1_000, refunded_vnd=0, asked_vnd=0)


def test_the_transactions_of_several_orders_come_together_with_their_events(shop: Shop) -> None:
    checkout_id = a_checkout(shop)
    asked = payment_for_checkout(checkout_id=checkout_id, amount_vnd=10_000, now=NOW)
    waiting = selectors.transactions_of_checkout(checkout_id)
    first = complete_checkout(checkout_id=checkout_id, actor=ANONYMOUS, now=NOW)
    second, unasked = an_order(shop), an_order(shop)
    pay(shop, code_of(second), 60_000)
    mark_paid_by_hand(actor=shop.seller, order=first, amount_vnd=1_000, confirmation="cash", now=LATER)

    with statements(2):
        found = selectors.transactions_of_orders([first.pk, second.pk, unasked.pk])
        sums = {
            order_id: [(selectors.sums_of(item).charged_vnd, selectors.sums_of(item).asked_vnd) for item in items]
            for order_id, items in found.items()
        }

    assert waiting == [asked.transaction]
    assert found[first.pk][0] == asked.transaction
    assert sums == {first.pk: [(0, 10_000), (1_000, 0)], second.pk: [(60_000, 0)]}


def test_strangers_find_nothing(shop: Shop) -> None:
    stranger = a_shop("Hộ ông Páo").owner

    for actor in (ANONYMOUS, stranger):
        for ask in (
            lambda actor=actor: selectors.day_takings(actor=actor, vendor=shop.vendor, day=TODAY),
            lambda actor=actor: selectors.receipts(actor=actor, vendor=shop.vendor),
            lambda actor=actor: selectors.open_review_items(actor=actor, vendor=shop.vendor),
            lambda actor=actor: selectors.feeds_of_vendor(actor=actor, vendor=shop.vendor),
        ):
            with pytest.raises(NotFound):
                ask()


def test_feeds_are_shown_to_the_owner_only(shop: Shop) -> None:
    assert selectors.feeds_of_vendor(actor=shop.owner, vendor=shop.vendor) == [shop.feed]
    with pytest.raises(NotAllowed):
        selectors.feeds_of_vendor(actor=shop.seller, vendor=shop.vendor)


def test_a_reserved_checkout_has_moved_no_money(shop: Shop) -> None:
    payment_for_checkout(checkout_id=a_checkout(shop), now=NOW)

    assert selectors.receipts(actor=shop.owner, vendor=shop.vendor) == []
