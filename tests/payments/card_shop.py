"""A shop that takes cards, and buyers abroad who pay it, told of by the fake Stripe."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from marketplace.orders.models import Order
from payments.models import CardAccount, CardDispute, CardEvent, CardRefund, CardSession
from payments.services.cards.accounts import start_onboarding
from payments.services.cards.events import receive_card_notice
from payments.services.cards.paying import start_card_payment
from tests.payments.factories import NOW, Shop, a_shop, rows
from tests.payments.fake_stripe import FakeStripe, Thing, signed

PAGES = {"return_url": "http://market.example/back/", "refresh_url": "http://market.example/again/"}


def account_of(shop: Shop) -> CardAccount:
    return CardAccount.objects.get(vendor=shop.vendor)


def a_card_shop(fake: FakeStripe, **more: Any) -> Shop:
    """A shop whose owner opened an account at Stripe, and whom Stripe lets take cards."""
    shop = a_shop(**more)
    start_onboarding(actor=shop.owner, vendor=shop.vendor, now=NOW, **PAGES)
    tell(fake.onboard(account_of(shop).stripe_id))
    assert account_of(shop).charges_enabled
    return shop


def tell(event: Thing, *, now: datetime = NOW) -> None:
    """Stripe sends an event, and the market takes it."""
    body, signature = signed(event, at=now)
    receive_card_notice(body=body, signature=signature, now=now)


def begin(order: Order, *, now: datetime = NOW) -> CardSession:
    """The buyer taps "pay by card"."""
    return start_card_payment(token=order.token, now=now)


def pay_by_card(fake: FakeStripe, order: Order, *, now: datetime = NOW) -> CardSession:
    """The buyer pays all of the order by card, and Stripe tells of it."""
    session = begin(order, now=now)
    tell(fake.pay(session.stripe_id), now=now)
    return CardSession.objects.get(pk=session.pk)


def later(**time: float) -> datetime:
    return NOW + timedelta(**time)


def sessions(order: Order) -> list[tuple[str, int]]:
    """The order's card sessions, the first begun first: state and amount."""
    begun = CardSession.objects.filter(order=order)
    return list(begun.order_by("made_at", "expires_at", "pk").values_list("state", "amount_vnd"))


def card_events() -> list[tuple[str, str, str]]:
    """What Stripe told: kind, state, why."""
    return list(CardEvent.objects.order_by("pk").values_list("kind", "state", "why"))


def card_rows() -> dict[str, int]:
    """How many rows the tables of cards hold."""
    models = (CardAccount, CardSession, CardEvent, CardRefund, CardDispute)
    return {model.__name__: model._default_manager.count() for model in models}


def everything() -> tuple[dict[str, int], dict[str, int]]:
    """How many rows the tables of money and those of cards hold: what a refusal must leave as they were."""
    return rows(), card_rows()
