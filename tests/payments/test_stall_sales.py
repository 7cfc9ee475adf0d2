"""The stall sale and its money: told by the bank or taken in cash, handed over with it, counted in every figure."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from catalog.models import Stock
from marketplace.core.actors import Actor
from marketplace.orders.goods import LineWanted
from marketplace.orders.models import Order
from marketplace.orders.services.ending import cancel_order, expire_due_orders
from marketplace.orders.services.stall import sell_at_stall
from marketplace.reporting.models import ProductMonth, SalesDay, TakingsDay
from marketplace.reporting.services import check
from payments.invariants import violations
from payments.services.by_hand import mark_paid_by_hand
from payments.services.requesting import payment_for_order
from tests.payments.factories import NOW, PRICE_VND, Shop, a_shop, code_of, fresh, moved, pay, waiting
from tests.reporting.factories import deliver

pytestmark = pytest.mark.django_db
LATE = NOW + timedelta(minutes=16)
TODAY = date(2026, 11, 22)


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def sold(shop: Shop, amount_vnd: int = 0, quantity: int = 0, *, by: Actor | None = None) -> Order:
    lines = [LineWanted(shop.variant.pk, quantity)] if quantity else []
    return sell_at_stall(actor=by or shop.seller, vendor=shop.vendor, amount_vnd=amount_vnd, lines=lines, now=NOW)


def test_the_code_asks_for_the_sum_and_the_banks_notice_ends_the_sale(shop: Shop) -> None:
    order = sold(shop, 15_000, 2)
    asked = payment_for_order(order=order, now=NOW)
    assert (asked.amount_vnd, asked.reference) == (135_000, code_of(order))

    pay(shop, code_of(order), 135_000)

    assert (fresh(order).status, fresh(order).charge_status) == ("fulfilled", "full")
    assert moved(order) == [("charge_success", 135_000, "bank")]
    stock = Stock.objects.get()
    assert (stock.quantity, stock.allocated) == (8, 0)
    assert waiting(shop) == []


def test_every_figure_counts_the_amount_and_the_goods_and_a_rebuild_would_find_the_same(shop: Shop) -> None:
    by_bank, in_cash = sold(shop, 15_000, 1), sold(shop, 40_000)
    pay(shop, code_of(by_bank), 75_000)
    mark_paid_by_hand(actor=shop.seller, order=in_cash, amount_vnd=40_000, confirmation="cash", now=NOW)
    deliver()

    takings = TakingsDay.objects.get(commune=shop.vendor.commune, day=TODAY)
    assert (takings.charged_bank_stall_vnd, takings.charged_cash_stall_vnd) == (75_000, 40_000)
    sales = SalesDay.objects.filter(channel="stall").order_by("ocop_set")
    assert list(sales.values_list("ocop_set", "amount_vnd")) == [(0, 55_000), (6, PRICE_VND)]
    products = ProductMonth.objects.order_by("product_number").values_list("product_number", "amount_vnd")
    assert list(products) == [(0, 55_000), (shop.variant.product_id, PRICE_VND)]
    assert check(now=NOW) == []
    assert violations() == []


def test_money_for_a_sale_that_was_called_off_waits_for_a_person(shop: Shop) -> None:
    order = sold(shop, 60_000, 1)
    code = code_of(order)
    cancel_order(actor=shop.seller, order=order, reason="", now=NOW)

    pay(shop, code, 120_000)

    assert (fresh(order).status, moved(order)) == ("canceled", [])
    assert [amount for _kind, amount in waiting(shop)] == [120_000]
    assert violations() == []


def test_late_money_finds_the_goods_sold_and_waits_and_a_typed_amount_needs_none(shop: Shop) -> None:
    goods, amount = sold(shop, 0, 8), sold(shop, 60_000)
    codes = code_of(goods), code_of(amount)
    assert expire_due_orders(now=LATE, at_most=10) == 2
    sold(shop, 0, 5)

    pay(shop, codes[0], 480_000, now=LATE)
    pay(shop, codes[1], 60_000, now=LATE)

    assert (fresh(goods).status, fresh(goods).charged_vnd) == ("expired", 0)
    assert (fresh(amount).status, fresh(amount).charged_vnd) == ("unfulfilled", 60_000)
    assert [money for _kind, money in waiting(shop)] == [480_000]


def test_too_much_is_handed_over_and_the_rest_is_due_back(shop: Shop) -> None:
    order = sold(shop, 60_000)

    pay(shop, code_of(order), 70_000)

    assert (fresh(order).status, fresh(order).charge_status) == ("fulfilled", "overcharged")
    assert waiting(shop) == [("refund_due", 10_000)]


def test_the_last_part_hands_over_whoever_tells_of_it(shop: Shop) -> None:
    order = sold(shop, 0, 1)
    pay(shop, code_of(order), 20_000)
    assert fresh(order).status == "unconfirmed"

    mark_paid_by_hand(actor=shop.seller, order=order, amount_vnd=40_000, confirmation="cash", now=NOW)

    assert fresh(order).status == "fulfilled"
    assert Stock.objects.get().quantity == 9
    assert violations() == []
