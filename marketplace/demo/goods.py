"""The demo market's goods: listed, photographed (drawn), certified and published through the services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from catalog.models import Product
from catalog.services import (
    add_photo,
    create_product,
    declare_certificate,
    publish_product,
    submit_for_review,
    translate_product,
    verify_certificate,
)
from marketplace.core.actors import SYSTEM
from marketplace.core.languages import ENGLISH
from marketplace.demo.catalogue import DemoProduct, number_from
from marketplace.demo.english import ENGLISH_TEXTS
from marketplace.demo.pictures import draw_product_picture
from vendors.models import Vendor

LISTED_BEFORE_DAYS = 50
STARS_AWARDED_MIN = 3
PUBLISHERS = {3: "Ủy ban nhân dân tỉnh", 4: "Ủy ban nhân dân tỉnh", 5: "Bộ Nông nghiệp và Môi trường"}


def list_goods(vendor: Vendor, goods: Sequence[DemoProduct], *, now: datetime) -> None:
    """List what is not listed yet of a shop's goods."""
    known = set(Product.objects.filter(slug__in=[product.key for product in goods]).values_list("slug", flat=True))
    for product in goods:
        if product.key not in known:
            _list(vendor, product, now=now - timedelta(days=number_from(f"listed {product.key}", LISTED_BEFORE_DAYS)))


def _list(vendor: Vendor, wanted: DemoProduct, *, now: datetime) -> None:
    product = create_product(
        actor=SYSTEM,
        vendor=vendor,
        name=wanted.name,
        slug=wanted.key,
        ocop_set=wanted.set_no,
        price_vnd=wanted.price_vnd,
        unit=wanted.unit,
        quantity=wanted.quantity,
        description=wanted.description,
        storage_note="Nơi khô ráo, tránh nắng.",
        is_demo=True,
        now=now,
    )
    picture = draw_product_picture(
        name=wanted.name, set_no=wanted.set_no, seed=number_from(f"picture {wanted.key}", 2**31)
    )
    add_photo(actor=SYSTEM, product=product, content=picture, alt=wanted.name, is_illustration=True, now=now)
    if wanted.stars is not None and wanted.stars >= STARS_AWARDED_MIN:
        _certify(product, wanted, stars=wanted.stars, now=now)
    if english := ENGLISH_TEXTS.get(wanted.key):
        translate_product(
            actor=SYSTEM,
            product=product,
            language=ENGLISH,
            name=english.name,
            description=english.description,
            now=now,
        )
    submit_for_review(actor=SYSTEM, product=product, now=now)
    publish_product(actor=SYSTEM, product=product, now=now)


def _certify(product: Product, wanted: DemoProduct, *, stars: int, now: datetime) -> None:
    certificate = declare_certificate(
        actor=SYSTEM,
        product=product,
        stars=stars,
        decision_number=f"THU-{1 + number_from(f'decision {wanted.key}', 999):03d}/QĐ-THU",
        issued_on=wanted.issued_on,
        issuer=PUBLISHERS[stars] + (f" {wanted.province}" if stars < max(PUBLISHERS) else ""),
        legal_basis="Quyết định 148/QĐ-TTg (dữ liệu thử)",
        now=now,
    )
    verify_certificate(actor=SYSTEM, certificate=certificate, now=now)
