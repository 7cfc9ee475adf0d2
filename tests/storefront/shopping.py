"""A market small enough to see at a glance, and a shopper's browser in it."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

from catalog.models import OcopCertificate, Product, ProductMedia, ProductVariant
from catalog.search import index_products
from marketplace.core import clock
from marketplace.core.text import fold, name_sort_key
from marketplace.orders.models import Order
from marketplace.people.models import User
from marketplace.places.models import MarketSite
from tests.orders.factories import a_variant
from vendors.models import Vendor

PASSWORD = "mua-xuan-vung-cao"


def shown_product(variant: ProductVariant, *, stars: int | None = None, **more: Any) -> Product:
    """The variant's product, found by the search; with a certificate when it has stars."""
    product = Product.objects.select_related("vendor", "commune_of_origin__province").get(pk=variant.product_id)
    for name, value in more.items():
        setattr(product, name, value)
    product.save()
    index_products([product])
    if stars is not None:
        today = clock.vietnam_date(clock.now())
        OcopCertificate.objects.create(
            product=product,
            stars=stars,
            decision_number="125/QĐ-UBND",
            issuer="Ủy ban nhân dân tỉnh Cao Bằng",
            issued_on=today - timedelta(days=30),
            expires_on=today + timedelta(days=700),
            state=OcopCertificate.State.VERIFIED,
            declared_at=clock.now(),
        )
    return product


def goods(vendor: Vendor, name: str = "Mật ong hoa nhãn", *, stars: int | None = None, **more: Any) -> ProductVariant:
    """Something on sale that shoppers find."""
    variant = a_variant(vendor, name=name, **more)
    shown_product(variant, stars=stars)
    return variant


def a_market(commune: str, *, name: str = "Chợ Nếnh", slug: str = "cho-nenh") -> MarketSite:
    return MarketSite.objects.create(
        slug=slug,
        kind=MarketSite.Kind.MARKET,
        name=name,
        commune_id=commune,
        folded=fold(name),
        sort_key=name_sort_key(name),
    )


def a_photo(product: Product) -> ProductMedia:
    return ProductMedia.objects.create(
        product=product, image="products/3f/3f00.jpg", width=1280, height=960, alt="Hũ mật"
    )


def text_of(response: HttpResponse) -> str:
    """What a person reads on a page: tags and no-break blanks are blanks, and blanks are single."""
    html = re.sub(r"(?s)<(script|style|head).*?</\1>", " ", response.content.decode())
    words = " ".join(unescape(re.sub("<[^>]+>", " ", html)).split())
    return re.sub(r" ([,.:;])", r"\1", words)


def form_id() -> str:
    return str(uuid.uuid4())


def put_into_basket(client: Client, variant: ProductVariant, quantity: object = 1, **more: Any) -> HttpResponse:
    """What the buy button of the product's page sends."""
    fields = {"variant": variant.pk, "quantity": quantity, "client_id": form_id()} | more
    return client.post(f"/products/{variant.product.slug}/", fields)


def checkout_url(client: Client, position: int = 0) -> str:
    """The address behind a "Đặt hàng" button of the basket."""
    found = re.findall(r'href="(/checkout/[0-9a-f-]{36}/)"', client.get("/basket/").content.decode())
    return found[position]


def fetched_at(vendor: Vendor, **more: Any) -> dict[str, Any]:
    """The checkout form of somebody who fetches the goods and saw any sum."""
    place = vendor.warehouses.order_by("pk")[0]
    fields = {"phone": "0912 345 678", "delivery": place.pk, "agreed_vnd": 10**9, "client_id": form_id()}
    return fields | more


def sent_home(**more: Any) -> dict[str, Any]:
    """The checkout form of somebody in Phường Nếnh, Bắc Ninh."""
    return {
        "phone": "0912 345 678",
        "name": "Nông Thị Mơ",
        "delivery": "home",
        "province": "24",
        "commune": "07795",
        "street": "Tổ 5",
        "agreed_vnd": 10**9,
        "client_id": form_id(),
    } | more


def order_online(client: Client, variant: ProductVariant, quantity: int = 1) -> Order:
    """Buy as a shopper does, up to the order's page."""
    put_into_basket(client, variant, quantity)
    answer = client.post(checkout_url(client), fetched_at(variant.product.vendor))
    return Order.objects.get(token=answer["Location"].split("/")[2])


def a_user(phone: str = "+84911111111") -> User:
    return User.objects.create_user(phone=phone, name="Lò Thị Mây", password=PASSWORD)
