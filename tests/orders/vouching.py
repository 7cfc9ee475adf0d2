"""Vouchers for the tests of orders and pages: rows as the shop's owner would leave them."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from marketplace.core.actors import SYSTEM
from marketplace.orders.models import Checkout, Voucher
from marketplace.orders.services.promo_codes import apply_voucher
from marketplace.orders.services.vouchers import VoucherTerms, make_voucher
from tests.orders.factories import NOW
from vendors.models import Vendor

ADDRESS = "192.0.2.1"


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
