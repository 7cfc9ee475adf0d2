"""Finding products with and without marks: the same answers on both databases."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from catalog import services
from catalog.models import Product, Stock
from catalog.ocop_sets import UnknownOcopSet
from catalog.search import BadFilter, SearchFilters, SearchPage, Sort, search_products
from marketplace.core.text import BadText
from marketplace.places.models import Commune, MarketSite
from tests.catalog.factories import NENH, NOW, Shop, a_product, a_shop, on_sale, with_stars
from vendors.models import Vendor

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def shop() -> Shop:
    return a_shop(alcohol_licence_number="12/GP-SCT")


def search(text: str = "", *, age_declared: bool = False, today: date = TODAY, **more: Any) -> SearchPage:
    return search_products(text=text, age_declared=age_declared, today=today, **more)


def found(text: str = "", **more: Any) -> list[str]:
    return [card.name for card in search(text, **more).cards]


def minutes_later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def test_what_is_typed_without_marks_finds_what_is_written_with_them(shop: Shop) -> None:
    on_sale(shop, "Miến dong Đàm Thủy")

    for text in ("mien dong", "Miến Dong", "MIEN", "dam thuy", "đàm thuỷ", "miến   dong!", "mie\u0302\u0301n"):
        assert found(text) == ["Miến dong Đàm Thủy"], text


def test_what_is_written_without_marks_is_found_with_them(shop: Shop) -> None:
    on_sale(shop, "Ruou mo, duong phen", ocop_set=8)

    assert found("rượu mơ đường phèn") == ["Ruou mo, duong phen"]


def test_every_word_must_be_there_and_the_last_may_be_a_beginning(shop: Shop) -> None:
    on_sale(shop, "Mật ong rừng")
    on_sale(shop, "Mật mía", now=minutes_later(1))

    assert found("mật") == ["Mật mía", "Mật ong rừng"]
    assert found("mật o") == ["Mật ong rừng"]
    assert found("mật ong rừ") == ["Mật ong rừng"]
    assert found("mậ ong") == []
    assert found("mật ong sắn") == []
    assert found("ật") == []


def test_a_product_is_found_by_its_maker_place_set_kind_and_description(shop: Shop) -> None:
    product = on_sale(shop, "Miến dong", description="Kéo sợi bằng tay, phơi trên giàn nứa.")
    services.add_variant(actor=shop.owner, product=product, name="Thùng carton", unit="thùng", price_vnd=1, now=NOW)
    services.publish_product(actor=shop.staff, product=product, now=NOW)

    for text in ("ban gioc", "dam thuy", "cao bang", "che bien tu gao", "thung carton", "phoi gian nua", "mien nua"):
        assert found(text) == ["Miến dong"], text


def test_names_come_before_other_texts(shop: Shop) -> None:
    on_sale(shop, "Chè Shan tuyết")
    on_sale(shop, "Ấm đất", description="Để pha chè Shan tuyết", ocop_set=21, now=minutes_later(1))
    on_sale(shop, "Bánh chè lam", description="Ăn với trà Shan tuyết", now=minutes_later(2))

    assert found("che shan") == ["Chè Shan tuyết", "Bánh chè lam", "Ấm đất"]
    assert found("che") == ["Bánh chè lam", "Chè Shan tuyết", "Ấm đất"]


def test_names_with_the_very_marks_come_before_those_without(shop: Shop) -> None:
    on_sale(shop, "Mắm tôm")
    on_sale(shop, "Mâm tre", now=minutes_later(1))
    on_sale(shop, "Mam kho", now=minutes_later(2))

    assert found("mắm") == ["Mắm tôm", "Mam kho", "Mâm tre"]
    assert found("mâm") == ["Mâm tre", "Mam kho", "Mắm tôm"]
    assert found("mam") == ["Mam kho", "Mâm tre", "Mắm tôm"]


def test_the_more_words_with_their_marks_the_better(shop: Shop) -> None:
    on_sale(shop, "Mắm tôm")
    on_sale(shop, "Mắm tốm", now=minutes_later(1))
    on_sale(shop, "Mâm tốm", now=minutes_later(2))

    assert found("mắm tôm") == ["Mắm tôm", "Mắm tốm", "Mâm tốm"]


def test_equals_come_newest_first_and_then_by_their_number(shop: Shop) -> None:
    for name, minute in (("Mật ong B", 1), ("Mật ong A", 1), ("Mật ong C", 2)):
        on_sale(shop, name, now=minutes_later(minute))

    assert found("mat ong") == found() == ["Mật ong C", "Mật ong B", "Mật ong A"]


ODD_TEXTS = """
OR|AND NOT|NEAR(mien dong)|mien" OR "a|name:mien|mien*|-mien|^mien|(|"|'|\\|%|_|{a b}|mien & !dong|mien:*|<->
'; DROP TABLE catalog_product; --|★|1e5 0x1f 4.5 -7 a@b.vn http://a.vn/b|蜂蜜|мёд|½ ² ⅷ|ﬁ ŉ ß İ
"""


@pytest.mark.parametrize("text", [*ODD_TEXTS.strip().replace("\n", "|").split("|"), "x" * 160, "đ" * 160, "\u0301"])
def test_no_text_is_a_language_of_the_database(shop: Shop, text: str) -> None:
    on_sale(shop, "Miến dong", description="Chữ khác")

    assert search(text).total in {0, 1}
    assert Product.objects.count() == 1


def test_odd_names_are_found_by_themselves(shop: Shop) -> None:
    names = ["1e5 0x1f 4.5", "蜂蜜 蜂", "Мёд из леса", "½ kg muối", "Sữa 3-trong-1", "a@b.vn", "Straße"]
    for name in names:
        on_sale(shop, name)

    for name in names:
        assert found(name) == [name]


def test_only_signs_find_nothing_and_nothing_typed_browses_everything(shop: Shop) -> None:
    on_sale(shop)

    assert found("★!?") == []
    assert found("   ") == found("") == ["Miến dong Cao Bằng"]


@pytest.mark.parametrize("text", ["mien\x00dong", "a" * 161, "mien\x1b"])
def test_a_text_that_nobody_types_is_refused(text: str) -> None:
    with pytest.raises(BadText):
        search(text)


def test_only_what_shoppers_may_see_is_found(shop: Shop) -> None:
    hidden = a_shop("Chưa xác minh", commune=NENH, verified=False)
    on_sale(hidden, "Mật ong chưa xác minh")
    a_product(shop, "Mật ong nháp")
    withdrawn = on_sale(shop, "Mật ong đã ngừng")
    services.withdraw_product(actor=shop.owner, product=withdrawn, now=NOW)
    on_sale(shop, "Mật ong ngâm rượu", ocop_set=15)

    assert found("mat ong") == []
    assert found("mat ong", age_declared=True) == ["Mật ong ngâm rượu"]

    Vendor.objects.filter(pk=hidden.vendor.pk).update(verification="vneid")
    assert found("mat ong") == ["Mật ong chưa xác minh"]  # nothing was indexed anew for that


@pytest.fixture
def stand(shop: Shop) -> Shop:
    """Three products that differ in everything a filter may ask for."""
    site = MarketSite.objects.create(
        slug="cho-nenh", kind="market", name="Chợ Nếnh", commune_id=NENH, folded="cho nenh", sort_key="1"
    )
    other = a_shop("Tạp hóa Hoa", commune=NENH, market_site=site)
    honey = on_sale(shop, "Mật ong", ocop_set=4, price_vnd=200_000)
    with_stars(shop, honey, stars=5)
    cake = on_sale(other, "Bánh đa", ocop_set=6, price_vnd=15_000, now=minutes_later(1))
    with_stars(other, cake, stars=3, issued_on=date(2023, 12, 1))
    on_sale(other, "Tương", ocop_set=9, price_vnd=40_000, quantity=0, now=minutes_later(2))
    return other


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"province_code": "04"}, ["Mật ong"]),
        ({"province_code": "24"}, ["Tương", "Bánh đa"]),
        ({"province_code": "99"}, []),
        ({"commune_code": NENH}, ["Tương", "Bánh đa"]),
        ({"ocop_set": 6}, ["Bánh đa"]),
        ({"stars": 5}, ["Mật ong"]),
        ({"stars": 4}, []),
        ({"stars": 3}, ["Bánh đa"]),
        ({"price_min_vnd": 40_000}, ["Tương", "Mật ong"]),
        ({"price_max_vnd": 40_000}, ["Tương", "Bánh đa"]),
        ({"price_min_vnd": 15_001, "price_max_vnd": 199_999}, ["Tương"]),
        ({"price_min_vnd": 2**62}, []),
        ({"in_stock": True}, ["Bánh đa", "Mật ong"]),
        ({"site_slug": "cho-nenh"}, ["Tương", "Bánh đa"]),
        ({"site_slug": "cho-khac"}, []),
        ({"site_slug": "cho-nenh", "in_stock": True, "price_max_vnd": 20_000}, ["Bánh đa"]),
        ({"province_code": "04", "ocop_set": 6}, []),
    ],
)
@pytest.mark.usefixtures("stand")
def test_filters_are_joined_by_and(filters: dict[str, Any], names: list[str]) -> None:
    assert found(filters=SearchFilters(**filters)) == names


def test_one_shop_can_be_searched(stand: Shop) -> None:
    assert found(filters=SearchFilters(vendor_id=stand.vendor.pk)) == ["Tương", "Bánh đa"]
    assert found("banh", filters=SearchFilters(vendor_id=stand.vendor.pk)) == ["Bánh đa"]
    assert found("mat", filters=SearchFilters(vendor_id=stand.vendor.pk)) == []


@pytest.mark.usefixtures("stand")
def test_stars_that_have_lapsed_are_not_filtered_for() -> None:
    assert found(filters=SearchFilters(stars=3), today=date(2026, 12, 1)) == ["Bánh đa"]
    assert found(filters=SearchFilters(stars=3), today=date(2026, 12, 2)) == []


@pytest.mark.usefixtures("stand")
def test_stock_that_is_spoken_for_is_not_in_stock() -> None:
    Stock.objects.filter(variant__product__name="Mật ong").update(allocated=6, reserved=4)

    assert found(filters=SearchFilters(in_stock=True)) == ["Bánh đa"]


def test_a_product_comes_from_its_commune_of_origin_not_from_its_shops(stand: Shop) -> None:
    on_sale(stand, "Trà", commune_of_origin=Commune.objects.get(pk="01477"), now=minutes_later(3))

    assert found(filters=SearchFilters(province_code="04")) == ["Trà", "Mật ong"]


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        (Sort.NEWEST, ["Tương", "Bánh đa", "Mật ong"]),
        (Sort.RELEVANCE, ["Tương", "Bánh đa", "Mật ong"]),
        (Sort.NAME, ["Bánh đa", "Mật ong", "Tương"]),
        (Sort.PRICE_UP, ["Bánh đa", "Tương", "Mật ong"]),
        (Sort.PRICE_DOWN, ["Mật ong", "Tương", "Bánh đa"]),
    ],
)
@pytest.mark.usefixtures("stand")
def test_lists_come_in_the_order_asked_for(sort: Sort, names: list[str]) -> None:
    assert found(sort=sort) == names
    assert found("a", sort=sort) == [name for name in found(sort=sort) if name in found("a")]


def test_names_are_ordered_as_vietnamese_orders_them(shop: Shop) -> None:
    for name in ("Đỗ đen", "Dừa", "Ớt", "Ổi", "Áo chàm", "Ăn vặt", "An xoa"):
        on_sale(shop, name)

    assert found(sort=Sort.NAME) == ["An xoa", "Áo chàm", "Ăn vặt", "Dừa", "Đỗ đen", "Ổi", "Ớt"]


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ({"province_code": "4"}, "province_code"),
        ({"province_code": "\x0004"}, "province_code"),
        ({"province_code": "٠٤"}, "province_code"),
        ({"commune_code": "0150"}, "commune_code"),
        ({"site_slug": "Chợ"}, "site_slug"),
        ({"stars": 2}, "stars"),
        ({"stars": 10**30}, "stars"),
        ({"vendor_id": 0}, "vendor_id"),
        ({"vendor_id": 2**63}, "vendor_id"),
        ({"price_min_vnd": -1}, "price_min_vnd"),
        ({"price_max_vnd": 2**64}, "price_max_vnd"),
    ],
)
def test_a_filter_that_cannot_be_is_refused_by_name(filters: dict[str, Any], field: str) -> None:
    with pytest.raises(BadFilter) as refusal:
        search(filters=SearchFilters(**filters))

    assert refusal.value.field == field


def test_an_unknown_set_is_refused() -> None:
    with pytest.raises(UnknownOcopSet):
        search(filters=SearchFilters(ocop_set=27))


@pytest.mark.parametrize(
    ("page", "page_size", "field"),
    [(0, 24, "page"), (-1, 24, "page"), (1, 0, "page_size"), (1, 101, "page_size"), (1, -5, "page_size")],
)
def test_a_page_that_cannot_be_is_refused(page: int, page_size: int, field: str) -> None:
    with pytest.raises(BadFilter) as refusal:
        search(page=page, page_size=page_size)

    assert refusal.value.field == field


def test_pages_show_each_product_once_and_the_last_may_be_short(shop: Shop) -> None:
    for number in range(7):
        on_sale(shop, f"Mật ong {number}")

    for text in ("", "mat ong"):
        pages = [search(text, page=number, page_size=3) for number in (1, 2, 3, 4)]
        assert [len(page.cards) for page in pages] == [3, 3, 1, 0]
        assert {(page.total, page.pages, page.total_is_exact) for page in pages} == {(7, 3, True)}
        assert [page.page for page in pages] == [1, 2, 3, 4]
        assert len({card.slug for page in pages for card in page.cards}) == 7
    assert search("khong co gi").pages == 1
    assert search(page=10**30).cards == []


def test_at_most_1000_candidates_are_ordered_and_the_page_says_so(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.search.search.CANDIDATES_MAX", 3)
    for number in range(3):
        on_sale(shop, f"Mật ong {number}", now=minutes_later(number))
    on_sale(shop, "Sáp", description="Từ tổ mật ong", now=minutes_later(9))

    first = search("mat ong", page_size=100)
    assert [card.name for card in first.cards] == ["Mật ong 2", "Mật ong 1", "Mật ong 0"]
    assert (first.total, first.total_is_exact) == (3, False)
    assert (search("mat ong 1").total, search("mat ong 1").total_is_exact) == (1, True)
    assert (search().total, search().total_is_exact) == (3, False)


def test_a_search_takes_as_many_statements_however_much_it_finds(shop: Shop, django_assert_num_queries: Any) -> None:
    for size in (1, 6):
        for number in range(size):
            on_sale(shop, f"Mật ong {size} {number}")
        with django_assert_num_queries(7):
            assert len(search("mat ong").cards) > 0
        with django_assert_num_queries(6):
            search()
        with django_assert_num_queries(7):
            search("mat ong", sort=Sort.PRICE_UP, filters=SearchFilters(in_stock=True, province_code="04"))


def test_as_many_words_as_fit_are_looked_for(shop: Shop) -> None:
    on_sale(shop, "a b c d e f g h i k l m n")

    assert found(" ".join("abcdefghiklmn" * 6)) == ["a b c d e f g h i k l m n"]
