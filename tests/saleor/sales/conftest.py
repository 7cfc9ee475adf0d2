"""What tests of a Saleor's sales share: an installation, two shops whose goods are sold there, and its orders."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from marketplace.core import journal
from marketplace.orders.models import Order
from marketplace.saleor.client import Saleor
from marketplace.saleor.events import ASYNC_EVENTS
from marketplace.saleor.models import Installation, SaleorObject
from marketplace.saleor.sales.telling import hear_orders
from marketplace.saleor.tasks import fetch_wanted
from tests.payments.factories import NOW, Shop, a_shop
from tests.saleor.sales.standin import StandIn, gid

API_URL = "https://saleor.example/graphql/"


@pytest.fixture
def installation(db: None, settings: Any) -> Installation:
    settings.SALEOR_API_URLS = (API_URL,)
    return Installation.objects.create(
        api_url=API_URL, app_id=gid("App"), token="a" * 30, channel="vnd", installed_at=NOW
    )


@pytest.fixture
def saleor(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    played = StandIn()
    monkeypatch.setattr(Saleor, "of", lambda _installation: played)
    return played


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


@pytest.fixture
def other_shop(db: None) -> Shop:
    return a_shop("Cơ sở Nếnh", commune="07795", price_vnd=45_000)


@pytest.fixture
def sold(installation: Installation, shop: Shop) -> str:
    """Saleor's id of what the shop sells."""
    return sold_there(installation, shop)


@pytest.fixture
def other_sold(installation: Installation, other_shop: Shop) -> str:
    """Saleor's id of what the other shop sells."""
    return sold_there(installation, other_shop)


def sold_there(installation: Installation, shop: Shop) -> str:
    """Let the shop's goods be sold at the Saleor; answers the variant's id there."""
    saleor_id = gid("ProductVariant")
    SaleorObject.objects.create(
        installation=installation, kind=SaleorObject.Kind.VARIANT, our_id=str(shop.variant.pk), saleor_id=saleor_id
    )
    return saleor_id


def fetch(*, now: datetime = NOW) -> int:
    """Let the task fetch all that is wanted now."""
    return fetch_wanted(now)


def hear(installation: Installation, order: dict[str, Any], *events: str, now: datetime = NOW) -> int:
    """Saleor tells of the order (that it was updated), and what it told of is fetched; answers how many things."""
    for name in events or ("order_updated",):
        ASYNC_EVENTS[name](installation, {"__typename": "OrderUpdated", "order": {"id": order["id"]}}, now)
    return fetch(now=now)


def orders() -> list[Order]:
    """Every order of ours, in the order of their numbers."""
    return list(Order.objects.order_by("pk"))


def charged() -> list[tuple[int, str, str]]:
    """Of every order: what it got, and its statuses."""
    return [(order.charged_vnd, order.charge_status, order.status) for order in orders()]


@pytest.fixture
def heard(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bridge hears the journal, as in a process that a Saleor is listed for."""
    monkeypatch.setattr(journal, "_subscriptions", dict(journal._subscriptions))
    hear_orders()
