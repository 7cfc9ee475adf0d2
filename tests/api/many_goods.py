"""As many products on sale as a test wants, in a few statements: clones of one that the services made."""

from __future__ import annotations

from django.db.models import QuerySet

from catalog.models import Product, ProductMedia, ProductVariant, Stock
from catalog.services import add_photo
from marketplace.core.text import name_sort_key
from tests.catalog.factories import NOW, Shop, a_picture, a_product, publish, with_stars
from tests.storefront.many_rows import analyze, cloned

SETS = (1, 4, 6, 11)
PRICE_STEPS = 97


def many_goods(shop: Shop, many: int, *, furnished: bool = True) -> QuerySet[Product]:
    """So many products of a shop, each with a variant and ten in stock; furnished ones with photo and certificate.

    Their names and addresses are numbered; sets and prices come round, so that a page mixes them.
    """
    first = a_product(shop, "Hàng 00000", quantity=10, description="Làm ở bản.")
    if furnished:
        add_photo(actor=shop.owner, product=first, content=a_picture((640, 480)), alt="Hàng", now=NOW)
    first = publish(shop, first)
    variant = ProductVariant.objects.get(product=first)
    stock = Stock.objects.get(variant=variant)
    products = cloned(
        Product.objects.get(pk=first.pk),
        many - 1,
        lambda number: {
            "name": f"Hàng {number:05}",
            "slug": f"hang-{number:05}",
            "sort_key": name_sort_key(f"Hàng {number:05}"),
            "ocop_set": SETS[number % len(SETS)],
            "price_from_vnd": price_of(number),
        },
    )
    new = iter(products)
    variants = cloned(variant, many - 1, lambda _number: _variant_of(next(new)))
    of_variants = iter(variants)
    cloned(stock, many - 1, lambda _number: {"variant_id": next(of_variants).pk})
    if furnished:
        for row in (ProductMedia.objects.get(product=first), with_stars(shop, first)):
            new = iter(products)
            cloned(row, many - 1, lambda _number, new=new: {"product_id": next(new).pk})
    analyze()
    return Product.objects.filter(vendor=shop.vendor)


def price_of(number: int) -> int:
    """In đồng; many goods cost the same, as in any market."""
    return 10_000 + number % PRICE_STEPS * 1000


def _variant_of(product: Product) -> dict[str, object]:
    return {"product_id": product.pk, "price_vnd": product.price_from_vnd}
