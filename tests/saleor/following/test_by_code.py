"""Orders that were paid by our codes: linked with the parts that are there already, and no đồng counted anew."""

from __future__ import annotations

import pytest

from marketplace.core.money import format_vnd
from marketplace.orders.models import Order
from marketplace.saleor.models import SaleorPart, SaleorReport, SaleorSale, ToFetch
from payments.invariants import violations
from tests.payments.factories import moved, pay
from tests.saleor.following.conftest import Market


def test_a_sale_over_two_vendors_is_linked_with_its_parts_line_by_line(market: Market) -> None:
    there = market.paid_by_code(2, 1)

    parts = list(SaleorPart.objects.order_by("pk"))
    assert [part.saleor_order_id for part in parts] == [there["id"]] * 2
    by_variant = {line["variant"]["id"]: line["id"] for line in there["lines"]}
    for part, variant in zip(parts, market.variants, strict=True):
        [line] = part.order.lines.all()
        assert part.lines == {str(line.pk): by_variant[variant["id"]]}
        assert moved(part.order) == [("charge_success", line.total_vnd, "bank")]
    sale = SaleorSale.objects.get()
    assert (sale.total_vnd, sale.others_vnd, sale.problem) == (165_000, 0, "")
    assert not sale.movements.exists()
    assert Order.objects.count() == 2
    assert violations() == []


def test_what_the_buyer_said_after_the_code_was_shown_is_put_into_the_part(market: Market) -> None:
    checkout = market.saleor.make_checkout((market.variants[0], 1), email="", shippingAddress=None)
    _transaction, _event, data = market.saleor.initialize(checkout)
    pay(market.shops[0], data["reference"], 60_000)
    checkout["email"] = "lan@example.com"
    market.settle()
    market.saleor.complete(checkout)
    market.settle()

    assert Order.objects.get().email == "lan@example.com"


def test_money_of_another_kind_for_a_part_that_has_a_code_is_booked_and_never_told_back(market: Market) -> None:
    """The buyer saw a code, and paid the shop in another way that Saleor's staff wrote down."""
    order = market.saleor.make_order((market.variants[0], 1))
    market.saleor.initialize(order)
    market.settle()
    market.saleor.mark_as_paid(order)
    market.settle()

    [part] = SaleorPart.objects.filter(is_replaced=False)
    assert moved(part.order) == [("charge_success", 60_000, "vendor")]
    assert not SaleorReport.objects.filter(type="CHARGE_SUCCESS").exists()
    assert order["totalCharged"] == 60_000
    assert violations() == []


@pytest.mark.parametrize("has_code", [False, True])
def test_money_that_another_gateway_took_back_is_named(has_code: bool, market: Market) -> None:
    # given an order that was paid by card there
    order = market.saleor.make_order((market.variants[0], 1))
    if has_code:
        market.saleor.initialize(order)
    card = market.saleor.moved_by_another(order, "CHARGE_SUCCESS", 60_000)
    market.settle()
    [part] = SaleorPart.objects.filter(is_replaced=False)
    assert (part.order.charged_vnd, SaleorSale.objects.get().problem) == (60_000, "")

    # when the card's gateway says that it failed after all
    market.saleor.moved_by_another(order, "CHARGE_FAILURE", 60_000, by=card)
    market.settle()

    # then our sum stands, which nobody gave back, and a person is told
    assert (order["totalCharged"], Order.objects.get(pk=part.order_id).charged_vnd) == (0, 60_000)
    problem = SaleorSale.objects.get().problem
    assert f"Saleor ghi đã nhận {format_vnd(0)}, các phần ở chợ đã nhận {format_vnd(60_000)}." in problem
    assert problem.startswith("Ngoài mã của chợ, ") == has_code


def test_money_by_code_and_by_another_gateway_of_one_order_is_no_difference(market: Market) -> None:
    order = market.saleor.make_order((market.variants[0], 1))
    _transaction, _event, data = market.saleor.initialize(order)
    pay(market.shops[0], data["reference"], 20_000, now=market.saleor.world.now)
    market.saleor.moved_by_another(order, "CHARGE_SUCCESS", 40_000)
    market.settle()

    [part] = SaleorPart.objects.filter(is_replaced=False)
    assert (part.order.charged_vnd, order["totalCharged"]) == (60_000, 60_000)
    assert SaleorSale.objects.get().problem == ""


def test_a_basket_that_was_changed_after_its_code_and_paid_otherwise_becomes_parts_of_its_own(market: Market) -> None:
    """The code's part is wanted no more; what was bought in the end is another order of ours."""
    checkout = market.saleor.make_checkout((market.variants[0], 1))
    market.saleor.initialize(checkout)
    market.saleor.change_checkout(checkout, (market.variants[0], 3))
    checkout["channel"]["orderSettings"]["allowUnpaidOrders"] = True
    order = market.saleor.complete(checkout)
    market.saleor.mark_as_paid(order)
    market.settle()

    first, second = SaleorPart.objects.order_by("pk")
    assert (first.is_replaced, second.is_replaced) == (True, False)
    assert (first.order.charged_vnd, second.order.charged_vnd) == (0, 180_000)
    assert SaleorSale.objects.get().problem == ""


@pytest.mark.parametrize("is_fetched_first", [False, True])
def test_a_basket_of_another_shop_at_the_same_price_pays_that_shop(is_fetched_first: bool, market: Market) -> None:
    """3 x 60.000 of one shop became 4 x 45.000 of the other: the sum says nothing of whose money it is."""
    checkout = market.saleor.make_checkout((market.variants[0], 3))
    _transaction, _event, data = market.saleor.initialize(checkout)
    market.saleor.change_checkout(checkout, (market.variants[1], 4))
    checkout["channel"]["orderSettings"]["allowUnpaidOrders"] = True
    order = market.saleor.complete(checkout)
    if is_fetched_first:
        market.settle()
    market.saleor.mark_as_paid(order)
    market.settle()

    first, second = SaleorPart.objects.order_by("pk")
    assert (first.is_replaced, first.order.status, first.order.charged_vnd) == (True, "canceled", 0)
    assert (second.order.vendor, second.order.charged_vnd) == (market.shops[1].vendor, 180_000)
    assert SaleorSale.objects.get().problem == ""
    assert order["status"] == "UNFULFILLED"
    pay(market.shops[0], data["reference"], 180_000, now=market.saleor.world.now)
    assert not Order.objects.filter(vendor=market.shops[0].vendor, charged_vnd__gt=0).exists()


def test_a_shop_that_was_added_after_the_code_gets_its_order_and_its_money(market: Market) -> None:
    """The first shop's part is the same and keeps its code; the order was taken over unpaid, and paid later."""
    checkout = market.saleor.make_checkout((market.variants[0], 1))
    market.saleor.initialize(checkout)
    market.saleor.change_checkout(checkout, (market.variants[0], 1), (market.variants[1], 4))
    checkout["channel"]["orderSettings"]["allowUnpaidOrders"] = True
    order = market.saleor.complete(checkout)
    market.settle()
    market.saleor.mark_as_paid(order)
    market.settle()

    assert [
        (part.is_replaced, part.order.vendor, part.order.charged_vnd, part.order.charge_status)
        for part in SaleorPart.objects.order_by("pk")
    ] == [(False, market.shops[0].vendor, 60_000, "full"), (False, market.shops[1].vendor, 180_000, "full")]
    assert SaleorSale.objects.get().problem == ""


def test_a_changed_basket_whose_first_shop_was_paid_leaves_it_its_money_and_orders_from_the_other(
    market: Market,
) -> None:
    checkout = market.saleor.make_checkout((market.variants[0], 1))
    _transaction, _event, data = market.saleor.initialize(checkout)
    pay(market.shops[0], data["reference"], 60_000, now=market.saleor.world.now)
    market.settle()
    market.saleor.change_checkout(checkout, (market.variants[0], 1), (market.variants[1], 2))
    checkout["channel"]["orderSettings"]["allowUnpaidOrders"] = True
    market.saleor.complete(checkout)
    market.settle()

    assert [(one.total_vnd, one.charged_vnd) for one in Order.objects.order_by("pk")] == [
        (60_000, 60_000),
        (90_000, 0),
    ]
    assert SaleorSale.objects.get().problem == ""


def test_an_unpaid_part_whose_goods_are_sold_no_more_at_the_saleor_stays(market: Market) -> None:
    """Saleor forgets which variant a line was of when that is deleted; the order is the same."""
    there = market.saleor.make_order((market.variants[0], 1))
    market.settle()
    there["lines"][0]["variant"] = None
    market.saleor.world.tell("ORDER_UPDATED", order=there)
    market.settle()

    [part] = SaleorPart.objects.all()
    assert (part.is_replaced, part.order.status) == (False, "unconfirmed")


def test_a_basket_that_was_changed_after_it_was_paid_is_named(market: Market) -> None:
    checkout = market.saleor.make_checkout((market.variants[0], 1))
    _transaction, _event, data = market.saleor.initialize(checkout)
    pay(market.shops[0], data["reference"], 60_000)
    market.saleor.change_checkout(checkout, (market.variants[0], 2))
    checkout["channel"]["orderSettings"]["allowUnpaidOrders"] = True
    market.saleor.complete(checkout)
    market.settle()

    assert (Order.objects.get().total_vnd, Order.objects.get().charged_vnd) == (60_000, 60_000)
    problem = SaleorSale.objects.get().problem
    assert "120.000" in problem
    assert "Hợp tác xã Bản Giốc" in problem


@pytest.mark.parametrize("turn", [0, 1])
def test_an_unpaid_order_that_is_paid_by_code_later_keeps_its_parts(turn: int, market: Market) -> None:
    """Whether its order was taken over before the code was asked for, or after."""
    order = market.saleor.make_order((market.variants[0], 1), (market.variants[1], 1))
    if turn:
        market.settle()
    _transaction, _event, data = market.saleor.initialize(order)
    market.settle()
    for shop, code in zip(market.shops, data["codes"], strict=True):
        pay(shop, code["reference"], code["amount"], now=market.saleor.world.now)
    market.settle()

    assert [part.order.charge_status for part in SaleorPart.objects.all()] == ["full", "full"]
    assert (order["chargeStatus"], order["totalCharged"]) == ("FULL", 105_000)
    assert not ToFetch.objects.exists()
