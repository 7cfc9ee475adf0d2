"""Three products that differ in everything that lists are narrowed by."""

from __future__ import annotations

from datetime import timedelta

from catalog.models import Product
from catalog.services import add_variant
from tests.catalog.factories import NENH, NOW, a_product, a_shop, on_sale, publish, with_stars


def three_goods() -> dict[str, Product]:
    """Tea of Nếnh that is sold out; dear honey with four stars and noodles in two sizes, both of Đàm Thủy."""
    shop, other = a_shop(), a_shop("Gian hàng Nếnh", commune=NENH)
    tea = on_sale(other, "Chè", ocop_set=11, price_vnd=50_000, quantity=0, now=NOW - timedelta(days=2))
    honey = on_sale(
        shop,
        "Mật ong",
        ocop_set=4,
        price_vnd=150_000,
        quantity=4,
        storage_note="Nơi mát",
        now=NOW - timedelta(days=1),
    )
    with_stars(shop, honey, now=NOW - timedelta(days=1))
    noodles = a_product(shop, "Miến", price_vnd=60_000, quantity=10)
    add_variant(actor=shop.owner, product=noodles, name="Túi to", unit="túi", price_vnd=110_000, quantity=20, now=NOW)
    Product.objects.filter(pk=honey.pk).update(metadata={"mùa": "xuân", "a__b": "1"})
    return {"Chè": tea, "Mật ong": honey, "Miến": publish(shop, noodles)}
