"""Invented shops beside the demo owner's, in its commune: their officer has a commune and not one shop to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from catalog.models import ProductVariant
from catalog.services import add_photo, create_product, publish_product, submit_for_review
from marketplace.core.actors import SYSTEM
from marketplace.core.text import fold, slugify_vietnamese
from marketplace.demo.cast import demo_phone
from marketplace.demo.catalogue import number_from
from marketplace.demo.persons import owners_shop
from marketplace.demo.pictures import draw_product_picture
from marketplace.demo.shops import (
    DEMO_ACCOUNT_PREFIX,
    DEMO_BANK_BINS,
    OPENED_BEFORE_DAYS,
    RATES_VND,
    demo_checker,
    demo_user,
    give_feeds,
)
from marketplace.orders.models import DeliveryRate
from marketplace.places.models import Commune
from vendors.models import Vendor
from vendors.services import register_vendor, set_bank_account, verify_vendor

PHONE_NUMBERS_START = 700
QUANTITY = 400


@dataclass(frozen=True)
class Neighbour:
    """A household and the one thing it sells."""

    name: str
    product: str
    set_no: int
    price_vnd: int
    unit: str

    @property
    def slug(self) -> str:
        return slugify_vietnamese(self.name)


NEIGHBOURS = (
    Neighbour("Hộ Hoàng Văn Sình (thử)", "Chè dây (thử)", 11, 70_000, "gói 200 g"),
    Neighbour("Hộ Triệu Mùi Chài (thử)", "Mật ong rừng (thử)", 4, 180_000, "chai 500 ml"),
    Neighbour("Hộ Nông Thị Vân (thử)", "Miến dong (thử)", 6, 60_000, "gói 500 g"),
    Neighbour("Hộ Bàn Tòn Phin (thử)", "Gạo nếp (thử)", 6, 35_000, "kg"),
)


def open_neighbours(*, now: datetime) -> None:
    """Open those of `NEIGHBOURS` that are not open yet, each with its one product on the market."""
    commune, opened_at = owners_shop().commune, now - timedelta(days=OPENED_BEFORE_DAYS)
    known = set(Vendor.objects.filter(slug__in=[one.slug for one in NEIGHBOURS]).values_list("slug", flat=True))
    for number, neighbour in enumerate(NEIGHBOURS):
        if neighbour.slug not in known:
            with transaction.atomic():
                _list(neighbour, _open(neighbour, commune, number=number, now=opened_at), now=opened_at)


def _open(neighbour: Neighbour, commune: Commune, *, number: int, now: datetime) -> Vendor:
    phone = demo_phone(PHONE_NUMBERS_START + number)
    vendor = register_vendor(
        actor=SYSTEM,
        owner=demo_user(login=f"chu-{neighbour.slug}", name=neighbour.name, phone=phone, now=now),
        name=neighbour.name,
        kind=Vendor.Kind.HOUSEHOLD,
        commune=commune,
        phone=phone,
        slug=neighbour.slug,
        is_demo=True,
        now=now,
    )
    set_bank_account(
        actor=SYSTEM,
        vendor=vendor,
        bin=DEMO_BANK_BINS[number % len(DEMO_BANK_BINS)],
        account_number=f"{DEMO_ACCOUNT_PREFIX}{PHONE_NUMBERS_START + number:04d}",
        account_name=fold(neighbour.name).upper(),
        now=now,
    )
    give_feeds(vendor, opened_at=now)
    for zone, price in RATES_VND.items():
        DeliveryRate.objects.create(vendor=vendor, zone=zone, price_vnd=price)
    return verify_vendor(actor=demo_checker(now), vendor=vendor, now=now)


def _list(neighbour: Neighbour, vendor: Vendor, *, now: datetime) -> None:
    product = create_product(
        actor=SYSTEM,
        vendor=vendor,
        name=neighbour.product,
        slug=f"{slugify_vietnamese(neighbour.product)}-{neighbour.slug}"[:80],
        ocop_set=neighbour.set_no,
        price_vnd=neighbour.price_vnd,
        unit=neighbour.unit,
        quantity=QUANTITY,
        description="Sản phẩm đặt ra để thử.",
        is_demo=True,
        now=now,
    )
    seed = number_from(f"picture {neighbour.slug}", 2**31)
    picture = draw_product_picture(name=product.name, set_no=neighbour.set_no, seed=seed)
    add_photo(actor=SYSTEM, product=product, content=picture, alt=product.name, is_illustration=True, now=now)
    submit_for_review(actor=SYSTEM, product=product, now=now)
    publish_product(actor=SYSTEM, product=product, now=now)


def of_neighbours(variants: Sequence[ProductVariant]) -> list[ProductVariant]:
    """Those of the variants that the neighbours sell."""
    slugs = {one.slug for one in NEIGHBOURS}
    return [variant for variant in variants if variant.product.vendor.slug in slugs]
