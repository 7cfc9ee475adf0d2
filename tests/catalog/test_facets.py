"""By what a search can be narrowed, counted; the same on both databases."""

from datetime import date
from typing import Any

import pytest

from catalog.search import CRITERIA, Facets, SearchFilters, Sort, count_facets, search_products
from catalog.search.facets import FacetRow, counted
from tests.catalog.factories import DAM_THUY, NENH, Shop, a_shop, on_sale, with_stars
from vendors.models import Vendor

TODAY = date(2026, 11, 22)
HONEY = FacetRow("04", "01501", 4, 1, 4, in_stock=True)
NOODLES = FacetRow("04", "01273", 6, 1, None, in_stock=True)
TEA = FacetRow("24", "07795", 7, 2, 5, in_stock=False)


def facets(text: str = "", **filters: Any) -> Facets:
    return count_facets(today=TODAY, age_declared=False, text=text, filters=SearchFilters(**filters))


def test_every_facet_is_counted_under_the_filters_of_the_others() -> None:
    found = counted([HONEY, NOODLES, TEA], filters=SearchFilters(province_code="04", stars=4))

    assert found.provinces == {
        "04": 1,
    }
    assert found.stars == {4: 1}
    assert found.sets == {4: 1}
    assert found.vendors == {1: 1}
    assert found.in_stock == 1


def test_the_values_beside_the_chosen_one_can_still_be_taken() -> None:
    found = counted([HONEY, NOODLES, TEA], filters=SearchFilters(ocop_set=4))

    assert found.sets == {4: 1, 6: 1, 7: 1}
    assert found.provinces == {"04": 1}


def test_another_province_is_counted_without_the_chosen_commune() -> None:
    found = counted([HONEY, NOODLES, TEA], filters=SearchFilters(province_code="04", commune_code="01501"))

    assert found.provinces == {"04": 2, "24": 1}
    assert found.communes == {"01501": 1, "01273": 1}
    assert found.sets == {4: 1}


def test_a_shop_or_what_is_there_narrows_all_but_itself() -> None:
    assert counted([HONEY, NOODLES, TEA], filters=SearchFilters(vendor_id=2)).vendors == {1: 2, 2: 1}
    assert counted([HONEY, NOODLES, TEA], filters=SearchFilters(vendor_id=2)).in_stock == 0
    assert counted([HONEY, NOODLES, TEA], filters=SearchFilters(in_stock=True)).provinces == {"04": 2}


def test_the_most_come_first() -> None:
    assert list(counted([TEA, HONEY, NOODLES], filters=SearchFilters()).provinces) == ["04", "24"]


def test_beyond_the_limit_the_numbers_are_not_exact() -> None:
    assert counted([HONEY], filters=SearchFilters(), is_all=True).is_exact
    assert not counted([HONEY], filters=SearchFilters(), is_all=False).is_exact


@pytest.mark.django_db
def test_what_a_search_finds_is_what_its_facets_count() -> None:
    shop, other = a_shop(), a_shop("Chè Nếnh", commune=NENH)
    with_stars(shop, on_sale(shop, "Mật ong rừng", ocop_set=4), stars=5)
    on_sale(shop, "Mật mía", quantity=0)
    on_sale(other, "Mật ong hoa nhãn", ocop_set=4)
    on_sale(other, "Chè xanh", ocop_set=7)

    found = facets("mat")

    assert found.provinces == {"04": 2, "24": 1}
    assert found.communes == {DAM_THUY: 2, NENH: 1}
    assert found.sets == {4: 2, 6: 1}
    assert found.stars == {5: 1}
    assert found.vendors == {shop.vendor.pk: 2, other.vendor.pk: 1}
    assert found.in_stock == 2
    assert facets("★") == facets("không có đâu")
    for code, count in found.provinces.items():
        page = search_products(text="mat", today=TODAY, age_declared=False, filters=SearchFilters(province_code=code))
        assert page.total == count


@pytest.mark.django_db
def test_goods_of_the_shops_that_are_let_in_are_found_and_counted_alone() -> None:
    shop, other = a_shop(), a_shop("Chè Nếnh", commune=NENH)
    on_sale(shop, "Mật ong rừng")
    on_sale(other, "Mật ong hoa nhãn")
    only = Vendor.objects.filter(pk=other.vendor.pk)

    page = search_products(text="mat", today=TODAY, age_declared=False, sold_by=only)
    counted_alone = count_facets(today=TODAY, age_declared=False, text="mat", filters=SearchFilters(), sold_by=only)

    assert [card.name for card in page.cards] == ["Mật ong hoa nhãn"]
    assert counted_alone.provinces == {"24": 1}


@pytest.mark.django_db
def test_facets_take_two_statements(django_assert_num_queries: Any) -> None:
    shop: Shop = a_shop()
    for number in range(3):
        on_sale(shop, f"Mật ong {number}")
    with django_assert_num_queries(2):
        facets("mat")
    with django_assert_num_queries(1):
        facets()


def test_every_order_of_lists_has_its_published_criteria() -> None:
    assert set(CRITERIA) == set(Sort)
    assert all(sentences for sentences in CRITERIA.values())
