"""The Saleor's staff call our payment off, so that the buyer pays otherwise: the sale there goes on."""

from __future__ import annotations

from datetime import timedelta

from marketplace.orders.models import Order
from marketplace.orders.services.ending import cancel_order, expire_due_orders
from marketplace.saleor.models import SaleorPart, SaleorSale, ToTell
from marketplace.saleor.sales.reconciling import reconcile_installation
from tests.saleor.following.conftest import Market


def states() -> list[tuple[str, bool, int]]:
    """Of every part, oldest first: its order's status, whether it is replaced, what came for it."""
    rows = SaleorPart.objects.order_by("pk")
    return list(rows.values_list("order__status", "is_replaced", "order__charged_vnd"))


def test_an_order_there_lives_on_and_is_paid_otherwise(market: Market) -> None:
    # given an unpaid order there with a code of ours
    order = market.saleor.make_order((market.variants[0], 1))
    market.settle()
    transaction, _event, _data = market.saleor.initialize(order)
    market.settle()

    market.saleor.request(transaction, "CANCEL")
    market.settle()

    # then the code is dead, and the vendor has the order that is still to be paid there
    assert transaction["events"][-1]["type"] == "CANCEL_SUCCESS"
    assert order["status"] not in {"CANCELED", "EXPIRED"}
    assert states() == [("canceled", True, 0), ("unconfirmed", False, 0)]
    assert not ToTell.objects.exists()

    # and money that comes otherwise is that vendor's
    market.saleor.mark_as_paid(order)
    market.settle()
    assert states() == [("canceled", True, 0), ("unfulfilled", False, 60_000)]
    assert SaleorSale.objects.get().problem == ""
    assert list(reconcile_installation(SaleorSale.objects.get().installation)) == []


def test_an_order_there_whose_code_had_run_out_lives_on_too(market: Market) -> None:
    order = market.saleor.make_order((market.variants[0], 1))
    transaction, _event, _data = market.saleor.initialize(order)
    market.settle()
    assert expire_due_orders(now=market.saleor.world.now + timedelta(hours=2), at_most=10) == 1

    market.saleor.request(transaction, "CANCEL")
    market.settle()
    market.saleor.mark_as_paid(order)
    market.settle()

    assert states() == [("canceled", True, 0), ("unfulfilled", False, 60_000)]
    assert SaleorSale.objects.get().problem == ""
    assert not ToTell.objects.exists()


def test_a_checkout_whose_payment_was_called_off_becomes_an_order_here(market: Market) -> None:
    checkout = market.saleor.make_checkout((market.variants[0], 1), (market.variants[1], 2))
    transaction, _event, _data = market.saleor.initialize(checkout)
    market.saleor.request(transaction, "CANCEL")
    market.settle()
    checkout["channel"]["orderSettings"]["allowUnpaidOrders"] = True

    order = market.saleor.complete(checkout)
    market.saleor.mark_as_paid(order)
    market.settle()

    assert order["status"] not in {"CANCELED", "EXPIRED"}
    assert states() == [
        ("canceled", True, 0),
        ("canceled", True, 0),
        ("unfulfilled", False, 60_000),
        ("unfulfilled", False, 90_000),
    ]


def test_what_the_vendor_had_called_off_before_is_told_still(market: Market) -> None:
    order = market.saleor.make_order((market.variants[0], 1))
    market.settle()
    transaction, _event, _data = market.saleor.initialize(order)
    market.settle()
    now, owner = market.saleor.world.now, market.shops[0].owner
    cancel_order(actor=owner, order=Order.objects.get(), reason="Mưa lũ", now=now)

    market.saleor.request(transaction, "CANCEL")
    market.settle()

    assert states() == [("canceled", False, 0)]
    assert order["status"] == "CANCELED"
