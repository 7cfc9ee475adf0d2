"""Vouchers of the demo market: one in its owner's shop, one in another, so that a newcomer can try a code."""

from __future__ import annotations

from datetime import datetime, timedelta

from marketplace.core.actors import SYSTEM
from marketplace.core.clock import vietnam_date
from marketplace.demo.persons import owners_shop
from marketplace.orders.models import Voucher
from marketplace.orders.services.vouchers import VoucherTerms, make_voucher
from vendors.models import Vendor

BEGAN_BEFORE = timedelta(days=14)
LASTS = timedelta(days=60)


def give_vouchers(*, now: datetime) -> None:
    """Make the two vouchers, unless that was done before."""
    if Voucher.objects.filter(is_demo=True).exists():
        return
    today, shop = vietnam_date(now), owners_shop()
    regulars = VoucherTerms(
        name="Khách quen",
        discount_value_type=Voucher.ValueType.PERCENTAGE,
        discount_value=10,
        first_day=today - BEGAN_BEFORE,
    )
    first_order = VoucherTerms(
        name="Đơn đầu tiên",
        discount_value_type=Voucher.ValueType.FIXED,
        discount_value=20_000,
        min_spent_vnd=100_000,
        usage_limit=50,
        apply_once_per_customer=True,
        first_day=today - BEGAN_BEFORE,
        last_day=today + LASTS,
    )
    make_voucher(actor=SYSTEM, vendor=shop, code="KHACHQUEN", terms=regulars, now=now - BEGAN_BEFORE)
    other = Vendor.objects.filter(is_demo=True, commune=shop.commune).exclude(pk=shop.pk).order_by("pk").first()
    for vendor in (shop, other):
        if vendor is not None:
            make_voucher(actor=SYSTEM, vendor=vendor, code="DONDAU", terms=first_order, now=now - BEGAN_BEFORE)
