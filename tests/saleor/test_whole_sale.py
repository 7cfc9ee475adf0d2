"""A sale at a Saleor from its first webhook to the figures: what the market and the Saleor say of it agrees."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest

from marketplace.orders.models import Order
from marketplace.saleor.models import Installation, SaleorPart, SaleorReport, SaleorTransaction
from tests.payments.factories import Shop, a_shop, pay
from tests.saleor.played.saleor import PlayedSaleor
from tests.saleor.played.world import Thing
from tests.saleor.working import MarketAtWork

Sell = Callable[[Shop], Thing]


@pytest.fixture
def shops(installation: Installation) -> tuple[Shop, Shop]:
    return a_shop(), a_shop("Cơ sở Nếnh", commune="07795", price_vnd=45_000)


def parts_of(transaction: Thing) -> list[SaleorPart]:
    row = SaleorTransaction.objects.get(saleor_id=transaction["id"])
    return list(row.parts.select_related("order").order_by("order_id"))


def test_a_checkout_over_two_shops_is_paid_by_two_codes_and_becomes_one_order_there_and_two_here(
    saleor: PlayedSaleor, shops: tuple[Shop, Shop], sold_there: Sell, at_work: MarketAtWork
) -> None:
    lines = [(sold_there(shop), quantity) for shop, quantity in zip(shops, (2, 1), strict=True)]
    checkout = saleor.make_checkout(*lines, shipping_vnd=20_000)
    saleor.gateway(checkout)
    transaction, event, data = saleor.initialize(checkout)
    assert (event["type"], event["amount"]) == ("CHARGE_ACTION_REQUIRED", 185_000)
    assert sum(code["amount"] for code in data["codes"]) == 185_000

    for shop, code in zip(shops, data["codes"], strict=True):
        pay(shop, code["content"] if "content" in code else code["reference"], code["amount"])
        at_work.settle()
    assert (transaction["chargedAmount"], checkout["chargeStatus"]) == (185_000, "FULL")
    order = saleor.complete(checkout)
    at_work.settle()

    assert (order["chargeStatus"], order["totalCharged"]) == ("FULL", 185_000)
    parts = parts_of(transaction)
    assert [(part.order.charge_status, part.saleor_order_id) for part in parts] == [("full", order["id"])] * 2
    assert sum(part.order.charged_vnd for part in parts) == 185_000
    assert Order.objects.count() == 2


def test_events_that_come_in_any_order_and_again_change_nothing(
    saleor: PlayedSaleor, shops: tuple[Shop, Shop], sold_there: Sell, at_work: MarketAtWork
) -> None:
    chance = random.Random(7)
    order = saleor.make_order((sold_there(shops[0]), 1), (sold_there(shops[1]), 2), is_paid_otherwise=True)
    saleor.fulfill(order)
    deliveries = [one for one in saleor.waiting for _time in range(2)]
    chance.shuffle(deliveries)

    saleor.deliver_in(deliveries)
    at_work.settle()
    saleor.deliver_in(deliveries)
    at_work.settle()

    orders = Order.objects.order_by("total_vnd")
    assert [(one.total_vnd, one.charged_vnd, one.status) for one in orders] == [
        (60_000, 60_000, "fulfilled"),
        (90_000, 90_000, "fulfilled"),
    ]


def test_a_saleor_that_dies_between_event_and_effect_is_mended(
    saleor: PlayedSaleor, shops: tuple[Shop, Shop], sold_there: Sell, at_work: MarketAtWork
) -> None:
    checkout = saleor.make_checkout((sold_there(shops[0]), 1))
    transaction, _event, data = saleor.initialize(checkout)
    pay(shops[0], data["reference"], 60_000)
    saleor.die_after_event()

    at_work.settle(seconds=60)

    assert (transaction["chargedAmount"], checkout["chargeStatus"]) == (60_000, "FULL")
    assert SaleorReport.objects.get().state == "done"


def test_a_saleor_that_dies_before_the_order_is_counted_is_mended(
    saleor: PlayedSaleor, shops: tuple[Shop, Shop], sold_there: Sell, at_work: MarketAtWork
) -> None:
    order = saleor.make_order((sold_there(shops[0]), 1))
    transaction, _event, data = saleor.initialize(order)
    pay(shops[0], data["reference"], 60_000)
    saleor.die_after_sums()

    at_work.settle(seconds=60)

    assert (transaction["chargedAmount"], order["totalCharged"], order["chargeStatus"]) == (60_000, 60_000, "FULL")


def test_an_order_that_is_called_off_there_is_called_off_here(
    saleor: PlayedSaleor, shops: tuple[Shop, Shop], sold_there: Sell, at_work: MarketAtWork
) -> None:
    order = saleor.make_order((sold_there(shops[0]), 1))
    at_work.settle()

    saleor.cancel(order)
    at_work.settle()

    assert Order.objects.get().status == "canceled"


def test_the_clock_of_both_is_one(saleor: PlayedSaleor, installation: Installation) -> None:
    before = saleor.world.now

    saleor.pass_time(60)

    assert saleor.world.now - before == timedelta(seconds=60)
    assert installation.installed_at == before
