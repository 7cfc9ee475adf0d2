"""A card's holder disputes a payment: the network takes the money, and its vendor is told by when to answer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from marketplace.core.clock import vietnam_date
from marketplace.core.journal import drain
from marketplace.orders.models import Order
from marketplace.orders.services.ending import cancel_order
from marketplace.reporting.models import TakingsDay
from payments.card_selectors import card_movements
from payments.invariants import violations
from payments.models import CardDispute, CardSession, ReviewItem, TransactionEvent
from payments.selectors import day_takings, payment_state, receipts
from payments.services import moving
from payments.services.by_hand import record_refund
from payments.services.cards.refunds import refundable
from payments.services.reviewing import set_aside
from tests.payments.card_shop import a_card_shop, account_of, begin, card_events, later, pay_by_card, tell
from tests.payments.factories import NOW, PRICE_VND, Shop, an_order, moved, waiting
from tests.payments.fake_stripe import FakeStripe
from tests.reporting.factories import in_figures, in_transactions

pytestmark = pytest.mark.django_db
TODAY = vietnam_date(NOW)


@pytest.fixture
def shop(fake_stripe: FakeStripe) -> Shop:
    return a_card_shop(fake_stripe)


@pytest.fixture
def order(shop: Shop) -> Order:
    return an_order(shop)


@pytest.fixture
def intent(fake_stripe: FakeStripe, order: Order) -> str:
    """The order is paid by card; by this payment."""
    return pay_by_card(fake_stripe, order).payment_intent


def charged(order: Order) -> int:
    return Order.objects.get(pk=order.pk).charged_vnd


def the_dispute() -> CardDispute:
    return CardDispute.objects.get()


def test_a_dispute_is_put_before_its_vendor_with_the_day_to_answer_by(
    fake_stripe: FakeStripe, shop: Shop, order: Order, intent: str
) -> None:
    tell(fake_stripe.dispute(intent, PRICE_VND))

    row = the_dispute()
    assert (row.state, row.reason, row.amount_vnd) == ("open", "fraudulent", PRICE_VND)
    assert (row.due_at, str(row)) == (NOW + timedelta(days=7), f"{row.stripe_id} 60000 (open)")
    assert waiting(shop) == [("dispute", PRICE_VND)]
    assert (moved(order), charged(order)) == ([("charge_success", PRICE_VND, "card")], PRICE_VND)


def test_withdrawn_money_leaves_the_balance_as_a_charge_back_once(
    fake_stripe: FakeStripe, shop: Shop, order: Order, intent: str
) -> None:
    tell(fake_stripe.dispute(intent, PRICE_VND))

    tell(fake_stripe.dispute(intent, PRICE_VND, kind="funds_withdrawn"))
    tell(fake_stripe.dispute(intent, PRICE_VND, kind="funds_withdrawn"))

    assert moved(order) == [("charge_success", PRICE_VND, "card"), ("charge_back", PRICE_VND, "card")]
    assert TransactionEvent.objects.get(type="charge_back").psp_reference == the_dispute().stripe_id
    assert (charged(order), Order.objects.get(pk=order.pk).charge_status) == (0, "none")
    assert refundable(Order.objects.get(pk=order.pk)) is None
    assert violations() == []


def test_a_charge_back_counts_like_a_refund_wherever_money_is_counted(
    fake_stripe: FakeStripe, shop: Shop, order: Order, intent: str
) -> None:
    tell(fake_stripe.dispute(intent, 40_000, kind="funds_withdrawn"))
    drain(now=NOW)

    day = day_takings(actor=shop.owner, vendor=shop.vendor, day=TODAY)
    assert (day.total_vnd, day.card_vnd, day.refunds_vnd, day.count) == (20_000, PRICE_VND, 40_000, 1)
    assert day.confirmed_vnd == PRICE_VND
    newest = receipts(actor=shop.owner, vendor=shop.vendor)[0]
    assert (newest.amount_vnd, newest.is_refund, newest.confirmation) == (40_000, True, "card")
    state = payment_state(order)
    assert (state.confirmed_vnd, state.card_vnd, state.refunded_vnd) == (PRICE_VND, PRICE_VND, 40_000)
    figures = TakingsDay.objects.get()
    assert (figures.charged_card_online_vnd, figures.charges_card_online) == (PRICE_VND, 1)
    assert (figures.refunded_card_online_vnd, figures.refunds_card_online) == (40_000, 1)
    assert in_figures() == in_transactions()
    moves = card_movements(vendor=shop.vendor, first_day=TODAY, last_day=TODAY)
    assert list(moves.values_list("type", "amount_vnd")) == [("charge_success", PRICE_VND), ("charge_back", 40_000)]
    assert not card_movements(vendor=shop.vendor, first_day=date(2026, 1, 1), last_day=date(2026, 1, 2)).exists()


def test_a_dispute_that_was_won_brings_the_money_back_under_a_reference_of_its_own(
    fake_stripe: FakeStripe, shop: Shop, order: Order, intent: str
) -> None:
    tell(fake_stripe.dispute(intent, PRICE_VND))
    tell(fake_stripe.dispute(intent, PRICE_VND, kind="funds_withdrawn"))

    tell(fake_stripe.dispute(intent, PRICE_VND, kind="closed", status="won"))
    tell(fake_stripe.dispute(intent, PRICE_VND, kind="funds_reinstated", status="won"))
    tell(fake_stripe.dispute(intent, PRICE_VND, kind="funds_reinstated", status="won"))

    assert moved(order)[1:] == [("charge_back", PRICE_VND, "card"), ("charge_success", PRICE_VND, "card")]
    assert TransactionEvent.objects.order_by("-pk")[0].psp_reference == f"{the_dispute().stripe_id}:reinstated"
    assert (the_dispute().state, charged(order), waiting(shop)) == ("won", PRICE_VND, [])
    assert ReviewItem.objects.get().resolution == "card_settled"
    assert refundable(Order.objects.get(pk=order.pk)) is not None
    assert violations() == []


def test_a_dispute_that_was_lost_is_nobodys_task_any_more(
    fake_stripe: FakeStripe, shop: Shop, order: Order, intent: str
) -> None:
    tell(fake_stripe.dispute(intent, PRICE_VND, kind="funds_withdrawn"))

    tell(fake_stripe.dispute(intent, PRICE_VND, kind="closed", status="lost"))
    tell(fake_stripe.dispute(intent, PRICE_VND, kind="updated", status="needs_response"))

    assert (the_dispute().state, charged(order), waiting(shop)) == ("lost", 0, [])


def test_an_inquiry_that_closes_moved_nothing(fake_stripe: FakeStripe, shop: Shop, order: Order, intent: str) -> None:
    tell(fake_stripe.dispute(intent, PRICE_VND, status="warning_needs_response"))
    assert waiting(shop) == [("dispute", PRICE_VND)]

    tell(fake_stripe.dispute(intent, PRICE_VND, kind="closed", status="warning_closed"))

    assert (the_dispute().state, charged(order), waiting(shop)) == ("closed", PRICE_VND, [])


def test_two_disputes_of_one_order_are_one_task_until_both_ended(
    fake_stripe: FakeStripe, shop: Shop, order: Order, intent: str
) -> None:
    tell(fake_stripe.dispute(intent, 20_000))
    tell(fake_stripe.dispute(intent, 40_000))
    assert waiting(shop) == [("dispute", 40_000)]

    tell(fake_stripe.dispute(intent, 20_000, kind="closed", status="lost"))
    assert waiting(shop) == [("dispute", 40_000)]
    tell(fake_stripe.dispute(intent, 40_000, kind="closed", status="lost"))
    assert waiting(shop) == []


def test_a_task_that_a_person_closed_is_not_opened_again_by_news_of_the_same_dispute(
    fake_stripe: FakeStripe, shop: Shop, order: Order, intent: str
) -> None:
    tell(fake_stripe.dispute(intent, PRICE_VND))
    set_aside(actor=shop.owner, item=ReviewItem.objects.get(), resolution="đã gửi chứng từ", now=NOW)

    tell(fake_stripe.dispute(intent, PRICE_VND, kind="updated", status="under_review"))

    assert waiting(shop) == []


def test_a_later_day_to_answer_by_counts_and_a_broken_one_does_not(
    fake_stripe: FakeStripe, shop: Shop, order: Order, intent: str
) -> None:
    tell(fake_stripe.dispute(intent, PRICE_VND))
    (dispute,) = fake_stripe.disputes.values()
    dispute["evidence_details"]["due_by"] = int(later(days=9).timestamp())
    tell(fake_stripe.dispute(intent, PRICE_VND, kind="updated"))
    for broken in (None, "soon", True, -5, 10**30):
        dispute["evidence_details"]["due_by"] = broken
        tell(fake_stripe.dispute(intent, PRICE_VND, kind="updated"))
    dispute["evidence_details"] = None
    tell(fake_stripe.dispute(intent, PRICE_VND, kind="updated"))

    assert the_dispute().due_at == later(days=9)


def test_money_back_before_it_was_told_to_have_gone_waits(
    fake_stripe: FakeStripe, shop: Shop, order: Order, intent: str
) -> None:
    tell(fake_stripe.dispute(intent, PRICE_VND, kind="funds_reinstated", status="won"))
    assert card_events()[-1] == ("charge.dispute.funds_reinstated", "waiting", "withdrawal_unknown")
    assert charged(order) == PRICE_VND

    tell(fake_stripe.dispute(intent, PRICE_VND, kind="funds_withdrawn", status="needs_response"))

    assert [kind for kind, _amount, _who in moved(order)] == ["charge_success", "charge_back", "charge_success"]
    assert (charged(order), waiting(shop), violations()) == (PRICE_VND, [], [])


def test_more_withdrawn_than_the_order_holds_waits_and_is_told_once(
    fake_stripe: FakeStripe, shop: Shop, order: Order, intent: str
) -> None:
    record_refund(actor=shop.owner, order=order, amount_vnd=50_000, confirmation="cash", now=NOW)

    tell(fake_stripe.dispute(intent, PRICE_VND, kind="funds_withdrawn", status="lost"))

    assert (charged(order), waiting(shop)) == (10_000, [("dispute", PRICE_VND)])
    set_aside(actor=shop.owner, item=ReviewItem.objects.get(), resolution="đã biết", now=NOW)
    tell(fake_stripe.dispute(intent, PRICE_VND, kind="updated", status="lost"))
    assert waiting(shop) == []
    assert violations() == []


def test_money_back_for_an_order_cancelled_meanwhile_is_put_before_its_vendor(
    fake_stripe: FakeStripe, shop: Shop, order: Order, intent: str
) -> None:
    tell(fake_stripe.dispute(intent, PRICE_VND, kind="funds_withdrawn"))
    cancel_order(actor=shop.owner, order=order, reason="khách khiếu nại", now=NOW)

    tell(fake_stripe.dispute(intent, PRICE_VND, kind="funds_reinstated", status="won"))
    tell(fake_stripe.dispute(intent, PRICE_VND, kind="closed", status="won"))

    assert (charged(order), waiting(shop)) == (0, [("dispute", PRICE_VND)])
    assert violations() == []


def test_a_dispute_of_held_money_moves_what_is_held_once(fake_stripe: FakeStripe, shop: Shop, order: Order) -> None:
    session = begin(order)
    cancel_order(actor=shop.owner, order=order, reason="hết hàng", now=NOW)
    tell(fake_stripe.pay(session.stripe_id))
    intent = CardSession.objects.get(pk=session.pk).payment_intent

    for _twice in range(2):
        tell(fake_stripe.dispute(intent, PRICE_VND, kind="funds_withdrawn"))
    assert (CardSession.objects.get(pk=session.pk).held_vnd, moved(order)) == (0, [])
    tell(fake_stripe.dispute(intent, PRICE_VND, kind="closed", status="won"))
    assert waiting(shop) == []
    for _twice in range(2):
        tell(fake_stripe.dispute(intent, PRICE_VND, kind="funds_reinstated", status="won"))

    assert (CardSession.objects.get(pk=session.pk).held_vnd, moved(order)) == (PRICE_VND, [])
    assert waiting(shop) == [("dispute", PRICE_VND)]
    assert account_of(shop).charges_enabled


def test_events_that_move_money_are_booked_and_never_merely_noted(
    fake_stripe: FakeStripe, shop: Shop, order: Order, intent: str
) -> None:
    item = TransactionEvent.objects.get(type="charge_success").transaction
    movement = moving.Movement.by_hand(1, moving.Confirmation.CARD, now=NOW)

    with pytest.raises(ValueError, match="moves money"):
        moving.note(TransactionEvent.Type.CHARGE_BACK, order, item, movement=movement, actor=shop.owner)


def test_card_money_of_no_card_payment_is_seen(
    fake_stripe: FakeStripe, shop: Shop, order: Order, intent: str
) -> None:
    event = TransactionEvent.objects.get(type="charge_success")
    assert violations() == []

    CardSession.objects.update(state="held", charge_event=None)

    assert violations() == [f"event {event.pk} is said by a card and belongs to no card payment"]
