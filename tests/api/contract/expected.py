"""What the catalogue must answer, out of its own rows: by the selectors and rules that pages use, not by GraphQL."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from catalog.categories import Category, category_by_no
from catalog.models import Product, ProductMedia, ProductVariant
from catalog.pictures import Form, picture_url
from catalog.product_types import type_of
from catalog.selectors import available_quantity, media_of, variants_of
from marketplace.api.graphql.types.texts import editor_document
from tests.api.ids import gid

Answer = dict[str, Any]


def money(amount_vnd: int) -> Answer:
    """An amount in đồng."""
    return {"amount": float(amount_vnd), "currency": "VND"}


def taxed(amount_vnd: int) -> Answer:
    """An amount in đồng with its tax, which is none."""
    return {"gross": money(amount_vnd), "tax": money(0)}


def prices(variants: list[ProductVariant]) -> Answer:
    """From the cheapest to the dearest; nothing is discounted."""
    amounts = [variant.price_vnd for variant in variants]
    between = {"start": taxed(min(amounts)), "stop": taxed(max(amounts))}
    return {"priceRange": between, "priceRangeUndiscounted": between}


def address_of(media: ProductMedia, edge: int, *, form: Form = Form.JPEG) -> str:
    """Where a client fetches the photo."""
    return settings.MARKET_PUBLIC_URL + picture_url(media, edge, form=form)


def thumbnail(media: ProductMedia, edge: int, *, form: Form = Form.WEBP) -> Answer:
    """The photo in a size."""
    return {"url": address_of(media, edge, form=form), "alt": media.alt}


def photo(media: ProductMedia, edge: int, *, form: Form = Form.WEBP) -> Answer:
    """The photo as one of several."""
    return {**thumbnail(media, edge, form=form), "type": "IMAGE"}


def category_of(product: Product) -> Category:
    """The set that the product is of."""
    found = category_by_no(product.ocop_set)
    assert found is not None
    return found


def card(product: Product) -> Answer:
    """A product in a list, asked with its English texts."""
    variants, (media, *_more), category = variants_of(product), media_of(product), category_of(product)
    english = product.translations.get("en")
    left = available_quantity([variant.pk for variant in variants])
    return {
        "id": gid("Product", product.pk),
        "name": product.name,
        "slug": product.slug,
        "created": product.made_at.isoformat(),
        "isAvailable": any(left.values()),
        "category": {"id": gid("Category", category.no), "name": category.name, "slug": category.slug},
        "productType": {"slug": type_of(product).slug},
        "thumbnail": thumbnail(media, 512),
        "pricing": prices(variants),
        "translation": english and {"name": english["name"], "slug": english.get("slug")},
    }


def document_of(text: str) -> Answer | None:
    """A text as an editor's document."""
    return editor_document(text)
