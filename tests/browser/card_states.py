"""Pages of cards and of helping, which stay hidden until the market or a person allows them."""

from __future__ import annotations

from django.conf import settings
from django.test import Client, override_settings

from marketplace.core.actors import SYSTEM
from marketplace.people.services import record_consent
from tests.browser.views import View
from tests.payments.card_shop import a_card_shop, begin, pay_by_card
from tests.payments.factories import NOW, Shop, an_order
from tests.payments.fake_stripe import running
from tests.storefront.working import a_person, an_agent, browser_of, owner_at


def cards(shop: Shop) -> tuple[list[View], dict[str, Client]]:
    """A shop that takes cards: offered, begun and paid; and the owner of `shop`, who does not yet."""
    with (
        running(NOW) as fake,
        override_settings(
            MARKET_STRIPE_API_URL=fake.url, MARKET_STRIPE_WEBHOOK_SECRETS=settings.MARKET_STRIPE_WEBHOOK_SECRETS
        ),
    ):
        takes = a_card_shop(fake, name="Hợp tác xã Nà Giàng")
        offered, begun, paid = (an_order(takes) for _ in range(3))
        begin(begun)
        pay_by_card(fake, paid)
    views = [
        View("sell_cards", "owner", "/sell/cards/", "not-yet"),
        View("sell_cards", "card-owner", "/sell/cards/", "taken"),
        View("order", "guest", f"/orders/{offered.token}/", "card-offered"),
        View("order_card", "guest", f"/orders/{begun.token}/card/", "begun"),
        View("order", "guest", f"/orders/{paid.token}/", "card-paid"),
        View("sell_order", "card-owner", f"/sell/orders/{paid.pk}/", "card-paid"),
    ]
    return views, {"card-owner": owner_at(takes)}


def helping() -> tuple[list[View], dict[str, Client]]:
    """A helper of the village group, and somebody who lets them help."""
    person, agent = a_person("Bàn Thị Lả"), an_agent()
    record_consent(actor=SYSTEM, person=person, agent=agent, means="paper", now=NOW)
    views = [
        View("sell_help", "helper", "/sell/help/", "one-person"),
        View("sell_help_open", "helper", f"/sell/help/{person.pk}/open/", "consented"),
    ]
    return views, {"helper": browser_of(agent.pk)}
