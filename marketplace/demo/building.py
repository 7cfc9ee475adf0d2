"""Builds the demo market through the same services that people use; what is there already stays as it is.

Every step finds its own work done by slug, by client id or by e-mail, so a build that was stopped goes on
where it was.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from marketplace.core import journal
from marketplace.core.clock import vietnam_date
from marketplace.demo.catalogue import demo_products, makers
from marketplace.demo.complaints import leave_complaints
from marketplace.demo.goods import list_goods
from marketplace.demo.neighbours import open_neighbours
from marketplace.demo.persons import make_cast
from marketplace.demo.sales import play_past_sales
from marketplace.demo.shops import ShopBuilder, make_sites
from marketplace.demo.villages import settle_in_villages
from marketplace.demo.vouchers import give_vouchers
from marketplace.demo.waiting import leave_work_for_staff
from vendors.models import Vendor

Progress = Callable[[int, int, str], None]


def build_demo_market(*, now: datetime, progress: Progress) -> None:
    """Make people, shops, goods and `PAST_DAYS` days of sales. `progress(done, of, what)` is told of long steps."""
    products = demo_products(vietnam_date(now))
    shops = makers(products)
    if not Vendor.objects.filter(is_demo=True).count() > len(shops):
        builder = ShopBuilder(sites=make_sites(now=now), now=now)
        for done, (maker, goods) in enumerate(shops.items(), start=1):
            with transaction.atomic():
                vendor = builder.shop(maker, goods, number=done)
                list_goods(vendor, goods, now=now)
            progress(done, len(shops), "Gian hàng thử")
        make_cast(now=now)
        leave_work_for_staff(now=now)
    open_neighbours(now=now)
    settle_in_villages(now=now)
    play_past_sales(now=now, progress=progress)
    leave_complaints(now=now)
    give_vouchers(now=now)
    journal.drain(now=now)
