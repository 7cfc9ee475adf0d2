"""Shops and products for tests, made through the services; photos drawn on the spot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import count
from typing import Any

from PIL import Image

from catalog import services
from catalog.models import OcopCertificate, Product
from marketplace.core.actors import Actor
from marketplace.people.models import User
from marketplace.people.services import register_person
from marketplace.places.models import Commune
from vendors.models import Vendor
from vendors.services import register_vendor, verify_vendor

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
DAM_THUY = "01501"  # Xã Đàm Thủy, Tỉnh Cao Bằng
NENH = "07795"  # Phường Nếnh, Tỉnh Bắc Ninh
_numbers = count(1)


@dataclass(frozen=True)
class Shop:
    """A shop, its owner, and an officer of its commune."""

    vendor: Vendor
    owner: Actor
    staff: Actor


def a_person(name: str = "Nông Thị Lan") -> User:
    return register_person(name=name, phone=f"09{next(_numbers):08d}", now=NOW)


def staff_of(commune: str) -> Actor:
    return Actor(user_id=a_person("Cán bộ").pk, commune_codes=frozenset({commune}))


def a_shop(name: str = "Hợp tác xã Bản Giốc", *, commune: str = DAM_THUY, verified: bool = True, **more: Any) -> Shop:
    owner = a_person()
    place = Commune.objects.select_related("province").get(pk=commune)
    vendor = register_vendor(
        actor=Actor(user_id=owner.pk),
        owner=owner,
        name=name,
        kind=Vendor.Kind.COOPERATIVE,
        commune=place,
        phone="0912345678",
        now=NOW,
        **more,
    )
    staff = staff_of(commune)
    if verified:
        vendor = verify_vendor(actor=staff, vendor=vendor, now=NOW)
    return Shop(vendor, Actor(user_id=owner.pk, vendor_roles={vendor.pk: "owner"}), staff)


def a_product(shop: Shop, name: str = "Miến dong Cao Bằng", *, now: datetime = NOW, **more: Any) -> Product:
    wanted: dict[str, Any] = {"ocop_set": 6, "price_vnd": 60_000, "unit": "gói 500 g", "quantity": 10} | more
    return services.create_product(actor=shop.owner, vendor=shop.vendor, name=name, now=now, **wanted)


def on_sale(shop: Shop, name: str = "Miến dong Cao Bằng", *, now: datetime = NOW, **more: Any) -> Product:
    return publish(shop, a_product(shop, name, now=now, **more), now=now)


def publish(shop: Shop, product: Product, *, now: datetime = NOW) -> Product:
    """Put a draft on sale."""
    product = services.submit_for_review(actor=shop.owner, product=product, now=now)
    return services.publish_product(actor=shop.staff, product=product, now=now)


def a_certificate(
    shop: Shop, product: Product, *, stars: int = 4, now: datetime = NOW, **more: Any
) -> OcopCertificate:
    wanted: dict[str, Any] = {"issued_on": date(2025, 3, 1)} | more
    return services.declare_certificate(
        actor=shop.owner,
        product=product,
        stars=stars,
        decision_number="125/QĐ-UBND",
        issuer="Ủy ban nhân dân tỉnh Cao Bằng",
        now=now,
        **wanted,
    )


def with_stars(shop: Shop, product: Product, *, stars: int = 4, now: datetime = NOW, **more: Any) -> OcopCertificate:
    certificate = a_certificate(shop, product, stars=stars, now=now, **more)
    return services.verify_certificate(actor=shop.staff, certificate=certificate, now=now)


def a_picture(
    size: tuple[int, int] = (1600, 1200), *, form: str = "JPEG", mode: str = "RGB", color: Any = "brown", **more: Any
) -> bytes:
    out = BytesIO()
    Image.new(mode, size, color).save(out, form, **more)
    return out.getvalue()
