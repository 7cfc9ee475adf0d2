"""A use of a voucher comes back when its order or its hold ends, and is taken again by late money."""

from __future__ import annotations

import pytest
from django.db import transaction

from marketplace.core.actors import SYSTEM
from marketplace.orders.errors import VoucherNotApplicable, VoucherUsedUp
from marketplace.orders.locks import lock_order
from marketplace.orders.models import Checkout, Order, Voucher
from marketplace.orders.selectors.vouchers import miscounted_vouchers
from marketplace.orders.services.checkouts import set_line_quantity
from marketplace.orders.services.codes import reserve_checkout
from marketplace.orders.services.ending import (
    cancel_order,
    cancel_own_unpaid_order,
    cancel_unpaid_order,
    expire_due_orders,
    release_due_reservations,
)
from marketplace.orders.services.placing import place_paid_checkout
from marketplace.orders.services.promo_codes import (
    remove_voucher,
)
from marketplace.orders.services.vouchers import change_voucher, end_voucher
from tests.orders.factories import (
    NOW,
    a_ready_checkout,
    a_variant,
    assert_stock_adds_up,
    charge,
)
from tests.orders.vouching import LATER, a_voucher, apply, complete, expire, terms, used
from vendors.models import Vendor

pytestmark = pytest.mark.django_db


# --- Ends and returns -----------------------------------------------------------------------------


def test_an_order_that_ends_unpaid_gives_its_use_back_once(shop: Vendor) -> None:
    voucher = a_voucher(shop, usage_limit=3, apply_once_per_customer=True)
    variant = a_variant(shop)
    first = complete(a_ready_checkout((variant, 1)))

    for _again in range(2):
        cancel_own_unpaid_order(token=first.token, now=NOW)
    assert used(voucher) == 0

    second = complete(a_ready_checkout((variant, 1)))
    expire(second)
    assert expire_due_orders(now=LATER, at_most=10) == 0
    cancelled = complete(a_ready_checkout((variant, 1)))
    cancel_order(actor=SYSTEM, order=cancelled, reason="hết hàng", now=NOW)

    assert used(voucher) == 0
    assert not Order.objects.filter(voucher_counts=True).exists()
    assert list(miscounted_vouchers()) == []


def test_an_order_that_ran_out_and_is_called_off_too_gives_its_use_back_once(shop: Vendor) -> None:
    voucher = a_voucher(shop, usage_limit=3)
    variant = a_variant(shop)
    gone = expire(complete(a_ready_checkout((variant, 1))))
    complete(a_ready_checkout((variant, 1)))

    with transaction.atomic():
        cancel_unpaid_order(order=lock_order(gone.pk), reason="", now=LATER)

    assert used(voucher) == 1
    assert list(miscounted_vouchers()) == []


def test_late_money_counts_the_use_again_even_of_a_voucher_that_is_over(shop: Vendor) -> None:
    voucher = a_voucher(shop, usage_limit=1)
    order = expire(complete(a_ready_checkout((a_variant(shop), 1))))
    end_voucher(actor=SYSTEM, vendor=shop, voucher_id=voucher.pk, now=LATER)
    assert used(voucher) == 0

    outcome = charge(order, 108_000, now=LATER)

    order.refresh_from_db()
    assert (outcome.status_after, order.voucher_counts, used(voucher)) == ("full", True, 1)
    assert list(miscounted_vouchers()) == []


def test_late_money_for_a_use_that_is_gone_changes_nothing_until_the_shop_allows_one_more(shop: Vendor) -> None:
    voucher = a_voucher(shop, usage_limit=1)
    variant = a_variant(shop)
    order = expire(complete(a_ready_checkout((variant, 1))))
    complete(a_ready_checkout((variant, 1)))

    with pytest.raises(VoucherUsedUp):
        charge(order, 108_000, now=LATER)

    order.refresh_from_db()
    assert (order.status, order.charged_vnd, used(voucher)) == ("expired", 0, 1)
    change_voucher(actor=SYSTEM, vendor=shop, voucher_id=voucher.pk, terms=terms(usage_limit=2), now=LATER)
    assert charge(order, 108_000, now=LATER).status_after == "full"
    assert used(voucher) == 2
    assert_stock_adds_up()


def test_late_money_of_a_phone_that_used_the_code_again_changes_nothing(shop: Vendor) -> None:
    a_voucher(shop, apply_once_per_customer=True)
    variant = a_variant(shop)
    order = expire(complete(a_ready_checkout((variant, 1))))
    complete(a_ready_checkout((variant, 1)))

    with pytest.raises(VoucherUsedUp, match="mỗi số một lần"):
        charge(order, 108_000, now=LATER)

    assert Order.objects.filter(voucher_counts=True).count() == 1


def test_late_money_of_a_buyer_without_a_phone_is_not_taken_for_another_such_buyer_s(shop: Vendor) -> None:
    voucher = a_voucher(shop)
    variant = a_variant(shop)

    def without_phone() -> Order:
        checkout = a_ready_checkout((variant, 1))
        Checkout.objects.filter(pk=checkout.pk).update(phone="", email="mo@example.com")
        return complete(checkout)

    order = expire(without_phone())
    without_phone()
    once_each = terms(apply_once_per_customer=True)
    change_voucher(actor=SYSTEM, vendor=shop, voucher_id=voucher.pk, terms=once_each, now=LATER)

    assert charge(order, 108_000, now=LATER).status_after == "full"
    assert (used(voucher), list(miscounted_vouchers())) == (2, [])


# --- Paid before there is an order ----------------------------------------------------------------


def held(shop: Vendor, **changes: object) -> tuple[Checkout, Voucher]:
    voucher = a_voucher(shop, usage_limit=1, **changes)
    checkout = a_ready_checkout((a_variant(shop), 1))
    apply(checkout)
    reserve_checkout(checkout_id=checkout.pk, now=NOW)
    return Checkout.objects.get(pk=checkout.pk), voucher


def test_a_held_checkout_holds_the_use_and_the_dong_taken_off(shop: Vendor) -> None:
    checkout, voucher = held(shop)
    change_voucher(
        actor=SYSTEM, vendor=shop, voucher_id=voucher.pk, terms=terms(discount_value=50, usage_limit=1), now=NOW
    )
    reserve_checkout(checkout_id=checkout.pk, now=NOW)
    assert (used(voucher), list(miscounted_vouchers())) == (1, [])
    with pytest.raises(VoucherNotApplicable, match="hết lượt"):
        apply(a_ready_checkout((a_variant(shop), 1)))

    order = place_paid_checkout(checkout_id=checkout.pk, now=NOW)

    assert (order.discount_vnd, order.total_vnd, order.voucher_counts) == (12_000, 108_000, True)
    assert (used(voucher), list(miscounted_vouchers())) == (1, [])


def test_a_hold_that_runs_out_gives_the_use_back(shop: Vendor) -> None:
    checkout, voucher = held(shop)

    assert release_due_reservations(now=LATER, at_most=10) == 1

    assert (used(voucher), list(miscounted_vouchers())) == (0, [])
    assert Checkout.objects.get(pk=checkout.pk).held_discount_vnd is None


def test_a_changed_or_emptied_checkout_gives_the_use_back(shop: Vendor) -> None:
    checkout, voucher = held(shop)
    variant = checkout.lines.get().variant
    set_line_quantity(checkout_id=checkout.pk, variant_id=variant.pk, quantity=2, now=NOW)
    assert used(voucher) == 0

    reserve_checkout(checkout_id=checkout.pk, now=NOW)
    assert used(voucher) == 1
    apply(checkout)  # named again: its own use stands in nobody's way
    assert used(voucher) == 0
    reserve_checkout(checkout_id=checkout.pk, now=NOW)
    remove_voucher(checkout_id=checkout.pk, now=NOW)

    assert (used(voucher), list(miscounted_vouchers())) == (0, [])


def test_a_hold_past_its_time_that_nobody_released_yet_still_counts_once(shop: Vendor) -> None:
    checkout, voucher = held(shop)

    order = place_paid_checkout(checkout_id=checkout.pk, now=LATER)

    assert (order.discount_vnd, used(voucher), list(miscounted_vouchers())) == (12_000, 1, [])


def test_money_after_the_hold_for_a_use_that_is_gone_makes_an_order_at_the_full_price(shop: Vendor) -> None:
    checkout, voucher = held(shop)
    release_due_reservations(now=LATER, at_most=10)
    complete(a_ready_checkout((a_variant(shop), 1)))

    order = place_paid_checkout(checkout_id=checkout.pk, now=LATER)

    assert (order.voucher, order.discount_vnd, order.total_vnd) == (None, 0, 120_000)
    assert (used(voucher), list(miscounted_vouchers())) == (1, [])


def test_money_after_the_hold_of_a_phone_that_used_the_code_makes_an_order_at_the_full_price(shop: Vendor) -> None:
    voucher = a_voucher(shop, apply_once_per_customer=True)
    variant = a_variant(shop)
    checkout = a_ready_checkout((variant, 1))
    apply(checkout)
    reserve_checkout(checkout_id=checkout.pk, now=NOW)
    with pytest.raises(VoucherNotApplicable):
        complete(a_ready_checkout((variant, 1)))  # the hold of the same phone counts too
    release_due_reservations(now=LATER, at_most=10)
    complete(a_ready_checkout((variant, 1)))

    order = place_paid_checkout(checkout_id=checkout.pk, now=LATER)

    assert (order.discount_vnd, used(voucher)) == (0, 1)
