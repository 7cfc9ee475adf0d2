"""What the market finishes by itself when Stripe's messages are lost."""

from __future__ import annotations

import pytest
from pytest_django import Settings as SettingsWrapper

from marketplace.core.tasks import periodic_tasks
from marketplace.orders.models import Order
from marketplace.orders.services.ending import cancel_order, cancel_own_unpaid_order
from payments.cards.api import CardServiceAway
from payments.invariants import violations
from payments.models import CardRefund, CardSession
from payments.services.cards.refunds import refund_card
from payments.services.cards.sweeping import sweep_cards
from tests.payments.card_shop import a_card_shop, account_of, begin, later, pay_by_card, sessions, tell
from tests.payments.factories import NOW, PRICE_VND, Shop, an_order, code_of, moved, pay, waiting
from tests.payments.fake_stripe import FakeStripe, Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(fake_stripe: FakeStripe) -> Shop:
    return a_card_shop(fake_stripe)


@pytest.fixture
def order(shop: Shop) -> Order:
    return an_order(shop)


def charged(order: Order) -> int:
    return Order.objects.get(pk=order.pk).charged_vnd


def test_an_open_page_of_an_order_that_waits_is_left_alone(fake_stripe: FakeStripe, order: Order) -> None:
    begin(order)
    before = len(fake_stripe.asked)

    assert sweep_cards(now=later(minutes=10)) == 0

    assert (len(fake_stripe.asked), sessions(order)) == (before, [("open", PRICE_VND)])


def test_the_page_of_an_order_paid_otherwise_is_closed_at_stripe(
    fake_stripe: FakeStripe, shop: Shop, order: Order
) -> None:
    session = begin(order)
    pay(shop, code_of(order))

    assert sweep_cards(now=NOW) == 1

    assert fake_stripe.sessions[session.stripe_id]["status"] == "expired"
    assert sessions(order) == [("expired", PRICE_VND)]
    assert sweep_cards(now=NOW) == 0


def test_the_page_of_a_cancelled_order_is_closed_at_stripe(fake_stripe: FakeStripe, order: Order) -> None:
    session = begin(order)
    cancel_own_unpaid_order(token=order.token, now=NOW)

    sweep_cards(now=NOW)

    assert fake_stripe.sessions[session.stripe_id]["status"] == "expired"


def test_a_page_paid_before_it_could_be_closed_is_booked(fake_stripe: FakeStripe, shop: Shop, order: Order) -> None:
    session = begin(order)
    pay(shop, code_of(order))
    fake_stripe.pay(session.stripe_id)  # nobody tells

    sweep_cards(now=NOW)

    assert moved(order) == [("charge_success", PRICE_VND, "bank"), ("charge_success", PRICE_VND, "card")]
    assert (waiting(shop), violations()) == ([("refund_due", PRICE_VND)], [])


def test_a_payment_that_nobody_told_of_is_asked_for_when_its_page_should_have_closed(
    fake_stripe: FakeStripe, order: Order
) -> None:
    session = begin(order)
    event = fake_stripe.pay(session.stripe_id)

    assert sweep_cards(now=later(minutes=45)) == 1
    tell(event, now=later(minutes=46))

    assert moved(order) == [("charge_success", PRICE_VND, "card")]
    assert sessions(order) == [("paid", PRICE_VND)]


def test_a_page_that_closed_unpaid_is_known_without_being_told(fake_stripe: FakeStripe, order: Order) -> None:
    session = begin(order)
    fake_stripe.expire(session.stripe_id)

    sweep_cards(now=later(minutes=45))

    assert sessions(order) == [("expired", PRICE_VND)]


def test_a_page_that_stripe_still_holds_open_is_asked_about_again_in_a_minute(
    fake_stripe: FakeStripe, order: Order
) -> None:
    begin(order)

    assert sweep_cards(now=later(minutes=45)) == 1
    assert sweep_cards(now=later(minutes=45, seconds=59)) == 0
    assert sweep_cards(now=later(minutes=46, seconds=1)) == 1

    assert sessions(order) == [("open", PRICE_VND)]


def test_a_page_that_was_never_made_is_given_up(fake_stripe: FakeStripe, order: Order) -> None:
    fake_stripe.failures += ["drop", "drop"]
    with pytest.raises(CardServiceAway):
        begin(order)
    before = len(fake_stripe.asked)

    sweep_cards(now=later(minutes=10))
    assert sessions(order) == [("new", PRICE_VND)]
    sweep_cards(now=later(minutes=15))

    assert (sessions(order), len(fake_stripe.asked)) == ([("expired", PRICE_VND)], before)


def test_a_payment_that_takes_days_is_asked_about_once_an_hour(fake_stripe: FakeStripe, order: Order) -> None:
    session = begin(order)
    tell(fake_stripe.pay_slowly(session.stripe_id))

    assert [sweep_cards(now=later(hours=1, minutes=minute)) for minute in (0, 1, 59)] == [1, 0, 0]
    fake_stripe.end_slowly(session.stripe_id, paid=True)
    sweep_cards(now=later(hours=2, minutes=1))

    assert moved(order) == [("charge_success", PRICE_VND, "card")]


def test_while_stripe_is_away_everything_waits(fake_stripe: FakeStripe, shop: Shop, order: Order) -> None:
    other = an_order(shop)
    for one in (order, other):
        begin(one)
        pay(shop, code_of(one))
    fake_stripe.failures += [Refusal(500, "boom", "api_error")] * 2

    assert sweep_cards(now=NOW) == 0
    assert sorted(sessions(order) + sessions(other)) == [("open", PRICE_VND)] * 2
    assert sweep_cards(now=later(seconds=20)) == 1
    assert sweep_cards(now=later(seconds=61)) == 1

    assert sorted(sessions(order) + sessions(other)) == [("expired", PRICE_VND)] * 2


def test_a_page_that_stripe_does_not_know_holds_up_nothing(fake_stripe: FakeStripe, shop: Shop, order: Order) -> None:
    other = an_order(shop)
    lost = begin(order)
    begin(other)
    for one in (order, other):
        pay(shop, code_of(one))
    del fake_stripe.sessions[lost.stripe_id]

    assert sweep_cards(now=NOW) == 2

    assert (sessions(order), sessions(other)) == ([("open", PRICE_VND)], [("expired", PRICE_VND)])


def test_a_replaced_page_is_closed_later_when_stripe_was_away(
    fake_stripe: FakeStripe, shop: Shop, order: Order
) -> None:
    first = begin(order)
    pay(shop, code_of(order), 20_000)
    fake_stripe.failures += [Refusal(500, "boom", "api_error")] * 2

    begin(order)

    assert sorted(sessions(order)) == [("closing", PRICE_VND), ("open", 40_000)]
    sweep_cards(now=NOW)
    assert sorted(sessions(order)) == [("expired", PRICE_VND), ("open", 40_000)]
    assert fake_stripe.sessions[first.stripe_id]["status"] == "expired"


def test_a_refund_that_was_not_answered_is_asked_for_again_with_its_key(
    fake_stripe: FakeStripe, shop: Shop, order: Order
) -> None:
    pay_by_card(fake_stripe, order)
    fake_stripe.failures += ["drop", "drop", "drop", "drop"]
    refund = refund_card(actor=shop.owner, order=order, amount_vnd=20_000, now=NOW)

    assert sweep_cards(now=later(seconds=59)) == 0
    assert sweep_cards(now=later(seconds=61)) == 0
    assert CardRefund.objects.get().state == "asked"
    assert sweep_cards(now=later(seconds=122)) == 1

    assert (CardRefund.objects.get().state, charged(order)) == ("succeeded", 40_000)
    assert (len(fake_stripe.refunds), set(fake_stripe.keys())) == (
        1, {one.idempotency_key for one in fake_stripe.asked if one.idempotency_key},
    )  # fmt: skip
    assert fake_stripe.keys()[f"refund-{refund.pk}"] == 5


def test_a_refund_is_not_asked_for_again_once_stripe_may_have_forgotten_its_key(
    fake_stripe: FakeStripe, shop: Shop, order: Order
) -> None:
    pay_by_card(fake_stripe, order)
    fake_stripe.failures += ["drop", "drop"]
    refund = refund_card(actor=shop.owner, order=order, amount_vnd=20_000, now=NOW)
    (made,) = fake_stripe.refunds.values()
    before = len(fake_stripe.asked)

    sweep_cards(now=later(hours=20))

    assert (CardRefund.objects.get().state, len(fake_stripe.asked), charged(order)) == ("failed", before, PRICE_VND)
    assert moved(order)[-1] == ("refund_failure", 20_000, "card")
    assert CardRefund.objects.get().may_have_gone
    # Stripe did do it, and tells at last.
    tell(fake_stripe.event("refund.updated", made, account_of(shop).stripe_id), now=later(hours=21))
    assert charged(order) == 40_000
    assert made["metadata"]["market"] == str(refund.pk)
    told = CardRefund.objects.get()
    assert (told.pk, told.state, told.stripe_id, told.may_have_gone) == (refund.pk, "succeeded", made["id"], False)


def test_a_refund_on_its_way_is_asked_about_once_an_hour(fake_stripe: FakeStripe, shop: Shop, order: Order) -> None:
    pay_by_card(fake_stripe, order)
    fake_stripe.refund_status = "pending"
    refund_card(actor=shop.owner, order=order, amount_vnd=20_000, now=NOW)
    (made,) = fake_stripe.refunds.values()

    assert [sweep_cards(now=later(minutes=minute)) for minute in (0, 5)] == [1, 0]
    made["status"] = "succeeded"
    assert sweep_cards(now=later(minutes=61)) == 1

    assert charged(order) == 40_000


def test_a_shop_that_cancels_a_paid_order_leaves_its_finished_page_alone(
    fake_stripe: FakeStripe, shop: Shop, order: Order
) -> None:
    pay_by_card(fake_stripe, order)
    cancel_order(actor=shop.owner, order=order, reason="hết hàng", now=NOW)
    before = len(fake_stripe.asked)

    assert sweep_cards(now=later(hours=5)) == 0

    assert len(fake_stripe.asked) == before
    assert CardSession.objects.get().state == "paid"


def test_the_sweep_comes_round_by_itself_and_asks_nothing_where_cards_are_off(settings: SettingsWrapper) -> None:
    task = next(one for one in periodic_tasks() if one.name == "payments.sweep_cards")

    assert (task.every_s, task.run(NOW)) == (20, 0)
