"""The catch-up goes by the Saleor's own clock: neither our clock's faults nor a moment of its own lose an order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from marketplace.orders.models import Order
from marketplace.saleor.models import Installation, SaleorSale
from marketplace.saleor.sales import catching_up
from marketplace.saleor.sales.catching_up import LOOKED_BACK, OVERLAP
from marketplace.saleor.tasks import catch_up_orders
from tests.saleor.following.conftest import Market
from tests.saleor.played.world import Thing

FIVE_MINUTES_S = 300


def an_order_whose_events_are_lost(market: Market) -> Thing:
    there = market.saleor.make_order((market.variants[0], 1), is_paid_otherwise=True)
    market.saleor.waiting.clear()
    return there


def seen_until() -> Any:
    return Installation.objects.get().orders_seen_until


def test_an_order_of_the_hour_in_which_our_clock_was_a_day_ahead_is_found(market: Market) -> None:
    an_order_whose_events_are_lost(market)
    market.catch_up()
    market.settle()
    for number in range(12):
        catch_up_orders(market.saleor.world.now + timedelta(days=1))
        if number == 6:
            an_order_whose_events_are_lost(market)
            market.saleor.pass_time(1)
        market.saleor.pass_time(FIVE_MINUTES_S)

    assert market.catch_up() == 1
    market.settle()
    assert sorted(Order.objects.values_list("charged_vnd", flat=True)) == [60_000, 60_000]


def test_an_order_that_was_only_wanted_while_our_clock_was_ahead_is_fetched_at_once(market: Market) -> None:
    an_order_whose_events_are_lost(market)
    assert catch_up_orders(market.saleor.world.now + timedelta(days=1)) == 1

    market.catch_up()
    market.settle()

    assert Order.objects.get().charged_vnd == 60_000


def test_a_moment_in_which_the_saleors_clock_was_ahead_hides_no_later_order(market: Market) -> None:
    first = an_order_whose_events_are_lost(market)
    early = an_order_whose_events_are_lost(market)
    early["updatedAt"] += timedelta(days=30)
    market.saleor.pass_time(1)
    assert market.catch_up() == 2
    market.settle()
    assert seen_until() == first["updatedAt"] - OVERLAP
    market.saleor.pass_time(3600)
    market.catch_up()
    assert seen_until() == first["updatedAt"] - OVERLAP

    an_order_whose_events_are_lost(market)
    market.saleor.pass_time(1)

    assert market.catch_up() == 1


def test_a_saleor_whose_clock_is_an_hour_behind_ours_loses_nothing(market: Market) -> None:
    an_order_whose_events_are_lost(market)
    for _time in range(3):
        market.saleor.pass_time(FIVE_MINUTES_S)
        catch_up_orders(market.saleor.world.now + timedelta(hours=1))
        an_order_whose_events_are_lost(market)

    catch_up_orders(market.saleor.world.now + timedelta(hours=1))
    assert Installation.objects.get().to_fetch.count() == 4


def test_a_moment_of_our_future_is_taken_back(market: Market) -> None:
    an_order_whose_events_are_lost(market)
    now = market.saleor.world.now
    Installation.objects.update(orders_seen_until=now + timedelta(days=20), installed_at=now - timedelta(days=30))

    assert market.catch_up() == 1

    since = market.saleor.front.asked[-1].variables["since"]
    assert since == (now - LOOKED_BACK).isoformat()
    assert seen_until() <= now


def test_a_pass_that_took_too_long_goes_on_where_it_ended(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also within the overlap: six orders of one second, of which a pass has time for a page of two."""
    pages = catching_up.changed_orders

    def in_pages_of_two(*given: Any, **more: Any) -> Any:
        return pages(*given, **more, page_size=2)

    monkeypatch.setattr(catching_up, "changed_orders", in_pages_of_two)
    monkeypatch.setattr(catching_up, "PASS_S_MAX", 0)
    orders = [an_order_whose_events_are_lost(market) for _one in range(6)]

    wanted = []
    for _pass in range(5):
        wanted.append(market.catch_up())
        market.settle()

    assert wanted == [2, 1, 1, 1, 1]
    assert market.saleor.asked().count("OrdersChanged") == 5
    assert SaleorSale.objects.count() == 6
    assert seen_until() == orders[-1]["updatedAt"]
