"""Texts in two languages, types, pictures: what a storefront asks of a product beside its price."""

from __future__ import annotations

import json
from typing import Any

import pytest

from catalog.models import ProductVariant
from catalog.services import add_photo, translate_product
from tests.api.asking import ask
from tests.api.ids import gid
from tests.catalog.factories import (
    NOW,
    Shop,
    a_picture,
    a_product,
    a_shop,
    on_sale,
    publish,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop(alcohol_licence_number="GP 12/2026")


# --- Types, search engines' texts, pictures --------------------------------------------------------


def test_a_product_has_a_type_by_the_rules_it_is_sold_under(shop: Shop) -> None:
    names = {"Miến": 6, "Rượu": 14, "Cao": 18, "Tham quan": 26}
    products = {name: on_sale(shop, name, ocop_set=number) for name, number in names.items()}
    query = """query($id: ID) { product(id: $id) {
        productType { id slug name kind hasVariants isShippingRequired metadata { key } } } }"""

    def kind(name: str) -> dict[str, Any]:
        headers = {"X-Age-Declared": "18"}
        found: dict[str, Any] = ask(query, headers=headers, id=gid("Product", products[name].pk))["product"]
        return dict(found["productType"])

    assert kind("Miến") == {
        "id": gid("ProductType", 1),
        "slug": "goods",
        "name": "Hàng hóa",
        "kind": "NORMAL",
        "hasVariants": True,
        "isShippingRequired": True,
        "metadata": [],
    }
    assert (kind("Rượu")["slug"], kind("Cao")["slug"]) == ("alcohol", "health-food")
    assert (kind("Tham quan")["slug"], kind("Tham quan")["isShippingRequired"]) == ("service", False)


def test_what_search_engines_are_told_is_short_and_ends_after_a_word(shop: Shop) -> None:
    product = on_sale(shop, "Miến dong " + "rất ngon " * 16, description="Làm từ củ dong.\n\nPhơi nắng. " * 20)

    found = ask("query($slug: String) { product(slug: $slug) { seoTitle seoDescription } }", slug=product.slug)

    title, description = found["product"]["seoTitle"], found["product"]["seoDescription"]
    assert (title[:19], title[-5:], len(title)) == ("Miến dong rất ngon ", " rất…", 68)
    assert (description[:28], description[-1], len(description) <= 300) == ("Làm từ củ dong. Phơi nắng. L", "…", True)


def test_photos_come_in_the_order_asked_for_and_by_their_id(shop: Shop) -> None:
    product = a_product(shop)
    media = [
        add_photo(actor=shop.owner, product=product, content=a_picture(), alt=alt, now=NOW) for alt in ("Một", "Hai")
    ]
    publish(shop, product)
    query = """query($slug: String, $id: ID!) { product(slug: $slug) { media { alt }
        last: media(sortBy: {field: ID, direction: DESC}) { alt type oembedData productId }
        mediaById(id: $id) { alt webp: url(size: 100, format: WEBP) avif: url(size: 100, format: AVIF) } } }"""

    found = ask(query, slug=product.slug, id=gid("ProductMedia", media[1].pk))["product"]

    assert [one["alt"] for one in found["media"]] == ["Một", "Hai"]
    assert [one["alt"] for one in found["last"]] == ["Hai", "Một"]
    assert found["last"][0]["productId"] == gid("Product", product.pk)
    assert found["mediaById"]["alt"] == "Hai"
    assert found["mediaById"]["webp"].endswith("-480.webp")
    assert found["mediaById"]["avif"].endswith("-480.jpg")  # nobody makes AVIF here: a JPEG shows everywhere
    assert ask(query, slug=product.slug, id=gid("ProductMedia", 9**9))["product"]["mediaById"] is None


def test_goods_are_sent_within_vietnam_only(shop: Shop) -> None:
    product = on_sale(shop, quantity=10)

    found = ask(
        """query($slug: String) { product(slug: $slug) {
            isAvailable here: isAvailable(address: {country: VN}) there: isAvailable(address: {country: DE})
            pricing(address: {country: VN}) { discount { gross { amount } }
                priceRangeUndiscounted { start { gross { amount } } } }
            defaultVariant { here: quantityAvailable(countryCode: VN) there: quantityAvailable(countryCode: US)
                away: quantityAvailable(address: {country: JP}) externalReference
                pricing(address: {country: VN}) { discount { gross { amount } } price { gross { amount } } } } } }""",
        slug=product.slug,
    )["product"]

    assert found == {
        "isAvailable": True,
        "here": True,
        "there": False,
        "pricing": {
            "discount": None,
            "priceRangeUndiscounted": {"start": {"gross": {"amount": 60_000.0}}},
        },
        "defaultVariant": {
            "here": 10,
            "there": 0,
            "away": 0,
            "externalReference": None,
            "pricing": {"discount": None, "price": {"gross": {"amount": 60_000.0}}},
        },
    }


# --- Translations ----------------------------------------------------------------------------------


def test_a_product_is_found_by_its_english_slug_and_speaks_english(shop: Shop) -> None:
    product = a_product(shop)
    product = translate_product(
        actor=shop.owner, product=product, language="en", name="Canna noodles", description="Of canna roots.", now=NOW
    )
    publish(shop, product)
    query = """query($slug: String, $language: LanguageCodeEnum) {
        product(slug: $slug, slugLanguageCode: $language) { name
            english: translation(languageCode: EN) {
                id language { code language } name slug seoTitle seoDescription description }
            source: translation(languageCode: VI) { name slug language { code } }
            german: translation(languageCode: DE) { name } } }"""

    found = ask(query, slug="canna-noodles", language="EN")["product"]

    assert found == ask(query, slug=product.slug)["product"]
    document = json.loads(found["english"].pop("description"))
    assert document["blocks"][0]["data"]["text"] == "Of canna roots."
    assert found == {
        "name": "Miến dong Cao Bằng",
        "english": {
            "id": gid("ProductTranslation", f"{product.pk}-en"),
            "language": {"code": "EN", "language": "English"},
            "name": "Canna noodles",
            "slug": "canna-noodles",
            "seoTitle": "Canna noodles",
            "seoDescription": "Of canna roots.",
        },
        "source": {"name": "Miến dong Cao Bằng", "slug": "mien-dong-cao-bang", "language": {"code": "VI"}},
        "german": None,
    }
    for missing in (
        {"slug": "canna-noodles"},
        {"slug": "canna-noodles", "language": "DE"},
        {"slug": product.slug, "language": "EN"},
        {"slug": 'a"b', "language": "EN"},
    ):
        assert ask(query, **missing) == {"product": None}


def test_an_english_slug_shows_no_more_than_any_other(shop: Shop) -> None:
    hidden = a_product(shop)
    translate_product(actor=shop.owner, product=hidden, language="en", name="Noodles", now=NOW)
    spirit = a_product(shop, "Rượu ngô", ocop_set=14)
    translate_product(actor=shop.owner, product=spirit, language="en", name="Corn spirit", now=NOW)
    publish(shop, spirit)
    query = "query($slug: String) { product(slug: $slug, slugLanguageCode: EN) { name } }"

    assert ask(query, slug="noodles") == ask(query, slug="corn-spirit") == {"product": None}
    assert ask(query, slug="corn-spirit", headers={"X-Age-Declared": "18"}) == {"product": {"name": "Rượu ngô"}}


def test_a_variants_name_is_translated_or_null(shop: Shop) -> None:
    variant = on_sale(shop).variants.get()
    query = """query($id: ID) { productVariant(id: $id) {
        english: translation(languageCode: EN) { name } source: translation(languageCode: VI) { name } } }"""

    before = ask(query, id=gid("ProductVariant", variant.pk))["productVariant"]
    ProductVariant.objects.filter(pk=variant.pk).update(translations={"en": {"name": "500 g bag"}})
    after = ask(query, id=gid("ProductVariant", variant.pk))["productVariant"]

    assert before == {"english": None, "source": {"name": "gói 500 g"}}
    assert after == {"english": {"name": "500 g bag"}, "source": {"name": "gói 500 g"}}
    ProductVariant.objects.filter(pk=variant.pk).update(translations={"en": {"unit": "bag"}})
    assert ask(query, id=gid("ProductVariant", variant.pk))["productVariant"]["english"] is None


def test_a_variant_is_found_by_its_shops_code(shop: Shop) -> None:
    product = on_sale(shop)
    ProductVariant.objects.filter(product=product).update(sku="MD-500")
    query = """query($sku: String, $reference: String, $channel: String) {
        productVariant(sku: $sku, externalReference: $reference, channel: $channel) { sku product { slug } } }"""

    assert ask(query, sku="MD-500") == {"productVariant": {"sku": "MD-500", "product": {"slug": product.slug}}}
    assert ask(query, sku="md-500") == ask(query, reference="x") == {"productVariant": None}
    assert ask(query, sku="MD-500", channel="stall") == {"productVariant": None}
    assert ask('{ product(externalReference: "x") { id } }') == {"product": None}
