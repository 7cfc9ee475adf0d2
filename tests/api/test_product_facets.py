"""How many products lie under each value, counted under the filters of the others."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import Product
from tests.api.asking import ask, post
from tests.api.ids import gid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

FACETS = """query($search: String, $filter: ProductFilterInput, $where: ProductWhereInput, $channel: String) {
    productFacets(search: $search, filter: $filter, where: $where, channel: $channel) {
        provinces { province { code name } count } communes { commune { code province { code } } count }
        categories { category { id slug } count } stars { stars count } vendors { vendor { name } count }
        inStock isExact } }"""


def counted(**given: Any) -> dict[str, Any]:
    facets: dict[str, Any] = ask(FACETS, **given)["productFacets"]
    return facets


def test_facets_count_what_lies_under_each_value(goods: dict[str, Product]) -> None:
    assert counted() == {
        "provinces": [
            {"province": {"code": "04", "name": "Tỉnh Cao Bằng"}, "count": 2},
            {"province": {"code": "24", "name": "Tỉnh Bắc Ninh"}, "count": 1},
        ],
        "communes": [
            {"commune": {"code": "01501", "province": {"code": "04"}}, "count": 2},
            {"commune": {"code": "07795", "province": {"code": "24"}}, "count": 1},
        ],
        "categories": [
            {"category": {"id": gid("Category", 6), "slug": "6-che-bien-tu-gao-ngu-coc"}, "count": 1},
            {
                "category": {"id": gid("Category", 4), "slug": "4-mat-ong-mat-khac-va-nong-san-thuc-pham-khac"},
                "count": 1,
            },
            {"category": {"id": gid("Category", 11), "slug": "11-che-tuoi-che-che-bien"}, "count": 1},
        ],
        "stars": [{"stars": 4, "count": 1}],
        "vendors": [
            {"vendor": {"name": "Hợp tác xã Bản Giốc"}, "count": 2},
            {"vendor": {"name": "Gian hàng Nếnh"}, "count": 1},
        ],
        "inStock": 2,
        "isExact": True,
    }


def test_a_facet_is_counted_under_the_filters_of_the_others(goods: dict[str, Product]) -> None:
    def sets(facets: dict[str, Any]) -> list[tuple[str, int]]:
        return [(one["category"]["slug"][:2], one["count"]) for one in facets["categories"]]

    one_set = counted(filter={"categories": [gid("Category", 4)], "stockAvailability": "IN_STOCK"})
    group = counted(filter={"categories": [gid("Category", 101)], "minimalPrice": {"gte": 100_000}})

    assert (sets(one_set), one_set["inStock"]) == ([("6-", 1), ("4-", 1)], 1)
    assert [one["count"] for one in one_set["provinces"]] == [1]
    assert (sets(group), group["inStock"]) == ([("4-", 1)], 1)


def test_facets_follow_the_search_the_where_and_the_channel(goods: dict[str, Product]) -> None:
    assert [one["count"] for one in counted(search="mien")["provinces"]] == [1]
    assert counted(where={"slug": {"eq": "che"}})["inStock"] == 0
    assert (
        counted(channel="stall")
        == counted(filter={"channel": "stall"})
        == {
            **{facet: [] for facet in ("provinces", "communes", "categories", "stars", "vendors")},
            "inStock": 0,
            "isExact": True,
        }
    )
    refused = post(FACETS, filter={"ids": ["a"]}, where={"ids": ["a"]}).json()
    assert refused["errors"][0]["message"] == "Only one filtering argument (filter or where) can be specified."
