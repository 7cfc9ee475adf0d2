"""Paying before there is an order: stock and prices are held, and any money that comes places the order."""

from __future__ import annotations

from datetime import timedelta

import pytest

from catalog.models import Product, ProductVariant, Stock
from marketplace.core import payment_codes
from marketplace.core.actors import ANONYMOUS
from marketplace.core.errors import NotFound
from marketplace.orders.errors import CheckoutNotReady, InsufficientStock, NoBankAccount
from marketplace.orders.locks import lock_code
from marketplace.orders.models import Checkout, CheckoutLine, Order, PaymentCode, Reservation
from marketplace.orders.selectors import checkout_contents, draft_of, left_by_variant, left_for
from marketplace.orders.services.checkouts import (
    LineWanted,
    add_lines,
    choose_delivery,
    offer_deliveries,
    set_line_quantity,
    set_phone,
    set_shipping_address,
)
from marketplace.orders.services.codes import code_by_text, reserve_checkout
from marketplace.orders.services.ending import release_due_reservations
from marketplace.orders.services.holding import RESERVATION_S
from marketplace.orders.services.placing import complete_checkout, place_paid_checkout
from tests.orders.factories import (
    NOW,
    a_checkout,
    a_place,
    a_ready_checkout,
    a_shop,
    a_variant,
    an_address,
    an_order,
    assert_stock_adds_up,
    charge,
    stock_of,
)

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(seconds=RESERVATION_S + 1)


def reserved_until(checkout: Checkout) -> object:
    return Checkout.objects.get(pk=checkout.pk).reserved_until


# --- Holding --------------------------------------------------------------------------------------


def test_reserving_holds_the_stock_for_half_an_hour_and_gives_a_code() -> None:
    variant = a_variant(a_shop())
    checkout = a_ready_checkout((variant, 2))

    code = reserve_checkout(checkout_id=checkout.pk, now=NOW)

    assert (code.checkout, code.order, code.is_live) == (checkout, None, True)
    assert reserved_until(checkout) == NOW + timedelta(minutes=30)
    assert stock_of(variant) == (5, 0, 2)
    assert left_by_variant([variant.pk]) == {variant.pk: 3}
    assert_stock_adds_up()


def test_a_hold_does_not_lessen_what_its_own_checkout_can_have() -> None:
    variant = a_variant(a_shop())
    checkout = a_ready_checkout((variant, 5))
    reserve_checkout(checkout_id=checkout.pk, now=NOW)

    checkout = Checkout.objects.get(pk=checkout.pk)
    assert left_for(checkout, [variant.pk]) == {variant.pk: 5}
    shown = checkout_contents(checkout.pk, now=NOW).lines[0]
    assert (shown.left, shown.problem) == (5, None)
    assert complete_checkout(checkout_id=checkout.pk, actor=ANONYMOUS, now=NOW).total_vnd == 600_000
    assert stock_of(variant) == (5, 5, 0)


def test_reserving_again_answers_the_same_code_and_renews_the_hold() -> None:
    variant = a_variant(a_shop())
    checkout = a_ready_checkout((variant, 2))

    first = reserve_checkout(checkout_id=checkout.pk, now=NOW)
    again = reserve_checkout(checkout_id=checkout.pk, now=NOW + timedelta(minutes=10))

    assert again == first
    assert reserved_until(checkout) == NOW + timedelta(minutes=40)
    assert stock_of(variant) == (5, 0, 2)
    assert_stock_adds_up()


def test_a_checkout_that_is_not_ready_is_not_held() -> None:
    variant = a_variant(a_shop())
    checkout = a_checkout((variant, 1))

    with pytest.raises(CheckoutNotReady) as refusal:
        reserve_checkout(checkout_id=checkout.pk, now=NOW)

    assert refusal.value.code == "SHIPPING_METHOD_NOT_SET"
    assert stock_of(variant) == (5, 0, 0)
    assert not PaymentCode.objects.exists()


def test_what_others_hold_or_bought_cannot_be_held() -> None:
    variant = a_variant(a_shop())
    first, second = a_ready_checkout((variant, 3)), a_ready_checkout((variant, 3))
    reserve_checkout(checkout_id=first.pk, now=NOW)

    with pytest.raises(InsufficientStock, match=r"Chỉ còn 2 hũ\."):
        reserve_checkout(checkout_id=second.pk, now=NOW)

    assert stock_of(variant) == (5, 0, 3)
    assert not PaymentCode.objects.filter(checkout=second).exists()


def test_a_renewal_that_fails_leaves_the_hold_as_it_was() -> None:
    variant = a_variant(a_shop())
    checkout = a_ready_checkout((variant, 3))
    reserve_checkout(checkout_id=checkout.pk, now=NOW)
    # Somebody raised the line without ending the hold: only the database can do that.
    CheckoutLine.objects.update(quantity=6)

    with pytest.raises(InsufficientStock):
        reserve_checkout(checkout_id=checkout.pk, now=NOW + timedelta(minutes=1))

    assert reserved_until(checkout) == NOW + timedelta(minutes=30)
    assert stock_of(variant) == (5, 0, 3)
    assert_stock_adds_up()


def test_a_shop_without_an_account_gets_nothing_held() -> None:
    variant = a_variant(a_shop(account=False))
    checkout = a_ready_checkout((variant, 1))

    with pytest.raises(NoBankAccount):
        reserve_checkout(checkout_id=checkout.pk, now=NOW)

    assert stock_of(variant) == (5, 0, 0)
    assert reserved_until(checkout) is None


def test_changing_the_goods_the_address_or_the_delivery_ends_the_hold() -> None:
    vendor = a_shop()
    variant = a_variant(vendor)
    stall = a_place(vendor)
    checkout = a_ready_checkout((variant, 2))
    ways = {row.pick_up_at_id: row.pk for row in offer_deliveries(checkout_id=checkout.pk, now=NOW)}
    line = [LineWanted(variant.pk, 1)]
    changes = [
        lambda: add_lines(checkout_id=checkout.pk, lines=line, now=NOW),
        lambda: set_line_quantity(checkout_id=checkout.pk, variant_id=variant.pk, quantity=2, now=NOW),
        lambda: set_shipping_address(checkout_id=checkout.pk, address=an_address(), now=NOW),
        lambda: choose_delivery(checkout_id=checkout.pk, delivery_id=ways[stall.pk], now=NOW),
    ]

    for change in changes:
        code = reserve_checkout(checkout_id=checkout.pk, now=NOW)
        change()
        assert reserved_until(checkout) is None
        assert stock_of(variant) == (5, 0, 0)
        assert not CheckoutLine.objects.filter(held_price_vnd__isnull=False).exists()
        assert PaymentCode.objects.get() == code


def test_taking_out_the_held_line_frees_it() -> None:
    variant = a_variant(a_shop())
    checkout = a_ready_checkout((variant, 2))
    reserve_checkout(checkout_id=checkout.pk, now=NOW)

    set_line_quantity(checkout_id=checkout.pk, variant_id=variant.pk, quantity=0, now=NOW)

    assert stock_of(variant) == (5, 0, 0)


def test_contact_may_change_while_it_is_held() -> None:
    checkout = a_ready_checkout((a_variant(a_shop()), 2))
    reserve_checkout(checkout_id=checkout.pk, now=NOW)

    set_phone(checkout_id=checkout.pk, phone="0987654321", now=NOW)

    assert reserved_until(checkout) is not None


def test_a_hold_ends_by_itself_once_its_time_is_over() -> None:
    variant = a_variant(a_shop())
    first, second = a_ready_checkout((variant, 2)), a_ready_checkout((variant, 1))
    code = reserve_checkout(checkout_id=first.pk, now=NOW)
    reserve_checkout(checkout_id=second.pk, now=NOW + timedelta(minutes=5))

    assert release_due_reservations(now=NOW + timedelta(minutes=29), at_most=10) == 0
    assert release_due_reservations(now=NOW + timedelta(minutes=30), at_most=10) == 1
    assert release_due_reservations(now=NOW + timedelta(minutes=30), at_most=10) == 0

    assert stock_of(variant) == (5, 0, 1)
    assert reserved_until(first) is None
    assert PaymentCode.objects.get(checkout=first) == code
    assert_stock_adds_up()


def test_ending_holds_stops_at_the_number_asked_for() -> None:
    variant = a_variant(a_shop())
    for _buyer in range(3):
        reserve_checkout(checkout_id=a_ready_checkout((variant, 1)).pk, now=NOW)

    assert release_due_reservations(now=LATER, at_most=2) == 2
    assert stock_of(variant) == (5, 0, 1)


def test_a_place_that_closes_keeps_what_it_holds() -> None:
    vendor = a_shop()
    variant = a_variant(vendor, quantity=2)
    checkout = a_ready_checkout((variant, 2))
    reserve_checkout(checkout_id=checkout.pk, now=NOW)
    vendor.warehouses.update(is_active=False)

    order = place_paid_checkout(checkout_id=checkout.pk, now=NOW)

    assert order.lines.get().quantity == 2
    assert stock_of(variant) == (2, 2, 0)


# --- Prices while held ----------------------------------------------------------------------------


def test_the_price_a_buyer_was_asked_to_pay_holds_as_long_as_the_stock() -> None:
    variant = a_variant(a_shop())
    checkout = a_ready_checkout((variant, 2))
    reserve_checkout(checkout_id=checkout.pk, now=NOW)
    ProductVariant.objects.update(price_vnd=200_000)
    checkout = Checkout.objects.get(pk=checkout.pk)

    assert draft_of(checkout, now=NOW).total_vnd == 240_000
    assert checkout_contents(checkout.pk, now=NOW).subtotal_vnd == 240_000
    assert draft_of(checkout, now=LATER).total_vnd == 400_000
    reserve_checkout(checkout_id=checkout.pk, now=NOW + timedelta(minutes=1))
    assert draft_of(checkout, now=NOW).total_vnd == 240_000

    assert place_paid_checkout(checkout_id=checkout.pk, now=NOW).total_vnd == 240_000


def test_after_the_hold_the_price_is_read_anew() -> None:
    checkout = a_ready_checkout((a_variant(a_shop()), 1))
    reserve_checkout(checkout_id=checkout.pk, now=NOW)
    ProductVariant.objects.update(price_vnd=200_000)

    assert complete_checkout(checkout_id=checkout.pk, actor=ANONYMOUS, now=LATER).total_vnd == 200_000


# --- Money comes ----------------------------------------------------------------------------------


def test_money_places_the_order_out_of_its_hold_and_the_code_moves_with_it() -> None:
    variant = a_variant(a_shop())
    checkout = a_ready_checkout((variant, 5))
    code = reserve_checkout(checkout_id=checkout.pk, now=NOW)

    order = place_paid_checkout(checkout_id=checkout.pk, now=NOW)
    charge(order, 100_000)

    code.refresh_from_db()
    assert (code.order, code.checkout, code.is_live) == (order, None, True)
    assert stock_of(variant) == (5, 5, 0)
    assert not Reservation.objects.exists()
    assert not Checkout.objects.exists()
    order.refresh_from_db()
    assert (order.charge_status, order.status, order.expires_at) == ("partial", "unconfirmed", None)
    assert_stock_adds_up()


def test_placing_a_paid_checkout_again_or_completing_it_answers_that_order() -> None:
    checkout = a_ready_checkout((a_variant(a_shop()), 1))
    reserve_checkout(checkout_id=checkout.pk, now=NOW)

    order = place_paid_checkout(checkout_id=checkout.pk, now=NOW)

    assert place_paid_checkout(checkout_id=checkout.pk, now=NOW) == order
    assert complete_checkout(checkout_id=checkout.pk, actor=ANONYMOUS, now=NOW) == order
    assert Order.objects.count() == PaymentCode.objects.count() == 1


def test_completing_a_held_checkout_unpaid_keeps_its_code() -> None:
    variant = a_variant(a_shop())
    checkout = a_ready_checkout((variant, 2))
    code = reserve_checkout(checkout_id=checkout.pk, now=NOW)

    order = complete_checkout(checkout_id=checkout.pk, actor=ANONYMOUS, now=NOW)

    assert order.payment_codes.get() == code
    assert stock_of(variant) == (5, 2, 0)


def test_money_after_the_hold_takes_free_stock() -> None:
    variant = a_variant(a_shop())
    checkout = a_ready_checkout((variant, 2))
    reserve_checkout(checkout_id=checkout.pk, now=NOW)
    release_due_reservations(now=LATER, at_most=10)

    assert place_paid_checkout(checkout_id=checkout.pk, now=LATER).status == "unconfirmed"
    assert stock_of(variant) == (5, 2, 0)


def test_money_after_the_hold_when_all_is_sold_changes_nothing() -> None:
    variant = a_variant(a_shop(), quantity=2)
    checkout = a_ready_checkout((variant, 2))
    code = reserve_checkout(checkout_id=checkout.pk, now=NOW)
    release_due_reservations(now=LATER, at_most=10)
    an_order((variant, 1), now=LATER)

    with pytest.raises(InsufficientStock):
        place_paid_checkout(checkout_id=checkout.pk, now=LATER)

    assert Order.objects.count() == 1
    assert PaymentCode.objects.get(checkout=checkout) == code
    assert stock_of(variant) == (2, 1, 0)
    assert_stock_adds_up()


def test_a_refused_placing_inside_a_larger_transaction_keeps_the_hold() -> None:
    vendor = a_shop()
    held, sold = a_variant(vendor, quantity=2), a_variant(vendor, name="Chè Shan tuyết", quantity=1)
    checkout = a_ready_checkout((held, 2))
    reserve_checkout(checkout_id=checkout.pk, now=NOW)
    CheckoutLine.objects.create(checkout=checkout, variant=sold, quantity=1, made_at=NOW)
    Stock.objects.filter(variant=sold).update(quantity=0)

    # This test runs inside a transaction, as payments does when it goes on to open a review.
    with pytest.raises(InsufficientStock):
        place_paid_checkout(checkout_id=checkout.pk, now=NOW)

    assert stock_of(held) == (2, 0, 2)
    assert_stock_adds_up()


def test_a_product_withdrawn_after_the_buyer_was_asked_to_pay_is_still_theirs() -> None:
    checkout = a_ready_checkout((a_variant(a_shop()), 1))
    reserve_checkout(checkout_id=checkout.pk, now=NOW)
    Product.objects.update(listing=Product.Listing.WITHDRAWN)

    assert place_paid_checkout(checkout_id=checkout.pk, now=NOW).total_vnd == 120_000


def test_money_for_a_checkout_whose_delivery_was_unset_still_places_the_order() -> None:
    checkout = a_ready_checkout((a_variant(a_shop()), 1))
    reserve_checkout(checkout_id=checkout.pk, now=NOW)
    Checkout.objects.update(delivery=None)

    order = place_paid_checkout(checkout_id=checkout.pk, now=NOW)

    assert (order.shipping_vnd, order.delivery_name, order.pick_up_at) == (0, "", None)


def test_money_for_an_emptied_or_unknown_checkout_places_nothing() -> None:
    variant = a_variant(a_shop())
    checkout = a_ready_checkout((variant, 1))
    reserve_checkout(checkout_id=checkout.pk, now=NOW)
    set_line_quantity(checkout_id=checkout.pk, variant_id=variant.pk, quantity=0, now=NOW)

    with pytest.raises(InsufficientStock) as refusal:
        place_paid_checkout(checkout_id=checkout.pk, now=NOW)
    assert str(refusal.value) == "Không còn hàng cho đơn này."
    checkout.lines.all().delete()
    Checkout.objects.filter(pk=checkout.pk).delete()
    with pytest.raises(NotFound):
        place_paid_checkout(checkout_id=checkout.pk, now=NOW)
    assert not Order.objects.exists()


def test_a_code_is_locked_before_what_it_leads_to() -> None:
    checkout = a_ready_checkout((a_variant(a_shop()), 1))
    code = reserve_checkout(checkout_id=checkout.pk, now=NOW)

    assert lock_code(code.code) == code
    for unknown in ("OCZ", "", "\x00", payment_codes.code_from_number(1)):
        assert lock_code(unknown) is None


def test_a_code_found_by_its_text_leads_to_its_checkout() -> None:
    checkout = a_ready_checkout((a_variant(a_shop()), 1))
    code = reserve_checkout(checkout_id=checkout.pk, now=NOW)

    found = code_by_text(code.code)

    assert found is not None
    assert (found.checkout, found.order, found.vendor) == (checkout, None, checkout.vendor)
    assert code_by_text("OCZ\x00") is None
