"""Categories, as a client written for Saleor asks for them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from catalog.services import add_photo
from tests.api.asking import ask, post
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


def slugs(connection: dict[str, Any]) -> list[str]:
    return [edge["node"]["slug"] for edge in connection["edges"]]


def test_the_26_sets_lie_in_a_tree_under_five_groups_and_tourism_beside_them(db: None) -> None:
    top = ask("{ categories(first: 100, level: 0) { totalCount edges { node { id slug level } } } }")["categories"]
    sets = ask("{ categories(first: 100, level: 1) { totalCount } }")["categories"]

    assert (top["totalCount"], sets["totalCount"]) == (6, 25)
    assert [edge["node"]["id"] for edge in top["edges"]] == [
        gid("Category", key) for key in (101, 102, 103, 104, 105, 26)
    ]
    assert slugs(top) == [
        "thuc-pham",
        "do-uong",
        "duoc-lieu-va-san-pham-tu-duoc-lieu",
        "hang-thu-cong-my-nghe",
        "sinh-vat-canh",
        "26-dich-vu-du-lich-cong-dong-du-lich-sinh-thai-va-diem-du-lich",
    ]


def test_a_category_has_saleors_fields_in_two_languages(db: None) -> None:
    found = ask(
        """{ category(slug: "4-mat-ong-mat-khac-va-nong-san-thuc-pham-khac") {
            id name level description seoTitle seoDescription metadata { key } parent { id slug }
            ancestors(first: 2) { totalCount edges { node { name } } } children(first: 2) { totalCount }
            english: translation(languageCode: EN) { name slug language { code language } }
            source: translation(languageCode: VI) { name slug seoTitle }
            german: translation(languageCode: DE) { name } } }"""
    )["category"]

    description = json.loads(found.pop("description"))
    assert description["blocks"][0]["data"]["text"] == (
        "Hàng OCOP nhóm Mật ong, mật khác và nông sản thực phẩm khác, mua thẳng từ người làm ra."
    )
    assert found == {
        "id": gid("Category", 4),
        "name": "Mật ong, mật khác và nông sản thực phẩm khác",
        "level": 1,
        "seoTitle": "Mật ong, mật khác và nông sản thực phẩm khác",
        "seoDescription": description["blocks"][0]["data"]["text"],
        "metadata": [],
        "parent": {"id": gid("Category", 101), "slug": "thuc-pham"},
        "ancestors": {"totalCount": 1, "edges": [{"node": {"name": "Thực phẩm"}}]},
        "children": {"totalCount": 0},
        "english": {
            "name": "Honeys and other farm foods",
            "slug": "4-honeys-and-other-farm-foods",
            "language": {"code": "EN", "language": "English"},
        },
        "source": {
            "name": "Mật ong, mật khác và nông sản thực phẩm khác",
            "slug": "4-mat-ong-mat-khac-va-nong-san-thuc-pham-khac",
            "seoTitle": "Mật ong, mật khác và nông sản thực phẩm khác",
        },
        "german": None,
    }


def test_a_category_is_found_by_its_id_and_by_its_slug_in_a_language(db: None) -> None:
    query = """query($id: ID, $slug: String, $language: LanguageCodeEnum) {
        category(id: $id, slug: $slug, slugLanguageCode: $language) { name } }"""

    assert ask(query, id=gid("Category", 14)) == {"category": {"name": "Rượu trắng"}}
    assert ask(query, slug="14-white-spirits", language="EN") == {"category": {"name": "Rượu trắng"}}
    assert ask(query, slug="14-ruou-trang", language="VI") == {"category": {"name": "Rượu trắng"}}
    for missing in ({"slug": "14-white-spirits"}, {"slug": "14-ruou-trang", "language": "EN"}, {"slug": ""}):
        assert ask(query, **missing) == {"category": None}
    assert ask(query, id=gid("Category", 27)) == {"category": None}


def test_a_group_shows_the_goods_of_all_its_sets_and_a_photo_of_one(shop: Shop) -> None:
    honey = a_product(shop, "Mật ong", ocop_set=4)
    add_photo(actor=shop.owner, product=honey, content=a_picture(), alt="Hũ mật", now=NOW)
    publish(shop, honey)
    on_sale(shop, "Miến", ocop_set=6)
    on_sale(shop, "Nước suối", ocop_set=16)

    found = ask(
        """{ food: category(slug: "thuc-pham") { products(first: 5, channel: "online") {
                totalCount edges { node { name category { slug } } } }
                backgroundImage(size: 800, format: WEBP) { url alt } }
             drinks: category(slug: "do-uong") { products(first: 5) { totalCount } backgroundImage { url } }
             none: category(slug: "thuc-pham") { products(first: 5, channel: "stall") { totalCount } } }"""
    )

    assert [edge["node"]["name"] for edge in found["food"]["products"]["edges"]] == ["Mật ong", "Miến"]
    assert found["food"]["backgroundImage"]["alt"] == "Hũ mật"
    assert found["food"]["backgroundImage"]["url"].endswith("-800.webp")
    assert found["drinks"] == {"products": {"totalCount": 1}, "backgroundImage": None}
    assert found["none"]["products"]["totalCount"] == 0


def test_categories_are_filtered_sorted_and_paged(shop: Shop) -> None:
    on_sale(shop, "Mật ong", ocop_set=4)
    on_sale(shop, "Chè", ocop_set=11)
    on_sale(shop, "Chè nụ", ocop_set=11)
    query = """query($filter: CategoryFilterInput, $where: CategoryWhereInput, $sortBy: CategorySortingInput,
        $first: Int, $after: String, $last: Int) {
        categories(filter: $filter, where: $where, sortBy: $sortBy, first: $first, after: $after, last: $last) {
            pageInfo { endCursor hasNextPage } edges { node { slug } } } }"""

    def found(**given: Any) -> list[str]:
        return slugs(ask(query, **{"first": 3, **given})["categories"])

    assert found(filter={"slugs": ["11-che-tuoi-che-che-bien"]}) == ["11-che-tuoi-che-che-bien"]
    assert found(filter={"search": "honey"}) == [
        "4-mat-ong-mat-khac-va-nong-san-thuc-pham-khac",
        "8-che-bien-tu-thit-thuy-san-trung-sua-san-pham-tu-mat-ong-mat-khac-va-nong-san",
    ]
    assert found(filter={"ids": [gid("Category", 22)], "updatedAt": {"gte": "2026-10-01T00:00:00Z"}}) == [
        "22-vai-may-mac"
    ]
    assert found(filter={"updatedAt": {"lte": "2026-10-01T00:00:00Z"}}) == []
    assert found(filter={"metadata": [{"key": "any"}]}) == []
    assert found(where={"OR": [{"ids": [gid("Category", 1)]}, {"AND": [{"ids": [gid("Category", 105)]}]}]}) == [
        "1-rau-cu-qua-hat-tuoi",
        "sinh-vat-canh",
    ]
    assert found(sortBy={"field": "PRODUCT_COUNT", "direction": "DESC"}) == [
        "thuc-pham",
        "11-che-tuoi-che-che-bien",
        "4-mat-ong-mat-khac-va-nong-san-thuc-pham-khac",
    ]
    assert found(sortBy={"field": "SUBCATEGORY_COUNT", "direction": "DESC"})[0] == "thuc-pham"
    assert found(sortBy={"field": "NAME", "direction": "ASC"})[:2] == [
        "13-ca-phe-ca-cao",
        "24-cay-canh",
    ]
    first = ask(query, first=30)["categories"]
    rest = ask(query, first=30, after=first["pageInfo"]["endCursor"])["categories"]
    assert (len(first["edges"]), len(rest["edges"]), rest["pageInfo"]["hasNextPage"]) == (30, 1, False)
    assert found(first=None, last=1) == ["26-dich-vu-du-lich-cong-dong-du-lich-sinh-thai-va-diem-du-lich"]


def test_filter_and_where_together_are_refused_in_saleors_words(db: None) -> None:
    for field in ("categories", "collections", "products"):
        content = post(
            f'{{ {field}(first: 1, filter: {{ids: ["a"]}}, where: {{ids: ["a"]}}) {{ totalCount }} }}'
        ).json()

        assert content["errors"][0]["message"] == "Only one filtering argument (filter or where) can be specified."
