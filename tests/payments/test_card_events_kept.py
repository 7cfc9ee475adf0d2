"""Stripe's webhooks: what cannot be done at once waits, is asked for again, or is kept for a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError

from marketplace.orders.models import Order
from payments.cards.values import RefundOutcome, RefundTold, Told, packed
from payments.invariants import violations
from payments.models import CardEvent, CardSession
from payments.services.cards import events
from payments.services.cards.events import WAITING_DAYS_MAX, finish_waiting
from payments.services.cards.sale import Sale, Settled
from payments.services.keeping import NotKept
from tests.payments.card_shop import (
    a_card_shop,
    begin,
    card_events,
    everything,
    pay_by_card,
    tell,
)
from tests.payments.factories import NOW, PRICE_VND, an_order, moved
from tests.payments.fake_stripe import FakeStripe, Thing

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(fake_stripe: FakeStripe) -> Order:
    return an_order(a_card_shop(fake_stripe))


def test_what_waits_for_a_payment_that_never_comes_is_let_lie_after_a_month(
    fake_stripe: FakeStripe, order: Order
) -> None:
    refund = {"id": "re_x", "amount": 5, "currency": "vnd", "payment_intent": "pi_elsewhere", "status": "succeeded"}
    tell(fake_stripe.event("refund.created", refund, "acct_elsewhere"))
    assert card_events()[-1][1:] == ("waiting", "payment_unknown")

    assert finish_waiting(now=NOW + timedelta(days=WAITING_DAYS_MAX)) == 0
    assert finish_waiting(now=NOW + timedelta(days=WAITING_DAYS_MAX, seconds=1)) == 1

    assert card_events()[-1][1:] == ("ignored", "payment_unknown")


def test_what_waited_beside_its_payment_is_finished_by_the_sweep(fake_stripe: FakeStripe, order: Order) -> None:
    session = pay_by_card(fake_stripe, order)
    tell(fake_stripe.refund(session.payment_intent, 20_000))
    # As two transactions that did not see each other would leave it.
    kept = CardEvent.objects.get(kind="refund.created")
    late = CardEvent.objects.create(
        stripe_event_id="evt_late", kind="refund.created", account=kept.account, livemode=False,
        payment_intent=kept.payment_intent, told=kept.told | {"refund_id": "re_late", "amount": 5_000},
        happened_at=NOW, received_at=NOW, state="waiting",
    )  # fmt: skip

    assert finish_waiting(now=NOW) == 1
    assert finish_waiting(now=NOW) == 0

    late.refresh_from_db()
    assert (late.state, late.session_id) == ("done", session.pk)
    assert [amount for _type, amount, _who in moved(order)] == [PRICE_VND, 20_000, 5_000]
    assert violations() == []


def a_waiting_refund(session: CardSession, name: str, amount_vnd: int) -> CardEvent:
    """As two transactions that did not see each other would leave it."""
    told = RefundTold(
        refund_id=f"re_{name}", reference="", payment_intent=session.payment_intent, amount=amount_vnd,
        currency="vnd", outcome=RefundOutcome.SUCCEEDED,
    )  # fmt: skip
    return CardEvent.objects.create(
        stripe_event_id=f"evt_{name}", kind="refund.created", account=session.account.stripe_id, livemode=False,
        payment_intent=session.payment_intent, told=packed(told), happened_at=NOW, received_at=NOW, state="waiting",
    )  # fmt: skip


@pytest.mark.parametrize("fails", [False, True])
def test_what_cannot_be_done_keeps_nothing_behind_it_waiting(
    fake_stripe: FakeStripe, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    """Two refunds of more than came, or on which the market stumbles, were told before one that can be done."""
    stuck = [pay_by_card(fake_stripe, an_order(a_card_shop(fake_stripe))) for _ in range(2)]
    good = pay_by_card(fake_stripe, an_order(a_card_shop(fake_stripe)))
    for number, session in enumerate(stuck):
        a_waiting_refund(session, f"stuck_{number}", PRICE_VND + 1)
    late = a_waiting_refund(good, "good", 5_000)
    CardEvent.objects.filter(pk=late.pk).update(tried_at=NOW + timedelta(seconds=1))
    settle = events.settle_sale

    def stumbling(sale: Sale, told: Told) -> Settled:
        if fails and sale.session.pk in {session.pk for session in stuck}:
            raise ZeroDivisionError
        return settle(sale, told)  # type: ignore[arg-type]  # what waits is of a sale

    monkeypatch.setattr(events, "settle_sale", stumbling)

    swept = [finish_waiting(now=NOW + timedelta(minutes=minute), at_most=1) for minute in (1, 2, 3)]

    assert swept == [0, 0, 1]
    assert CardEvent.objects.get(pk=late.pk).state == "done"
    waits = CardEvent.objects.filter(state="waiting").order_by("pk")
    assert list(waits.values_list("stripe_event_id", flat=True)) == ["evt_stuck_0", "evt_stuck_1"]


def test_an_event_that_cannot_be_kept_is_asked_for_again(
    order: Order, paid_event: Thing, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything()
    with monkeypatch.context() as broken:
        broken.setattr(events, "settle_sale", lambda *_: 1 / 0)
        with pytest.raises(NotKept) as refusal:
            tell(paid_event)
    assert (refusal.value.status, everything()) == (503, before)

    tell(paid_event)

    assert moved(order) == [("charge_success", PRICE_VND, "card")]


def test_an_event_that_the_books_refuse_for_good_is_kept_for_a_person_and_answered(
    fake_stripe: FakeStripe, order: Order, paid_event: Thing
) -> None:
    tell(paid_event)
    other = an_order(a_card_shop(fake_stripe))
    session = begin(other)
    event = fake_stripe.pay(session.stripe_id)
    # Stripe would never say that one payment paid two orders; its books and ours would not agree.
    event["data"]["object"]["payment_intent"] = paid_event["data"]["object"]["payment_intent"]

    tell(event)
    tell(event)

    assert moved(other) == []
    kept = CardEvent.objects.get(stripe_event_id=event["id"])
    assert (kept.state, kept.why, kept.session_id) == ("ignored", "cannot_be_booked", session.pk)
    assert [(item.kind, item.amount_vnd, item.order) for item in other.vendor.review_items.all()] == [
        ("dispute", PRICE_VND, other)
    ]
    assert violations() == []


@pytest.mark.parametrize("odd", ["account of nobody", "session of nobody", "no money at all"])
def test_what_cannot_be_booked_and_is_no_money_for_an_order_of_ours_is_kept_and_nobody_is_asked(
    order: Order, paid_event: Thing, odd: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(events, "_settle", refuse)
    told = paid_event["data"]["object"]
    if odd == "session of nobody":
        told |= {"id": "cs_of_nobody", "client_reference_id": "x"}
    elif odd == "account of nobody":
        paid_event["account"] = "acct_of_nobody"
    else:
        told["amount_total"] = 0

    tell(paid_event)

    kept = CardEvent.objects.get(stripe_event_id=paid_event["id"])
    assert (kept.state, kept.why, kept.session is None) == ("ignored", "cannot_be_booked", odd != "no money at all")
    assert not order.vendor.review_items.exists()


def test_a_row_refused_for_another_reason_than_a_repeat_is_no_repeat(
    order: Order, paid_event: Thing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "packed", lambda _told: None)  # the column is NOT NULL

    with pytest.raises(NotKept):
        tell(paid_event)

    assert moved(order) == []
