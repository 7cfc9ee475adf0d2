"""What the doctor says of cards."""

import pytest
from pytest_django import Settings as SettingsWrapper

from marketplace.running.doctor import Finding, examine
from payments.services.cards.refunds import refund_card
from tests.payments.card_shop import a_card_shop, pay_by_card
from tests.payments.factories import NOW, an_order
from tests.payments.fake_stripe import FakeStripe

pytestmark = pytest.mark.django_db


def of_cards() -> Finding:
    return next(finding for finding in examine(now=NOW) if finding.subject == "cards")


def test_off_is_well() -> None:
    assert of_cards() == Finding("cards", True, "off (no MARKET_STRIPE_SECRET_KEY)")


def test_on_says_with_which_money_and_how_many_shops(fake_stripe: FakeStripe, settings: SettingsWrapper) -> None:
    a_card_shop(fake_stripe)
    assert of_cards() == Finding("cards", True, "Stripe's test money, 2 webhook secrets, 1 shops take them")

    settings.MARKET_STRIPE_SECRET_KEY = "sk_live_x"
    assert of_cards().sentence == "real money, 2 webhook secrets, 1 shops take them"


def test_refunds_that_reach_no_stripe_are_a_fault(fake_stripe: FakeStripe) -> None:
    shop = a_card_shop(fake_stripe)
    order = an_order(shop)
    pay_by_card(fake_stripe, order)
    fake_stripe.failures += ["drop", "drop"]
    refund_card(actor=shop.owner, order=order, amount_vnd=1_000, now=NOW)

    assert not of_cards().well
    assert "1 refunds reach no Stripe" in of_cards().sentence
