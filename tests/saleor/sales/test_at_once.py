"""Several workers at the same moment: each order is taken over once, whoever is first."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction

from marketplace.orders.models import Order
from marketplace.saleor.models import Installation, SaleorMovement, SaleorPart, ToFetch
from marketplace.saleor.sales.hearing import order_changed
from marketplace.saleor.sales.taking import take_order
from payments.invariants import violations
from tests.payments.factories import NOW
from tests.plugins.database import at_once
from tests.saleor.sales.conftest import fetch
from tests.saleor.sales.standin import StandIn, line

pytestmark = pytest.mark.usefixtures("committed_db")


def test_workers_that_fetch_at_once_take_each_order_once(
    installation: Installation, saleor: StandIn, sold: str
) -> None:
    for _number in range(12):
        there = saleor.order(line(sold, unit_vnd=60_000))
        saleor.event(there, "CHARGE_SUCCESS", 60_000)
        order_changed(installation, {"order": {"id": there["id"]}}, NOW)

    done = at_once([fetch] * 4)

    assert sum(one for one in done if isinstance(one, int)) == 12
    assert saleor.asked.count("Order") == 12
    assert not ToFetch.objects.exists()
    assert (Order.objects.count(), {order.charged_vnd for order in Order.objects.all()}) == (12, {60_000})
    assert violations() == []


def test_one_order_that_is_taken_over_four_times_at_once_is_there_once(
    installation: Installation, saleor: StandIn, sold: str, other_sold: str
) -> None:
    """A worker was slow, its claim ended, and others took the same thing in hand."""
    there = saleor.order(line(sold, unit_vnd=60_000), line(other_sold, unit_vnd=45_000))
    saleor.event(there, "CHARGE_SUCCESS", 105_000)
    told = saleor.ask("Order", {"id": there["id"]})

    assert at_once([taking(installation, told) for _worker in range(4)]) == [None] * 4

    assert (Order.objects.count(), SaleorPart.objects.count(), SaleorMovement.objects.count()) == (2, 2, 1)
    assert sum(order.charged_vnd for order in Order.objects.all()) == 105_000
    assert violations() == []


def taking(installation: Installation, told: dict[str, Any]) -> Callable[[], None]:
    def take() -> None:
        with transaction.atomic():
            take_order(installation, told["order"]["id"], deepcopy(told), NOW)

    return take
