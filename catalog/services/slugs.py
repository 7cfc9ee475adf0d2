"""Addresses of products: readable, unique, and given out without a race."""

from __future__ import annotations

import re
import secrets

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from marketplace.core.errors import InvalidInput
from marketplace.core.text import slugify_vietnamese

SLUG_CHARACTERS_MAX = 120
SLUG_BASE_CHARACTERS_MAX = 100
NUMBERED_SLUGS_MAX = 9
TRIES_MAX = 5
NAMELESS = "san-pham"

_SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


class BadSlug(InvalidInput):
    """An address has other signs than small letters, digits and single hyphens, or another product has it."""


def insert_under_slug(product: Product, *, wanted: str | None) -> None:
    """Insert the product under the wanted address, or under one made of its name and, where taken, some signs.

    The unique index decides, so two shops that list the same name at once both succeed. Raises `BadSlug` only for
    a wanted one.
    """
    if wanted is not None:
        _check(wanted)
        product.slug = wanted
        if not _inserted(product):
            raise BadSlug(_("Địa chỉ này đã có sản phẩm khác dùng."), field="slug", code="UNIQUE")
        return
    base = slugify_vietnamese(product.name, characters_max=SLUG_BASE_CHARACTERS_MAX) or NAMELESS
    product.slug = _free_slug(base)
    for _try in range(TRIES_MAX):
        if _inserted(product):
            return
        product.slug = _random_slug(base)  # the others who lost this race would run for the next number too
    raise RuntimeError(f"no free slug for {base} in {TRIES_MAX} tries")


def _check(wanted: str) -> None:
    if len(wanted) > SLUG_CHARACTERS_MAX or not _SLUG.fullmatch(wanted):
        raise BadSlug(_("Địa chỉ chỉ gồm chữ thường không dấu, số và dấu gạch nối."), field="slug")


def _free_slug(base: str) -> str:
    """`base`, `base-2` … `base-9`, or with six random signs: many shops sell "mật ong"."""
    numbered = [base, *(f"{base}-{number}" for number in range(2, NUMBERED_SLUGS_MAX + 1))]
    taken = set(Product.objects.filter(slug__in=numbered).values_list("slug", flat=True))
    return next((slug for slug in numbered if slug not in taken), _random_slug(base))


def _random_slug(base: str) -> str:
    return f"{base}-{secrets.token_hex(3)}"


def _inserted(product: Product) -> bool:
    """Whether it went in; False when another product has its slug."""
    try:
        with transaction.atomic():
            product.save(force_insert=True)
    except IntegrityError:
        if not Product.objects.filter(slug=product.slug).exists():
            raise
        product.pk = None
        return False
    return True
