"""Stripe's webhooks: each counts once, and only where it belongs."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings as SettingsWrapper

from marketplace.core.models import SecurityCounter
from marketplace.orders.models import Order
from payments.models import CardAccount, CardEvent, CardSession
from tests.payments.card_shop import (
    a_card_shop,
    account_of,
    begin,
    card_events,
    everything,
    later,
    tell,
)
from tests.payments.factories import PRICE_VND, an_order, moved, waiting
from tests.payments.fake_stripe import FakeStripe, Thing

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(fake_stripe: FakeStripe) -> Order:
    return an_order(a_card_shop(fake_stripe))


def test_an_event_told_again_has_no_effect(order: Order, paid_event: Thing) -> None:
    tell(paid_event)
    before = everything()

    for seconds in range(5):
        tell(paid_event, now=later(seconds=seconds))

    assert everything() == before
    assert moved(order) == [("charge_success", PRICE_VND, "card")]


def test_one_payment_told_of_by_two_events_is_booked_once(fake_stripe: FakeStripe, order: Order) -> None:
    session = begin(order)
    first = fake_stripe.pay(session.stripe_id)
    second = fake_stripe.event(
        "checkout.session.async_payment_succeeded", fake_stripe.sessions[session.stripe_id], first["account"]
    )

    tell(second)
    tell(first)

    assert moved(order) == [("charge_success", PRICE_VND, "card")]
    assert [state for _kind, state, _why in card_events()[1:]] == ["done", "done"]


def test_nothing_about_the_buyer_is_kept(order: Order, paid_event: Thing) -> None:
    tell(paid_event)

    kept = str(list(CardEvent.objects.values())) + str(list(CardSession.objects.values("url", "payment_intent")))
    assert "abroad" not in kept.lower()
    assert CardEvent.objects.get(kind="checkout.session.completed").told["amount"] == PRICE_VND


def test_events_of_the_other_mode_are_kept_and_ignored(order: Order, paid_event: Thing) -> None:
    tell(paid_event | {"livemode": True})

    assert card_events()[-1] == ("checkout.session.completed", "ignored", "other_mode")
    assert moved(order) == []


def test_a_live_key_takes_live_events_only(
    fake_stripe: FakeStripe, order: Order, paid_event: Thing, settings: SettingsWrapper
) -> None:
    settings.MARKET_STRIPE_SECRET_KEY = "rk_live_x"

    tell(paid_event)
    assert moved(order) == []
    tell(paid_event | {"id": "evt_live", "livemode": True})
    assert len(moved(order)) == 1


def test_a_payment_told_of_by_another_account_has_no_effect_and_is_counted(
    fake_stripe: FakeStripe, order: Order, paid_event: Thing
) -> None:
    other = account_of(a_card_shop(fake_stripe)).stripe_id

    tell(paid_event | {"account": other})

    assert card_events()[-1] == ("checkout.session.completed", "ignored", "other_account")
    assert SecurityCounter.objects.get().kind == "card_event_of_other_account"
    assert moved(order) == []
    tell(paid_event | {"id": "evt_true"})
    assert len(moved(order)) == 1


def test_kinds_that_the_market_does_not_follow_are_answered_and_leave_nothing(fake_stripe: FakeStripe) -> None:
    before = everything()

    tell(fake_stripe.event("charge.refunded", {"id": "ch_1", "object": "charge"}, "acct_9"))

    assert everything() == before


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"currency": "usd"}, "other_currency"),
        ({"currency": None}, "other_currency"),
        ({"amount_total": 0}, "nothing_moved"),
    ],
)
def test_payments_of_no_dong_are_ignored(order: Order, paid_event: Thing, changes: dict[str, Any], why: str) -> None:
    paid_event["data"]["object"] |= changes

    tell(paid_event)

    assert card_events()[-1][1:] == ("ignored", why)
    assert moved(order) == []


def test_payments_a_vendor_takes_elsewhere_by_the_same_account_are_not_ours(
    fake_stripe: FakeStripe, order: Order, paid_event: Thing
) -> None:
    elsewhere = paid_event["data"]["object"] | {"id": "cs_elsewhere", "client_reference_id": "their-own"}
    tell(fake_stripe.event("checkout.session.completed", elsewhere, paid_event["account"]))
    refund = {"id": "re_x", "amount": 5, "currency": "vnd", "payment_intent": None, "status": "succeeded"}
    tell(fake_stripe.event("refund.created", refund, paid_event["account"]))

    assert [one[1:] for one in card_events()[-2:]] == [("ignored", "not_ours")] * 2
    assert moved(order) == []


def test_what_stripe_says_of_an_account_is_followed_in_its_own_order(fake_stripe: FakeStripe) -> None:
    shop = a_card_shop(fake_stripe)
    stripe_id = account_of(shop).stripe_id
    fake_stripe.now = later(minutes=1)
    closed = fake_stripe.onboard(stripe_id, charges_enabled=False)
    fake_stripe.now = later(minutes=2)
    opened = fake_stripe.onboard(stripe_id)

    tell(opened)
    tell(closed)

    account = account_of(shop)
    assert (account.state, account.charges_enabled, account.told_at) == ("enabled", True, later(minutes=2))


@pytest.mark.parametrize(
    ("charges_enabled", "details_submitted", "state"),
    [(True, True, "enabled"), (False, True, "restricted"), (False, False, "onboarding")],
)
def test_an_accounts_state_in_a_word(
    fake_stripe: FakeStripe, charges_enabled: bool, details_submitted: bool, state: str
) -> None:
    shop = a_card_shop(fake_stripe)

    tell(
        fake_stripe.onboard(
            account_of(shop).stripe_id, charges_enabled=charges_enabled, details_submitted=details_submitted
        )
    )

    assert (account_of(shop).state, account_of(shop).charges_enabled) == (state, charges_enabled)


def test_nobody_speaks_of_anothers_account(fake_stripe: FakeStripe) -> None:
    shop, other = a_card_shop(fake_stripe), a_card_shop(fake_stripe)
    closed = fake_stripe.onboard(account_of(shop).stripe_id, charges_enabled=False)

    tell(closed | {"account": account_of(other).stripe_id})
    tell(closed | {"id": "evt_nobody", "account": "acct_unknown"})

    assert [one[1:] for one in card_events()[-2:]] == [("ignored", "not_ours")] * 2
    assert CardAccount.objects.filter(charges_enabled=True).count() == 2
    assert waiting(shop) == []
