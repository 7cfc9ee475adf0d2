"""Collections, as a client written for Saleor asks for them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from catalog.services import add_photo
from marketplace.core import clock
from tests.api.asking import ask
from tests.api.ids import gid
from tests.catalog.factories import (
    NENH,
    NOW,
    Shop,
    a_picture,
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


COLLECTIONS = """query($filter: CollectionFilterInput, $where: CollectionWhereInput,
    $sortBy: CollectionSortingInput, $channel: String) {
    collections(first: 50, filter: $filter, where: $where, sortBy: $sortBy, channel: $channel) {
        edges { node { id slug } } } }"""


def collections(**given: Any) -> list[str]:
    return slugs(ask(COLLECTIONS, **given)["collections"])


def test_collections_are_the_newest_the_stars_and_the_provinces_that_have_goods(shop: Shop) -> None:
    on_sale(shop)
    on_sale(a_shop("Gian hàng Nếnh", commune=NENH), "Trà", ocop_set=11)

    found = ask(COLLECTIONS)["collections"]["edges"]

    assert [(edge["node"]["id"], edge["node"]["slug"]) for edge in found] == [
        (gid("Collection", 1), "hang-moi-len-cho"),
        (gid("Collection", 15), "ocop-5-sao"),
        (gid("Collection", 14), "ocop-4-sao"),
        (gid("Collection", 13), "ocop-3-sao"),
        (gid("Collection", 124), "dac-san-bac-ninh"),
        (gid("Collection", 104), "dac-san-cao-bang"),
    ]


def test_collections_are_filtered_and_sorted(shop: Shop) -> None:
    on_sale(shop, "Miến")
    with_stars(shop, on_sale(shop, "Mật ong", ocop_set=4), stars=3)

    assert collections(filter={"slugs": ["ocop-4-sao"]}) == ["ocop-4-sao"]
    assert collections(filter={"search": "specialities"}) == ["dac-san-cao-bang"]
    assert collections(filter={"ids": [gid("Collection", 13)], "published": "PUBLISHED"}) == ["ocop-3-sao"]
    assert collections(filter={"published": "HIDDEN"}) == []
    assert collections(filter={"metadata": [{"key": "any"}]}) == []
    assert collections(channel="stall") == collections(filter={"channel": "stall"}) == []
    assert collections(where={"OR": [{"ids": [gid("Collection", 1)]}]}) == ["hang-moi-len-cho"]
    assert collections(sortBy={"field": "NAME", "direction": "DESC"})[:2] == ["ocop-5-sao", "ocop-4-sao"]
    assert collections(sortBy={"field": "PRODUCT_COUNT", "direction": "DESC"}) == [
        "dac-san-cao-bang",
        "hang-moi-len-cho",
        "ocop-3-sao",
        "ocop-5-sao",
        "ocop-4-sao",
    ]
    assert collections(sortBy={"field": "AVAILABILITY", "direction": "DESC"})[0] == "dac-san-cao-bang"


def test_a_collection_has_saleors_fields_and_is_found_by_id_and_slug(shop: Shop) -> None:
    honey = a_product(shop, "Mật ong", ocop_set=4)
    add_photo(actor=shop.owner, product=honey, content=a_picture(), alt="Hũ mật", now=NOW)
    with_stars(shop, publish(shop, honey), stars=5)
    query = """query($id: ID, $slug: String, $language: LanguageCodeEnum, $channel: String) {
        collection(id: $id, slug: $slug, slugLanguageCode: $language, channel: $channel) {
            id name slug channel description seoTitle seoDescription metadata { key }
            backgroundImage(size: 480) { alt }
            english: translation(languageCode: EN) { name slug description }
            products(first: 3) { totalCount edges { node { name collections { slug } } } } } }"""

    found = ask(query, slug="ocop-5-sao")["collection"]

    assert found == ask(query, id=gid("Collection", 15))["collection"]
    assert found == ask(query, slug="ocop-5-stars", language="EN", channel="online")["collection"]
    assert json.loads(found.pop("description"))["blocks"][0]["data"]["text"] == found["seoDescription"]
    assert json.loads(found["english"].pop("description"))["blocks"][0]["data"]["text"] == (
        "Goods with a verified and valid OCOP certificate of 5 stars."
    )
    assert found == {
        "id": gid("Collection", 15),
        "name": "OCOP 5 sao",
        "slug": "ocop-5-sao",
        "channel": "online",
        "seoTitle": "OCOP 5 sao",
        "seoDescription": "Hàng có giấy chứng nhận OCOP 5 sao đã được xác nhận và còn hạn.",
        "metadata": [],
        "backgroundImage": {"alt": "Hũ mật"},
        "english": {"name": "OCOP 5 stars", "slug": "ocop-5-stars"},
        "products": {
            "totalCount": 1,
            "edges": [
                {
                    "node": {
                        "name": "Mật ong",
                        "collections": [
                            {"slug": "hang-moi-len-cho"},
                            {"slug": "ocop-5-sao"},
                            {"slug": "dac-san-cao-bang"},
                        ],
                    }
                }
            ],
        },
    }
    for missing in ({"slug": "dac-san-ha-noi"}, {"id": gid("Collection", 101)}, {"id": gid("Collection", 2)}):
        assert ask(query, **missing) == {"collection": None}
    assert ask(query, slug="ocop-5-sao", channel="stall") == {"collection": None}
    assert ask(query, slug="ocop-5-stars", language="DE") == {"collection": None}


def test_a_product_leaves_its_stars_collection_the_day_after_its_certificate_ran_out(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_stars(shop, on_sale(shop))
    query = '{ collection(slug: "ocop-4-sao") { products(first: 1) { totalCount } } }'

    monkeypatch.setattr(clock, "now", lambda: datetime(2028, 3, 1, 16, 59, tzinfo=UTC))
    last_day = ask(query)["collection"]["products"]["totalCount"]
    monkeypatch.setattr(clock, "now", lambda: datetime(2028, 3, 1, 17, 1, tzinfo=UTC))

    assert (last_day, ask(query)["collection"]["products"]["totalCount"]) == (1, 0)


def test_what_saleors_storefront_shows_on_its_first_page_is_the_newest(shop: Shop) -> None:
    on_sale(shop, "Mật ong")
    query = '{ collection(slug: "featured-products") { id slug products(first: 12) { edges { node { name } } } } }'

    assert ask(query)["collection"] == {
        "id": gid("Collection", 1),
        "slug": "hang-moi-len-cho",
        "products": {"edges": [{"node": {"name": "Mật ong"}}]},
    }
