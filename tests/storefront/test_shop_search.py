"""The search page: narrowed without dead ends, forgiving to those who type as they speak."""

import pytest
from django.test import Client

from marketplace.orders.models import DeliveryRate
from tests.orders.factories import NENH, THUC_PHAN, a_shop
from tests.storefront.shopping import goods, text_of

pytestmark = pytest.mark.django_db


def options(page: str, name: str) -> list[str]:
    """The values that a select offers."""
    select = page.partition(f'<select id="{name}"')[2].partition("</select>")[0]
    return [part.partition('"')[0] for part in select.split('<option value="')[1:]]


def names(client: Client, **query: object) -> list[str]:
    """Which of the goods a search shows."""
    words = text_of(client.get("/search/", query)).partition("Xem kết quả")[2]
    return [name for name in ("Mật ong rừng", "Mật ong nhãn", "Mật mía") if name in words]


@pytest.fixture
def market(db: None) -> None:
    near, far = a_shop("trai-cao-bang"), a_shop("trai-nenh", commune=NENH)
    goods(near, "Mật ong rừng", stars=4, price_vnd=300_000)
    goods(near, "Mật mía", price_vnd=45_000, quantity=0)
    goods(far, "Mật ong nhãn", stars=5)
    DeliveryRate.objects.create(vendor=near, zone="same_commune", price_vnd=10_000)
    DeliveryRate.objects.create(vendor=far, zone="country", price_vnd=30_000)


def test_each_filter_offers_what_leads_somewhere_with_its_number(shopper: Client, market: None) -> None:
    page = shopper.get("/search/", {"q": "mat"})

    html = page.content.decode()
    assert options(html, "province") == ["", "24", "04"]
    assert options(html, "stars") == ["", "5", "4"]
    assert options(html, "shop") == ["", "trai-cao-bang", "trai-nenh"]
    assert "Cao Bằng (2)" in text_of(page)
    assert 'id="commune"' not in html
    assert 'href="/search/?q=mat&amp;stars=5"' in html


def test_a_chosen_province_offers_its_communes(shopper: Client, market: None) -> None:
    html = shopper.get("/search/", {"q": "mat", "province": "04"}).content.decode()

    assert options(html, "commune") == ["", THUC_PHAN]
    assert options(html, "province") == ["", "24", "04"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"province": "24"}, ["Mật ong nhãn"]),
        ({"province": "04", "commune": THUC_PHAN}, ["Mật ong rừng", "Mật mía"]),
        ({"shop": "trai-nenh"}, ["Mật ong nhãn"]),
        ({"stars": "4"}, ["Mật ong rừng"]),
        ({"price_min": "100k"}, ["Mật ong rừng", "Mật ong nhãn"]),
        ({"price_max": "100.000 ₫"}, ["Mật mía"]),
        ({"price_min": "150k", "price_max": "100k"}, ["Mật ong nhãn"]),
        ({"in_stock": "1"}, ["Mật ong rừng", "Mật ong nhãn"]),
        ({"to": "Thục Phán"}, ["Mật ong rừng", "Mật ong nhãn", "Mật mía"]),
        ({"to": "Cao Bằng"}, ["Mật ong nhãn"]),
        ({"to": "tỉnh bắc ninh"}, ["Mật ong nhãn"]),
    ],
)
def test_goods_are_narrowed_by_place_shop_grade_price_stock_and_delivery(
    shopper: Client, market: None, query: dict[str, str], found: list[str]
) -> None:
    assert names(shopper, q="mat", **query) == found


@pytest.mark.parametrize(
    "query",
    [
        {"province": "99"},
        {"commune": THUC_PHAN},
        {"province": "24", "commune": THUC_PHAN, "shop": ""},
        {"shop": "khong-co"},
        {"stars": "9"},
        {"price_min": "rẻ"},
        {"price_max": "0"},
        {"in_stock": "yes"},
    ],
)
def test_what_makes_no_sense_in_the_address_asks_for_nothing(
    shopper: Client, market: None, query: dict[str, str]
) -> None:
    expected = ["Mật ong nhãn"] if query.get("province") == "24" else ["Mật ong rừng", "Mật ong nhãn", "Mật mía"]

    assert names(shopper, q="mat", **query) == expected


def test_every_filter_that_is_set_can_be_dropped(shopper: Client, market: None) -> None:
    query = {"q": "mat", "province": "04", "commune": THUC_PHAN, "shop": "trai-cao-bang", "price_min": "1000"}
    query |= {"price_max": "1tr", "in_stock": "1", "to": "Thục Phán", "stars": "4"}

    page = shopper.get("/search/", query)

    words = text_of(page)
    for label in ("Cao Bằng", "Phường Thục Phán", "Hợp tác xã trai-cao-bang", "Từ 1.000 ₫", "Đến 1.000.000 ₫"):
        assert f"{label} Bỏ điều kiện này" in words
    assert "Còn hàng Bỏ điều kiện này" in words
    assert "Giao đến Phường Thục Phán, Cao Bằng Bỏ điều kiện này" in words
    without_province = "/search/?q=mat&stars=4&shop=trai-cao-bang&price_min=1000&price_max=1000000&in_stock=1"
    assert f'href="{without_province.replace("&", "&amp;")}&amp;to=' in page.content.decode()


def test_a_place_that_nobody_knows_is_said_at_its_field(shopper: Client, market: None) -> None:
    page = shopper.get("/search/", {"q": "mat", "to": "Atlantis"})

    assert "Không có nơi nào tên như vậy." in text_of(page)
    assert 'aria-describedby="to_hint to_error" aria-invalid="true"' in page.content.decode()


@pytest.mark.parametrize("typed", ["mật ong", "mat ong", "mạt ong", "maatj ong", "matong", "nat ong", "mật onh"])
def test_honey_is_found_however_it_is_typed(shopper: Client, market: None, typed: str) -> None:
    assert names(shopper, q=typed) == ["Mật ong rừng", "Mật ong nhãn"]


def test_what_was_searched_instead_is_said(shopper: Client, market: None) -> None:
    page = shopper.get("/search/", {"q": "mật onh"})

    assert "Không có hàng nào tên “mật onh”. Đây là kết quả cho “mật ong”." in text_of(page)
    assert "Tìm “mật onh” " in text_of(page)


def test_where_the_meaning_finds_nothing_either_it_is_not_mentioned(shopper: Client, market: None) -> None:
    words = text_of(shopper.get("/search/", {"q": "mật onh", "price_min": "400tr"}))

    assert "Đây là kết quả cho" not in words
    assert "Không thấy hàng nào như vậy" in words


def test_suggestions_are_links_that_search(shopper: Client, market: None) -> None:
    page = shopper.get("/search/suggestions/", {"q": "mat o"})

    assert 'href="/search/?q=M%E1%BA%ADt%20ong%20r%E1%BB%ABng"' in page.content.decode()
    assert text_of(page) == "Mật ong rừng Mật ong nhãn"
    assert page["Cache-Control"] == "private, max-age=60"
    assert shopper.get("/search/suggestions/").content == b""


def test_the_order_of_lists_is_published_and_linked_where_goods_are_listed(shopper: Client, market: None) -> None:
    words = text_of(shopper.get("/ranking/"))

    assert "Không ai trả tiền để được xếp cao hơn." in words
    for order in ("Hợp nhất trước", "Mới nhất trước", "Giá thấp trước", "Giá cao trước", "Theo tên"):
        assert order in words
    assert 'href="/ranking/"' in shopper.get("/search/").content.decode()
    assert 'href="/ranking/"' in shopper.get("/about/").content.decode()
