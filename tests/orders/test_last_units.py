"""Never more is sold than there is, however many buy at once. The control shows what happens without the locks."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable

import pytest
from django.db import transaction

from catalog.models import ProductVariant, Stock
from marketplace.core.actors import ANONYMOUS, SYSTEM
from marketplace.orders.errors import InsufficientStock
from marketplace.orders.locks import lock_stocks
from marketplace.orders.models import Allocation, Checkout, Order, PaymentCode, Reservation
from marketplace.orders.selectors import left_by_variant
from marketplace.orders.services.baskets import add_to_basket, place_basket_order
from marketplace.orders.services.codes import reserve_checkout
from marketplace.orders.services.fulfilling import fulfil_order
from marketplace.orders.services.placing import complete_checkout
from tests.orders.factories import (
    NOW,
    a_paid_order,
    a_ready_checkout,
    a_shop,
    a_variant,
    an_order,
    assert_stock_adds_up,
    stock_of,
)
from tests.orders.fates import end_and_pay_at_once
from tests.plugins.database import at_once

pytestmark = pytest.mark.usefixtures("committed_db")

BUYERS = 64
UNITS = 5


def ready_checkouts(*buyers: tuple[tuple[ProductVariant, int], ...]) -> list[Checkout]:
    """A ready checkout for each buyer's goods, all made in one transaction, which is quicker."""
    with transaction.atomic():
        return [a_ready_checkout(*wanted) for wanted in buyers]


def completing(checkout: Checkout) -> Callable[[], Order]:
    return lambda: complete_checkout(checkout_id=checkout.pk, actor=ANONYMOUS, now=NOW)


def test_64_buyers_at_once_get_the_5_units_that_there_are() -> None:
    variant = a_variant(a_shop(), quantity=UNITS)
    checkouts = ready_checkouts(*[((variant, 1),)] * BUYERS)

    answers = at_once([completing(checkout) for checkout in checkouts])

    sold = [answer for answer in answers if isinstance(answer, Order)]
    refused = [answer for answer in answers if isinstance(answer, InsufficientStock)]
    assert (len(sold), len(refused)) == (UNITS, BUYERS - UNITS)
    assert Order.objects.count() == PaymentCode.objects.count() == UNITS
    assert Checkout.objects.count() == BUYERS - UNITS
    assert stock_of(variant) == (UNITS, UNITS, 0)
    assert_stock_adds_up()


def test_without_the_locks_the_same_buyers_get_more_than_there_is() -> None:
    """The control: everybody reads, then everybody writes. Even the database's constraint sees nothing wrong."""
    variant = a_variant(a_shop(), quantity=UNITS)
    stock = Stock.objects.get(variant=variant)
    everybody_has_read = threading.Barrier(BUYERS)

    def buy() -> Order | None:
        seen = Stock.objects.get(pk=stock.pk)
        everybody_has_read.wait(60)
        if seen.available < 1:
            return None
        order = Order.objects.create(
            vendor=variant.product.vendor,
            channel="online",
            subtotal_vnd=variant.price_vnd,
            total_vnd=variant.price_vnd,
            placed_at=NOW,
            updated_at=NOW,
        )
        Stock.objects.filter(pk=stock.pk).update(allocated=seen.allocated + 1)
        return order

    answers = at_once([buy for _buyer in range(BUYERS)])

    assert sum(isinstance(answer, Order) for answer in answers) == BUYERS
    assert left_by_variant([variant.pk]) == {variant.pk: UNITS - 1}


def test_holds_and_orders_at_once_share_the_units() -> None:
    variant = a_variant(a_shop(), quantity=UNITS)
    checkouts = ready_checkouts(*[((variant, 1),)] * 16)

    def reserving(checkout: Checkout) -> Callable[[], PaymentCode]:
        return lambda: reserve_checkout(checkout_id=checkout.pk, now=NOW)

    calls: list[Callable[[], Order | PaymentCode]] = [
        completing(checkout) if position % 2 else reserving(checkout) for position, checkout in enumerate(checkouts)
    ]
    answers = at_once(calls)

    assert sum(isinstance(answer, Order | PaymentCode) for answer in answers) == UNITS
    assert sum(isinstance(answer, InsufficientStock) for answer in answers) == 16 - UNITS
    quantity, allocated, reserved = stock_of(variant)
    assert quantity == allocated + reserved == UNITS
    assert_stock_adds_up()


def test_one_checkout_completed_many_times_at_once_is_one_order() -> None:
    variant = a_variant(a_shop(), quantity=UNITS)
    checkout = a_ready_checkout((variant, 2))

    answers = at_once([completing(checkout) for _again in range(16)])

    assert {answer.pk for answer in answers if isinstance(answer, Order)} == {Order.objects.get().pk}
    assert all(isinstance(answer, Order) for answer in answers)
    assert stock_of(variant) == (UNITS, 2, 0)
    assert PaymentCode.objects.count() == 1


def test_the_form_sent_many_times_at_once_is_one_order() -> None:
    vendor = a_shop()
    variant = a_variant(vendor, quantity=UNITS)
    checkout = a_ready_checkout((variant, 2))
    place, client_id = vendor.warehouses.get().pk, uuid.uuid4()

    def send() -> Order:
        return place_basket_order(
            checkout_id=checkout.pk,
            actor=ANONYMOUS,
            phone="0912345678",
            pick_up_at=place,
            now=NOW,
            client_id=client_id,
        )

    answers = at_once([send for _again in range(16)])

    assert [answer for answer in answers if not isinstance(answer, Order)] == []
    assert Order.objects.count() == 1
    assert stock_of(variant) == (UNITS, 2, 0)


def test_a_new_basket_filled_twice_at_once_has_one_checkout_a_shop() -> None:
    variant = a_variant(a_shop(), quantity=100)
    basket = uuid.uuid4()

    def add() -> uuid.UUID:
        return add_to_basket(basket=basket, actor=ANONYMOUS, variant_id=variant.pk, quantity=1, now=NOW)

    answers = at_once([add for _again in range(16)])

    assert answers == [basket] * 16
    assert [line.quantity for line in Checkout.objects.get().lines.all()] == [16]


def test_buyers_of_the_same_goods_in_opposite_order_do_not_block_each_other() -> None:
    vendor = a_shop()
    honey = a_variant(vendor, name="Mật ong", quantity=100)
    tea = a_variant(vendor, name="Chè Shan tuyết", quantity=100)
    checkouts = ready_checkouts(*[((honey, 1), (tea, 2)), ((tea, 2), (honey, 1))] * 12)

    answers = at_once([completing(checkout) for checkout in checkouts])

    assert [answer for answer in answers if not isinstance(answer, Order)] == []
    assert (stock_of(honey), stock_of(tea)) == ((100, 24, 0), (100, 48, 0))


def test_expiry_cancelling_and_money_at_once_leave_the_stock_right() -> None:
    variant = a_variant(a_shop(), quantity=UNITS)
    orders = [an_order((variant, 1)) for _unit in range(UNITS)]

    end_and_pay_at_once(orders)

    for order in Order.objects.all():
        held = Allocation.objects.filter(order_line__order=order).count()
        assert (order.status == Order.Status.UNFULFILLED) == (held == 1), order.status
    assert_stock_adds_up()


def test_goods_handed_over_many_times_at_once_leave_the_stock_once() -> None:
    variant = a_variant(a_shop(), quantity=UNITS)
    order = a_paid_order((variant, 3))

    answers = at_once([lambda: fulfil_order(actor=SYSTEM, order=order, now=NOW) for _again in range(8)])

    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    assert stock_of(variant) == (UNITS - 3, 0, 0)
    assert Reservation.objects.count() == Allocation.objects.count() == 0


def test_the_last_unit_in_two_variants_of_one_checkout_is_all_or_nothing() -> None:
    vendor = a_shop()
    honey, tea = a_variant(vendor, quantity=1), a_variant(vendor, name="Chè Shan tuyết", quantity=8)
    checkouts = ready_checkouts(*[((honey, 1), (tea, 1))] * 8)

    answers = at_once([completing(checkout) for checkout in checkouts])

    assert sum(isinstance(answer, Order) for answer in answers) == 1
    assert (stock_of(honey), stock_of(tea)) == ((1, 1, 0), (8, 1, 0))


def test_a_lock_outside_a_transaction_is_refused() -> None:
    variant = a_variant(a_shop(), quantity=UNITS)

    with pytest.raises(RuntimeError):
        lock_stocks(variant_ids=[variant.pk])
