"""What shoppers may see: one rule, asked by every page, list and search."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import Product, ProductVariant
from catalog.translated_slugs import EnglishSlug
from marketplace.core.errors import NotFound
from marketplace.core.statements import Given, Kept
from vendors.selectors import MAY_SELL

ID_MAX = 2**63 - 1
SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
SLUG_CHARACTERS_MAX = 120
SKU_CHARACTERS_MAX = 60

Row = TypeVar("Row", Product, ProductVariant)


class AgeNotDeclared(NotFound):
    """It is there, for those who say that they are 18: a page may ask. Other faces treat it as not found."""


def visible_products(*, age_declared: bool, own: Collection[int] = ()) -> QuerySet[Product]:
    """Products that shoppers may see: published, of a shop that may sell, alcohol only to who declared their age.

    Those of the vendors `own` besides, in any state: their shops look at them. In no order; joins nothing that it
    does not need. Minors may not come across alcohol (Law 44/2019/QH14).
    """
    shown = Q(listing=Product.Listing.PUBLISHED, vendor__verification__in=MAY_SELL)
    if not age_declared:
        shown &= Q(is_alcohol=False)
    return Product.objects.filter(shown | Q(vendor__in=own) if own else shown)


def visible_variants(*, age_declared: bool) -> QuerySet[ProductVariant]:
    """Variants on sale of the products that shoppers may see."""
    published = Q(product__listing=Product.Listing.PUBLISHED, product__vendor__verification__in=MAY_SELL)
    variants = ProductVariant.objects.filter(published, is_active=True)
    return variants if age_declared else variants.filter(product__is_alcohol=False)


def product_by_slug(slug: str, *, age_declared: bool) -> Product:
    """A product that shoppers may see, with its shop and place. Raises `NotFound`, `AgeNotDeclared`."""
    if len(slug) > SLUG_CHARACTERS_MAX or not SLUG.fullmatch(slug):
        raise _not_found()
    return _shown(_BY_SLUG.one(slug=slug), age_declared)


def product_by_id(product_id: int, *, age_declared: bool) -> Product:
    """A product that shoppers may see, with its shop and place. Raises `NotFound`, `AgeNotDeclared`."""
    if not 0 < product_id <= ID_MAX:
        raise _not_found()
    return _shown(_with_places(visible_products(age_declared=True)).filter(pk=product_id).first(), age_declared)


def product_by_english_slug(slug: str, *, age_declared: bool) -> Product:
    """A product that shoppers may see, by the slug of its English texts; of several the one listed first.

    Raises `NotFound`, `AgeNotDeclared`.
    """
    if len(slug) > SLUG_CHARACTERS_MAX or not SLUG.fullmatch(slug):
        raise _not_found()
    called_so = _with_places(visible_products(age_declared=True)).alias(english_slug=EnglishSlug("translations"))
    return _shown(called_so.filter(english_slug=slug).order_by("pk").first(), age_declared)


def variant_by_id(variant_id: int, *, age_declared: bool) -> ProductVariant:
    """A variant on sale, with its product, shop and place. Raises `NotFound`, `AgeNotDeclared`."""
    if not 0 < variant_id <= ID_MAX:
        raise _not_found()
    variant = (
        visible_variants(age_declared=True)
        .select_related("product__vendor__commune__province", "product__commune_of_origin__province")
        .filter(pk=variant_id)
        .first()
    )
    return _shown(variant, age_declared)


def variant_by_sku(sku: str, *, age_declared: bool) -> ProductVariant:
    """A variant on sale by its shop's code, which another shop may use too: then of the one listed first.

    Raises `NotFound`, `AgeNotDeclared`.
    """
    variant = None
    if sku and len(sku) <= SKU_CHARACTERS_MAX and "\x00" not in sku:
        variant = (
            visible_variants(age_declared=True)
            .select_related("product__vendor__commune__province", "product__commune_of_origin__province")
            .filter(sku=sku)
            .order_by("pk")
            .first()
        )
    return _shown(variant, age_declared)


def _with_places(products: QuerySet[Product]) -> QuerySet[Product]:
    return products.select_related("vendor__commune__province", "commune_of_origin__province")


_BY_SLUG: Kept[Product] = Kept(lambda: _with_places(visible_products(age_declared=True)).filter(slug=Given("slug")))


def _shown(row: Row | None, age_declared: bool) -> Row:
    if row is None:
        raise _not_found()
    product = row if isinstance(row, Product) else row.product
    if product.is_alcohol and not age_declared:
        raise AgeNotDeclared(_("Sản phẩm này chỉ dành cho người đủ 18 tuổi."))
    return row


def _not_found() -> NotFound:
    return NotFound(_("Không tìm thấy sản phẩm này."))
