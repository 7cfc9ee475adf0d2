"""The order's page: how to pay, the state as the bank knows it, the receipt; found again, called off."""

import html
import re
from datetime import timedelta
from functools import partial
from io import BytesIO

import pytest
import zxingcpp
from django.test import Client
from PIL import Image

from marketplace.core import clock
from marketplace.orders.models import Address, Fulfillment, Order
from marketplace.orders.services.ending import cancel_order, expire_due_orders
from marketplace.orders.services.fulfilling import fulfil_order
from payments.models import Confirmation
from payments.services.by_hand import mark_paid_by_hand, record_refund
from payments.vietqr.reader import read_vietqr
from storefront.shop.lookups import MISSES_OF_A_PHONE_MAX
from tests.orders.factories import THUC_PHAN
from tests.payments.factories import PRICE_VND, Shop, a_shop, an_order, code_of, pay
from tests.storefront.conftest import At, Count
from tests.storefront.shopping import a_user, form_id, goods, put_into_basket, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


@pytest.fixture
def order(shop: Shop) -> Order:
    """Two packets of noodles, 120.000 ₫, placed this moment and not paid."""
    return an_order(shop, quantity=2, now=clock.now())


def address(order: Order, part: str = "") -> str:
    return f"/orders/{order.token}/{part}"


def etag_in(page: str) -> str:
    found = re.search(r'data-etag="([^"]*)"', page)
    assert found is not None
    return html.unescape(found[1])


def test_an_unpaid_order_says_how_to_pay_it(shopper: Client, shop: Shop, order: Order) -> None:
    page = shopper.get(address(order))

    words, text = text_of(page), page.content.decode()
    assert f"Trả tiền đơn {order.number} 120.000 ₫" in words
    for line in ("Số tiền 120.000 ₫", "Ngân hàng Vietcombank", f"Số tài khoản {shop.account}", "HTX BAN GIOC"):
        assert line in words
    assert f'data-copy="{code_of(order)}"' in text
    assert 'data-copy="120000"' in text
    assert "Chờ trả tiền" in words
    assert "Đã thanh toán" not in words
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in text
    seconds = re.search(r'data-seconds-left="(\d+)"', text)
    assert seconds is not None
    assert 1700 < int(seconds[1]) <= 1800


def test_the_picture_of_the_code_says_to_a_bank_what_the_page_says(shopper: Client, shop: Shop, order: Order) -> None:
    answer = shopper.get(address(order, "qr.png"))

    read = zxingcpp.read_barcodes(Image.open(BytesIO(answer.content)))
    code = read_vietqr(read[0].text)
    assert (code.bin, code.account, code.amount, code.purpose) == ("970436", shop.account, 120_000, code_of(order))
    assert answer["Content-Disposition"] == f'attachment; filename="cho40-don-{order.number}.png"'
    assert shopper.get(address(order, "qr.svg"))["Content-Type"] == "image/svg+xml"


def test_the_page_turns_paid_when_the_bank_told_of_it_and_not_before(
    shopper: Client, shop: Shop, order: Order
) -> None:
    before = shopper.get(address(order, "state/"))
    assert "Đã thanh toán" not in text_of(before)

    pay(shop, code_of(order), 120_000, now=clock.now())
    after = shopper.get(address(order, "state/"), headers={"if-none-match": before["ETag"]})

    words = text_of(after)
    assert after.status_code == 200
    assert "Đã thanh toán 120.000 ₫" in words
    assert "Ngân hàng đã báo" in words
    assert f"Biên nhận đơn {order.number} Chờ bạn đến lấy" in words
    assert "data-final" in after.content.decode()
    assert 'data-announce="Đã thanh toán 120.000\u00a0₫"' in after.content.decode()
    assert '<meta http-equiv="refresh"' not in shopper.get(address(order)).content.decode()


def test_the_live_part_is_the_same_as_in_the_page_and_says_304_until_something_changes(
    shopper: Client, order: Order, statements: Count
) -> None:
    page = shopper.get(address(order)).content.decode()
    etag = etag_in(page)

    part = shopper.get(address(order, "state/"))
    asked_again = partial(shopper.get, address(order, "state/"), headers={"if-none-match": etag})

    assert part["ETag"] == etag
    assert part["Cache-Control"] == "private, no-cache"
    assert part.content.decode().strip().startswith("<section")
    assert asked_again().status_code == 304
    assert statements(asked_again) == 1


def test_the_passing_of_time_alone_does_not_change_the_version(shopper: Client, order: Order, at: At) -> None:
    first = shopper.get(address(order, "state/"))["ETag"]
    at(clock.now() + timedelta(seconds=60))

    assert shopper.get(address(order, "state/"))["ETag"] == first


def test_every_language_has_a_version_of_its_own(shopper: Client, order: Order) -> None:
    vietnamese = shopper.get(address(order, "state/"))["ETag"]
    shopper.cookies["django_language"] = "en"
    english = shopper.get(address(order, "state/"))["ETag"]

    assert vietnamese != english


def test_a_part_of_the_money_leaves_a_new_code_for_the_rest(shopper: Client, shop: Shop, order: Order) -> None:
    shopper.get(address(order))
    pay(shop, code_of(order), 50_000, now=clock.now())

    page = shopper.get(address(order))

    assert "Đã nhận 50.000 ₫, còn thiếu 70.000 ₫." in text_of(page)
    assert "Trả chưa đủ" in text_of(page)
    assert 'data-copy="70000"' in page.content.decode()
    assert "data-seconds-left" not in page.content.decode()


def test_money_that_came_too_much_is_said_to_be_given_back(shopper: Client, shop: Shop, order: Order) -> None:
    pay(shop, code_of(order), 125_000, now=clock.now())

    words = text_of(shopper.get(address(order)))

    assert "Đã thanh toán 125.000 ₫" in words
    assert "Bạn trả thừa 5.000 ₫. Gian hàng sẽ trả lại vào tài khoản của bạn." in words


def test_what_the_seller_says_is_not_called_the_banks_word(shopper: Client, shop: Shop, order: Order) -> None:
    mark_paid_by_hand(
        actor=shop.owner, order=order, amount_vnd=120_000, confirmation=Confirmation.CASH, now=clock.now()
    )

    words = text_of(shopper.get(address(order)))

    assert "Người bán xác nhận đã nhận tiền" in words
    assert "Ngân hàng đã báo" not in words


def test_money_of_both_kinds_is_called_both(shopper: Client, shop: Shop, order: Order) -> None:
    pay(shop, code_of(order), 50_000, now=clock.now())
    mark_paid_by_hand(
        actor=shop.owner, order=order, amount_vnd=70_000, confirmation=Confirmation.CASH, now=clock.now()
    )

    assert "Ngân hàng đã báo một phần, phần còn lại người bán xác nhận" in text_of(shopper.get(address(order)))


def test_money_given_back_is_shown(shopper: Client, shop: Shop, order: Order) -> None:
    pay(shop, code_of(order), 125_000, now=clock.now())
    order.refresh_from_db()
    record_refund(actor=shop.owner, order=order, amount_vnd=5_000, confirmation=Confirmation.CASH, now=clock.now())

    words = text_of(shopper.get(address(order)))

    assert "Gian hàng đã trả lại bạn 5.000 ₫" in words
    assert "Bạn trả thừa" not in words


def test_who_got_all_money_back_is_not_asked_to_pay_again(shopper: Client, shop: Shop, order: Order) -> None:
    pay(shop, code_of(order), 120_000, now=clock.now())
    order.refresh_from_db()
    record_refund(actor=shop.owner, order=order, amount_vnd=120_000, confirmation=Confirmation.CASH, now=clock.now())

    page = shopper.get(address(order))

    words = text_of(page)
    assert f"Tiền đơn {order.number} đã trả lại bạn" in words
    assert "Bạn không phải trả gì nữa." in words
    assert "Đã trả lại tiền" in words
    assert "Trả tiền đơn" not in words
    assert 'class="qr"' not in page.content.decode()


def test_who_got_a_part_back_has_paid_and_is_asked_for_nothing(shopper: Client, shop: Shop, order: Order) -> None:
    pay(shop, code_of(order), 120_000, now=clock.now())
    order.refresh_from_db()
    record_refund(actor=shop.owner, order=order, amount_vnd=20_000, confirmation=Confirmation.CASH, now=clock.now())

    page = shopper.get(address(order))

    assert "Đã thanh toán 100.000 ₫" in text_of(page)
    assert "Gian hàng đã trả lại bạn 20.000 ₫" in text_of(page)
    assert 'class="qr"' not in page.content.decode()


def test_an_order_out_of_time_shows_no_code_and_what_happens_to_late_money(
    shopper: Client, order: Order, at: At
) -> None:
    later = clock.now() + timedelta(minutes=31)
    at(later)
    before_the_worker = shopper.get(address(order))
    expire_due_orders(now=later, at_most=10)
    page = shopper.get(address(order))

    for words in (text_of(before_the_worker), text_of(page)):
        assert f"Đơn {order.number} đã hết hạn" in words
        assert "Đã lỡ chuyển tiền?" in words
        assert "Số tài khoản" not in words
    assert "data-final" not in page.content.decode()
    assert shopper.get(address(order, "qr.svg")).status_code == 409
    at(later + timedelta(hours=2))
    assert "data-final" in shopper.get(address(order)).content.decode()


def test_late_money_turns_an_expired_order_paid(shopper: Client, shop: Shop, order: Order, at: At) -> None:
    later = clock.now() + timedelta(minutes=31)
    at(later)
    expire_due_orders(now=later, at_most=10)
    pay(shop, code_of(order), 120_000, now=later)

    assert "Đã thanh toán 120.000 ₫" in text_of(shopper.get(address(order)))


def test_an_order_the_shop_called_off_says_why_and_what_becomes_of_the_money(
    shopper: Client, shop: Shop, order: Order
) -> None:
    pay(shop, code_of(order), 120_000, now=clock.now())
    order.refresh_from_db()
    cancel_order(actor=shop.owner, order=order, reason="Hết nguyên liệu", now=clock.now())

    words = text_of(shopper.get(address(order)))

    assert f"Đơn {order.number} đã hủy" in words
    assert "Gian hàng nhắn: Hết nguyên liệu" in words
    assert "Bạn đã trả 120.000 ₫. Gian hàng sẽ trả lại vào tài khoản của bạn." in words


def test_the_buyer_calls_off_an_unpaid_order_after_being_asked_once(shopper: Client, order: Order) -> None:
    question = shopper.get(address(order, "cancel/"))
    assert f"Hủy đơn {order.number}?" in text_of(question)
    order.refresh_from_db()
    assert order.status == Order.Status.UNCONFIRMED

    shopper.post(address(order, "cancel/"))

    words = text_of(shopper.get(address(order)))
    assert "Bạn đừng chuyển tiền cho đơn này." in words
    order.refresh_from_db()
    assert order.status == Order.Status.CANCELED


def test_an_order_that_money_came_for_is_not_called_off_by_its_buyer(
    shopper: Client, shop: Shop, order: Order
) -> None:
    pay(shop, code_of(order), 50_000, now=clock.now())

    answer = shopper.post(address(order, "cancel/"))

    order.refresh_from_db()
    assert answer.status_code == 409
    assert "Bạn gọi gian hàng nhé." in text_of(answer)
    assert (order.status, order.charged_vnd) == (Order.Status.UNCONFIRMED, 50_000)


def test_the_receipt_says_where_the_goods_go_and_when_they_went(shopper: Client, shop: Shop, order: Order) -> None:
    home = Address.objects.create(first_name="Mơ", last_name="Nông", street_address_1="Tổ 5", commune_id=THUC_PHAN)
    Order.objects.update(pick_up_at=None, shipping_address=home, delivery_name="Giao toàn quốc")
    pay(shop, code_of(order), 120_000, now=clock.now())
    assert "Chờ giao hàng" in text_of(shopper.get(address(order)))
    order.refresh_from_db()
    fulfil_order(actor=shop.owner, order=order, tracking_number="VNP123", now=clock.now())

    words = text_of(shopper.get(address(order)))

    assert "Giao toàn quốc Nông Mơ, Tổ 5, Phường Thục Phán, Cao Bằng" in words
    assert "Đã giao" in words
    assert "Mã vận đơn: VNP123" in words
    assert Fulfillment.objects.count() == 1


def test_goods_that_wait_in_the_basket_are_remembered_on_the_orders_page(shopper: Client, order: Order) -> None:
    assert "Giỏ của bạn còn hàng" not in text_of(shopper.get(address(order)))
    put_into_basket(shopper, goods(order.vendor))

    assert "Giỏ của bạn còn hàng của gian khác." in text_of(shopper.get(address(order)))


def test_the_pages_of_an_order_are_private(shopper: Client, order: Order) -> None:
    for part in ("", "cancel/", "qr.svg", "qr.png", "state/"):
        answer = shopper.get(address(order, part))

        assert "private" in answer["Cache-Control"]
        assert answer["X-Robots-Tag"] == "noindex"
        assert answer["Referrer-Policy"] == "same-origin"


def test_an_unknown_order_is_not_there(shopper: Client) -> None:
    for part in ("", "state/", "cancel/", "qr.svg", "qr.png"):
        assert shopper.get(f"/orders/{form_id()}/{part}").status_code == 404


def test_an_order_takes_the_same_statements_whatever_its_length(
    shopper: Client, shop: Shop, statements: Count
) -> None:
    short = an_order(shop, now=clock.now())
    long = an_order(shop, now=clock.now())
    for position in range(1, 12):
        long.lines.create(
            position=position, product_name="Miến", quantity=1, unit_price_vnd=PRICE_VND, total_vnd=PRICE_VND
        )
    for order in (short, long):
        shopper.get(address(order))
    few, many = (statements(partial(shopper.get, address(order))) for order in (short, long))

    assert few == many <= 13


def test_the_page_to_pay_stays_below_20_kilobytes(shopper: Client, order: Order) -> None:
    assert len(shopper.get(address(order)).content) < 20_000
    assert len(shopper.get(address(order, "qr.svg")).content) < 20_000


def test_an_order_is_found_again_by_number_and_phone(shopper: Client, order: Order) -> None:
    assert "Tra đơn hàng" in text_of(shopper.get("/orders/find/"))

    answer = shopper.post("/orders/find/", {"number": f" {order.number} ", "phone": "0987 654 321"})

    assert answer["Location"] == address(order)


def test_a_wrong_number_and_a_wrong_phone_get_the_same_answer(shopper: Client, order: Order) -> None:
    wrong = [
        shopper.post("/orders/find/", {"number": number, "phone": phone})
        for number, phone in ((order.number, "0987654322"), (str(order.pk + 1), "0987654321"), ("x", "y"))
    ]

    for answer in wrong:
        assert answer.status_code == 404
        assert "Không tìm thấy đơn hàng này." in text_of(answer)


def test_orders_of_a_known_phone_cannot_be_tried_out(shopper: Client, order: Order) -> None:
    for number in range(MISSES_OF_A_PHONE_MAX):
        shopper.post("/orders/find/", {"number": str(10**6 + number), "phone": "0987654321"})

    answer = shopper.post("/orders/find/", {"number": order.number, "phone": "0987 654 321"})

    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert "Bạn đã tra sai nhiều lần." in text_of(answer)


def test_control_one_try_less_still_finds_the_order(shopper: Client, order: Order) -> None:
    for number in range(MISSES_OF_A_PHONE_MAX - 1):
        shopper.post("/orders/find/", {"number": str(10**6 + number), "phone": "0987654321"})

    answer = shopper.post("/orders/find/", {"number": order.number, "phone": "0987654321"})

    assert answer["Location"] == address(order)


def test_the_buyers_phone_stands_on_no_page_of_the_order(shopper: Client, order: Order) -> None:
    words = text_of(shopper.get(address(order)))

    assert order.phone == "+84987654321"
    assert "987" not in words.replace(order.vendor.phone, "")


def test_who_signed_in_sees_what_they_bought_and_nothing_of_others(
    shopper: Client, shop: Shop, order: Order, statements: Count
) -> None:
    user = a_user()
    shopper.force_login(user)
    assert "Chưa có đơn nào" in text_of(shopper.get("/orders/"))
    Order.objects.update(user=user)
    foreign = an_order(shop, now=clock.now())
    few = statements(partial(shopper.get, "/orders/"))
    for _ in range(3):
        Order.objects.filter(pk=an_order(shop, now=clock.now()).pk).update(user=user)

    words = text_of(shopper.get("/orders/"))

    assert f"Đơn {order.number} Chờ trả tiền Hợp tác xã Bản Giốc" in words
    assert f"Đơn {foreign.number} " not in words
    assert statements(partial(shopper.get, "/orders/")) == few <= 12
    assert shopper.get("/orders/?page=9")["Location"] == "/orders/?page=1"


def test_who_did_not_sign_in_is_led_to_the_look_up(shopper: Client) -> None:
    assert shopper.get("/orders/")["Location"] == "/orders/find/"
