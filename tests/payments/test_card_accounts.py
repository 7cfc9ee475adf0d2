"""How a vendor comes to take cards: an account of their own at Stripe, opened by the owner alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import transaction
from pytest_django import Settings as SettingsWrapper

from marketplace.core.actors import Actor
from marketplace.core.errors import NotAllowed, NotFound
from payments.cards import api
from payments.cards.api import CardServiceAway, CardServiceRefused
from payments.cards.values import AccountTold
from payments.models import CardAccount
from payments.services.cards import accounts
from payments.services.cards.accounts import card_account_of, refresh_account, start_onboarding
from tests.payments.card_shop import PAGES, a_card_shop, account_of, card_rows, later
from tests.payments.factories import NOW, Shop, a_shop, journal
from tests.payments.fake_stripe import FakeStripe, Refusal

pytestmark = pytest.mark.django_db


def connect(shop: Shop, actor: Actor | None = None) -> str:
    return start_onboarding(actor=actor or shop.owner, vendor=shop.vendor, now=NOW, **PAGES)


def test_the_owner_opens_an_account_and_is_led_to_stripe(fake_stripe: FakeStripe) -> None:
    shop = a_shop()

    url = connect(shop)

    account = account_of(shop)
    assert url.startswith(f"{fake_stripe.url}/onboarding/")
    assert (account.state, account.charges_enabled, account.stripe_id) == ("onboarding", False, "acct_1")
    made, link = fake_stripe.asked
    assert (made.path, made.params["type"]) == ("/v1/accounts", "standard")
    assert {name: link.params[name] for name in PAGES} == PAGES
    assert journal("card_account.opened") == [{"vendor": shop.vendor.pk, "state": "onboarding"}]


def test_again_is_the_same_account_and_a_new_link(fake_stripe: FakeStripe) -> None:
    shop = a_shop()

    first, second = connect(shop), connect(shop)

    assert first != second
    assert (list(fake_stripe.accounts), CardAccount.objects.count()) == (["acct_1"], 1)


def test_an_answer_that_was_lost_makes_no_second_account(fake_stripe: FakeStripe) -> None:
    shop = a_shop()
    fake_stripe.failures += ["drop", "drop"]
    with pytest.raises(CardServiceAway):
        connect(shop)
    assert account_of(shop).state == "new"
    assert refresh_account(actor=shop.owner, vendor=shop.vendor, now=NOW) == account_of(shop)

    connect(shop)

    assert list(fake_stripe.accounts) == ["acct_1"]
    assert account_of(shop).stripe_id == "acct_1"


def test_two_at_once_keep_the_account_of_the_first(fake_stripe: FakeStripe, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = a_shop()

    def answered_after_another(*, vendor_id: int, repeat_key: str) -> AccountTold:
        monkeypatch.setattr(accounts, "create_account", api.create_account)
        connect(shop)
        return api.create_account(vendor_id=vendor_id, repeat_key=repeat_key)

    monkeypatch.setattr(accounts, "create_account", answered_after_another)
    connect(shop)

    assert (list(fake_stripe.accounts), account_of(shop).stripe_id) == (["acct_1"], "acct_1")
    assert len(journal("card_account.opened")) == 1


def test_coming_back_from_stripe_reads_the_accounts_state_anew(fake_stripe: FakeStripe) -> None:
    shop = a_shop()
    connect(shop)
    fake_stripe.onboard("acct_1")  # its event is still on its way

    account = refresh_account(actor=shop.owner, vendor=shop.vendor, now=later(minutes=5))

    assert account is not None
    assert (account.state, account.charges_enabled, account.told_at) == ("enabled", True, later(minutes=5))
    assert journal("card_account.changed") == [{"vendor": shop.vendor.pk, "state": "enabled"}]
    assert refresh_account(actor=shop.owner, vendor=shop.vendor, now=later(minutes=6)) is not None
    assert len(journal("card_account.changed")) == 1


def test_a_shop_without_an_account_has_nothing_to_read(fake_stripe: FakeStripe) -> None:
    shop = a_shop()

    assert refresh_account(actor=shop.owner, vendor=shop.vendor, now=NOW) is None
    assert fake_stripe.asked == []


def test_only_the_owner_and_the_operator_connect_a_shop(fake_stripe: FakeStripe) -> None:
    shop, other = a_shop(), a_shop()
    agent = replace(shop.seller, helped_user_id=shop.owner.user_id)

    for actor, refusal in ((shop.seller, NotAllowed), (agent, NotAllowed), (other.owner, NotFound)):
        with pytest.raises(refusal):
            connect(shop, actor)
        with pytest.raises(refusal):
            card_account_of(actor=actor, vendor=shop.vendor)
    assert (card_rows()["CardAccount"], fake_stripe.asked) == (0, [])

    assert connect(shop, Actor(user_id=shop.owner.user_id, is_operator=True))


def test_where_cards_are_off_nobody_connects(settings: SettingsWrapper) -> None:
    shop = a_shop()

    with pytest.raises(NotFound):
        connect(shop)
    with pytest.raises(NotFound):
        card_account_of(actor=shop.owner, vendor=shop.vendor)

    assert card_rows()["CardAccount"] == 0


def test_what_stripe_refuses_is_said(fake_stripe: FakeStripe) -> None:
    shop = a_shop()
    fake_stripe.failures += [Refusal(400, "country_unsupported")]

    with pytest.raises(CardServiceRefused, match="không nhận"):
        connect(shop)

    assert account_of(shop).state == "new"


@pytest.mark.usefixtures("committed_db")
def test_stripe_is_never_asked_inside_a_transaction(fake_stripe: FakeStripe) -> None:
    shop = a_card_shop(fake_stripe)

    asked, account = len(fake_stripe.asked), account_of(shop).stripe_id

    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        api.read_account(account)
    assert len(fake_stripe.asked) == asked

    api.read_account(account)  # the control: outside it is
    assert len(fake_stripe.asked) == asked + 1


def test_an_answer_out_of_shape_counts_as_none(fake_stripe: FakeStripe) -> None:
    shop = a_card_shop(fake_stripe)
    fake_stripe.accounts["acct_1"]["id"] = None

    with pytest.raises(CardServiceAway):
        refresh_account(actor=shop.owner, vendor=shop.vendor, now=NOW)
