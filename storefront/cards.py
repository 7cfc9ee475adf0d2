"""Product cards as the template `storefront/parts/product_card.html` draws them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.templatetags.static import static
from django.urls import reverse

from catalog.selectors import ProductCard

NO_PICTURE = "storefront/no-picture.svg"


@dataclass(frozen=True)
class ShownCard:
    """One product in a list. `price` is in đồng; `stars` only while the certificate is valid."""

    url: str
    name: str
    picture_url: str
    webp_url: str | None
    stars: int | None
    place: str
    price: int | None
    is_lowest_price: bool
    unit: str
    sold_out: bool


def shown(cards: Iterable[ProductCard]) -> list[ShownCard]:
    """The cards of a list, in its order."""
    return [
        ShownCard(
            url=reverse("product", args=[card.slug]),
            name=card.name,
            picture_url=card.picture_url or static(NO_PICTURE),
            webp_url=card.webp_url,
            stars=card.stars,
            place=card.place,
            price=card.price_vnd,
            is_lowest_price=card.has_several_prices,
            unit=card.unit,
            sold_out=not card.in_stock,
        )
        for card in cards
    ]
