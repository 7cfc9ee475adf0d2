"""What products and their kinds are known by, in both forms that Saleor has."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.services import add_variant, describe_trace, publish_product
from tests.api.asking import ask
from tests.api.ids import gid
from tests.catalog.factories import (
    NOW,
    Shop,
    a_product,
    a_shop,
    on_sale,
    publish,
    with_stars,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop(alcohol_licence_number="GP 12/2026")


def slugs(connection: dict[str, Any]) -> list[str]:
    return [edge["node"]["slug"] for edge in connection["edges"]]


ASSIGNED = """fragment Known on AssignedAttribute { __typename attribute { slug inputType }
    ... on AssignedSingleChoiceAttribute { choice: value { name slug translation(languageCode: EN) } }
    ... on AssignedMultiChoiceAttribute { choices: value(limit: 2) { name } }
    ... on AssignedNumericAttribute { number: value }
    ... on AssignedBooleanAttribute { boolean: value }
    ... on AssignedFileAttribute { file: value { url } }
    ... on AssignedPlainTextAttribute { text: value translation(languageCode: VI) }
    ... on AssignedSingleCollectionReferenceAttribute { collection: value { slug } }
    ... on AssignedSinglePageReferenceAttribute { page: value { slug } } }"""


def test_a_products_attributes_are_what_the_market_knows_of_it(shop: Shop) -> None:
    product = on_sale(shop, storage_note="Nơi khô ráo.", shelf_life_note="12 tháng")
    product = describe_trace(
        actor=shop.owner,
        product=product,
        facts={"brand": "Bản Giốc", "materials_note": "Củ dong", "producer_name": "Bà Mai"},
        now=NOW,
    )
    with_stars(shop, publish_product(actor=shop.staff, product=product, now=NOW))

    found = ask(
        ASSIGNED + "query($slug: String) { product(slug: $slug) { assignedAttributes(limit: 20) { ...Known } } }",
        slug=product.slug,
    )["product"]["assignedAttributes"]

    def one(slug: str, kind: str, type_name: str, **value: Any) -> dict[str, Any]:
        return {"__typename": type_name, "attribute": {"slug": slug, "inputType": kind}, **value}

    def choice(slug: str, name: str, value: str, english: str | None = None) -> dict[str, Any]:
        known = {"name": name, "slug": value, "translation": english}
        return one(slug, "DROPDOWN", "AssignedSingleChoiceAttribute", choice=known)

    def text(slug: str, value: str) -> dict[str, Any]:
        return one(slug, "PLAIN_TEXT", "AssignedPlainTextAttribute", text=value, translation=value)

    assert found == [
        choice("ocop-set", "Chế biến từ gạo, ngũ cốc", "6-che-bien-tu-gao-ngu-coc", "Made from rice and cereals"),
        one("stars", "NUMERIC", "AssignedNumericAttribute", number=4.0),
        choice("province", "Tỉnh Cao Bằng", "04"),
        choice("commune", "Xã Đàm Thủy", "01501"),
        one(
            "vendor",
            "SINGLE_REFERENCE",
            "AssignedSinglePageReferenceAttribute",
            page={"slug": shop.vendor.slug},
        ),
        text("producer", "Bà Mai"),
        text("brand", "Bản Giốc"),
        text("storage", "Nơi khô ráo."),
        text("shelf-life", "12 tháng"),
        text("materials", "Củ dong"),
        one("is-alcohol", "BOOLEAN", "AssignedBooleanAttribute", boolean=False),
        one("is-health-food", "BOOLEAN", "AssignedBooleanAttribute", boolean=False),
        one(
            "specialities",
            "SINGLE_REFERENCE",
            "AssignedSingleCollectionReferenceAttribute",
            collection={"slug": "dac-san-cao-bang"},
        ),
    ]


def test_one_attribute_is_asked_for_by_its_slug_and_what_is_not_there_is_null(shop: Shop) -> None:
    product = on_sale(shop)

    found = ask(
        """query($slug: String) { product(slug: $slug) {
            province: assignedAttribute(slug: "province") {
                attribute { name translation(languageCode: EN) { name } } }
            stars: assignedAttribute(slug: "stars") { attribute { id } }
            old: attribute(slug: "commune") { values { name } }
            brand: attribute(slug: "brand") { values { name } }
            assignedAttributes(limit: 1) { attribute { slug } } } }""",
        slug=product.slug,
    )["product"]

    assert found == {
        "province": {"attribute": {"name": "Tỉnh, thành phố làm ra", "translation": {"name": "Province of origin"}}},
        "stars": None,
        "old": {"values": [{"name": "Xã Đàm Thủy"}]},
        "brand": None,
        "assignedAttributes": [{"attribute": {"slug": "ocop-set"}}],
    }


def test_the_older_form_of_attributes_has_the_same_values(shop: Shop) -> None:
    product = on_sale(shop, storage_note="Nơi khô ráo.")

    found = ask(
        """query($slug: String) { product(slug: $slug) {
            vendor: assignedAttribute(slug: "vendor") { ... on AssignedSinglePageReferenceAttribute { value { id } } }
            attributes {
            attribute { id slug type entityType withChoices valueRequired visibleInStorefront }
            values { id name slug value inputType reference plainText boolean richText date dateTime
                     file { url } translation(languageCode: EN) { name plainText } } } } }""",
        slug=product.slug,
    )["product"]

    by_slug = {one["attribute"]["slug"]: one for one in found["attributes"]}
    nothing = dict.fromkeys(
        ("value", "reference", "plainText", "boolean", "richText", "date", "dateTime", "file", "translation")
    )
    assert list(by_slug) == [
        "ocop-set", "province", "commune", "vendor", "storage", "is-alcohol", "is-health-food", "specialities",
    ]  # fmt: skip
    assert by_slug["province"] == {
        "attribute": {
            "id": gid("Attribute", 3),
            "slug": "province",
            "type": "PRODUCT_TYPE",
            "entityType": None,
            "withChoices": True,
            "valueRequired": False,
            "visibleInStorefront": True,
        },
        "values": [
            {
                **nothing,
                "id": gid("AttributeValue", 3 * 10**13 + 4),
                "name": "Tỉnh Cao Bằng",
                "slug": "04",
                "inputType": "DROPDOWN",
            }
        ],
    }
    assert by_slug["vendor"]["attribute"]["entityType"] == "PAGE"
    assert by_slug["vendor"]["values"][0]["reference"] == found["vendor"]["value"]["id"]
    assert by_slug["specialities"]["values"][0]["reference"] == gid("Collection", 104)
    assert by_slug["storage"]["values"][0]["plainText"] == "Nơi khô ráo."
    assert by_slug["is-alcohol"]["values"][0] == {
        **nothing,
        "id": gid("AttributeValue", 11 * 10**13),
        "name": "Đồ uống có cồn: Không",
        "slug": "false",
        "inputType": "BOOLEAN",
        "boolean": False,
        "translation": {"name": "Alcohol: No", "plainText": None},
    }
    assert by_slug["ocop-set"]["values"][0]["translation"]["name"] == "Made from rice and cereals"


def test_variants_are_told_apart_by_their_kind_only_where_there_are_several(shop: Shop) -> None:
    alone = on_sale(shop, "Chè", ocop_set=11)
    several = a_product(shop, "Miến")
    add_variant(
        actor=shop.owner, product=several, name="Túi to", unit="túi 1 kg", price_vnd=110_000, quantity=3, now=NOW
    )
    publish(shop, several)
    query = """query($slug: String) { product(slug: $slug) { productVariants(first: 5) { edges { node { name
        selection: attributes(variantSelection: VARIANT_SELECTION) { attribute { slug } values { name slug } }
        others: attributes(variantSelection: NOT_VARIANT_SELECTION) { attribute { slug } values { name } }
        all: attributes(variantSelection: ALL) { attribute { slug } }
        assignedAttribute(slug: "unit") { ... on AssignedSingleChoiceAttribute { value { name } } }
        assignedAttributes { attribute { slug } } } } } } }"""

    def variants(slug: str) -> list[dict[str, Any]]:
        return [edge["node"] for edge in ask(query, slug=slug)["product"]["productVariants"]["edges"]]

    assert variants(alone.slug)[0]["selection"] == []
    first, second = variants(several.slug)
    assert first["selection"] == [
        {"attribute": {"slug": "kind"}, "values": [{"name": "gói 500 g", "slug": "goi-500-g"}]}
    ]
    assert second == {
        "name": "Túi to",
        "selection": [{"attribute": {"slug": "kind"}, "values": [{"name": "Túi to", "slug": "tui-to"}]}],
        "others": [{"attribute": {"slug": "unit"}, "values": [{"name": "túi 1 kg"}]}],
        "all": [{"attribute": {"slug": "kind"}}, {"attribute": {"slug": "unit"}}],
        "assignedAttribute": {"value": {"name": "túi 1 kg"}},
        "assignedAttributes": [{"attribute": {"slug": "kind"}}, {"attribute": {"slug": "unit"}}],
    }


def test_attributes_themselves_are_listed_and_found(db: None) -> None:
    query = """query($filter: AttributeFilterInput, $search: String) {
        attributes(first: 50, filter: $filter, search: $search) { totalCount edges { node { slug } } } }"""

    assert ask(query)["attributes"]["totalCount"] == 15
    assert slugs(ask(query, search="origin")["attributes"]) == ["province", "commune"]
    assert slugs(ask(query, filter={"slugs": ["kind"], "type": "PRODUCT_TYPE"})["attributes"]) == ["kind"]
    assert slugs(ask(query, filter={"ids": [gid("Attribute", 2)]})["attributes"]) == ["stars"]
    assert slugs(ask(query, filter={"filterableInStorefront": True, "search": "xa"})["attributes"]) == ["commune"]
    assert ask('{ attribute(slug: "stars") { name } }') == {"attribute": {"name": "Số sao OCOP"}}
    assert ask("query($id: ID) { attribute(id: $id) { slug } }", id=gid("Attribute", 15)) == {
        "attribute": {"slug": "unit"}
    }
    assert ask('{ attribute(slug: "none") { name } }') == {"attribute": None}
