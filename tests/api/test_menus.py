"""The two menus of Saleor's storefront, made of what the market has."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from catalog.models import Product
from marketplace.places.models import Commune
from tests.api.asking import ask
from tests.api.ids import gid
from tests.catalog.factories import NENH, a_shop, on_sale, with_stars
from tests.plugins.database import count_statements
from tests.reporting.factories import a_product

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

MENU = """query($slug: String, $id: ID, $name: String, $channel: String) {
  menu(slug: $slug, id: $id, name: $name, channel: $channel) { id name slug items { ...item children { ...item
    children { ...item children { id } } } } } }
fragment item on MenuItem { id name level url category { slug } collection { slug } page { slug }
  parent { id } menu { slug } translation(languageCode: EN) { id name language { code } } }"""


def menu(slug: str, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = ask(MENU, slug=slug, **more)["menu"]
    return found


def test_the_foot_leads_to_the_texts_that_the_market_is_bound_by() -> None:
    footer = menu("footer")

    (about,) = footer.pop("items")
    items = about["children"]
    assert (about["id"], about["name"], about["level"]) == (gid("MenuItem", 996), "Về chợ này", 0)
    assert about["url"] == f"{settings.MARKET_PUBLIC_URL}/"
    assert footer == {"id": gid("Menu", 2), "name": "footer", "slug": "footer"}
    assert [item["page"]["slug"] for item in items] == [
        "rules", "privacy", "returns", "complaints", "ranking", "operator",
    ]  # fmt: skip
    assert items[0] == {
        "id": gid("MenuItem", 10_001),
        "name": "Quy chế hoạt động của Chợ 4.0",
        "level": 1,
        "url": None,
        "category": None,
        "collection": None,
        "page": {"slug": "rules"},
        "parent": {"id": gid("MenuItem", 996)},
        "menu": {"slug": "footer"},
        "translation": {
            "id": gid("MenuItemTranslation", "10001-en"),
            "name": "Operating rules of Chợ 4.0",
            "language": {"code": "EN"},
        },
        "children": [],
    }


def test_the_head_leads_to_what_has_goods() -> None:
    shop, other = a_shop("Bản Giốc"), a_shop("Nếnh", commune=NENH)
    with_stars(shop, on_sale(shop, "Miến dong", ocop_set=6), stars=4)
    on_sale(other, "Chè", ocop_set=11)
    on_sale(other, "Bánh", ocop_set=6, commune_of_origin=Commune.objects.get(pk=NENH))

    items = menu("navbar")["items"]

    shown = [(item["name"], [child["name"] for child in item["children"]]) for item in items]
    assert shown == [
        ("Hàng mới lên chợ", []),
        ("Loại hàng", ["Thực phẩm"]),
        ("OCOP", ["OCOP 4 sao"]),
        ("Theo tỉnh, thành phố", ["Đặc sản Bắc Ninh", "Đặc sản Cao Bằng"]),
    ]
    newest, categories, ocop, places = items
    (food,), (stars,) = categories["children"], ocop["children"]
    assert [child["name"] for child in food["children"]] == ["Chế biến từ gạo, ngũ cốc", "Chè tươi, chè chế biến"]
    assert [item["id"] for item in (categories, ocop)] == [gid("MenuItem", 997), gid("MenuItem", 998)]
    assert (newest["id"], newest["collection"]["slug"]) == (gid("MenuItem", 1_001), "hang-moi-len-cho")
    assert (food["id"], food["category"]["slug"], food["level"]) == (gid("MenuItem", 101), "thuc-pham", 1)
    assert food["children"][0] == {
        "id": gid("MenuItem", 6),
        "name": "Chế biến từ gạo, ngũ cốc",
        "level": 2,
        "url": None,
        "category": {"slug": "6-che-bien-tu-gao-ngu-coc"},
        "collection": None,
        "page": None,
        "parent": {"id": gid("MenuItem", 101)},
        "menu": {"slug": "navbar"},
        "translation": {
            "id": gid("MenuItemTranslation", "6-en"),
            "name": "Made from rice and cereals",
            "language": {"code": "EN"},
        },
        "children": [],
    }
    assert (stars["id"], stars["collection"]["slug"]) == (gid("MenuItem", 1_014), "ocop-4-sao")
    assert (places["id"], places["url"]) == (gid("MenuItem", 999), f"{settings.MARKET_PUBLIC_URL}/search/")
    assert [child["id"] for child in places["children"]] == [gid("MenuItem", 1_124), gid("MenuItem", 1_104)]
    assert places["children"][0]["collection"] == {"slug": "dac-san-bac-ninh"}


def test_a_market_without_goods_has_an_empty_head() -> None:
    assert menu("navbar")["items"] == []


def test_alcohol_is_led_to_only_for_who_declared_their_age() -> None:
    shop = a_shop("Bản Giốc", alcohol_licence_number="12/GP")
    on_sale(shop, "Miến dong", ocop_set=6)
    on_sale(shop, "Rượu ngô", ocop_set=14)
    query = 'query { menu(slug: "navbar") { items { children { children { category { slug } } } } } }'

    declared = ask(query, headers={"X-Age-Declared": "18"})["menu"]["items"]
    undeclared = ask(query)["menu"]["items"]

    def slugs(items: list[dict[str, Any]]) -> list[str]:
        return [leaf["category"]["slug"] for top in items for one in top["children"] for leaf in one["children"]]

    assert len(slugs(undeclared)) == 1
    assert len(slugs(declared)) == 2


@pytest.mark.parametrize(
    "asked",
    [{"slug": "header"}, {"name": ""}, {"id": gid("Menu", 3)}, {"slug": "navbar", "channel": "stall"}],
)
def test_there_is_no_other_menu(asked: dict[str, str]) -> None:
    assert ask(MENU, **asked) == {"menu": None}


def test_a_menu_is_found_by_slug_name_and_id() -> None:
    by_slug = ask(MENU, slug="footer", channel="online")

    assert by_slug == ask(MENU, name="footer") == ask(MENU, id=gid("Menu", 2))


def test_a_menu_takes_as_many_statements_with_a_hundred_goods_as_with_ten_however_deep_it_is_asked() -> None:
    shops = [a_shop("Bản Giốc"), a_shop("Nếnh", commune=NENH)]
    deep = """{ menu(slug: "navbar") { items { menu { items { menu { items { name } } } } category {
        backgroundImage { url } } collection { backgroundImage { url } } children { collection {
        backgroundImage { url } } category { backgroundImage { url } } children { category {
        backgroundImage { url } } } } } } }"""
    taken = []

    for made, wanted in ((0, 10), (10, 100)):
        for number in range(made, wanted):
            product = a_product(shops[number % 2].vendor)
            Product.objects.filter(pk=product.pk).update(ocop_set=1 + number % 8)
        taken.append(count_statements(lambda: ask(deep)))

    assert taken == [5, 5]
