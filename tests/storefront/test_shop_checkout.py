"""Ordering one shop's goods: a phone and a way to get them suffice, and no sum is ordered that was not shown."""

import re

import pytest
from django.test import Client

from catalog.models import ProductVariant, Stock
from marketplace.core import clock
from marketplace.core.actors import ANONYMOUS
from marketplace.orders.models import Address, Checkout, Order
from marketplace.orders.services.checkouts import create_checkout
from tests.orders.factories import NENH, a_place, a_shop, stock_of
from tests.storefront.shopping import (
    a_user,
    checkout_url,
    fetched_at,
    form_id,
    goods,
    put_into_basket,
    sent_home,
    text_of,
)
from vendors.models import Vendor, Warehouse

pytestmark = pytest.mark.django_db
RATES = {"same_province": 25_000, "country": 40_000}


@pytest.fixture
def variant(db: None) -> ProductVariant:
    return goods(a_shop(rates=RATES))


@pytest.fixture
def address(shopper: Client, variant: ProductVariant) -> str:
    """Where the one shop's part of the shopper's basket, two jars of honey, is ordered."""
    put_into_basket(shopper, variant, 2)
    return checkout_url(shopper)


def agreed(page: str) -> int:
    found = re.search(r'name="agreed_vnd" value="(\d+)"', page)
    assert found is not None
    return int(found[1])


def test_the_page_asks_for_a_phone_and_offers_sending_and_fetching(shopper: Client, address: str) -> None:
    words = text_of(shopper.get(address))

    assert "Giao tận nhà · từ 25.000 ₫" in words
    assert "Đến lấy tại Cửa hàng · không mất phí" in words
    assert "Mật ong hoa nhãn × 2 240.000 ₫" in words
    assert "Tổng cộng 240.000 ₫" in words


def test_fetched_goods_are_ordered_in_one_step(shopper: Client, address: str, variant: ProductVariant) -> None:
    shown = agreed(shopper.get(address).content.decode())
    form = fetched_at(variant.product.vendor, agreed_vnd=shown, note="Tôi đến buổi chiều")

    answer = shopper.post(address, form)

    order = Order.objects.get()
    assert answer["Location"] == f"/orders/{order.token}/"
    assert (order.phone, order.note, order.total_vnd) == ("+84912345678", "Tôi đến buổi chiều", 240_000)
    assert order.pick_up_at is not None
    assert stock_of(variant) == (5, 2, 0)


def test_sent_goods_are_ordered_only_after_the_sum_with_delivery_was_shown(
    shopper: Client, address: str, variant: ProductVariant
) -> None:
    shown = agreed(shopper.get(address).content.decode())

    asked = shopper.post(address, sent_home(agreed_vnd=shown))

    assert asked.status_code == 200
    assert Order.objects.count() == 0
    assert stock_of(variant) == (5, 0, 0)
    words = text_of(asked)
    assert "Tổng tiền đã tính lại, gồm cả phí giao." in words
    assert "Phí giao hàng 40.000 ₫ Tổng cộng 280.000 ₫" in words
    assert 'value="Tổ 5"' in asked.content.decode()

    shopper.post(address, sent_home(agreed_vnd=agreed(asked.content.decode())))

    order = Order.objects.select_related("shipping_address").get()
    assert (order.total_vnd, order.shipping_vnd) == (280_000, 40_000)
    assert order.shipping_address is not None
    assert (order.shipping_address.commune_id, order.shipping_address.last_name) == (NENH, "Nông Thị Mơ")


@pytest.mark.parametrize("saw", ["", "abc", "-1", "0", "279999", "9" * 40])
def test_an_order_that_costs_more_than_was_agreed_is_not_placed(
    shopper: Client, address: str, variant: ProductVariant, saw: str
) -> None:
    shopper.post(address, sent_home(agreed_vnd=saw))

    assert Order.objects.count() == 0
    assert stock_of(variant) == (5, 0, 0)


def test_a_price_that_rose_meanwhile_is_shown_before_it_is_ordered(
    shopper: Client, address: str, variant: ProductVariant
) -> None:
    shown = agreed(shopper.get(address).content.decode())
    ProductVariant.objects.update(price_vnd=150_000)

    asked = shopper.post(address, fetched_at(variant.product.vendor, agreed_vnd=shown))

    assert Order.objects.count() == 0
    assert "Tổng cộng 300.000 ₫" in text_of(asked)


def test_without_javascript_a_button_brings_the_communes_and_loses_nothing(shopper: Client, address: str) -> None:
    form = {"phone": "0912 345 678", "delivery": "home", "province": "24", "street": "Tổ 5", "communes": "1"}

    page = shopper.post(address, form)

    html = page.content.decode()
    assert page.status_code == 200
    assert '<option value="07795">Phường Nếnh</option>' in html
    assert 'value="0912 345 678"' in html
    assert 'value="Tổ 5"' in html
    assert '<option value="24" selected>' in html
    assert "Bạn chưa" not in text_of(page)
    assert Order.objects.count() == 0


def test_communes_come_alone_for_the_script(shopper: Client) -> None:
    answer = shopper.get("/places/24/communes/")

    assert '<option value="07795">Phường Nếnh</option>' in answer.content.decode()
    assert "max-age=86400" in answer["Cache-Control"]
    assert "<option" not in shopper.get("/places/99/communes/").content.decode().replace('<option value="">', "")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"phone": ""}, "Số điện thoại: Bạn chưa điền mục này."),
        ({"phone": "12"}, "Số điện thoại: Số điện thoại chưa đúng."),
        ({"delivery": ""}, "Nhận hàng thế nào? Bạn chưa chọn mục này."),
        ({"delivery": "999999"}, "Nhận hàng thế nào? Bạn chọn lại mục này giúp."),
        ({"commune": ""}, "Xã, phường, đặc khu: Bạn chưa chọn mục này."),
        ({"province": "04"}, "Xã, phường, đặc khu: Bạn chọn lại mục này giúp."),
        ({"commune": "' OR 1=1"}, "Xã, phường, đặc khu: Bạn chọn lại mục này giúp."),
        ({"street": ""}, "Số nhà, đường, thôn, xóm: Bạn chưa điền mục này."),
        ({"street": "Tổ \u202e5"}, "Số nhà, đường, thôn, xóm: Nội dung có ký tự không dùng được."),
        ({"name": "x" * 121}, "Tên người nhận"),
        ({"note": "x" * 501}, "Nhắn người bán"),
        ({"client_id": ""}, "Biểu mẫu gửi lên bị thiếu."),
        ({"client_id": "1"}, "Biểu mẫu gửi lên bị thiếu."),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field_and_nothing_is_ordered(
    shopper: Client, address: str, variant: ProductVariant, changes: dict[str, str], sentence: str
) -> None:
    answer = shopper.post(address, sent_home(**changes))

    assert answer.status_code == 400
    assert sentence in text_of(answer)
    assert Order.objects.count() == 0
    assert stock_of(variant) == (5, 0, 0)


def test_an_address_is_not_asked_of_who_fetches(shopper: Client, address: str, variant: ProductVariant) -> None:
    shopper.post(address, fetched_at(variant.product.vendor, province="", commune="", street=""))

    assert Order.objects.count() == 1


def test_the_form_sent_twice_orders_once_and_leads_to_the_same_order(
    shopper: Client, address: str, variant: ProductVariant
) -> None:
    form = fetched_at(variant.product.vendor)

    first, second = shopper.post(address, form), shopper.post(address, form)

    assert first["Location"] == second["Location"]
    assert Order.objects.count() == 1
    assert shopper.get(address)["Location"] == first["Location"]


def test_what_was_sold_out_meanwhile_is_said_and_nothing_is_ordered(
    shopper: Client, address: str, variant: ProductVariant
) -> None:
    Stock.objects.update(quantity=1)

    answer = shopper.post(address, fetched_at(variant.product.vendor))

    assert answer.status_code == 409
    assert "chỉ còn 1 hũ" in text_of(answer).lower()
    assert Order.objects.count() == 0


def test_a_shop_that_cannot_be_paid_takes_no_order(shopper: Client) -> None:
    variant = goods(a_shop(account=False))
    put_into_basket(shopper, variant)

    answer = shopper.post(checkout_url(shopper), fetched_at(variant.product.vendor))

    assert answer.status_code == 409
    assert "chưa có tài khoản nhận tiền" in text_of(answer)
    assert Order.objects.count() == 0


def test_a_shop_without_any_way_of_delivery_says_whom_to_call(shopper: Client) -> None:
    variant = goods(a_shop())
    put_into_basket(shopper, variant)
    Warehouse.objects.update(pick_up=False)
    Vendor.objects.update(phone="+842063888888")

    page = shopper.get(checkout_url(shopper))

    assert "chưa mở cách nhận hàng nào. Bạn gọi 0206 3888 888" in text_of(page)
    assert "agreed_vnd" not in page.content.decode()


def test_the_only_way_to_get_the_goods_is_chosen_beforehand(shopper: Client) -> None:
    variant = goods(a_shop())
    put_into_basket(shopper, variant)
    address = checkout_url(shopper)

    assert " checked" in shopper.get(address).content.decode()
    a_place(variant.product.vendor)
    assert " checked" not in shopper.get(address).content.decode()


def test_who_signed_in_finds_their_phone_filled_in(shopper: Client, address: str) -> None:
    shopper.force_login(a_user())
    session_address = address

    assert 'value="0911 111 111"' in shopper.get(session_address).content.decode()


def test_the_next_shop_of_the_basket_knows_what_was_typed_for_the_first(
    shopper: Client, address: str, variant: ProductVariant
) -> None:
    put_into_basket(shopper, goods(a_shop("che-san", rates=RATES), "Chè san tuyết"))
    shopper.post(address, sent_home())

    html = shopper.get(checkout_url(shopper)).content.decode()

    assert 'value="0912 345 678"' in html
    assert 'value="Tổ 5"' in html
    assert '<option value="07795" selected>' in html


def test_the_name_of_an_order_that_keeps_it_in_two_is_filled_in_whole(
    shopper: Client, address: str, variant: ProductVariant
) -> None:
    put_into_basket(shopper, goods(a_shop("che-san", rates=RATES), "Chè san tuyết"))
    shopper.post(address, sent_home())
    Address.objects.update(first_name="Mơ", last_name="Nông Thị")

    assert 'value="Nông Thị Mơ"' in shopper.get(checkout_url(shopper)).content.decode()


def test_another_browser_with_the_address_of_the_form_learns_nothing_of_the_buyer(
    shopper: Client, address: str, variant: ProductVariant
) -> None:
    put_into_basket(shopper, goods(a_shop("che-san", rates=RATES), "Chè san tuyết"))
    shopper.post(address, sent_home())
    second = checkout_url(shopper)

    html = Client().get(second).content.decode()

    assert "0912 345 678" not in html
    assert "Tổ 5" not in html


def test_an_unknown_checkout_is_not_there(shopper: Client) -> None:
    assert shopper.get(f"/checkout/{form_id()}/").status_code == 404
    assert shopper.post(f"/checkout/{form_id()}/", {"phone": "0912345678"}).status_code == 404


def test_the_longest_list_of_communes_stays_below_20_kilobytes(shopper: Client, address: str) -> None:
    page = shopper.post(address, {"delivery": "home", "province": "79", "communes": "1"})

    assert page.content.decode().count("<option") > 190
    assert len(page.content) < 20_000


def test_the_shop_of_an_order_may_close_before_the_order_is_placed(shopper: Client, address: str) -> None:
    shop = Checkout.objects.get().vendor
    Vendor.objects.update(verification=Vendor.Verification.DECLARED)

    answer = shopper.post(address, fetched_at(shop))

    assert answer.status_code == 400
    assert "hiện không bán" in text_of(answer)
    assert Order.objects.count() == 0


def test_a_checkout_that_a_program_opened_and_left_empty_orders_nothing(shopper: Client) -> None:
    empty = create_checkout(actor=ANONYMOUS, lines=[], now=clock.now())

    for answer in (
        shopper.get(f"/checkout/{empty.pk}/"),
        shopper.post(f"/checkout/{empty.pk}/", {"phone": "0912345678"}),
    ):
        assert answer.status_code == 400
        assert "Giỏ hàng đang trống." in text_of(answer)
