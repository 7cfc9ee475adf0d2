"""Facts about several products at once: one statement each, however many products there are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from catalog.models import OcopCertificate, ProductMedia, ProductVariant, Stock


def variants_of_products(product_ids: Collection[int]) -> dict[int, list[ProductVariant]]:
    """The variants on sale of each product, in the order its shop gave them."""
    by_product: dict[int, list[ProductVariant]] = {product_id: [] for product_id in product_ids}
    on_sale = ProductVariant.objects.filter(product_id__in=product_ids, is_active=True)
    for variant in on_sale.order_by("product_id", "position", "pk"):
        by_product[variant.product_id].append(variant)
    return by_product


def media_of_products(product_ids: Collection[int]) -> dict[int, list[ProductMedia]]:
    """The photos of each product; the first is the one that lists show."""
    by_product: dict[int, list[ProductMedia]] = {product_id: [] for product_id in product_ids}
    for media in ProductMedia.objects.filter(product_id__in=product_ids).order_by("product_id", "position", "pk"):
        by_product[media.product_id].append(media)
    return by_product


def shown_certificates(product_ids: Collection[int], *, today: date) -> dict[int, OcopCertificate]:
    """The certificate whose stars may be shown of each product that has one; `today` is the date in Vietnam."""
    shown = OcopCertificate.objects.filter(
        product_id__in=product_ids, state=OcopCertificate.State.VERIFIED, expires_on__gte=today
    )
    return {certificate.product_id: certificate for certificate in shown}


def stocks_of_variants(variant_ids: Collection[int]) -> dict[int, list[Stock]]:
    """Where each variant lies, the place made first in front; variants that lie nowhere are left out."""
    by_variant: dict[int, list[Stock]] = {}
    stocks = Stock.objects.filter(variant_id__in=variant_ids).select_related("warehouse")
    for stock in stocks.order_by("variant_id", "warehouse_id"):
        by_variant.setdefault(stock.variant_id, []).append(stock)
    return by_variant
