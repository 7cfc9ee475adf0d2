"""What a shop can sell over the counter right now: kinds on sale of which something is left, as tiles."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery

from catalog.models import Product, ProductVariant, Stock
from catalog.pictures import SMALL_EDGE_PIXELS, Form, picture_url
from catalog.selectors.cards import first_media
from catalog.selectors.stocks import FREE
from vendors.models import Vendor

GOODS_A_PAGE = 12


@dataclass(frozen=True)
class StallGood:
    """One kind of a product as a tile shows it; the price in đồng, for `unit`."""

    variant_id: int
    name: str
    """The product's name, and its kind's where it has several."""
    unit: str
    price_vnd: int
    left: int
    """How many a new buyer can still get."""
    is_alcohol: bool
    picture_url: str | None
    webp_url: str | None


def goods_at_stall(vendor: Vendor, *, page: int, without: Collection[int] = ()) -> tuple[list[StallGood], bool]:
    """A page of what is in stock, by name, and whether more follows; two statements. `without`: ids left out.

    Alcohol too: the seller sees who buys.
    """
    start = (page - 1) * GOODS_A_PAGE
    rest = _on_sale(vendor).annotate(left=_left()).filter(left__gt=0).exclude(pk__in=without)
    rows = list(rest.order_by("product__sort_key", "product_id", "position", "pk")[start : start + GOODS_A_PAGE + 1])
    return _tiles(rows[:GOODS_A_PAGE]), len(rows) > GOODS_A_PAGE


def goods_chosen_at_stall(vendor: Vendor, variant_ids: Collection[int]) -> list[StallGood]:
    """Those of these kinds that the shop has on sale, in the order of `variant_ids`, also the sold out ones."""
    chosen = _on_sale(vendor).annotate(left=_left()).filter(pk__in=variant_ids)
    tiles = {tile.variant_id: tile for tile in _tiles(list(chosen))}
    return [tiles[variant_id] for variant_id in variant_ids if variant_id in tiles]


def _on_sale(vendor: Vendor) -> QuerySet[ProductVariant]:
    published = ProductVariant.objects.filter(product__vendor=vendor, product__listing=Product.Listing.PUBLISHED)
    return published.filter(is_active=True).select_related("product")


def _left() -> Subquery:
    free = (
        Stock.objects.filter(variant=OuterRef("pk"), warehouse__is_active=True)
        .order_by()
        .values("variant")
        .annotate(left=FREE)
    )
    return Subquery(free.values("left"), output_field=IntegerField())


def _tiles(variants: Sequence[ProductVariant]) -> list[StallGood]:
    photos = first_media({variant.product_id for variant in variants}) if variants else {}
    tiles = []
    for variant in variants:
        photo = photos.get(variant.product_id)
        tiles.append(
            StallGood(
                variant_id=variant.pk,
                name=f"{variant.product.name}, {variant.name}" if variant.name else variant.product.name,
                unit=variant.unit,
                price_vnd=variant.price_vnd,
                left=vars(variant)["left"] or 0,
                is_alcohol=variant.product.is_alcohol,
                picture_url=picture_url(photo, SMALL_EDGE_PIXELS) if photo else None,
                webp_url=picture_url(photo, SMALL_EDGE_PIXELS, form=Form.WEBP)
                if photo and photo.is_complete
                else None,
            )
        )
    return tiles
