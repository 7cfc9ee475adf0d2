"""A Stripe that is away, slow, or says no while a buyer begins to pay."""

from __future__ import annotations

import pytest

from marketplace.orders.models import Order
from payments.cards.api import CardServiceAway, CardServiceRefused
from tests.payments.card_shop import a_card_shop, begin, sessions
from tests.payments.factories import PRICE_VND, an_order, code_of, pay
from tests.payments.fake_stripe import FakeStripe, Refusal

pytestmark = pytest.mark.django_db


def test_an_answer_that_was_lost_is_asked_for_again_with_the_same_key(fake_stripe: FakeStripe) -> None:
    order = an_order(a_card_shop(fake_stripe))
    fake_stripe.failures += ["drop", "drop"]
    with pytest.raises(CardServiceAway) as refusal:
        begin(order)
    assert (refusal.value.status, sessions(order)) == (503, [("new", PRICE_VND)])

    session = begin(order)

    assert len(fake_stripe.sessions) == 1
    assert fake_stripe.keys()[f"sale-{session.pk}"] == 3
    assert sessions(order) == [("open", PRICE_VND)]


def test_a_page_that_was_never_shown_is_replaced_without_asking_stripe_to_close_it(fake_stripe: FakeStripe) -> None:
    shop = a_card_shop(fake_stripe)
    order = an_order(shop)
    fake_stripe.failures += ["drop", "drop"]
    with pytest.raises(CardServiceAway):
        begin(order)
    pay(shop, code_of(order), 20_000)

    assert begin(order).amount_vnd == 40_000

    assert sorted(sessions(order)) == [("expired", PRICE_VND), ("open", 40_000)]
    assert not any(one.path.endswith("/expire") for one in fake_stripe.asked)


def test_one_lost_answer_is_repeated_by_stripes_library_itself(fake_stripe: FakeStripe) -> None:
    order = an_order(a_card_shop(fake_stripe))
    fake_stripe.failures += ["drop"]

    assert begin(order).state == "open"

    assert len(fake_stripe.sessions) == 1


def test_a_stripe_too_slow_to_answer_is_away(fake_stripe: FakeStripe, monkeypatch: pytest.MonkeyPatch) -> None:
    order = an_order(a_card_shop(fake_stripe))
    fake_stripe.failures += ["hang"]
    monkeypatch.setattr("payments.cards.api.ANSWER_S_MAX", 0.1)
    monkeypatch.setattr("payments.cards.api.RETRIES_MAX", 0)

    with pytest.raises(CardServiceAway):
        begin(order)

    assert sessions(order) == [("new", PRICE_VND)]


@pytest.mark.parametrize(
    "trouble",
    [
        Refusal(429, "rate_limit", "rate_limit_error"),
        Refusal(500, "boom", "api_error"),
        Refusal(401, "api_key_expired"),
    ],
    ids=["busy", "broken", "our key is wrong"],
)
def test_stripe_in_trouble_is_away_and_the_next_try_goes_through(fake_stripe: FakeStripe, trouble: Refusal) -> None:
    order = an_order(a_card_shop(fake_stripe))
    fake_stripe.failures += [trouble, trouble]

    with pytest.raises(CardServiceAway):
        begin(order)

    fake_stripe.failures.clear()
    assert begin(order).state == "open"


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (Refusal(402, "card_declined", "card_error"), "card_declined"),
        (Refusal(403, "account_invalid"), "PermissionError"),
        (Refusal(400, "amount_too_small"), "amount_too_small"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_stripe_refuses_is_said_and_the_next_tap_asks_with_a_new_key(
    fake_stripe: FakeStripe, trouble: Refusal, reason: str
) -> None:
    order = an_order(a_card_shop(fake_stripe))
    fake_stripe.failures += [trouble]

    with pytest.raises(CardServiceRefused) as refusal:
        begin(order)

    assert (refusal.value.reason, refusal.value.status) == (reason, 409)
    assert sessions(order) == [("failed", PRICE_VND)]
    assert begin(order).state == "open"
    assert set(fake_stripe.keys().values()) == {1}


def test_a_key_that_comes_with_other_words_is_refused_by_stripe_and_given_up(fake_stripe: FakeStripe) -> None:
    order = an_order(a_card_shop(fake_stripe))
    fake_stripe.failures += ["drop", "drop"]
    with pytest.raises(CardServiceAway):
        begin(order)
    Order.objects.filter(pk=order.pk).update(language_code="en")

    with pytest.raises(CardServiceRefused):
        begin(order)

    assert begin(order).state == "open"


def test_an_answer_without_an_address_is_no_answer(fake_stripe: FakeStripe) -> None:
    order = an_order(a_card_shop(fake_stripe))
    fake_stripe.url = "ftp://not-of-the-web"

    with pytest.raises(CardServiceAway):
        begin(order)
