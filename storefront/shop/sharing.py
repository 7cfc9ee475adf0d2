"""What a product's share card says, and when a drawn one is out of date."""

from __future__ import annotations

import hashlib
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import Product, ProductMedia
from catalog.pictures import read_largest
from catalog.selectors import media_of, shown_stars, variants_of
from marketplace.core.money import format_vnd
from storefront.shop.share_cards import ShareCard


def share_card(product: Product, *, today: date) -> ShareCard:
    """The card of a product as its page shows it; three statements. A photo whose file is gone is left out."""
    prices = sorted(variant.price_vnd for variant in variants_of(product))
    first = next(iter(media_of(product)), None)
    stars = shown_stars([product.pk], today=today).get(product.pk)
    return ShareCard(
        name=product.name,
        price=_price(prices),
        grade=_("OCOP %(stars)s sao") % {"stars": stars} if stars else "",
        place=product.commune_of_origin.label,
        seller=product.vendor.name,
        url=f"{settings.MARKET_PUBLIC_URL}{reverse('product', args=[product.slug])}",
        photo=_content(first) if first else None,
        is_drawn=bool(first and first.is_illustration),
    )


def card_etag(product: Product, *, today: date) -> str:
    """Changes with the product, and with the day: stars end on one."""
    told = f"{product.pk} {product.generation} {product.vendor.name} {today} {settings.MARKET_PUBLIC_URL}"
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def _price(prices: list[int]) -> str:
    if not prices:
        return ""
    lowest = format_vnd(prices[0])
    return lowest if prices[0] == prices[-1] else f"{_('từ')} {lowest}"


def _content(media: ProductMedia) -> bytes | None:
    try:
        return read_largest(media)
    except OSError:
        return None
