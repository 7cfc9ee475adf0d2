"""Money and vouchers: what is asked for, what late money does, and that figures count what was paid."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from marketplace.core import journal
from marketplace.core.actors import ANONYMOUS
from marketplace.orders.models import Order, OrderLine, Voucher
from marketplace.orders.services.checkouts import LineWanted, add_lines
from marketplace.orders.services.ending import expire_due_orders, release_due_reservations
from marketplace.orders.services.fulfilling import LineFulfilled, fulfil_order
from marketplace.orders.services.packing import pack_order
from marketplace.orders.services.placing import complete_checkout
from marketplace.orders.services.vouchers import change_voucher
from marketplace.reporting.models import ProductMonth, SalesDay, TakingsDay
from marketplace.reporting.services import check
from payments.invariants import violations
from payments.models import ReviewItem
from payments.reasons import why_in_words
from payments.services.by_hand import record_refund
from payments.services.requesting import payment_for_checkout, payment_for_order
from payments.services.reviewing import book_from_review
from payments.vietqr.reader import read_vietqr
from tests.orders.vouching import a_voucher, apply, terms, used
from tests.payments.factories import NOW, Shop, a_checkout, a_shop, code_of, fresh, goods, moved, pay, waiting

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=31)


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def an_order(shop: Shop, *, quantity: int = 1, more: Any = None) -> Order:
    checkout = a_checkout(shop, quantity=quantity)
    if more is not None:
        add_lines(checkout_id=checkout, lines=[LineWanted(more.pk, 1)], now=NOW)
    apply(checkout)
    return complete_checkout(checkout_id=checkout, actor=ANONYMOUS, now=NOW)


def test_the_code_asks_for_what_is_left_after_the_discount(shop: Shop) -> None:
    a_voucher(shop.vendor)
    order = an_order(shop, quantity=2)

    asked = payment_for_order(order=order, now=NOW)

    assert asked.amount_vnd == order.outstanding_vnd == 108_000
    assert read_vietqr(asked.payload).amount == 108_000


def test_a_voucher_of_everything_still_leaves_a_sum_that_a_code_can_ask_for(shop: Shop) -> None:
    a_voucher(shop.vendor, discount_value=100)

    asked = payment_for_order(order=an_order(shop), now=NOW)

    assert read_vietqr(asked.payload).amount == 1_000


def test_a_voucher_order_paid_packed_and_partly_refunded_leaves_figures_and_money_true(shop: Shop) -> None:
    a_voucher(shop.vendor, discount_value=15)
    honey, _stock = goods(shop.vendor, price_vnd=33_333)
    order = an_order(shop, quantity=2, more=honey)
    assert (order.subtotal_vnd, order.discount_vnd, order.total_vnd) == (153_333, 22_999, 130_334)

    pay(shop, code_of(order), 130_334)
    pack_order(actor=shop.owner, order=fresh(order), now=NOW)
    first = OrderLine.objects.filter(order=order).order_by("position")[0]
    fulfil_order(actor=shop.owner, order=fresh(order), lines=[LineFulfilled(first.pk, 1)], now=NOW)
    record_refund(actor=shop.owner, order=fresh(order), amount_vnd=30_334, confirmation="vendor", now=NOW)
    journal.drain(now=NOW)

    assert fresh(order).charged_vnd == 100_000
    assert moved(order) == [("charge_success", 130_334, "bank"), ("refund_success", 30_334, "vendor")]
    goods_vnd = sum(OrderLine.objects.filter(order=order).values_list("total_vnd", flat=True))
    assert goods_vnd == 130_334
    assert sum(ProductMonth.objects.values_list("amount_vnd", flat=True)) == goods_vnd
    assert sum(SalesDay.objects.values_list("amount_vnd", flat=True)) == goods_vnd
    assert TakingsDay.objects.count() == 1
    assert check(now=NOW) == []
    assert violations() == []


def expired(shop: Shop) -> tuple[Voucher, Order]:
    """An order that ran out unpaid, and another that took the one use of its voucher since."""
    voucher = a_voucher(shop.vendor, usage_limit=1)
    order = an_order(shop)
    assert expire_due_orders(now=LATER, at_most=10) == 1
    an_order(shop)
    return voucher, fresh(order)


def test_late_money_whose_voucher_went_to_another_waits_for_the_shop_which_may_allow_one_more(shop: Shop) -> None:
    voucher, order = expired(shop)
    code = order.payment_codes.get().code

    notice = pay(shop, code, 54_000, now=LATER)

    assert (notice.state, notice.why) == ("review", "voucher_used_up")
    assert why_in_words(notice.why) == "Đơn đã hết hạn và mã giảm giá của đơn đã hết lượt."
    assert waiting(shop) == [("unmatched", 54_000)]
    assert (fresh(order).status, used(voucher), violations()) == ("expired", 1, [])

    change_voucher(actor=shop.owner, vendor=shop.vendor, voucher_id=voucher.pk, terms=terms(usage_limit=2), now=LATER)
    book_from_review(actor=shop.owner, item=ReviewItem.objects.get(), order=order, client_id=uuid.uuid4(), now=LATER)

    assert (fresh(order).charge_status, used(voucher), violations()) == ("full", 2, [])


def test_a_checkout_paid_before_there_is_an_order_is_paid_at_the_price_that_was_asked(shop: Shop) -> None:
    voucher = a_voucher(shop.vendor, usage_limit=1)
    checkout = a_checkout(shop)
    apply(checkout)
    asked = payment_for_checkout(checkout_id=checkout, now=NOW)
    assert (asked.amount_vnd, used(voucher)) == (54_000, 1)

    pay(shop, asked.memo, 54_000)

    order = Order.objects.get()
    assert (order.total_vnd, order.charge_status, order.voucher_counts) == (54_000, "full", True)
    assert (used(voucher), violations()) == (1, [])


def test_money_for_a_hold_that_ran_out_and_a_voucher_that_is_gone_is_a_part_of_the_full_price(shop: Shop) -> None:
    a_voucher(shop.vendor, usage_limit=1)
    checkout = a_checkout(shop)
    apply(checkout)
    asked = payment_for_checkout(checkout_id=checkout, now=NOW)
    release_due_reservations(now=LATER, at_most=10)
    other = an_order(shop)

    pay(shop, asked.memo, 54_000, now=LATER)

    order = Order.objects.exclude(pk=other.pk).get()
    assert (order.total_vnd, order.charged_vnd, order.charge_status) == (60_000, 54_000, "partial")
    assert violations() == []
