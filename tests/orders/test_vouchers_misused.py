"""Vouchers in the hands of somebody who wants more of them than they give."""

from __future__ import annotations

import pytest

from marketplace.core.actors import ANONYMOUS
from marketplace.orders.errors import NoSuchVoucher, VoucherNotApplicable
from marketplace.orders.models import Checkout, Order
from marketplace.orders.services.checkouts import set_phone
from marketplace.orders.services.codes import reserve_checkout
from marketplace.orders.services.placing import complete_checkout
from marketplace.orders.services.promo_codes import MISSES_OF_AN_ADDRESS_MAX, TooManyMisses, apply_voucher
from tests.orders.factories import NOW, a_checkout, a_ready_checkout, a_variant
from tests.orders.vouching import a_voucher, apply
from vendors.models import Vendor

pytestmark = pytest.mark.django_db


def guess(checkout: Checkout, code: str = "KHAITRUONG", *, address: str) -> None:
    apply_voucher(checkout_id=checkout.pk, code=code, address=address, now=NOW)


def test_a_phone_that_was_lent_elsewhere_while_its_use_is_held_uses_the_code_once_all_the_same(shop: Vendor) -> None:
    a_voucher(shop, apply_once_per_customer=True)
    variant = a_variant(shop)
    held = a_ready_checkout((variant, 1))
    set_phone(checkout_id=held.pk, phone="0912 000 001", now=NOW)
    apply(held)
    reserve_checkout(checkout_id=held.pk, now=NOW)
    set_phone(checkout_id=held.pk, phone="0912 000 002", now=NOW)
    other = a_ready_checkout((variant, 1))
    set_phone(checkout_id=other.pk, phone="0912 000 001", now=NOW)
    apply(other)
    complete_checkout(checkout_id=other.pk, actor=ANONYMOUS, now=NOW)

    set_phone(checkout_id=held.pk, phone="0912 000 001", now=NOW)

    with pytest.raises(VoucherNotApplicable):
        complete_checkout(checkout_id=held.pk, actor=ANONYMOUS, now=NOW)
    assert Order.objects.filter(voucher_counts=True, phone="+84912000001").count() == 1


def test_somebody_with_a_whole_network_of_addresses_guesses_no_more_either(shop: Vendor) -> None:
    a_voucher(shop)
    variant = a_variant(shop)
    for number in range(MISSES_OF_AN_ADDRESS_MAX):
        with pytest.raises(NoSuchVoucher):
            guess(a_checkout((variant, 1)), "NHAM", address=f"2001:db8::{number:x}")

    with pytest.raises(TooManyMisses):
        guess(a_checkout((variant, 1)), address="2001:db8::ffff")
    guess(a_checkout((variant, 1)), address="2001:db8:0:1::1")
