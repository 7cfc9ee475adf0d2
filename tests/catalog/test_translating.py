"""A product's English texts: kept by its shop, reviewed as any other text, found by their slug through an index."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from catalog.models import Product
from catalog.selectors.visible import product_by_english_slug
from catalog.services import BadSlug, UnknownLanguage, translate_product
from catalog.translated_slugs import EnglishSlug
from marketplace.core.errors import NotFound
from marketplace.core.languages import texts_of
from marketplace.core.models import JournalEvent
from marketplace.core.text import BadText
from tests.catalog.factories import NOW, Shop, a_product, a_shop, on_sale, publish
from tests.storefront.many_rows import analyze, cloned

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def in_english(shop: Shop, product: Product, **texts: Any) -> Product:
    given: dict[str, Any] = {"language": "en", "name": "Canna noodles"} | texts
    return translate_product(actor=shop.owner, product=product, now=NOW, **given)


def test_english_texts_are_kept_with_a_slug_of_their_name(shop: Shop) -> None:
    product = in_english(shop, a_product(shop), description="Of canna roots.")

    assert product.translations == {
        "en": {"name": "Canna noodles", "slug": "canna-noodles", "description": "Of canna roots."}
    }
    english = texts_of(product, "en")
    assert english is not None
    assert (english.name, english.slug, english.seo_description) == (
        "Canna noodles",
        "canna-noodles",
        "Of canna roots.",
    )
    assert texts_of(product, "de") is None


def test_a_published_product_is_reviewed_again_and_the_same_texts_change_nothing(shop: Shop) -> None:
    product = in_english(shop, on_sale(shop))

    assert product.listing == Product.Listing.IN_REVIEW
    published = publish_again(shop, product)
    again = in_english(shop, published)
    assert (again.listing, again.generation) == (Product.Listing.PUBLISHED, published.generation)
    changes = JournalEvent.objects.filter(kind="product.updated", data__changed="translations")
    assert changes.count() == 1


def publish_again(shop: Shop, product: Product) -> Product:
    from_review = Product.objects.get(pk=product.pk)
    Product.objects.filter(pk=from_review.pk).update(listing=Product.Listing.DRAFT)
    return publish(shop, Product.objects.get(pk=product.pk))


def test_an_english_slug_is_one_products_only(shop: Shop) -> None:
    in_english(shop, a_product(shop))
    other = a_product(shop, "Miến khác")

    with pytest.raises(BadSlug) as refusal:
        in_english(shop, other)

    assert (refusal.value.field, refusal.value.code) == ("slug", "UNIQUE")
    assert in_english(shop, other, slug="canna-noodles-2").translations["en"]["slug"] == "canna-noodles-2"


def test_what_is_no_translation_is_refused(shop: Shop) -> None:
    product = a_product(shop)

    with pytest.raises(UnknownLanguage):
        in_english(shop, product, language="fr")
    with pytest.raises(BadSlug):
        in_english(shop, product, slug="No Slug")
    with pytest.raises(BadText):
        in_english(shop, product, name="  ")
    with pytest.raises(NotFound):
        translate_product(actor=a_shop("Khác").owner, product=product, language="en", name="A", now=NOW)


def test_a_product_is_found_by_its_english_slug_through_an_index(shop: Shop) -> None:
    product = publish(shop, in_english(shop, a_product(shop)))
    cloned(product, 300, lambda number: {"slug": f"clone-{number}", "translations": {"en": {"slug": f"en-{number}"}}})
    analyze()

    assert product_by_english_slug("canna-noodles", age_declared=False).pk == product.pk
    assert "product_by_english_slug" in plan(EnglishSlug("translations"))


def test_control_the_path_as_a_parameter_is_found_through_no_index(shop: Shop) -> None:
    product = in_english(shop, a_product(shop))
    cloned(product, 300, lambda number: {"slug": f"clone-{number}", "translations": {"en": {"slug": f"en-{number}"}}})
    analyze()

    rows = Product.objects.filter(translations__en__slug="en-7").values("pk")
    assert "product_by_english_slug" not in rows.explain()


def plan(slug: EnglishSlug) -> str:
    rows = Product.objects.alias(english_slug=slug).filter(english_slug="en-7").values("pk")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # a few hundred rows are read faster than an index
    return rows.explain()
