"""What tests of an installation into a Saleor begin with: a played Saleor, and the market installed into it.

A `conftest.py` imports from here what its tests need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from marketplace.core import clock, journal
from marketplace.saleor import client
from marketplace.saleor.apps import SaleorConfig
from marketplace.saleor.models import Installation, SaleorObject
from payments.apis.calling import Limits
from tests.payments.factories import Shop
from tests.saleor.played.saleor import PlayedSaleor, playing
from tests.saleor.played.world import Thing
from tests.saleor.working import MarketAtWork


@pytest.fixture
def saleor(settings: Any, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Iterator[PlayedSaleor]:
    """A Saleor played on 127.0.0.1, that the market may be installed into. It ends with the test.

    Its clock is the market's too: `saleor.pass_time(seconds)` moves both. The market hears its own journal as where
    `SALEOR_API_URLS` is set.
    """
    with playing() as played:
        played.world.now = now
        monkeypatch.setattr(clock, "now", lambda: played.world.now)
        # A refused connection is not tried again at once: the pauses between are real ones, and no test sleeps.
        monkeypatch.setattr(client, "Limits", partial(Limits, tries=1))
        settings.SALEOR_API_URLS = (played.api_url,)
        monkeypatch.setattr(journal, "_subscriptions", dict(journal._subscriptions))
        SaleorConfig.create("marketplace.saleor").ready()
        yield played


@pytest.fixture
def installation(saleor: PlayedSaleor, db: None, settings: Any) -> Installation:
    """The market as an App of the played Saleor, by the whole handshake: its manifest, its token."""
    app = saleor.install(f"{settings.MARKET_PUBLIC_URL}/saleor/manifest.json")
    installed = Installation.objects.get(api_url=saleor.api_url)
    assert (installed.app_id, installed.token) == (app["id"], app["authToken"])
    return installed


@pytest.fixture
def sold_there(saleor: PlayedSaleor, installation: Installation) -> Callable[[Shop], Thing]:
    """A function that lets a shop's goods be sold at the Saleor, without the catalogue: the variant there."""

    def sell(shop: Shop) -> Thing:
        product = saleor.make_product(shop.variant.product.name, shop.variant.price_vnd)
        variant: Thing = product["variants"][0]
        SaleorObject.objects.create(
            installation=installation,
            kind=SaleorObject.Kind.VARIANT,
            our_id=str(shop.variant.pk),
            saleor_id=variant["id"],
        )
        return variant

    return sell


@pytest.fixture
def at_work(saleor: PlayedSaleor) -> MarketAtWork:
    """The market's worker on the played Saleor's clock: `at_work.settle()` lets all be done."""
    return MarketAtWork(saleor)
