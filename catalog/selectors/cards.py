"""A product as lists show it: what a card needs, for a whole page of them, in a bounded number of statements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from catalog.models import OcopCertificate, Product, ProductMedia, ProductVariant
from catalog.pictures import SMALL_EDGE_PIXELS, Form, picture_size, picture_url
from catalog.selectors.stocks import available_quantity

CARDS_MAX = 100


@dataclass(frozen=True)
class ProductCard:
    """What a list shows of a product. The price is the lowest of its variants on sale, in đồng, for `unit`."""

    product: Product
    slug: str
    name: str
    vendor_name: str
    vendor_slug: str
    place: str
    """Commune and province of origin: "Xã Đàm Thủy, Cao Bằng"."""
    price_vnd: int | None
    """None for a product without any variant on sale."""
    unit: str
    has_several_prices: bool
    stars: int | None
    """Only while the certificate is verified and valid."""
    picture_url: str | None
    webp_url: str | None
    """The same picture in fewer bytes, for browsers that can show it; None where there is none."""
    picture_alt: str
    width: int
    height: int
    """Pixels of the picture; 0 without one."""
    in_stock: bool


def with_card_facts(products: QuerySet[Product], *, today: date) -> list[ProductCard]:
    """The cards of `products`, in their order, at most `CARDS_MAX`; five statements, however many there are.

    `today` is the date in Vietnam, for stars. Takes any queryset: who may see the products is the caller's matter.
    """
    loaded = list(products.select_related("vendor", "commune_of_origin__province")[:CARDS_MAX])
    ids = [product.pk for product in loaded]
    variants = _variants(ids)
    stars = shown_stars(ids, today=today)
    media = first_media(ids)
    left = available_quantity([variant.pk for rows in variants.values() for variant in rows])
    return [
        _card(
            product,
            variants=variants.get(product.pk, []),
            stars=stars.get(product.pk),
            media=media.get(product.pk),
            left=left,
        )
        for product in loaded
    ]


def cards_in_order(product_ids: Sequence[int], *, today: date) -> list[ProductCard]:
    """The cards of these products in the order of their ids; those that are gone are left out."""
    cards = with_card_facts(Product.objects.filter(pk__in=product_ids), today=today)
    by_id = {card.product.pk: card for card in cards}
    return [by_id[product_id] for product_id in product_ids if product_id in by_id]


def shown_certificate(product: Product, *, today: date) -> OcopCertificate | None:
    """The certificate whose stars may be shown: verified, and `today` (in Vietnam) not past its last day."""
    return OcopCertificate.objects.filter(
        product=product, state=OcopCertificate.State.VERIFIED, expires_on__gte=today
    ).first()


def shown_stars(product_ids: Collection[int], *, today: date) -> dict[int, int]:
    """The stars that may be shown, by product; products without are left out. One statement."""
    return dict(
        OcopCertificate.objects.filter(
            product_id__in=product_ids, state=OcopCertificate.State.VERIFIED, expires_on__gte=today
        ).values_list("product_id", "stars")
    )


def _variants(product_ids: Collection[int]) -> dict[int, list[ProductVariant]]:
    by_product: dict[int, list[ProductVariant]] = {}
    on_sale = ProductVariant.objects.filter(product_id__in=product_ids, is_active=True)
    for variant in on_sale.order_by("product_id", "price_vnd", "position", "pk"):
        by_product.setdefault(variant.product_id, []).append(variant)
    return by_product


def first_media(product_ids: Collection[int]) -> dict[int, ProductMedia]:
    """The first photo of each of these products, by product; one statement."""
    first: dict[int, ProductMedia] = {}
    for media in ProductMedia.objects.filter(product_id__in=product_ids).order_by("position", "pk"):
        first.setdefault(media.product_id, media)
    return first


def _card(
    product: Product,
    *,
    variants: Sequence[ProductVariant],
    stars: int | None,
    media: ProductMedia | None,
    left: dict[int, int],
) -> ProductCard:
    cheapest = variants[0] if variants else None
    width, height = picture_size(media, SMALL_EDGE_PIXELS) if media else (0, 0)
    return ProductCard(
        product=product,
        slug=product.slug,
        name=product.name,
        vendor_name=product.vendor.name,
        vendor_slug=product.vendor.slug,
        place=product.commune_of_origin.label,
        price_vnd=cheapest.price_vnd if cheapest else None,
        unit=cheapest.unit if cheapest else "",
        has_several_prices=len({variant.price_vnd for variant in variants}) > 1,
        stars=stars,
        picture_url=picture_url(media, SMALL_EDGE_PIXELS) if media else None,
        webp_url=picture_url(media, SMALL_EDGE_PIXELS, form=Form.WEBP) if media and media.is_complete else None,
        picture_alt=media.alt if media else "",
        width=width,
        height=height,
        in_stock=any(left[variant.pk] > 0 for variant in variants),
    )
