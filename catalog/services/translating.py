"""A product's texts in another language, written by its shop."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from catalog.selectors.visible import SLUG
from catalog.services.changes import back_to_review, journal_product, keep_changed, lock_product
from catalog.services.slugs import SLUG_CHARACTERS_MAX, BadSlug
from catalog.translated_slugs import EnglishSlug
from catalog.values import clean_name, clean_product_text
from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput
from marketplace.core.languages import ENGLISH
from marketplace.core.text import slugify_vietnamese
from vendors.access import require_seller


class UnknownLanguage(InvalidInput):
    """Texts are kept in Vietnamese, and translated into English."""


def translate_product(
    *,
    actor: Actor,
    product: Product,
    language: str,
    name: str,
    now: datetime,
    description: str = "",
    slug: str | None = None,
) -> Product:
    """Keep a product's texts in a language, in place of earlier ones. A published product goes back to review.

    Without a `slug` one is made of the name. Returns the product as kept; when nothing differs, nothing is
    written. Raises `NotFound`, `UnknownLanguage`, `BadText`, `BadSlug` where another product has the slug.
    """
    if language != ENGLISH:
        raise UnknownLanguage(_("Hiện chỉ dịch được sang tiếng Anh."), field="language")
    title = clean_name(name)
    texts = {
        "name": title,
        "slug": slug or slugify_vietnamese(title),
        "description": clean_product_text("description", description),
    }
    with transaction.atomic():
        locked = lock_product(product.pk)
        require_seller(actor, locked.vendor)
        if locked.translations.get(language) == texts:
            return locked
        _check_slug(texts["slug"], of=locked)
        locked.translations = {**locked.translations, language: texts}
        keep_changed(locked, now=now, fields=("translations",))
        journal_product(locked, "product.updated", actor=actor, now=now, changed="translations")
        back_to_review(locked, actor=actor, now=now)
    return locked


def _check_slug(slug: str, *, of: Product) -> None:
    """Two shops that take the same at the same moment both keep it: the one listed first is then found by it."""
    if len(slug) > SLUG_CHARACTERS_MAX or not SLUG.fullmatch(slug):
        raise BadSlug(_("Địa chỉ chỉ gồm chữ thường không dấu, số và dấu gạch nối."), field="slug")
    others = Product.objects.exclude(pk=of.pk).alias(english_slug=EnglishSlug("translations"))
    if others.filter(english_slug=slug).exists():
        raise BadSlug(_("Địa chỉ này đã có sản phẩm khác dùng."), field="slug", code="UNIQUE")
