"""Facts about several products at once: one statement each, however many products there are.

Their texts are kept (`marketplace.core.statements`), since every list of goods asks them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cache
from typing import TypeVar

from catalog.models import OcopCertificate, ProductMedia, ProductVariant, Stock
from marketplace.core.statements import Among, Given, Kept

Row = TypeVar("Row", OcopCertificate, ProductMedia, ProductVariant)
OF_PRODUCTS = Among("product_id", Given("products"))
_MEDIA: Kept[ProductMedia] = Kept(
    lambda: ProductMedia.objects.filter(OF_PRODUCTS).order_by("product_id", "position", "pk")
)
_CERTIFICATES: Kept[OcopCertificate] = Kept(
    lambda: OcopCertificate.objects.filter(
        OF_PRODUCTS, state=OcopCertificate.State.VERIFIED, expires_on__gte=Given("today")
    )
)


def variants_of_products(
    product_ids: Collection[int], *, without: Collection[str] = ()
) -> dict[int, list[ProductVariant]]:
    """The variants on sale of each product, in the order its shop gave them; columns in `without` are not read."""
    by_product: dict[int, list[ProductVariant]] = {product_id: [] for product_id in product_ids}
    for variant in _of_products(_on_sale(frozenset(without)), product_ids):
        by_product[variant.product_id].append(variant)
    return by_product


def media_of_products(product_ids: Collection[int]) -> dict[int, list[ProductMedia]]:
    """The photos of each product; the first is the one that lists show."""
    by_product: dict[int, list[ProductMedia]] = {product_id: [] for product_id in product_ids}
    for media in _of_products(_MEDIA, product_ids):
        by_product[media.product_id].append(media)
    return by_product


def shown_certificates(product_ids: Collection[int], *, today: date) -> dict[int, OcopCertificate]:
    """The certificate whose stars may be shown of each product that has one; `today` is the date in Vietnam."""
    shown = _of_products(_CERTIFICATES, product_ids, today=today)
    return {certificate.product_id: certificate for certificate in shown}


def stocks_of_variants(variant_ids: Collection[int]) -> dict[int, list[Stock]]:
    """Where each variant lies, the place made first in front; variants that lie nowhere are left out."""
    by_variant: dict[int, list[Stock]] = {}
    stocks = Stock.objects.filter(variant_id__in=variant_ids).select_related("warehouse__vendor")
    for stock in stocks.order_by("variant_id", "warehouse_id"):
        by_variant.setdefault(stock.variant_id, []).append(stock)
    return by_variant


def _of_products(kept: Kept[Row], product_ids: Collection[int], **given: object) -> list[Row]:
    return kept.all(products=list(product_ids), **given) if product_ids else []


@cache
def _on_sale(without: frozenset[str]) -> Kept[ProductVariant]:
    return Kept(
        lambda: (
            ProductVariant.objects.filter(OF_PRODUCTS, is_active=True)
            .defer(*without)
            .order_by("product_id", "position", "pk")
        )
    )
