"""Looking around: what shoppers find, what they are told, and what stays out of sight."""

from datetime import timedelta
from functools import partial

import pytest
from django.test import Client

from catalog.models import OcopCertificate, Product, Stock
from marketplace.core import clock
from tests.orders.factories import NENH, THUC_PHAN, a_place, a_shop, a_variant
from tests.storefront.conftest import PAGE_BYTES_MAX, Count
from tests.storefront.shopping import a_market, a_photo, goods, shown_product, text_of
from vendors.models import Vendor

pytestmark = pytest.mark.django_db


def test_home_leads_to_search_provinces_grades_markets_and_what_is_new(shopper: Client) -> None:
    goods(a_shop(), "Mật ong bạc hà", stars=5)
    a_market(NENH)

    page = shopper.get("/")

    assert page.status_code == 200
    html = page.content.decode()
    for address in ("/search/?stars=5", "/search/?stars=4", "/search/?province=04", "/markets/cho-nenh/"):
        assert f'href="{address}"' in html
    assert text_of(page).count("Mật ong bạc hà") == 2  # among the five stars and among the new
    assert "120.000 ₫ / hũ" in text_of(page)


def test_home_of_an_empty_market_says_so(shopper: Client) -> None:
    assert "Chợ chưa có hàng" in text_of(shopper.get("/"))


def test_search_finds_without_diacritics_and_says_how_many(shopper: Client) -> None:
    shop = a_shop()
    goods(shop, "Miến dong Án Lại")
    goods(shop, "Mật ong hoa nhãn")

    page = shopper.get("/search/", {"q": "mien dong"})

    assert "Tìm “mien dong” 1 sản phẩm" in text_of(page)
    assert "Miến dong Án Lại" in text_of(page)
    assert "hoa nhãn" not in text_of(page)
    assert 'value="mien dong"' in page.content.decode()


def test_search_narrows_by_province_and_grade_and_shows_how_to_widen_again(shopper: Client) -> None:
    goods(a_shop(), "Miến dong Cao Bằng", stars=4)
    goods(a_shop("xuong-nenh", commune=NENH), "Miến gạo Nếnh")

    page = shopper.get("/search/", {"q": "mien", "province": "04", "stars": "4"})

    assert "Miến dong Cao Bằng" in text_of(page)
    assert "Miến gạo Nếnh" not in text_of(page)
    assert 'href="/search/?q=mien&amp;stars=4"' in page.content.decode()
    assert 'href="/search/?q=mien&amp;province=04"' in page.content.decode()


def test_a_search_that_finds_nothing_says_what_to_do(shopper: Client) -> None:
    page = shopper.get("/search/", {"q": "không có đâu"})

    assert page.status_code == 200
    assert "Không thấy hàng nào như vậy" in text_of(page)


def test_long_lists_come_in_pages_that_link_to_each_other(shopper: Client) -> None:
    shop = a_shop()
    for number in range(13):
        goods(shop, f"Mật ong số {number}")

    first, second = shopper.get("/search/", {"q": "mat ong"}), shopper.get("/search/", {"q": "mat ong", "page": "2"})

    assert 'href="/search/?q=mat+ong&amp;page=2"' in first.content.decode()
    assert first.content.decode().count('class="product"') == 12
    assert second.content.decode().count('class="product"') == 1
    assert 'rel="prev" href="/search/?q=mat+ong"' in second.content.decode()


def test_a_page_beyond_the_last_leads_to_the_last(shopper: Client) -> None:
    goods(a_shop())

    assert shopper.get("/search/?page=7")["Location"] == "/search/"
    assert shopper.get("/shops/mat-ong-cao-bang/?page=7")["Location"] == "/shops/mat-ong-cao-bang/?page=1"


def test_a_product_says_who_made_it_where_with_which_certificate_and_how_it_comes(shopper: Client) -> None:
    shop = a_shop(rates={"same_province": 25_000, "country": 40_000})
    a_place(shop, name="Sạp số 7")
    variant = a_variant(shop, quantity=3)
    product = shown_product(variant, stars=4, description="Ong lấy mật hoa nhãn.", storage_note="Nơi mát")
    a_photo(product)

    words = text_of(shopper.get(f"/products/{product.slug}/"))

    assert "120.000 ₫ / hũ" in words
    assert "OCOP 4 sao, quyết định số 125/QĐ-UBND, Ủy ban nhân dân tỉnh Cao Bằng cấp, có hiệu lực đến" in words
    assert "Hợp tác xã mat-ong-cao-bang" in words
    assert "Nơi làm ra Phường Thục Phán, Cao Bằng" in words
    assert "Giao tận nhà · từ 25.000 ₫ Đến lấy tại Cửa hàng · không mất phí Đến lấy tại Sạp số 7" in words
    assert "Ong lấy mật hoa nhãn." in words
    assert "Chỉ còn 3 hũ" in words


def test_stars_are_gone_with_the_certificate(shopper: Client) -> None:
    variant = goods(a_shop(), stars=5)
    yesterday = clock.vietnam_date(clock.now()) - timedelta(days=1)
    OcopCertificate.objects.update(expires_on=yesterday)

    words = text_of(shopper.get(f"/products/{variant.product.slug}/"))

    assert "OCOP 5 sao" not in words
    assert "Chứng nhận" not in words


def test_what_is_sold_out_has_no_buy_button(shopper: Client) -> None:
    variant = goods(a_shop())
    Vendor.objects.update(phone="+84912345678")
    Stock.objects.update(quantity=0)

    page = shopper.get(f"/products/{variant.product.slug}/")

    assert "Tạm hết hàng Hỏi gian hàng khi nào có lại: 0912 345 678" in text_of(page)
    assert "Thêm vào giỏ" not in text_of(page)


def test_a_product_of_several_kinds_lets_the_shopper_choose(shopper: Client) -> None:
    variant = goods(a_shop())
    large = variant.product.variants.create(
        vendor=variant.vendor, name="Hũ lớn", unit="hũ 1 kg", price_vnd=230_000, position=1
    )
    Stock.objects.create(variant=large, warehouse=variant.stocks.get().warehouse, quantity=2)

    page = shopper.get(f"/products/{variant.product.slug}/")

    assert "từ 120.000 ₫" in text_of(page)
    assert page.content.decode().count('type="radio" name="variant"') == 2
    assert "Hũ lớn · 230.000 ₫ / hũ 1 kg" in text_of(page)


@pytest.mark.parametrize("listing", [listing for listing in Product.Listing.values if listing != "published"])
def test_a_product_that_is_not_published_is_not_there(shopper: Client, listing: str) -> None:
    variant = a_variant(a_shop(), listing=listing)

    assert shopper.get(f"/products/{variant.product.slug}/").status_code == 404


def test_goods_of_a_shop_that_was_not_verified_are_not_there(shopper: Client) -> None:
    variant = goods(a_shop(verification=Vendor.Verification.DECLARED))

    assert shopper.get(f"/products/{variant.product.slug}/").status_code == 404
    assert shopper.get("/shops/mat-ong-cao-bang/").status_code == 404


def test_alcohol_is_shown_only_after_the_shopper_said_to_be_18(shopper: Client) -> None:
    variant = goods(a_shop(), "Rượu ngô", alcohol=True)
    address = f"/products/{variant.product.slug}/"

    assert "Rượu ngô" not in text_of(shopper.get("/search/?q=ruou"))
    asked = shopper.get(address)
    assert asked["Location"] == f"/age/?next=%2Fproducts%2F{variant.product.slug}%2F"
    question = shopper.get(asked["Location"])
    assert "checked" not in question.content.decode()
    answer = shopper.post("/age/", {"next": address, "adult": "on"})

    assert answer["Location"] == address
    assert "Không bán rượu, bia cho người dưới 18 tuổi." in text_of(shopper.get(address))
    assert "Rượu ngô" in text_of(shopper.get("/search/?q=ruou"))


def test_who_does_not_tick_the_box_is_not_taken_for_an_adult(shopper: Client) -> None:
    variant = goods(a_shop(), "Rượu ngô", alcohol=True)

    answer = shopper.post("/age/", {"next": "/"})

    assert answer.status_code == 400
    assert shopper.get(f"/products/{variant.product.slug}/").status_code == 302


def test_the_age_question_leads_to_pages_of_this_market_only(shopper: Client) -> None:
    answer = shopper.post("/age/", {"next": "https://example.com/", "adult": "on"})

    assert answer["Location"] == "/"


def test_a_shop_shows_what_the_law_asks_of_a_seller(shopper: Client) -> None:
    shop = a_shop()
    Vendor.objects.update(registration_number="4800123456", address_line="Tổ 2", story="Nuôi ong từ 1990.")
    Vendor.objects.update(phone="+842063888888")
    goods(shop)

    words = text_of(shopper.get("/shops/mat-ong-cao-bang/"))

    assert "Hợp tác xã · mã số 4800123456" in words
    assert "Tổ 2, Phường Thục Phán, Cao Bằng" in words
    assert "0206 3888 888" in words
    assert "Người bán đã xác minh bằng VNeID" in words
    assert "Nuôi ong từ 1990." in words
    assert "Hàng đang bán (1)" in words


def test_a_shop_without_goods_says_so(shopper: Client) -> None:
    a_shop()

    assert "Gian hàng chưa bày hàng nào" in text_of(shopper.get("/shops/mat-ong-cao-bang/"))


def test_a_market_shows_its_shops_with_their_stalls(shopper: Client) -> None:
    site = a_market(NENH)
    a_shop("sap-mot", commune=NENH)
    Vendor.objects.update(market_site=site, stall_label="Sạp 12")

    words = text_of(shopper.get("/markets/cho-nenh/"))

    assert "Chợ Nếnh" in words
    assert "Sạp 12 Hợp tác xã sap-mot Hợp tác xã · Phường Nếnh, Bắc Ninh" in words


def test_a_market_without_shops_says_so(shopper: Client) -> None:
    a_market(THUC_PHAN)

    assert "Chưa có gian hàng nào ở đây" in text_of(shopper.get("/markets/cho-nenh/"))


def test_the_page_about_the_market_publishes_the_order_of_lists_and_who_holds_the_money(shopper: Client) -> None:
    words = text_of(shopper.get("/about/"))

    assert "Không ai trả tiền để được xếp cao hơn." in words
    assert "Chợ không giữ tiền của ai và không thu phí." in words


@pytest.mark.parametrize(
    ("address", "at_most"),
    [
        ("/", 18),
        ("/search/", 10),
        ("/search/?q=mat&province=04&stars=4", 14),
        ("/search/?q=mat&province=04&commune=01273&shop=mat-ong-cao-bang&to=N%E1%BA%BFnh&in_stock=1", 14),
        ("/search/?q=nat+ong", 16),
        ("/search/suggestions/?q=mat", 2),
        ("/shops/mat-ong-cao-bang/", 9),
    ],
)
def test_lists_take_the_same_statements_whatever_their_length(
    shopper: Client, statements: Count, address: str, at_most: int
) -> None:
    shop = a_shop()
    goods(shop, "Mật ong số 0", stars=4)
    short = statements(partial(shopper.get, address))
    for number in range(1, 20):
        goods(shop, f"Mật ong số {number}", stars=4)
    long = statements(partial(shopper.get, address))

    assert short == long
    assert long <= at_most


def test_a_product_and_a_market_take_the_same_statements_however_much_belongs_to_them(
    shopper: Client, statements: Count
) -> None:
    site, shop = a_market(THUC_PHAN), a_shop()
    Vendor.objects.update(market_site=site)
    variant = goods(shop)
    addresses = [f"/products/{variant.product.slug}/", "/markets/cho-nenh/"]
    few = [statements(partial(shopper.get, address)) for address in addresses]
    for number in range(6):
        goods(shop, f"Mật ong số {number}")
        a_photo(variant.product)
        a_place(shop, name=f"Sạp {number}")
        a_shop(f"gian-{number}")
    Vendor.objects.update(market_site=site)
    many = [statements(partial(shopper.get, address)) for address in addresses]

    assert few[1] == many[1] <= 8
    assert many[0] - few[0] <= 3  # the cards of the shop's other goods, which were none
    assert many[0] <= 16


def test_the_longest_lists_stay_below_20_kilobytes(shopper: Client) -> None:
    shop = a_shop()
    for number in range(20):
        variant = goods(shop, f"Mật ong hoa nhãn rừng núi đá Cao Bằng loại đặc biệt số {number}", stars=5)
        a_photo(variant.product)

    sizes = {address: len(shopper.get(address).content) for address in ("/", "/search/", "/shops/mat-ong-cao-bang/")}

    assert max(sizes.values()) < PAGE_BYTES_MAX, sizes
