"""What staff of a Saleor change about an order that came, and money that fits it no more: followed, or named."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace.saleor.models import Installation, SaleorPart, SaleorSale
from marketplace.saleor.sales.catching_up import catch_up
from tests.payments.factories import NOW
from tests.saleor.sales.conftest import charged, fetch, hear, orders
from tests.saleor.sales.standin import StandIn, line


def test_lines_that_staff_change_afterwards_are_named_and_no_money_is_rewritten(
    installation: Installation, saleor: StandIn, sold: str
) -> None:
    there = saleor.order(line(sold, quantity=2, unit_vnd=60_000))
    saleor.event(there, "CHARGE_SUCCESS", 120_000)
    hear(installation, there)
    there["lines"][0]["quantity"] = 3
    there["lines"][0]["totalPrice"]["gross"]["amount"] = 180_000
    there["total"]["gross"]["amount"] = 180_000
    there["updatedAt"] = saleor.tick()
    hear(installation, there)

    assert charged() == [(120_000, "full", "unfulfilled")]
    problem = SaleorSale.objects.get().problem
    assert "Hợp tác xã Bản Giốc" in problem
    assert "180.000" in problem
    assert "120.000" in problem


def test_an_older_state_that_arrives_later_changes_nothing(
    installation: Installation, saleor: StandIn, sold: str
) -> None:
    there, later = saleor.order(line(sold, unit_vnd=60_000)), NOW + timedelta(minutes=1)
    before = there["updatedAt"]
    saleor.event(there, "CHARGE_SUCCESS", 60_000)
    hear(installation, there, now=later)
    there["updatedAt"], there["status"] = before, "CANCELED"
    hear(installation, there, now=later)

    assert charged() == [(60_000, "full", "unfulfilled")]


@pytest.mark.parametrize("ahead", [timedelta(minutes=8), timedelta(days=30)])
def test_what_happens_after_a_saleors_clock_that_was_ahead_is_put_right_is_taken_over(
    ahead: timedelta, installation: Installation, saleor: StandIn, sold: str
) -> None:
    # given an order that was taken over with a moment that had not come yet
    there, right = saleor.order(line(sold, unit_vnd=60_000)), saleor.moment
    saleor.moment += ahead
    there["updatedAt"] = saleor.tick()
    hear(installation, there)

    # when its clock is right again, the order is paid there, and only the catch-up tells of it
    saleor.moment = right + timedelta(minutes=5)
    saleor.event(there, "CHARGE_SUCCESS", 60_000)
    assert catch_up(now=NOW + timedelta(minutes=10)) == 1
    fetch(now=NOW + timedelta(minutes=10))

    assert charged() == [(60_000, "full", "unfulfilled")]
    assert SaleorSale.objects.get().changed_there_at == saleor.moment
    assert catch_up(now=NOW + timedelta(minutes=15)) == 0


def test_goods_that_staff_add_afterwards_are_named(installation: Installation, saleor: StandIn, sold: str) -> None:
    there = saleor.order(line(sold, unit_vnd=60_000))
    saleor.event(there, "CHARGE_SUCCESS", 60_000)
    hear(installation, there)
    there["lines"].append(line(sold, unit_vnd=60_000))
    there["total"]["gross"]["amount"] = 120_000
    there["updatedAt"] = saleor.tick()
    hear(installation, there)

    assert [order.total_vnd for order in orders()] == [60_000]
    assert "Đơn ở Saleor có món mà các phần ở chợ không có." in SaleorSale.objects.get().problem


def test_goods_that_staff_change_before_any_money_came_are_another_order_of_ours(
    installation: Installation, saleor: StandIn, sold: str
) -> None:
    there = saleor.order(line(sold, unit_vnd=60_000))
    hear(installation, there)
    there["lines"].append(line(sold, unit_vnd=60_000))
    there["total"]["gross"]["amount"] = 120_000
    there["updatedAt"] = saleor.tick()
    hear(installation, there)

    assert [(order.total_vnd, order.status) for order in orders()] == [
        (60_000, "canceled"),
        (120_000, "unconfirmed"),
    ]
    assert SaleorSale.objects.get().problem == ""


@pytest.mark.parametrize(("off_vnd", "is_same"), [(1, True), (2_000, False)])
def test_a_dong_that_was_rounded_otherwise_is_no_other_price(
    off_vnd: int, is_same: bool, installation: Installation, saleor: StandIn, sold: str, other_sold: str
) -> None:
    """The order's lines share what was taken off the whole of it: 1 đồng may fall on another line than before."""
    there = saleor.order(line(sold, unit_vnd=60_000), line(other_sold, unit_vnd=45_000))
    hear(installation, there)
    first, second = (one["totalPrice"]["gross"] for one in there["lines"])
    first["amount"], second["amount"] = 60_000 - off_vnd, 45_000 + off_vnd
    there["updatedAt"] = saleor.tick()
    hear(installation, there)

    assert [order.total_vnd for order in orders()] == [60_000, 45_000, *([] if is_same else [58_000, 47_000])]


def test_a_line_that_staff_take_out_afterwards_is_named(
    installation: Installation, saleor: StandIn, sold: str
) -> None:
    there = saleor.order(line(sold, unit_vnd=60_000), line(sold, quantity=2, unit_vnd=50_000))
    saleor.event(there, "CHARGE_SUCCESS", 160_000)
    hear(installation, there)
    [part] = SaleorPart.objects.all()
    assert sorted(part.lines.values()) == sorted(one["id"] for one in there["lines"])
    del there["lines"][1]
    there["total"]["gross"]["amount"] = 60_000
    there["updatedAt"] = saleor.tick()
    hear(installation, there)

    assert "đã đổi ở Saleor" in SaleorSale.objects.get().problem
    assert list(SaleorPart.objects.get().lines.values()) == [there["lines"][0]["id"]]
