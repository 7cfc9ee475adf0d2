"""From the installation by staff to the App's deletion, against the played Saleor, which knows its schema."""

from __future__ import annotations

import pytest

from marketplace.saleor.leaving import SWITCHED_OFF
from marketplace.saleor.models import Installation, WebhookReceipt
from marketplace.saleor.upkeep import agree_on_webhooks
from tests.saleor.fixtures import installation, saleor
from tests.saleor.played.saleor import PlayedSaleor

pytestmark = pytest.mark.django_db
__all__ = ["installation", "saleor"]


def now_there(installation: Installation) -> Installation:
    return Installation.objects.get(pk=installation.pk)


def test_the_webhooks_get_the_key_and_an_hour_later_are_taken_with_it_only(
    saleor: PlayedSaleor, installation: Installation
) -> None:
    assert agree_on_webhooks(saleor.world.now) == 1
    saleor.pass_time(3600)
    product = saleor.make_product("Mận", 60_000)

    saleor.make_order((product["variants"][0], 1))
    saleor.deliver()

    events = set(WebhookReceipt.objects.values_list("event", flat=True))
    assert "order_created" in events
    assert {one.reply.status for one in saleor.post.sent} == {200}
    assert all("x-market-key" in one.headers for one in list(saleor.post.sent)[1:])
    assert (now_there(installation).problem, saleor.faults) == ("", [])


def test_an_app_that_is_switched_off_says_so_and_goes_on_when_it_is_switched_on(
    saleor: PlayedSaleor, installation: Installation
) -> None:
    saleor.set_active(saleor.app, False)
    saleor.deliver()
    assert now_there(installation).problem == SWITCHED_OFF

    saleor.set_active(saleor.app, True)
    saleor.deliver()
    assert (now_there(installation).problem, now_there(installation).is_installed) == ("", True)


def test_deleted_and_installed_again_it_is_the_same_row_with_another_app(
    saleor: PlayedSaleor, installation: Installation
) -> None:
    saleor.uninstall(saleor.app)
    saleor.deliver()
    assert (now_there(installation).state, now_there(installation).token) == ("left", "")

    saleor.pass_time(60)
    app = saleor.install()

    row = now_there(installation)
    assert (row.state, row.app_id, row.token) == ("installed", app["id"], app["authToken"])
    assert row.app_id != installation.app_id
    assert saleor.faults == []
