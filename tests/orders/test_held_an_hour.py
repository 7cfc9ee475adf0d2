"""However often a payment is asked for, one hold lasts an hour at most: nobody keeps a shop's goods or prices."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from catalog.models import ProductVariant
from marketplace.orders.models import Checkout
from marketplace.orders.selectors import draft_of
from marketplace.orders.services.checkouts import set_line_quantity
from marketplace.orders.services.codes import reserve_checkout
from marketplace.orders.services.ending import release_due_reservations
from tests.orders.factories import NOW, a_ready_checkout, a_shop, a_variant, assert_stock_adds_up, stock_of
from tests.orders.vouching import a_voucher, apply, used

pytestmark = pytest.mark.django_db


def after(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def held(checkout: Checkout) -> tuple[datetime | None, datetime | None]:
    """Since when and until when the checkout's goods are held, as the table says."""
    row = Checkout.objects.get(pk=checkout.pk)
    return row.held_since, row.reserved_until


def asked_for_an_hour(checkout: Checkout) -> None:
    """The payment is asked for again and again, each time before the hold is over."""
    for minutes in (0, 20, 40, 55, 59):
        reserve_checkout(checkout_id=checkout.pk, now=after(minutes))


def test_asking_again_and_again_holds_the_goods_for_an_hour_from_the_first_time_at_most() -> None:
    variant = a_variant(a_shop())
    checkout = a_ready_checkout((variant, 5))

    seen = []
    for minutes in (0, 20, 40, 55, 59):
        reserve_checkout(checkout_id=checkout.pk, now=after(minutes))
        seen.append(held(checkout))

    assert seen == [(NOW, after(until)) for until in (30, 50, 60, 60, 60)]
    assert release_due_reservations(now=after(60), at_most=10) == 1
    assert (held(checkout), stock_of(variant)) == ((None, None), (5, 0, 0))
    assert_stock_adds_up()


def test_after_the_hour_price_is_read_anew_and_another_hold_begins() -> None:
    checkout = a_ready_checkout((a_variant(a_shop()), 1))
    reserve_checkout(checkout_id=checkout.pk, now=NOW)
    ProductVariant.objects.update(price_vnd=200_000)
    asked_for_an_hour(checkout)

    assert draft_of(Checkout.objects.get(pk=checkout.pk), now=after(59)).total_vnd == 120_000
    reserve_checkout(checkout_id=checkout.pk, now=after(60))

    assert draft_of(Checkout.objects.get(pk=checkout.pk), now=after(60)).total_vnd == 200_000
    assert held(checkout) == (after(60), after(90))


def test_after_the_hour_another_buyer_has_the_goods_and_the_vouchers_last_use() -> None:
    variant = a_variant(a_shop(), quantity=1)
    voucher = a_voucher(variant.vendor, usage_limit=1)
    first, second = a_ready_checkout((variant, 1)), a_ready_checkout((variant, 1))
    apply(first)
    asked_for_an_hour(first)
    assert used(voucher) == 1

    release_due_reservations(now=after(60), at_most=10)

    assert used(voucher) == 0
    apply(second, now=after(60))
    reserve_checkout(checkout_id=second.pk, now=after(60))
    assert (held(second), used(voucher)) == ((after(60), after(90)), 1)


def test_other_goods_are_another_hold_with_an_hour_of_its_own() -> None:
    variant = a_variant(a_shop())
    checkout = a_ready_checkout((variant, 1))
    reserve_checkout(checkout_id=checkout.pk, now=NOW)
    set_line_quantity(checkout_id=checkout.pk, variant_id=variant.pk, quantity=2, now=after(20))
    assert held(checkout) == (None, None)

    reserve_checkout(checkout_id=checkout.pk, now=after(20))

    assert held(checkout) == (after(20), after(50))


def test_a_hold_of_before_that_was_counted_has_its_hour_from_when_it_is_asked_for_again() -> None:
    checkout = a_ready_checkout((a_variant(a_shop()), 1))
    reserve_checkout(checkout_id=checkout.pk, now=NOW)
    Checkout.objects.update(held_since=None)

    reserve_checkout(checkout_id=checkout.pk, now=after(20))

    assert held(checkout) == (after(20), after(50))
