"""Vouchers for the tests of orders and pages: rows as the shop's owner would leave them."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from marketplace.core.actors import ANONYMOUS, SYSTEM
from marketplace.orders.models import Checkout, Order, Voucher
from marketplace.orders.services.ending import expire_due_orders
from marketplace.orders.services.placing import complete_checkout
from marketplace.orders.services.promo_codes import apply_voucher
from marketplace.orders.services.vouchers import VoucherTerms, make_voucher
from tests.orders.factories import NOW
from vendors.models import Vendor

ADDRESS = "192.0.2.1"
LATER = NOW + timedelta(minutes=31)
"""When an unpaid order's or a hold's time is over."""


def terms(**changes: object) -> VoucherTerms:
    """10 per cent off, from 1 November 2026 on, for everybody, unless told otherwise."""
    given: dict[str, object] = {
        "name": "Mừng khai trương",
        "discount_value_type": "percentage",
        "discount_value": 10,
        "first_day": date(2026, 11, 1),
    }
    return VoucherTerms(**{**given, **changes})  # type: ignore[arg-type]  # named by the tests, as the fields are


def a_voucher(vendor: Vendor, code: str = "KHAITRUONG", **changes: object) -> Voucher:
    return make_voucher(actor=SYSTEM, vendor=vendor, code=code, terms=terms(**changes), now=NOW)


def apply(checkout: Checkout | uuid.UUID, code: str = "KHAITRUONG", *, now: datetime = NOW) -> Checkout:
    checkout_id = checkout if isinstance(checkout, uuid.UUID) else checkout.pk
    return apply_voucher(checkout_id=checkout_id, code=code, address=ADDRESS, now=now)


def used(voucher: Voucher) -> int:
    """How many uses the table says."""
    return Voucher.objects.get(pk=voucher.pk).used


def complete(checkout: Checkout, *, code: str | None = "KHAITRUONG") -> Order:
    """The order that the checkout becomes, with the code named for it."""
    if code is not None:
        apply(checkout, code)
    return complete_checkout(checkout_id=checkout.pk, actor=ANONYMOUS, now=NOW)


def expire(order: Order) -> Order:
    """The order when its time is over."""
    assert expire_due_orders(now=LATER, at_most=10) == 1
    order.refresh_from_db()
    return order
