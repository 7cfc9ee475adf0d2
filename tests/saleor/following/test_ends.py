"""Handing over and calling off on either side: followed on the other, once, and never back again."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.core.journal import drain
from marketplace.orders.models import Fulfillment, Order
from marketplace.orders.services.ending import cancel_order
from marketplace.saleor.catalogue.shape import WAREHOUSE_ROW
from marketplace.saleor.catalogue.things import keep
from marketplace.saleor.models import Installation, SaleorObject, SaleorSale, ToTell
from marketplace.saleor.rounds import ATTEMPTS_MAX
from marketplace.saleor.sales.reconciling import stuck
from marketplace.saleor.tasks import tell_saleors
from payments.models import ReviewItem
from tests.payments.factories import pay
from tests.saleor.following.conftest import Market
from tests.saleor.played.fulfilments import cancel_fulfilment
from tests.saleor.played.server import lost_answer, status


def times(market: Market, operation: str) -> int:
    return market.saleor.asked().count(operation)


@pytest.mark.parametrize("paid", ["by_code", "otherwise"])
def test_what_a_vendor_hands_over_is_fulfilled_there_with_its_tracking_number(paid: str, market: Market) -> None:
    there = market.paid_by_code(2, 1) if paid == "by_code" else market.paid_otherwise(2, 1)
    first, second = (market.part(there, shop) for shop in market.shops)

    market.hand_over(first, market.shops[0], quantity=1, tracking="VNPOST-1")
    market.settle()

    assert [line["quantityFulfilled"] for line in there["lines"]] == [1, 0]
    assert [(one["trackingNumber"], one["warehouse"]["slug"]) for one in there["fulfillments"]] == [
        ("VNPOST-1", "kho-chinh")
    ]
    market.hand_over(first, market.shops[0])
    market.hand_over(second, market.shops[1])
    market.settle()

    assert (there["status"], [line["quantityFulfilled"] for line in there["lines"]]) == ("FULFILLED", [2, 1])
    assert Fulfillment.objects.count() == 3
    assert not ToTell.objects.exists()


def test_what_staff_hands_over_there_is_handed_over_here_and_not_told_back(market: Market) -> None:
    there = market.paid_otherwise(2, 1)
    market.saleor.fulfill(there, (there["lines"][0], 1), (there["lines"][1], 1))
    market.settle()

    first, second = (market.part(there, shop) for shop in market.shops)
    assert (first.status, second.status) == ("partially_fulfilled", "fulfilled")
    assert [line.quantity_fulfilled for line in first.lines.all()] == [1]
    assert (times(market, "OrderFulfill"), len(there["fulfillments"])) == (0, 1)
    assert not market.shops[0].variant.stocks.exclude(quantity=10).exists()


def test_goods_handed_over_there_before_they_are_paid_wait_here_for_the_money(market: Market) -> None:
    there = market.saleor.make_order((market.variants[0], 1))
    market.saleor.fulfill(there)
    market.settle()
    assert Order.objects.get().status == "unconfirmed"

    market.saleor.mark_as_paid(there)
    market.settle()
    assert Order.objects.get().status == "fulfilled"


def test_a_fulfilment_that_is_taken_back_there_is_named_and_not_made_again(market: Market) -> None:
    there = market.paid_otherwise(1)
    market.hand_over(market.part(there, market.shops[0]), market.shops[0])
    market.settle()
    cancel_fulfilment(market.saleor.world, there, there["fulfillments"][0])
    market.settle()

    assert Order.objects.get().status == "fulfilled"
    assert times(market, "OrderFulfill") == 1
    assert "rút lại" in SaleorSale.objects.get().problem


def test_an_answer_that_was_lost_does_not_hand_over_twice(market: Market) -> None:
    there = market.paid_otherwise(2)
    market.hand_over(market.part(there, market.shops[0]), market.shops[0], quantity=1)
    drain(now=market.saleor.world.now)
    market.saleor.fail_next(status(502))
    assert tell_saleors(market.saleor.world.now) == 0
    market.saleor.pass_time(400)
    market.saleor.front.before_answer = lambda asked: (
        market.saleor.fail_next(lost_answer) if asked.operation == "OrderToTell" else None
    )
    assert tell_saleors(market.saleor.world.now) == 0
    market.saleor.front.before_answer = None
    market.saleor.pass_time(400)
    market.settle()

    assert [line["quantityFulfilled"] for line in there["lines"]] == [1]
    assert not ToTell.objects.exists()


def test_an_order_of_one_vendor_that_calls_off_is_cancelled_there(market: Market) -> None:
    there = market.paid_by_code(1)
    cancel_order(
        actor=market.shops[0].owner, order=Order.objects.get(), reason="Hết hàng", now=market.saleor.world.now
    )
    market.settle()

    assert there["status"] == "CANCELED"
    assert times(market, "OrderCancel") == 1
    assert list(ReviewItem.objects.filter(closed_at__isnull=True).values_list("kind", "amount_vnd")) == [
        ("refund_due", 60_000)
    ]


def test_one_vendor_of_two_that_calls_off_leaves_the_others_order_and_a_note(market: Market) -> None:
    there = market.paid_by_code(1, 1)
    first, second = (market.part(there, shop) for shop in market.shops)
    cancel_order(actor=market.shops[0].owner, order=first, reason="Hết hàng", now=market.saleor.world.now)
    market.settle()

    assert there["status"] == "UNFULFILLED"
    [note] = [one["message"] for one in there["events"] if one["type"] == "NOTE_ADDED"]
    assert "Hợp tác xã Bản Giốc" in note
    assert "Hết hàng" in note
    assert market.part(there, market.shops[1]).status == "unfulfilled"

    cancel_order(actor=market.shops[1].owner, order=second, reason="Mưa lũ", now=market.saleor.world.now)
    market.settle()
    assert there["status"] == "CANCELED"


@pytest.mark.parametrize("how", ["cancelled", "expired"])
def test_an_order_that_ends_there_ends_here_and_is_not_told_back(how: str, market: Market) -> None:
    there = market.saleor.make_order((market.variants[0], 1), (market.variants[1], 1))
    market.settle()
    if how == "cancelled":
        market.saleor.cancel(there)
    else:
        market.saleor.expire(there)
    market.settle()

    assert {order.status for order in Order.objects.all()} == {"canceled"}
    assert (times(market, "OrderCancel"), times(market, "OrderNoteAdd")) == (0, 0)


def test_money_of_an_order_that_is_cancelled_there_stays_counted_and_is_asked_back_of_its_vendor(
    market: Market,
) -> None:
    there = market.paid_by_code(1)
    market.saleor.cancel(there)
    market.settle()

    order = Order.objects.get()
    assert (order.status, order.charged_vnd) == ("canceled", 60_000)
    assert ReviewItem.objects.get(closed_at__isnull=True).kind == "refund_due"


def test_an_order_cancelled_there_that_was_handed_over_here_is_named(market: Market) -> None:
    there = market.paid_otherwise(1)
    market.saleor.away()
    market.hand_over(market.part(there, market.shops[0]), market.shops[0])
    market.saleor.back()
    market.saleor.cancel(there)
    market.settle()

    assert Order.objects.get().status == "fulfilled"
    assert "đã giao hàng" in SaleorSale.objects.get().problem


def test_goods_handed_over_before_the_buyer_made_the_order_are_fulfilled_once_there_is_one(market: Market) -> None:
    """The code was paid, the checkout is not completed yet, and the shop is quick."""
    checkout = market.saleor.make_checkout((market.variants[0], 1))
    _transaction, _event, data = market.saleor.initialize(checkout)
    pay(market.shops[0], data["reference"], 60_000, now=market.saleor.world.now)
    market.settle()
    market.hand_over(Order.objects.get(), market.shops[0])
    market.settle()
    assert times(market, "OrderFulfill") == 0

    there = market.saleor.complete(checkout)
    market.settle()
    assert there["status"] == "FULFILLED"


def test_a_part_called_off_before_there_was_an_order_is_called_off_there_too(market: Market) -> None:
    checkout = market.saleor.make_checkout((market.variants[0], 1))
    market.saleor.initialize(checkout)
    cancel_order(actor=market.shops[0].owner, order=Order.objects.get(), reason="Mưa lũ", now=market.saleor.world.now)
    checkout["channel"]["orderSettings"]["allowUnpaidOrders"] = True
    there = market.saleor.complete(checkout)
    market.settle()

    assert there["status"] == "CANCELED"


def test_an_order_that_saleor_will_not_cancel_gets_a_note(market: Market) -> None:
    """Staff there handed it over a moment before the vendor called it off."""
    there = market.saleor.make_order((market.variants[0], 1))
    market.settle()
    market.saleor.fulfill(there)
    cancel_order(actor=market.shops[0].owner, order=Order.objects.get(), reason="Mưa lũ", now=market.saleor.world.now)
    market.settle()

    assert there["status"] == "FULFILLED"
    assert [one["type"] for one in there["events"]] == ["NOTE_ADDED"]


def test_an_order_that_saleor_holds_unpaid_waits_without_using_up_a_try(market: Market) -> None:
    there = market.paid_otherwise(1)
    market.saleor.world.kinds["Shop"][0]["fulfillmentAllowUnpaid"] = False
    there["chargeStatus"] = "NONE"
    market.hand_over(market.part(there, market.shops[0]), market.shops[0])
    drain(now=market.saleor.world.now)
    assert tell_saleors(market.saleor.world.now) == 0

    row = ToTell.objects.get()
    assert (row.attempts, row.is_given_up, row.problem) == (0, False, "Saleor chưa ghi nhận đủ tiền của đơn này.")
    market.saleor.pass_time(300)
    there["chargeStatus"] = "FULL"
    market.settle()
    assert there["status"] == "FULFILLED"


def test_what_saleor_refuses_for_good_is_given_up_and_named(market: Market, installation: Installation) -> None:
    there = market.paid_otherwise(1)
    own = market.part(there, market.shops[0])
    there["status"] = "RETURNED"
    market.hand_over(own, market.shops[0])
    drain(now=market.saleor.world.now)
    for _try in range(ATTEMPTS_MAX):
        tell_saleors(market.saleor.world.now)
        market.saleor.pass_time(600)

    row = ToTell.objects.get()
    assert (row.attempts, row.is_given_up) == (ATTEMPTS_MAX, True)
    assert "Order cannot be fulfilled." in row.problem
    assert [one.kind for one in stuck(installation)] == ["given_up"]


def test_without_a_warehouse_of_the_order_the_one_of_our_goods_is_used(
    market: Market, installation: Installation
) -> None:
    """What the first sync keeps: the Saleor's one warehouse that our goods lie in."""
    there = market.paid_otherwise(1)
    there["lines"][0]["allocations"] = []
    market.hand_over(market.part(there, market.shops[0]), market.shops[0])
    drain(now=market.saleor.world.now)
    tell_saleors(market.saleor.world.now)
    assert ToTell.objects.get().problem == "Saleor không có kho nào giữ hàng của đơn này."

    warehouse_id = market.saleor.world.kinds["Warehouse"][0]["id"]
    keep(installation, SaleorObject.Kind.WAREHOUSE, WAREHOUSE_ROW, warehouse_id)
    market.saleor.pass_time(60)
    market.settle()
    assert there["status"] == "FULFILLED"


def test_a_vendor_who_calls_off_a_part_paid_by_code_does_not_cancel_the_saleors_own_goods(market: Market) -> None:
    """Staff put goods of the Saleor's own beside a vendor's that were paid by code."""
    there = market.paid_by_code(1)
    own = {**there["lines"][0], "id": "T3JkZXJMaW5lOjk5OTk5", "variant": None, "productName": "Hàng của Saleor"}
    there["lines"].append(own)
    there["updatedAt"] = market.saleor.world.now
    market.saleor.world.tell("ORDER_UPDATED", order=there)
    market.settle()
    assert SaleorSale.objects.get().has_others

    part = market.part(there, market.shops[0])
    cancel_order(actor=market.shops[0].owner, order=part, reason="Hết hàng", now=market.saleor.world.now)
    market.settle()

    assert there["status"] == "UNFULFILLED"
    assert "Hết hàng" in there["events"][-1]["message"]


def test_without_a_listed_saleor_nothing_is_told(market: Market, settings: Any) -> None:
    there = market.paid_otherwise(1)
    market.hand_over(market.part(there, market.shops[0]), market.shops[0])
    drain(now=market.saleor.world.now)
    settings.SALEOR_API_URLS = ()

    assert tell_saleors(market.saleor.world.now) == 0
    assert times(market, "OrderToTell") == 0
