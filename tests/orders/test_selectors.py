"""Finding orders: by the buyer's link, by number and phone, by the shop's people; a bounded number of statements."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.core.actors import ANONYMOUS, SYSTEM, Actor
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.orders.models import Order
from marketplace.orders.selectors import (
    must_be_cashless,
    order_by_number_and_phone,
    order_by_token,
    order_for_member,
    orders_of_buyer,
    orders_of_vendor,
)
from marketplace.orders.services.placing import complete_checkout
from tests.orders.factories import (
    NOW,
    a_member,
    a_paid_order,
    a_person,
    a_ready_checkout,
    a_shop,
    a_variant,
    an_order,
)

pytestmark = pytest.mark.django_db


def test_the_link_finds_the_order_and_nothing_else_does() -> None:
    order = an_order((a_variant(a_shop()), 1))

    assert order_by_token(order.token) == order
    for token in (uuid.uuid4(), "abc", None, 1):
        with pytest.raises(NotFound):
            order_by_token(token)  # type: ignore[arg-type]  # bad on purpose


@pytest.mark.parametrize("phone", ["0912345678", "0912 345 678", "+84 912 345 678", "84912345678"])
def test_number_and_phone_find_the_order_however_the_phone_is_typed(phone: str) -> None:
    order = an_order((a_variant(a_shop()), 1))

    assert order_by_number_and_phone(f" {order.number} ", phone) == order


def test_a_wrong_number_and_a_wrong_phone_are_answered_alike() -> None:
    order = an_order((a_variant(a_shop()), 1))
    nameless = an_order((a_variant(a_shop("che-shan")), 1))
    Order.objects.filter(pk=nameless.pk).update(phone="")
    tries = [
        (order.number, "0987654321"),
        (order.number, "không nhớ"),
        (order.number, ""),
        (nameless.number, ""),
        (nameless.number, "abc"),
        ("999999", "0912345678"),
        ("0", "0912345678"),
        ("-1", "0912345678"),
        ("abc", "0912345678"),
        ("", "0912345678"),
        ("٣", "0912345678"),
        ("9" * 19, "0912345678"),
        ("9" * 400, "0912345678"),
        ("1\x00", "0912345678"),
    ]

    sentences, statements = set(), set()
    for number, phone in tries:
        with CaptureQueriesContext(connection) as asked, pytest.raises(NotFound) as refusal:
            order_by_number_and_phone(number, phone)
        sentences.add(str(refusal.value))
        statements.add(len(asked))

    assert sentences == {"Không tìm thấy đơn hàng này."}
    assert statements == {1}


def test_members_see_their_shops_orders_and_nobody_else_does() -> None:
    vendor = a_shop()
    order = an_order((a_variant(vendor), 1))
    seller, other = a_member(vendor, role="seller"), a_member(a_shop("che-shan"), phone="+84911222333")

    assert order_for_member(actor=seller, order_id=order.pk) == order
    assert orders_of_vendor(actor=seller, vendor=vendor).orders == (order,)
    for actor in (ANONYMOUS, other, Actor(user_id=seller.user_id, commune_codes=frozenset({"01273"}))):
        with pytest.raises(NotFound):
            order_for_member(actor=actor, order_id=order.pk)
        with pytest.raises(NotFound):
            orders_of_vendor(actor=actor, vendor=vendor)
    for order_id in (0, -1, True, 2**63, "1", 999_999):
        with pytest.raises(NotFound):
            order_for_member(actor=SYSTEM, order_id=order_id)  # type: ignore[arg-type]  # bad on purpose


def test_a_shops_orders_come_newest_first_a_page_at_a_time() -> None:
    vendor = a_shop()
    variant = a_variant(vendor, quantity=100)
    orders = [an_order((variant, 1), now=NOW + timedelta(minutes=number)) for number in range(5)]
    an_order((a_variant(a_shop("che-shan")), 1))

    first = orders_of_vendor(actor=SYSTEM, vendor=vendor, page_size=2)
    last = orders_of_vendor(actor=SYSTEM, vendor=vendor, page=3, page_size=2)

    assert (first.orders, first.total, first.page, first.pages) == ((orders[4], orders[3]), 5, 1, 3)
    assert last.orders == (orders[0],)
    assert orders_of_vendor(actor=SYSTEM, vendor=vendor, page=4, page_size=2).orders == ()


def test_a_shops_orders_can_be_asked_for_by_status() -> None:
    vendor = a_shop()
    variant = a_variant(vendor)
    an_order((variant, 1))
    paid = a_paid_order((variant, 1))

    page = orders_of_vendor(actor=SYSTEM, vendor=vendor, status="unfulfilled")

    assert (page.orders, page.total, page.pages) == ((paid,), 1, 1)
    assert orders_of_vendor(actor=SYSTEM, vendor=vendor, status="expired").pages == 1
    with pytest.raises(InvalidInput) as refusal:
        orders_of_vendor(actor=SYSTEM, vendor=vendor, status="paid")
    assert refusal.value.field == "status"


@pytest.mark.parametrize("number", [0, -1, True, 10**9, 2**63, "1", None, 1.5])
def test_impossible_pages_are_refused(number: int) -> None:
    vendor = a_shop()

    with pytest.raises(InvalidInput) as refusal:
        orders_of_vendor(actor=SYSTEM, vendor=vendor, page=number)
    assert refusal.value.field == "page"
    with pytest.raises(InvalidInput) as refusal:
        orders_of_vendor(actor=SYSTEM, vendor=vendor, page_size=number)
    assert refusal.value.field == "page_size"


def statements_for_page() -> int:
    vendor = Order.objects.earliest("pk").vendor
    with CaptureQueriesContext(connection) as statements:
        page = orders_of_vendor(actor=SYSTEM, vendor=vendor, page_size=100)
        for order in page.orders:
            assert order.vendor.commune.province.code == "04"
            assert [line.quantity for line in order.lines.all()] == [1]
            assert len(order.payment_codes.all()) == 1
            assert list(order.fulfillments.all()) == []
            assert order.shipping_address is None
    return len(statements)


def test_a_page_of_orders_takes_the_same_few_statements_however_long_it_is() -> None:
    variant = a_variant(a_shop(), quantity=100)
    an_order((variant, 1))
    short = statements_for_page()
    for _more in range(12):
        an_order((variant, 1))

    assert statements_for_page() == short <= 8


def test_buyers_see_what_they_bought() -> None:
    buyer = a_person()
    variant = a_variant(a_shop())
    actor = Actor(user_id=buyer.pk)
    order = complete_checkout(checkout_id=a_ready_checkout((variant, 1)).pk, actor=actor, now=NOW)
    an_order((variant, 1))

    assert orders_of_buyer(actor=actor).orders == (order,)
    assert orders_of_buyer(actor=ANONYMOUS).orders == ()


def test_alcohol_sold_at_a_distance_is_paid_without_cash() -> None:
    vendor = a_shop()
    spirit = a_variant(vendor, name="Rượu ngô", alcohol=True)
    ready = a_ready_checkout((spirit, 1), age_declared=True)
    spirits = complete_checkout(checkout_id=ready.pk, actor=ANONYMOUS, now=NOW)
    honeys = an_order((a_variant(vendor), 1))

    assert must_be_cashless(spirits)
    assert not must_be_cashless(honeys)
    spirits.channel = "stall"
    assert not must_be_cashless(spirits)
