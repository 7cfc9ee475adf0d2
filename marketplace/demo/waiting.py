"""Work left for the demo's commune officer: a shop that wants to be verified, a product that wants to be shown."""

from __future__ import annotations

from datetime import datetime

from catalog.models import Product
from catalog.services import add_photo, create_product, submit_for_review
from marketplace.core.actors import SYSTEM
from marketplace.demo.cast import demo_phone
from marketplace.demo.persons import owners_shop
from marketplace.demo.pictures import draw_product_picture
from marketplace.demo.shops import demo_user
from vendors.models import Vendor
from vendors.services import register_vendor

NEW_SHOP_SLUG = "ho-lo-thi-may-thu"
NEW_PRODUCT_SLUG = "tra-xuan-kolia-thu"
NEW_SHOP_PHONE_NUMBER = 90


def leave_work_for_staff(*, now: datetime) -> None:
    """Open a shop that nobody verified yet and hand in a product, both invented."""
    shop = owners_shop()
    if not Vendor.objects.filter(slug=NEW_SHOP_SLUG).exists():
        register_vendor(
            actor=SYSTEM,
            owner=demo_user(login="lo-thi-may", name="Lò Thị Mây (thử)", now=now),
            name="Hộ Lò Thị Mây (thử)",
            kind=Vendor.Kind.HOUSEHOLD,
            commune=shop.commune,
            phone=demo_phone(NEW_SHOP_PHONE_NUMBER),
            slug=NEW_SHOP_SLUG,
            is_demo=True,
            now=now,
        )
    if not Product.objects.filter(slug=NEW_PRODUCT_SLUG).exists():
        product = create_product(
            actor=SYSTEM,
            vendor=shop,
            name="Trà xuân Kolia (thử)",
            slug=NEW_PRODUCT_SLUG,
            ocop_set=11,
            price_vnd=180_000,
            unit="hộp 100 g",
            quantity=12,
            description="Sản phẩm đặt ra để cán bộ xã thử việc duyệt tin đăng.",
            is_demo=True,
            now=now,
        )
        picture = draw_product_picture(name=product.name, set_no=11, seed=7)
        add_photo(actor=SYSTEM, product=product, content=picture, alt=product.name, is_illustration=True, now=now)
        submit_for_review(actor=SYSTEM, product=product, now=now)
