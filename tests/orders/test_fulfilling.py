"""Handing goods over: only what is paid, never more than was sold, out of the stock it was allocated on."""

from __future__ import annotations

import uuid

import pytest

from catalog.models import Stock
from marketplace.core.actors import ANONYMOUS
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.models import JournalEvent
from marketplace.core.text import BadText
from marketplace.orders.errors import CannotFulfil, CannotFulfilLine, QuantityTooLarge, QuantityWrong
from marketplace.orders.models import Allocation, Fulfillment, FulfillmentLine, Order
from marketplace.orders.services.charging import lock_order
from marketplace.orders.services.ending import cancel_order
from marketplace.orders.services.fulfilling import LineFulfilled, fulfil_order
from tests.orders.factories import (
    NOW,
    a_member,
    a_paid_order,
    a_place,
    a_shop,
    a_variant,
    an_order,
    assert_stock_adds_up,
    charge,
    refund_locked,
    stock_of,
)

pytestmark = pytest.mark.django_db


def test_handing_everything_over_lowers_the_stock_for_good() -> None:
    vendor = a_shop()
    honey, tea = a_variant(vendor), a_variant(vendor, name="Chè Shan tuyết")
    order = a_paid_order((honey, 2), (tea, 1))

    made = fulfil_order(actor=a_member(vendor), order=order, tracking_number=" VN 123 ", now=NOW)

    order.refresh_from_db()
    assert (order.status, order.ended_at) == ("fulfilled", NOW)
    assert (made.order, made.tracking_number, made.status) == (order, "VN 123", "fulfilled")
    assert (stock_of(honey), stock_of(tea)) == ((3, 0, 0), (4, 0, 0))
    assert [line.quantity_fulfilled for line in order.lines.order_by("position")] == [2, 1]
    assert not Allocation.objects.exists()
    assert sorted(made.lines.values_list("quantity", flat=True)) == [1, 2]
    data = JournalEvent.objects.get(kind="order.fulfilled").data
    assert (data["order"], data["fulfillment"], data["complete"]) == (order.pk, made.pk, True)


def test_goods_can_be_handed_over_in_parts() -> None:
    vendor = a_shop()
    honey, tea = a_variant(vendor), a_variant(vendor, name="Chè Shan tuyết")
    order = a_paid_order((honey, 3), (tea, 1))
    member, line = a_member(vendor), order.lines.get(variant=honey)

    fulfil_order(
        actor=member,
        order=order,
        lines=[LineFulfilled(line.pk, 1), LineFulfilled(line.pk, 1)],
        now=NOW,
    )
    order.refresh_from_db()
    assert (order.status, order.ended_at) == ("partially_fulfilled", None)
    assert (stock_of(honey), stock_of(tea)) == ((3, 1, 0), (5, 1, 0))
    assert_stock_adds_up()

    fulfil_order(actor=member, order=order, now=NOW)
    order.refresh_from_db()
    assert order.status == "fulfilled"
    assert (stock_of(honey), stock_of(tea)) == ((2, 0, 0), (4, 0, 0))
    assert FulfillmentLine.objects.filter(order_line=line).count() == 2


def test_goods_leave_every_place_they_were_allocated_on() -> None:
    vendor = a_shop()
    variant = a_variant(vendor, quantity=2)
    Stock.objects.create(variant=variant, warehouse=a_place(vendor), quantity=3)
    order = a_paid_order((variant, 5))
    member, line = a_member(vendor), order.lines.get()

    fulfil_order(actor=member, order=order, lines=[LineFulfilled(line.pk, 4)], now=NOW)
    assert stock_of(variant) == (1, 1, 0)
    assert_stock_adds_up()
    fulfil_order(actor=member, order=order, now=NOW)

    assert stock_of(variant) == (0, 0, 0)
    assert sum(FulfillmentLine.objects.values_list("quantity", flat=True)) == 5


def test_the_same_request_twice_hands_over_once() -> None:
    vendor = a_shop()
    variant = a_variant(vendor)
    order = a_paid_order((variant, 3))
    client_id, part = uuid.uuid4(), [LineFulfilled(order.lines.get().pk, 1)]

    first, again = (
        fulfil_order(actor=a_member(vendor, phone=phone), order=order, lines=part, client_id=client_id, now=NOW)
        for phone in ("+84987654321", "+84987654322")
    )

    assert first == again
    assert stock_of(variant) == (4, 2, 0)


def test_what_is_not_paid_in_full_stays() -> None:
    vendor = a_shop()
    variant = a_variant(vendor)
    unpaid, begun, refunded = an_order((variant, 1)), an_order((variant, 1)), a_paid_order((variant, 1))
    member = a_member(vendor)
    charge(begun, 1_000)
    refund_locked(lock_order(refunded.pk), 1, data={})

    for order in (unpaid, begun, refunded):
        with pytest.raises(CannotFulfil) as refusal:
            fulfil_order(actor=member, order=order, now=NOW)
        assert refusal.value.code == "CANNOT_FULFILL_UNPAID_ORDER"

    assert not Fulfillment.objects.exists()
    assert stock_of(variant) == (5, 3, 0)


def test_what_has_ended_has_nothing_left_to_hand_over() -> None:
    vendor = a_shop()
    variant = a_variant(vendor)
    member = a_member(vendor)
    done, off = a_paid_order((variant, 1)), a_paid_order((variant, 1))
    fulfil_order(actor=member, order=done, now=NOW)
    cancel_order(actor=member, order=off, reason="", now=NOW)

    for order in (done, off):
        with pytest.raises(CannotFulfil) as refusal:
            fulfil_order(actor=member, order=order, now=NOW)
        assert refusal.value.code == "INVALID"

    assert Fulfillment.objects.count() == 1
    assert stock_of(variant) == (4, 0, 0)


def test_no_more_of_a_line_than_is_left_and_no_other_orders_line() -> None:
    vendor = a_shop()
    variant = a_variant(vendor)
    member = a_member(vendor)
    order, other = a_paid_order((variant, 2)), a_paid_order((variant, 1))
    mine, theirs = order.lines.get().pk, other.lines.get().pk
    refused: list[tuple[list[LineFulfilled], type[InvalidInput], str]] = [
        ([LineFulfilled(mine, 3)], CannotFulfilLine, "FULFILL_ORDER_LINE"),
        ([LineFulfilled(mine, 2), LineFulfilled(mine, 1)], CannotFulfilLine, "FULFILL_ORDER_LINE"),
        ([LineFulfilled(theirs, 1)], CannotFulfilLine, "FULFILL_ORDER_LINE"),
        ([LineFulfilled(uuid.uuid4(), 1)], CannotFulfilLine, "FULFILL_ORDER_LINE"),
        ([], CannotFulfilLine, "REQUIRED"),
        ([LineFulfilled(mine, 0)], QuantityWrong, "ZERO_QUANTITY"),
        ([LineFulfilled(mine, True)], QuantityWrong, "INVALID"),
        ([LineFulfilled(mine, 2**63)], QuantityTooLarge, "QUANTITY_GREATER_THAN_LIMIT"),
    ]

    for lines, error, code in refused:
        with pytest.raises(error) as refusal:
            fulfil_order(actor=member, order=order, lines=lines, now=NOW)
        assert refusal.value.code == code

    assert not Fulfillment.objects.exists()
    assert stock_of(variant) == (5, 3, 0)


def test_strangers_and_bad_tracking_numbers_hand_nothing_over() -> None:
    vendor = a_shop()
    order, member = a_paid_order((a_variant(vendor), 1)), a_member(vendor)

    with pytest.raises(NotFound):
        fulfil_order(actor=ANONYMOUS, order=order, now=NOW)
    for tracking_number in ("a" * 121, "\x00"):
        with pytest.raises(BadText):
            fulfil_order(actor=member, order=order, tracking_number=tracking_number, now=NOW)

    assert Order.objects.get().status == "unfulfilled"
