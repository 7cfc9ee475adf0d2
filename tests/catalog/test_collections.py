"""Collections are derived: their numbers never meet, and what lies in one follows from what is true today."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from catalog import collections
from catalog.collections import all_collections, collections_of, in_one_of, newest_ids, province_collection
from catalog.models import Product
from catalog.product_types import type_of
from catalog.selectors.counting import products_of_provinces, products_of_sets, products_of_stars
from marketplace.places.models import Province
from tests.catalog.factories import NENH, NOW, a_product, a_shop, on_sale, with_stars

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def names_in(*numbers: int, today: date = TODAY, age_declared: bool = False) -> list[str]:
    condition = in_one_of(numbers, today=today, age_declared=age_declared)
    return list(Product.objects.filter(condition).order_by("name").values_list("name", flat=True))


def test_numbers_and_slugs_of_all_collections_differ() -> None:
    provinces = [province_collection(one) for one in Province.objects.all()]
    every = [*all_collections(age_declared=True), *provinces]

    assert len(provinces) == 34
    for language in ("vi", "en"):
        assert len({one.texts[language].slug for one in every}) == len(every)
    assert len({one.no for one in every}) == len(every) == 38


def test_the_newest_are_those_listed_last_and_alcohol_only_for_adults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collections, "NEWEST_PRODUCTS_MAX", 2)
    shop = a_shop(alcohol_licence_number="GP 12/2026")
    for days, name in enumerate(("A", "B", "C")):
        on_sale(shop, name, now=NOW - timedelta(days=days))
    on_sale(shop, "Rượu", ocop_set=14, now=NOW + timedelta(minutes=1))

    assert names_in(1) == ["A", "B"]
    assert names_in(1, age_declared=True) == ["A", "Rượu"]
    assert len(newest_ids(age_declared=False)) == 2


def test_stars_count_while_they_may_be_shown_and_places_by_origin() -> None:
    shop, other = a_shop(), a_shop("Nếnh", commune=NENH)
    honey, tea = on_sale(shop, "Mật ong", ocop_set=4), on_sale(other, "Chè", ocop_set=11)
    a_product(shop, "Nháp")
    with_stars(shop, honey)

    assert (names_in(14), names_in(15), names_in(124)) == (["Mật ong"], [], ["Chè"])
    assert names_in(14, today=date(2028, 3, 2)) == []
    assert names_in(0) == names_in(16) == names_in(200) == []
    assert names_in(14, 124, 16) == ["Chè", "Mật ong"]
    assert [one.no for one in collections_of(honey, stars=4, newest=frozenset({honey.pk}))] == [1, 14, 104]
    assert [one.no for one in collections_of(tea, stars=None, newest=frozenset())] == [124]
    assert products_of_sets(age_declared=False) == {4: 1, 11: 1}
    assert products_of_provinces(age_declared=False) == {"04": 1, "24": 1}
    assert products_of_stars(today=TODAY, age_declared=False) == {4: 1}


@pytest.mark.parametrize(
    ("facts", "slug"),
    [
        ({"ocop_set": 6}, "goods"),
        ({"ocop_set": 6, "is_health_food": True}, "health-food"),
        ({"ocop_set": 26}, "service"),
        ({"ocop_set": 4, "is_alcohol": True}, "alcohol"),
        ({"ocop_set": 18, "is_alcohol": True, "is_health_food": True}, "alcohol"),
    ],
)
def test_a_products_type_follows_from_its_facts(facts: dict[str, int | bool], slug: str) -> None:
    assert type_of(Product(**facts)).slug == slug


def test_a_condition_is_no_larger_however_many_collections_are_named() -> None:
    one_of_each, every = [1, 14, 104], [1, *range(10, 20), *range(100, 300)] * 3

    few, many = (in_one_of(numbers, today=TODAY, age_declared=False) for numbers in (one_of_each, every))

    assert len(many.children) == len(few.children) == 4
