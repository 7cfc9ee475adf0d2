"""Which orders held money may be for: named with what speaks for each, the likeliest first, few and bounded."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace.orders.models import Order
from marketplace.orders.services.ending import cancel_order, expire_due_orders
from payments.models import ReviewItem
from payments.suggestions import CLOCKS_DIFFER, LOOKED_BACK, SUGGESTED_MAX, likely_orders, likely_orders_of
from tests.payments.factories import NOW, PRICE_VND, Shop, a_shop, an_order, code_of, pay
from tests.plugins.database import count_statements

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop(quantity=1000)


def held(shop: Shop, content: str = "mua hang", amount_vnd: int = PRICE_VND, **changes: object) -> ReviewItem:
    pay(shop, content, amount_vnd, **changes)
    return ReviewItem.objects.select_related("notice").filter(kind="unmatched").order_by("-pk")[0]


def said(item: ReviewItem) -> list[tuple[int, str]]:
    return [(one.order.pk, one.why) for one in likely_orders(item)]


def test_an_order_of_just_this_amount_placed_just_before_comes_first(shop: Shop) -> None:
    old = an_order(shop, now=NOW - 3 * DAY)
    dear = an_order(shop, quantity=2, now=NOW - 10 * MINUTE)
    right = an_order(shop, now=NOW - 5 * MINUTE)

    assert said(held(shop)) == [
        (right.pk, "đúng số tiền, đặt 5 phút trước đó"),
        (old.pk, "đúng số tiền, đặt 3 ngày trước đó"),
        (dear.pk, "còn thiếu 120.000\u00a0₫, đặt 10 phút trước đó"),
    ]


def test_what_is_left_of_an_order_counts_and_not_its_price(shop: Shop) -> None:
    order = an_order(shop, quantity=2, now=NOW - 2 * HOUR)
    pay(shop, code_of(order), 70_000)

    assert said(held(shop, amount_vnd=50_000)) == [(order.pk, "đúng số tiền, đặt 2 giờ trước đó")]
    assert said(held(shop, amount_vnd=120_000)) == []


def test_an_order_whose_code_was_typed_nearly_right_or_cut_comes_before_any_amount(shop: Shop) -> None:
    exact, meant = an_order(shop), an_order(shop, quantity=3, now=NOW - HOUR)
    code = code_of(meant)
    mistyped = code[:-1] + ("2" if code[-1] != "2" else "3")

    for content in (mistyped, f"mua mien {code[:9]}"):
        assert said(held(shop, content)) == [
            (meant.pk, "mã gần giống, còn thiếu 180.000\u00a0₫, đặt 1 giờ trước đó"),
            (exact.pk, "đúng số tiền, đặt cùng lúc"),
        ]


def test_every_order_that_the_words_name_is_offered(shop: Shop) -> None:
    one, two = an_order(shop), an_order(shop, quantity=2)

    found = said(held(shop, f"{code_of(one)} {code_of(two)}"))

    assert found == [
        (one.pk, "mã của đơn có trong nội dung, đúng số tiền, đặt cùng lúc"),
        (two.pk, "mã của đơn có trong nội dung, còn thiếu 120.000\u00a0₫, đặt cùng lúc"),
    ]


def test_an_order_paid_twice_is_offered_with_what_follows(shop: Shop) -> None:
    order = an_order(shop)
    pay(shop, code_of(order))

    assert said(held(shop, code_of(order))) == [
        (order.pk, "mã của đơn có trong nội dung, đã đủ tiền, ghi vào là phải trả lại, đặt cùng lúc")
    ]


def test_an_expired_order_is_offered_and_a_cancelled_one_is_not(shop: Shop) -> None:
    expired = an_order(shop, now=NOW - 2 * HOUR)
    expire_due_orders(now=NOW, at_most=10)
    cancelled = an_order(shop)
    cancel_order(actor=shop.owner, order=cancelled, reason="", now=NOW)

    item = held(shop, code_of(cancelled))

    assert item.order_id == cancelled.pk
    assert [order for order, _why in said(item)] == [expired.pk]


def test_orders_placed_after_the_money_came_long_ago_or_by_others_are_not_offered(shop: Shop) -> None:
    an_order(shop, now=NOW + CLOCKS_DIFFER + MINUTE)
    an_order(shop, now=NOW - LOOKED_BACK - MINUTE)
    an_order(a_shop("Hộ ông Páo"))
    an_order(shop, quantity=2, now=NOW - 31 * MINUTE)

    assert said(held(shop)) == []


def test_a_transfer_dated_by_its_day_came_at_any_hour_of_it(shop: Shop) -> None:
    order = an_order(shop)

    assert said(held(shop, transactionDate="2026-11-22 00:00:00")) == [
        (order.pk, "đúng số tiền, đặt 14 giờ trước đó")
    ]


def test_a_screen_shows_a_few_and_what_is_about_an_order_needs_none(shop: Shop) -> None:
    orders = [an_order(shop, now=NOW - number * MINUTE) for number in range(5)]
    pay(shop, code_of(orders[4]), 10_000)

    assert [order for order, _why in said(held(shop))] == [order.pk for order in orders[:SUGGESTED_MAX]]
    assert likely_orders(ReviewItem.objects.get(kind="partial")) == []


def test_a_page_of_items_takes_as_many_statements_as_one(shop: Shop) -> None:
    named = an_order(shop)
    pay(shop, code_of(named))
    items = [held(shop, code_of(named))]
    one = count_statements(lambda: likely_orders_of(items))
    for number in range(10):
        order = an_order(shop, now=NOW - number * MINUTE)
        items.append(held(shop, code_of(order)[:9], 1_000 + number))

    assert count_statements(lambda: likely_orders_of(items)) == one == 3
    assert set(likely_orders_of(items)) == {item.pk for item in items}
    assert Order.objects.count() == 11
