"""Events that never arrived are made up for; what was taken over already is not asked for again."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.orders.models import Order
from marketplace.saleor.client import Saleor
from marketplace.saleor.joining import join
from marketplace.saleor.models import Installation, ToFetch
from marketplace.saleor.sales import catching_up
from marketplace.saleor.sales.catching_up import OVERLAP
from marketplace.saleor.sales.reconciling import reconcile_installation
from payments.invariants import violations
from tests.saleor.following.conftest import Market
from tests.saleor.played.server import html


def lose_webhooks(market: Market) -> None:
    market.saleor.waiting.clear()


def test_orders_whose_events_were_lost_are_found_by_asking_what_changed(
    market: Market, installation: Installation
) -> None:
    """Given five orders whose webhooks never arrived, when the catch-up comes round, then all five are taken over."""
    for number in range(1, 6):
        market.saleor.make_order((market.variants[0], number), is_paid_otherwise=True)
    lose_webhooks(market)

    assert market.catch_up() == 5
    market.settle()

    assert sorted(Order.objects.values_list("charged_vnd", flat=True)) == [60_000 * number for number in range(1, 6)]
    last = market.saleor.world.kinds["Order"][-1]
    assert Installation.objects.get().orders_seen_until == last["updatedAt"] - OVERLAP
    assert market.catch_up() == 0
    assert violations() == []


def test_what_changes_after_a_pass_is_found_by_the_next(market: Market) -> None:
    there = market.saleor.make_order((market.variants[0], 1))
    lose_webhooks(market)
    market.catch_up()
    market.settle()
    market.saleor.pass_time(3600)
    market.catch_up()
    market.saleor.mark_as_paid(there)
    lose_webhooks(market)
    market.saleor.pass_time(300)

    assert market.catch_up() == 1
    market.settle()
    assert Order.objects.get().charge_status == "full"


def test_all_pages_are_asked_for(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = catching_up.changed_orders

    def in_pages_of_two(*given: Any, **more: Any) -> Any:
        return pages(*given, **more, page_size=2)

    monkeypatch.setattr(catching_up, "changed_orders", in_pages_of_two)
    for _order in range(5):
        market.saleor.make_order((market.variants[0], 1))
    lose_webhooks(market)

    assert market.catch_up() == 5
    assert market.saleor.asked().count("OrdersChanged") == 3


def test_a_pass_that_breaks_off_is_made_again_from_its_beginning(market: Market, installation: Installation) -> None:
    there = market.saleor.make_order((market.variants[0], 1))
    lose_webhooks(market)
    market.saleor.fail_next(html)
    assert market.catch_up() == 0
    assert Installation.objects.get().orders_seen_until is None

    market.saleor.away()
    assert market.catch_up() == 0
    market.saleor.back()
    assert market.catch_up() == 1
    assert Installation.objects.get().orders_seen_until == there["updatedAt"] - OVERLAP


def test_a_node_that_is_not_saleors_ends_the_pass(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {
        "orders": {"edges": [{"node": {"id": "a", "updatedAt": "yesterday"}}], "pageInfo": {"hasNextPage": False}}
    }
    monkeypatch.setattr(Saleor, "ask", lambda _self, _name, _variables: told)

    assert market.catch_up() == 0
    assert Installation.objects.get().orders_seen_until is None


def test_the_first_pass_goes_back_to_the_install_and_the_next_ones_overlap(
    market: Market, installation: Installation
) -> None:
    """Whenever they come: a quiet Saleor is asked for what changed since its own last order, by its own clock."""
    market.saleor.pass_time(3600)
    there = market.saleor.make_order((market.variants[0], 1))
    for _pass in range(2):
        market.saleor.pass_time(3600)
        market.catch_up()

    since = [one.variables["since"] for one in market.saleor.front.asked if one.operation == "OrdersChanged"]
    assert since == [(one - OVERLAP).isoformat() for one in (installation.installed_at, there["updatedAt"])]


@pytest.mark.parametrize("was_caught_up", [True, False])
def test_an_order_of_before_the_app_was_installed_again_is_found_and_compared(
    was_caught_up: bool, market: Market, installation: Installation, settings: Any
) -> None:
    """Staff take the App out and put it in again: Saleor's webhooks of the time between went to nobody."""
    if was_caught_up:
        market.catch_up()
    market.saleor.pass_time(3600)
    market.saleor.make_order((market.variants[0], 1), is_paid_otherwise=True)
    lose_webhooks(market)
    market.saleor.pass_time(3600)
    for _time in range(2):
        again = Installation.objects.get()
        join(api_url=again.api_url, token=again.token, now=market.saleor.world.now)
        market.saleor.pass_time(300)
    assert [one.kind for one in reconcile_installation(Installation.objects.get())] == ["not_taken"]

    assert market.catch_up() == 1
    market.settle()
    assert Order.objects.get().charge_status == "full"
    assert list(reconcile_installation(Installation.objects.get())) == []


def test_without_a_listed_saleor_nothing_is_looked_for(market: Market, settings: Any) -> None:
    settings.SALEOR_API_URLS = ()

    assert market.catch_up() == 0
    assert "OrdersChanged" not in market.saleor.asked()
    assert not ToFetch.objects.exists()
