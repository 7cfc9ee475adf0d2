"""Stripe's events in every order and many at once: the same books."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.core.actors import SYSTEM
from marketplace.orders.locks import lock_order
from marketplace.orders.models import Order
from payments.invariants import violations
from payments.models import CardDispute, CardEvent, CardRefund, CardSession, Confirmation, TransactionItem
from payments.services.cards.paying import start_card_payment
from payments.services.cards.refunds import refund_card
from payments.services.cards.sweeping import sweep_cards
from payments.services.moving import Movement, charge
from tests.payments.card_shop import a_card_shop, account_of, begin, sessions, tell
from tests.payments.factories import NOW, PRICE_VND, Shop, an_order, moved, waiting
from tests.payments.fake_stripe import FakeStripe, Thing
from tests.plugins.database import at_once

WAYS = 50
SETTLED = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def shop(fake_stripe: FakeStripe) -> Shop:
    return a_card_shop(fake_stripe, quantity=200)


def the_story(fake: FakeStripe, order: Order) -> list[Thing]:
    """All that Stripe tells of one payment: paid, refunded twice, disputed twice, one of them won."""
    paid = fake.pay(begin(order).stripe_id)
    intent = paid["data"]["object"]["payment_intent"]
    lost, won = 15_000, 20_000
    slow = fake.refund(intent, 4_000, status="pending")
    return [
        paid,
        fake.refund(intent, 10_000),
        slow,
        fake.refund_ends(slow["data"]["object"]["id"], "succeeded"),
        fake.dispute(intent, won),
        fake.dispute(intent, won, kind="funds_withdrawn"),
        fake.dispute(intent, won, kind="closed", status="won"),
        fake.dispute(intent, won, kind="funds_reinstated", status="won"),
        fake.dispute(intent, lost, kind="funds_withdrawn"),
        fake.dispute(intent, lost, kind="closed", status="lost"),
    ]


def books(order: Order) -> object:
    """The order's books, whatever the numbers of its rows are."""
    session = CardSession.objects.get(order=order)
    return (
        Order.objects.get(pk=order.pk).charged_vnd,
        sorted(moved(order)),
        session.state,
        sorted(CardRefund.objects.filter(session=session).values_list("state", "amount_vnd")),
        sorted(CardDispute.objects.filter(session=session).values_list("state", "amount_vnd")),
        set(CardEvent.objects.filter(session=session).values_list("state", flat=True)),
    )


@pytest.mark.django_db
@settings(SETTLED, max_examples=40)
@given(places=st.permutations(range(10)), again=st.lists(st.integers(0, 9), max_size=4))
def test_any_order_of_events_and_any_repeats_give_the_same_books(
    fake_stripe: FakeStripe, shop: Shop, places: list[int], again: list[int]
) -> None:
    order = an_order(shop)
    story = the_story(fake_stripe, order)

    for place in [*places, *again]:
        tell(story[place])

    assert books(order) == (
        PRICE_VND - 10_000 - 4_000 - 15_000,
        [
            ("charge_back", 15_000, "card"),
            ("charge_back", 20_000, "card"),
            ("charge_success", 20_000, "card"),
            ("charge_success", PRICE_VND, "card"),
            ("refund_success", 4_000, "card"),
            ("refund_success", 10_000, "card"),
        ],
        "paid",
        [("succeeded", 4_000), ("succeeded", 10_000)],
        [("lost", 15_000), ("won", 20_000)],
        {"done"},
    )
    assert waiting(shop) == []


@pytest.mark.django_db
@settings(SETTLED, max_examples=25)
@given(places=st.permutations(range(6)))
def test_more_going_away_than_came_waits_and_any_order_ends_at_the_same_balance(
    fake_stripe: FakeStripe, shop: Shop, places: list[int]
) -> None:
    order = an_order(shop)
    paid = fake_stripe.pay(begin(order).stripe_id)
    intent = paid["data"]["object"]["payment_intent"]
    back = fake_stripe.refund(intent, PRICE_VND)
    story = [
        paid,
        back,
        fake_stripe.dispute(intent, PRICE_VND, kind="funds_withdrawn"),
        fake_stripe.dispute(intent, PRICE_VND, kind="funds_reinstated", status="won"),
        fake_stripe.dispute(intent, PRICE_VND, kind="closed", status="won"),
        fake_stripe.dispute(intent, PRICE_VND),
    ]

    for place in places:
        tell(story[place])

    assert Order.objects.get(pk=order.pk).charged_vnd == 0


@pytest.mark.usefixtures("committed_db")
class TestAtOnce:
    """Real threads, real transactions."""

    @pytest.fixture
    def order(self, shop: Shop) -> Order:
        return an_order(shop)

    def test_one_event_fifty_times_at_once_is_booked_once(self, fake_stripe: FakeStripe, order: Order) -> None:
        event = fake_stripe.pay(begin(order).stripe_id)

        answers = at_once([partial(tell, event)] * WAYS)

        assert answers == [None] * WAYS
        assert moved(order) == [("charge_success", PRICE_VND, "card")]
        assert CardEvent.objects.filter(kind="checkout.session.completed").count() == 1
        assert violations() == []

    def test_one_payment_told_of_by_fifty_events_at_once_is_booked_once(
        self, fake_stripe: FakeStripe, order: Order
    ) -> None:
        event = fake_stripe.pay(begin(order).stripe_id)
        events = [event | {"id": f"evt_of_way_{way}"} for way in range(WAYS)]

        answers = at_once([partial(tell, one) for one in events])

        assert answers == [None] * WAYS
        assert moved(order) == [("charge_success", PRICE_VND, "card")]
        assert violations() == []

    def test_control_a_look_before_booking_without_key_or_lock_books_twice(
        self, fake_stripe: FakeStripe, order: Order
    ) -> None:
        """If this fails, the storms above may prove nothing: two looked, found nothing, and both booked."""
        session = begin(order)
        item = TransactionItem.objects.get(card_session=session)
        both_looked = threading.Barrier(2)

        def look_then_book(way: str) -> None:
            is_known = CardSession.objects.filter(pk=session.pk, charge_event__isnull=False).exists()
            both_looked.wait(60)
            # A reference of its own for each stands for tables without the unique keys.
            movement = Movement(
                amount_vnd=PRICE_VND,
                confirmation=Confirmation.CARD,
                happened_at=NOW,
                bank_date=NOW.date(),
                reference=way,
            )
            if not is_known:
                with transaction.atomic():
                    charge(lock_order(order.pk), item, movement=movement, actor=SYSTEM, now=NOW)

        at_once([partial(look_then_book, way) for way in ("one", "two")])

        assert moved(order) == [("charge_success", PRICE_VND, "card")] * 2

    def test_a_whole_story_at_once_gives_the_same_books(
        self, fake_stripe: FakeStripe, shop: Shop, order: Order
    ) -> None:
        story = the_story(fake_stripe, order)

        answers = at_once([partial(tell, event) for event in story * 3])

        assert answers == [None] * len(answers)
        sweep_cards(now=NOW)
        assert Order.objects.get(pk=order.pk).charged_vnd == 31_000
        assert not CardEvent.objects.filter(state="waiting").exists()
        assert (waiting(shop), violations()) == ([], [])

    def test_many_taps_at_once_open_one_page(self, fake_stripe: FakeStripe, order: Order) -> None:
        answers = at_once([partial(start_card_payment, token=order.token, now=NOW)] * 8)

        assert {one.stripe_id for one in answers if isinstance(one, CardSession)} == set(fake_stripe.sessions)
        assert not any(isinstance(one, Exception) for one in answers)
        assert (len(fake_stripe.sessions), sessions(order)) == (1, [("open", PRICE_VND)])

    def test_refunds_at_once_never_send_back_more_than_came(
        self, fake_stripe: FakeStripe, shop: Shop, order: Order
    ) -> None:
        tell(fake_stripe.pay(begin(order).stripe_id))
        ask = partial(refund_card, actor=shop.owner, order=order, amount_vnd=40_000, now=NOW)

        answers = at_once([ask] * 4)

        assert sum(isinstance(one, CardRefund) for one in answers) == 1
        assert (len(fake_stripe.refunds), Order.objects.get(pk=order.pk).charged_vnd) == (1, 20_000)
        assert account_of(shop).charges_enabled
        assert violations() == []
