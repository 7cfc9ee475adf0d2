"""The basket: made when something is put in, one card a shop, changed line by line."""

from functools import partial

import pytest
from django.test import Client

from catalog.models import ProductVariant, Stock
from marketplace.orders.models import Checkout, CheckoutLine
from tests.orders.factories import a_shop
from tests.storefront.conftest import Count
from tests.storefront.shopping import a_photo, form_id, goods, put_into_basket, text_of

pytestmark = pytest.mark.django_db


def quantities() -> list[int]:
    return list(CheckoutLine.objects.order_by("made_at").values_list("quantity", flat=True))


def change(shopper: Client, variant: ProductVariant, **fields: object) -> int:
    checkout = Checkout.objects.get(vendor=variant.product.vendor)
    return shopper.post("/basket/", {"checkout": checkout.pk, "variant": variant.pk, **fields}).status_code


def test_looking_around_makes_no_basket_and_no_session(shopper: Client) -> None:
    variant = goods(a_shop())

    for address in ("/", "/search/", "/basket/", f"/products/{variant.product.slug}/"):
        shopper.get(address)

    assert "sessionid" not in shopper.cookies
    assert Checkout.objects.count() == 0


def test_an_empty_basket_says_how_to_begin(shopper: Client) -> None:
    assert "Giỏ hàng còn trống" in text_of(shopper.get("/basket/"))


def test_what_is_put_in_is_there_with_its_price_and_counted_in_the_header(shopper: Client) -> None:
    variant = goods(a_shop())
    a_photo(variant.product)

    answer = put_into_basket(shopper, variant, 2)
    words = text_of(shopper.get("/basket/"))

    assert answer["Location"] == "/basket/"
    assert "Giỏ 2" in words
    assert "Đã thêm vào giỏ: Mật ong hoa nhãn" in words
    assert "120.000 ₫ / hũ" in words
    assert "Tiền hàng 240.000 ₫" in words


def test_a_form_that_is_sent_twice_puts_the_goods_in_once(shopper: Client) -> None:
    variant, same = goods(a_shop()), form_id()

    put_into_basket(shopper, variant, 2, client_id=same)
    put_into_basket(shopper, variant, 2, client_id=same)

    assert quantities() == [2]


def test_control_two_forms_put_the_goods_in_twice(shopper: Client) -> None:
    variant = goods(a_shop())

    put_into_basket(shopper, variant, 2)
    put_into_basket(shopper, variant, 2)

    assert quantities() == [4]


def test_a_form_used_again_for_something_else_is_refused_and_can_be_sent_anew(shopper: Client) -> None:
    variant, same = goods(a_shop()), form_id()
    put_into_basket(shopper, variant, 2, client_id=same)

    answer = put_into_basket(shopper, variant, 3, client_id=same)

    assert answer.status_code == 409
    assert quantities() == [2]
    assert same not in answer.content.decode()  # the page has a fresh form


def test_goods_of_two_shops_stand_in_two_cards_with_the_reason_said(shopper: Client) -> None:
    put_into_basket(shopper, goods(a_shop()), 1)
    put_into_basket(shopper, goods(a_shop("che-san"), "Chè san tuyết", price_vnd=80_000), 2)

    words = text_of(shopper.get("/basket/"))

    assert "Giỏ có hàng của 2 gian hàng. Mỗi gian hàng nhận tiền bằng mã riêng" in words
    assert words.count("Đặt hàng") == 2
    assert "Cộng tất cả 280.000 ₫" in words


def test_a_quantity_can_be_changed_and_a_line_taken_out(shopper: Client) -> None:
    variant = goods(a_shop())
    put_into_basket(shopper, variant, 2)

    assert change(shopper, variant, quantity=5) == 302
    assert quantities() == [5]
    assert change(shopper, variant, quantity=5, remove="1") == 302
    assert quantities() == []
    assert "Giỏ hàng còn trống" in text_of(shopper.get("/basket/"))


@pytest.mark.parametrize(
    ("quantity", "sentence"),
    [
        ("", "Bạn ghi số lượng giúp."),
        ("hai", "Số lượng là một số, ví dụ 2."),
        ("-1", "Số lượng từ 1 trở lên."),
        ("1.5", "Số lượng là một số, ví dụ 2."),
        ("1001", "Nhiều nhất 1000 cho một lần."),
        ("9" * 400, "Nhiều nhất 1000 cho một lần."),
    ],
)
def test_an_impossible_quantity_is_refused_in_words_and_changes_nothing(
    shopper: Client, quantity: str, sentence: str
) -> None:
    variant = goods(a_shop())
    put_into_basket(shopper, variant, 2)
    checkout = Checkout.objects.get()

    answer = shopper.post("/basket/", {"checkout": checkout.pk, "variant": variant.pk, "quantity": quantity})

    assert answer.status_code == 400
    assert sentence in text_of(answer)
    assert quantities() == [2]


def test_more_than_there_is_cannot_be_put_in(shopper: Client) -> None:
    variant = goods(a_shop(), quantity=5)

    answer = put_into_basket(shopper, variant, 6)

    assert answer.status_code == 409
    assert "Chỉ còn 5 hũ." in text_of(answer)
    assert quantities() == []
    assert "sessionid" not in shopper.cookies


def test_what_was_sold_out_meanwhile_is_said_at_its_line_and_cannot_be_ordered(shopper: Client) -> None:
    put_into_basket(shopper, goods(a_shop()), 2)
    Stock.objects.update(quantity=1)

    words = text_of(shopper.get("/basket/"))

    assert "Chỉ còn 1 hũ." in words
    assert "Bạn sửa chỗ còn vướng ở trên rồi hãy đặt hàng." in words
    assert "Đặt hàng" not in words


def test_the_basket_of_one_browser_is_not_that_of_another(shopper: Client) -> None:
    put_into_basket(shopper, goods(a_shop()), 2)

    assert "Giỏ hàng còn trống" in text_of(Client(headers={"accept-language": "vi"}).get("/basket/"))


def test_the_basket_is_kept_by_no_cache(shopper: Client) -> None:
    put_into_basket(shopper, goods(a_shop()), 1)

    assert "no-store" in shopper.get("/basket/")["Cache-Control"]


def test_a_basket_takes_the_same_statements_whatever_its_length(shopper: Client, statements: Count) -> None:
    shop = a_shop()
    put_into_basket(shopper, goods(shop))
    few = statements(partial(shopper.get, "/basket/"))
    for number in range(4):
        put_into_basket(shopper, goods(shop, f"Mật ong số {number}"))
        put_into_basket(shopper, goods(a_shop(f"gian-{number}")))
    many = statements(partial(shopper.get, "/basket/"))

    assert few == many <= 7
