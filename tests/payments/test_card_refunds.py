"""Money back to a card: asked of Stripe with a key, and counted when Stripe says it went."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from pytest_django import Settings as SettingsWrapper

from marketplace.core.errors import NotAllowed, NotFound
from marketplace.core.requests_once import SameIdOtherContent
from marketplace.orders.models import Order
from marketplace.orders.services.ending import cancel_order
from payments.invariants import violations
from payments.models import CardRefund, CardSession, TransactionEvent
from payments.services.amounts import AmountOutOfRange, NothingToPay
from payments.services.by_hand import record_refund
from payments.services.cards.events import finish_waiting
from payments.services.cards.refunds import refund_card, refundable
from payments.services.cards.sweeping import sweep_cards
from payments.services.giving_back import AllPromised
from payments.services.granting import grant_refund
from tests.payments.card_shop import a_card_shop, account_of, begin, card_events, card_rows, pay_by_card, tell
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
from tests.payments.fake_stripe import FakeStripe, Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(fake_stripe: FakeStripe) -> Shop:
    return a_card_shop(fake_stripe)


@pytest.fixture
def order(shop: Shop) -> Order:
    return an_order(shop)


@pytest.fixture
def session(fake_stripe: FakeStripe, order: Order) -> CardSession:
    """The order is paid by card."""
    return pay_by_card(fake_stripe, order)


def charged(order: Order) -> int:
    return Order.objects.get(pk=order.pk).charged_vnd


def give_back(
    shop: Shop, order: Order, amount_vnd: object = PRICE_VND, client_id: uuid.UUID | None = None
) -> CardRefund:
    return refund_card(actor=shop.owner, order=order, amount_vnd=amount_vnd, now=NOW, client_id=client_id)  # type: ignore[arg-type]  # tests send anything


def states() -> list[tuple[str, int]]:
    return list(CardRefund.objects.order_by("made_at", "pk").values_list("state", "amount_vnd"))


def left(order: Order) -> int:
    most = refundable(Order.objects.get(pk=order.pk))
    return most.left_vnd if most else 0


def test_a_refund_goes_through_stripe_and_is_counted_once(
    fake_stripe: FakeStripe, shop: Shop, order: Order, session: CardSession
) -> None:
    refund = give_back(shop, order, 20_000)

    asked = fake_stripe.asked_for("/v1/refunds")[0]
    assert asked.params == {
        "payment_intent": session.payment_intent, "amount": "20000", "metadata[market]": str(refund.pk),
    }  # fmt: skip
    assert (asked.account, asked.idempotency_key) == (account_of(shop).stripe_id, f"refund-{refund.pk}")
    assert (refund.state, refund.stripe_id) == ("succeeded", next(iter(fake_stripe.refunds)))
    assert moved(order) == [
        ("charge_success", PRICE_VND, "card"), ("refund_request", 20_000, "card"), ("refund_success", 20_000, "card"),
    ]  # fmt: skip
    assert TransactionEvent.objects.get(type="refund_success").psp_reference == refund.stripe_id
    assert TransactionEvent.objects.get(type="refund_request").actor_id == shop.owner.user_id
    assert (charged(order), str(refund)) == (40_000, f"{refund.pk} 20000 (succeeded)")
    assert journal("card_refund.asked")[0]["amount_vnd"] == 20_000
    tell(fake_stripe.event("refund.created", fake_stripe.refunds[refund.stripe_id], asked.account))
    assert charged(order) == 40_000
    assert violations() == []


def test_a_refund_that_takes_its_time_is_counted_when_it_went(
    fake_stripe: FakeStripe, shop: Shop, order: Order, session: CardSession
) -> None:
    fake_stripe.refund_status = "pending"

    refund = give_back(shop, order)

    assert (refund.state, charged(order), left(order)) == ("pending", PRICE_VND, 0)
    with pytest.raises(NothingToPay):
        give_back(shop, order)
    tell(fake_stripe.refund_ends(refund.stripe_id, "succeeded"))
    assert (states(), charged(order)) == ([("succeeded", PRICE_VND)], 0)


def test_a_refund_that_fails_at_the_card_is_noted_and_can_be_asked_for_anew(
    fake_stripe: FakeStripe, shop: Shop, order: Order, session: CardSession
) -> None:
    fake_stripe.refund_status = "pending"
    refund = give_back(shop, order)

    tell(fake_stripe.refund_ends(refund.stripe_id, "failed"))
    tell(fake_stripe.refund_ends(refund.stripe_id, "failed"))
    tell(fake_stripe.refund_ends(refund.stripe_id, "pending"))

    assert [kind for kind, _amount, _who in moved(order)] == ["charge_success", "refund_request", "refund_failure"]
    assert (states(), charged(order), left(order)) == ([("failed", PRICE_VND)], PRICE_VND, PRICE_VND)


def test_a_refund_that_comes_back_after_it_went_is_the_vendors_money_again(
    fake_stripe: FakeStripe, shop: Shop, order: Order, session: CardSession
) -> None:
    refund = give_back(shop, order, 20_000)

    tell(fake_stripe.refund_ends(refund.stripe_id, "failed"))
    tell(fake_stripe.refund_ends(refund.stripe_id, "failed"))
    tell(fake_stripe.refund_ends(refund.stripe_id, "succeeded"))

    assert moved(order)[2:] == [("refund_success", 20_000, "card"), ("charge_success", 20_000, "card")]
    assert TransactionEvent.objects.order_by("-pk")[0].psp_reference == f"{refund.stripe_id}:returned"
    assert (states(), charged(order), left(order)) == ([("failed", 20_000)], PRICE_VND, PRICE_VND)
    assert violations() == []


def test_a_refund_that_comes_back_to_a_cancelled_order_is_put_before_its_vendor(
    fake_stripe: FakeStripe, shop: Shop, order: Order, session: CardSession
) -> None:
    refund = give_back(shop, order)
    cancel_order(actor=shop.owner, order=order, reason="hết hàng", now=NOW)

    tell(fake_stripe.refund_ends(refund.stripe_id, "failed"))

    assert (charged(order), waiting(shop)) == (0, [("dispute", PRICE_VND)])


def test_stripe_refuses_and_the_vendor_is_told(
    fake_stripe: FakeStripe, shop: Shop, order: Order, session: CardSession
) -> None:
    fake_stripe.failures += [Refusal(400, "charge_already_refunded")]

    refund = give_back(shop, order)

    assert (refund.state, charged(order)) == ("failed", PRICE_VND)
    assert moved(order)[-1] == ("refund_failure", PRICE_VND, "card")
    assert give_back(shop, order).state == "succeeded"


def test_while_stripe_is_away_the_refund_waits_under_its_key(
    fake_stripe: FakeStripe, shop: Shop, order: Order, session: CardSession
) -> None:
    client_id = uuid.uuid4()
    fake_stripe.failures += ["drop", "drop"]

    first = give_back(shop, order, client_id=client_id)
    assert (first.state, charged(order), left(order)) == ("asked", PRICE_VND, 0)
    second = give_back(shop, order, client_id=client_id)

    assert (second.pk, second.state) == (first.pk, "succeeded")
    assert (len(fake_stripe.refunds), charged(order)) == (1, 0)


def test_a_refund_told_of_before_its_answer_is_found_by_our_own_key(
    fake_stripe: FakeStripe, shop: Shop, order: Order, session: CardSession
) -> None:
    fake_stripe.failures += ["drop", "drop"]
    refund = give_back(shop, order)
    (made,) = fake_stripe.refunds.values()

    tell(fake_stripe.event("refund.created", made, account_of(shop).stripe_id))

    assert states() == [("succeeded", PRICE_VND)]
    assert CardRefund.objects.get().pk == refund.pk
    assert charged(order) == 0


def test_the_same_form_twice_is_one_refund(
    fake_stripe: FakeStripe, shop: Shop, order: Order, session: CardSession
) -> None:
    client_id = uuid.uuid4()

    first, second = (give_back(shop, order, 20_000, client_id) for _ in range(2))

    assert first.pk == second.pk
    assert (len(fake_stripe.refunds), charged(order)) == (1, 40_000)
    with pytest.raises(SameIdOtherContent):
        give_back(shop, order, 30_000, client_id)


def test_refunds_made_at_stripe_itself_are_counted_each_once(
    fake_stripe: FakeStripe, shop: Shop, order: Order, session: CardSession
) -> None:
    tell(fake_stripe.refund(session.payment_intent, 10_000))
    first = next(iter(fake_stripe.refunds))
    tell(fake_stripe.refund_ends(first, "succeeded"))
    tell(fake_stripe.refund(session.payment_intent, 10_000, kind="charge.refund.updated"))

    assert (states(), charged(order), left(order)) == ([("succeeded", 10_000)] * 2, 40_000, 40_000)
    assert violations() == []


@pytest.mark.parametrize("amount", [0, -1, PRICE_VND + 1, 10**30, True, "20000", 1.5])
def test_amounts_out_of_range_are_refused_and_nothing_is_asked(
    fake_stripe: FakeStripe, shop: Shop, order: Order, session: CardSession, amount: object
) -> None:
    before = (rows(), card_rows(), len(fake_stripe.asked))

    with pytest.raises(AmountOutOfRange):
        give_back(shop, order, amount)

    assert (rows(), card_rows(), len(fake_stripe.asked)) == before


def test_no_more_goes_back_by_card_than_the_order_still_holds(
    fake_stripe: FakeStripe, shop: Shop, order: Order, session: CardSession
) -> None:
    record_refund(actor=shop.owner, order=order, amount_vnd=50_000, confirmation="cash", now=NOW)

    assert left(order) == 10_000
    with pytest.raises(AmountOutOfRange):
        give_back(shop, order, 10_001)
    assert give_back(shop, order, 10_000).state == "succeeded"
    assert (charged(order), waiting(shop)) == (0, [])


def test_what_went_back_at_stripe_beyond_the_balance_waits_and_is_put_before_the_vendor(
    fake_stripe: FakeStripe, shop: Shop, order: Order, session: CardSession
) -> None:
    record_refund(actor=shop.owner, order=order, amount_vnd=50_000, confirmation="cash", now=NOW)

    tell(fake_stripe.refund(session.payment_intent, 30_000))

    assert card_events()[-1] == ("refund.created", "waiting", "more_than_came")
    assert finish_waiting(now=NOW) == 0
    sweep_cards(now=NOW)
    assert len(fake_stripe.refunds) == 1, "a refund that Stripe made is never asked for again"
    assert (charged(order), waiting(shop)) == (10_000, [("dispute", 30_000)])
    assert violations() == []
    pay(shop, code_of(order), 25_000)
    tell(fake_stripe.refund(session.payment_intent, 1_000))
    assert [state for _kind, state, _why in card_events()[-2:]] == ["done", "done"]
    assert (charged(order), violations()) == (4_000, [])
    assert [kind for kind, _amount in waiting(shop)] == []


def test_what_is_on_its_way_to_a_card_is_neither_given_back_by_hand_nor_promised(
    fake_stripe: FakeStripe, shop: Shop, order: Order, session: CardSession
) -> None:
    fake_stripe.refund_status = "pending"
    assert give_back(shop, order, 40_000).state == "pending"

    with pytest.raises(AmountOutOfRange):
        record_refund(actor=shop.owner, order=order, amount_vnd=20_001, confirmation="cash", now=NOW)
    with pytest.raises(AmountOutOfRange):
        grant_refund(actor=shop.owner, order=order, amount_vnd=20_001, reason="hàng vỡ", now=NOW)
    assert give_back(shop, order, 20_000).state == "pending"
    with pytest.raises(AllPromised):
        record_refund(actor=shop.owner, order=order, amount_vnd=1, confirmation="cash", now=NOW)

    assert charged(order) == PRICE_VND


def test_held_money_goes_back_without_touching_the_balance(fake_stripe: FakeStripe, shop: Shop, order: Order) -> None:
    session = begin(order)
    cancel_order(actor=shop.owner, order=order, reason="hết hàng", now=NOW)
    tell(fake_stripe.pay(session.stripe_id))
    assert left(order) == PRICE_VND

    part = give_back(shop, order, 20_000)
    assert (left(order), waiting(shop)) == (40_000, [("dispute", PRICE_VND)])
    give_back(shop, order, 40_000)

    assert (part.state, part.refund_event_id, left(order), charged(order)) == ("succeeded", None, 0, 0)
    assert waiting(shop) == []
    tell(fake_stripe.refund_ends(part.stripe_id, "failed"))
    assert (left(order), waiting(shop)) == (20_000, [("dispute", 20_000)])
    assert violations() == []


def test_orders_paid_otherwise_have_nothing_to_send_back_to_a_card(fake_stripe: FakeStripe, shop: Shop) -> None:
    by_bank, unpaid = an_order(shop), an_order(shop)
    pay(shop, code_of(by_bank))

    for order in (by_bank, unpaid):
        assert left(order) == 0
        with pytest.raises(NothingToPay):
            give_back(shop, order, 1_000)


def test_only_members_of_the_shop_send_money_back(
    fake_stripe: FakeStripe, shop: Shop, order: Order, session: CardSession
) -> None:
    agent = replace(shop.seller, helped_user_id=shop.owner.user_id)
    before = (rows(), card_rows())

    for actor, refusal in ((agent, NotAllowed), (a_shop().owner, NotFound)):
        with pytest.raises(refusal):
            refund_card(actor=actor, order=order, amount_vnd=1_000, now=NOW)

    assert card_rows() == before[1]
    assert refund_card(actor=shop.seller, order=order, amount_vnd=1_000, now=NOW).state == "succeeded"


def test_where_cards_are_off_nothing_goes_back_by_card(
    shop: Shop, order: Order, session: CardSession, settings: SettingsWrapper
) -> None:
    settings.MARKET_STRIPE_SECRET_KEY = ""

    with pytest.raises(NotFound):
        give_back(shop, order)
