"""Of a word that very many products have, the newest are looked at: the same on both databases."""

from datetime import date, timedelta
from typing import Any

import pytest

from catalog.models import Product
from catalog.search import CRITERIA, SearchFilters, SearchPage, Sort, count_facets, facets, matching, search_products
from catalog.search.engines import newness
from tests.catalog.factories import NENH, NOW, Shop, a_shop, on_sale
from vendors.models import Vendor

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _few_are_very_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MATCHES_FIRST", 2)
    monkeypatch.setattr(matching, "MATCHES_MAX", 4)


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def honeys(shop: Shop, count: int, *, first: int = 0, **more: Any) -> list[Product]:
    return [
        on_sale(shop, f"Mật ong {number}", now=NOW + timedelta(minutes=number), **more)
        for number in range(first, first + count)
    ]


def search(text: str = "mat", **more: Any) -> SearchPage:
    return search_products(text=text, today=TODAY, age_declared=False, **more)


def names(page: SearchPage) -> list[str]:
    return [card.name.removeprefix("Mật ong ") for card in page.cards]


def test_as_many_as_are_looked_at_are_all_there_is(shop: Shop) -> None:
    honeys(shop, 3)

    assert (names(search()), search().total_is_exact) == (["2", "1", "0"], True)


def test_of_one_more_the_oldest_is_left_out_and_the_page_says_so(shop: Shop) -> None:
    honeys(shop, 5)

    assert (names(search()), search().total_is_exact) == (["4", "3", "2", "1"], False)
    assert names(search(sort=Sort.NEWEST)) == ["4", "3", "2", "1"]


def test_cheapest_first_puts_the_newest_of_them_in_order(shop: Shop) -> None:
    for number, price in enumerate((1_000, 5_000, 2_000, 4_000, 3_000)):
        honeys(shop, 1, first=number, price_vnd=price)

    page = search(sort=Sort.PRICE_UP)

    assert (names(page), page.total_is_exact) == (["2", "4", "3", "1"], False)


def test_what_may_not_be_seen_takes_nobodys_place(shop: Shop) -> None:
    honeys(shop, 2)
    closed = a_shop("Đã đóng")
    honeys(closed, 2, first=2)
    Vendor.objects.filter(pk=closed.vendor.pk).update(verification="none")

    assert names(search()) == ["1", "0"]


def test_places_sets_and_shops_are_found_however_many_newer_ones_match(shop: Shop) -> None:
    other = a_shop("Tạp hóa Hoa", commune=NENH)
    honeys(other, 1, ocop_set=4)
    honeys(shop, 6, first=1)

    for filters in (
        SearchFilters(province_code="24"),
        SearchFilters(commune_code=NENH),
        SearchFilters(ocop_set=4),
        SearchFilters(vendor_id=other.vendor.pk),
    ):
        for text in ("mat", ""):
            page = search(text, filters=filters)
            assert (names(page), page.total_is_exact) == (["0"], True), (text, filters)


def test_facets_of_very_many_say_that_they_are_not_exact(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    honeys(shop, 3)
    asked: dict[str, Any] = {"today": TODAY, "age_declared": False, "text": "mat", "filters": SearchFilters()}
    assert count_facets(**asked).is_exact

    monkeypatch.setattr(facets, "FACET_ROWS_MAX", 2)
    found = count_facets(**asked)

    assert (found.is_exact, found.provinces) == (False, {"04": 2})


def test_a_fact_cannot_be_typed(shop: Shop) -> None:
    honeys(shop, 1)

    for text in ("\ue000p04", "p04", "v1", "facts", "mat p04"):
        assert names(search(text)) == [], text


def test_the_number_of_a_later_publication_is_higher_and_of_a_later_product_lower() -> None:
    second = timedelta(seconds=1)

    assert newness(7, NOW) < newness(6, NOW) < newness(9_999_999, NOW + second) < 2**63
    assert newness(1, NOW.replace(year=2019)) < 0 < newness(1, NOW)
    assert newness(1, NOW.replace(microsecond=999_999)) == newness(1, NOW.replace(microsecond=0))


def test_the_published_criteria_say_how_many_are_looked_at() -> None:
    for sort in (Sort.RELEVANCE, Sort.PRICE_UP, Sort.PRICE_DOWN, Sort.NAME):
        assert any("6.000" in str(sentence) for sentence in CRITERIA[sort]), sort
