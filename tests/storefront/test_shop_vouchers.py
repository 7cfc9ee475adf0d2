"""A voucher's code in the basket: typed, told why not, taken off; and on all that the order leaves behind."""

import re
from datetime import date

import pytest
from django.test import Client

from catalog.models import ProductVariant
from marketplace.core import clock
from marketplace.core.actors import SYSTEM
from marketplace.orders.models import Checkout, Order
from marketplace.orders.services.packing import pack_order
from marketplace.orders.services.promo_codes import MISSES_OF_A_CHECKOUT_MAX
from payments.models import Confirmation
from payments.services.by_hand import mark_paid_by_hand
from storefront.shop.receipt_pdf import receipt_pdf
from storefront.shop.receipts import Line, receipt_of
from tests.orders.factories import a_member, a_shop
from tests.orders.vouching import a_voucher, used
from tests.storefront.conftest import At
from tests.storefront.shopping import checkout_url, fetched_at, form_id, goods, put_into_basket, sent_home, text_of
from tests.storefront.working import browser_of
from vendors.models import Vendor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def vendor(db: None) -> Vendor:
    return a_shop(rates={"country": 40_000})


@pytest.fixture
def variant(vendor: Vendor, shopper: Client) -> ProductVariant:
    """Two jars of honey for 240.000 đồng in the shopper's basket."""
    made = goods(vendor)
    put_into_basket(shopper, made, 2)
    return made


def send(shopper: Client, code: str = "KHAITRUONG", **more: object):  # type: ignore[no-untyped-def]  # test client's
    fields = {"client_id": form_id(), "promo_code": code} | more
    return shopper.post(f"/checkout/{Checkout.objects.get().pk}/voucher/", fields)


def test_a_code_typed_in_the_basket_takes_its_part_off(
    shopper: Client, vendor: Vendor, variant: ProductVariant
) -> None:
    a_voucher(vendor)
    page = shopper.get("/basket/").content.decode()
    assert "<details><summary>" in page  # folded, and no script is needed to open it

    answer = send(shopper, "khai truong")

    assert answer["Location"] == "/basket/"
    words = text_of(shopper.get("/basket/"))
    assert "Tiền hàng 240.000 ₫ Giảm giá, mã KHAITRUONG −24.000 ₫ Sau khi giảm 216.000 ₫" in words
    assert "Mã giảm giá KHAITRUONG Bỏ mã" in words
    words = text_of(shopper.get(checkout_url(shopper)))
    assert "Giảm giá, mã KHAITRUONG −24.000 ₫ Phí giao hàng tính theo nơi nhận Tổng cộng 216.000 ₫" in words


def test_a_code_is_taken_off_again(shopper: Client, vendor: Vendor, variant: ProductVariant) -> None:
    a_voucher(vendor)
    send(shopper)

    answer = send(shopper, remove="1")

    assert answer["Location"] == "/basket/"
    words = text_of(shopper.get("/basket/"))
    assert "Tiền hàng 240.000 ₫" in words
    assert "KHAITRUONG" not in words


@pytest.mark.parametrize(
    ("changes", "code", "sentence"),
    [
        ({}, "SAI-ROI", "Gian hàng này không có mã như vậy."),
        ({}, "", "Bạn ghi mã giảm giá giúp."),
        ({}, "x" * 81, "Mã giảm giá không dài như vậy."),
        ({"first_day": date(2026, 12, 1)}, "KHAITRUONG", "dùng được từ ngày 01/12/2026."),
        ({"last_day": date(2026, 11, 2)}, "KHAITRUONG", "Mã KHAITRUONG đã hết hạn."),
        ({"min_spent_vnd": 300_000}, "KHAITRUONG", "dùng cho tiền hàng từ 300.000 ₫. Bạn còn thiếu 60.000 ₫."),
    ],
)
def test_a_refused_code_says_why_beside_its_field(
    shopper: Client, vendor: Vendor, variant: ProductVariant, changes: dict[str, object], code: str, sentence: str
) -> None:
    a_voucher(vendor, **changes)

    answer = send(shopper, code)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in text_of(answer)
    assert "<details open>" in page
    field = f"promo_code-{Checkout.objects.get().pk}"
    assert f'href="#{field}"' in page
    assert f'id="{field}"' in page
    assert 'aria-invalid="true"' in page
    assert Checkout.objects.get().voucher is None


def test_another_shops_code_says_the_same_as_nobodys(
    shopper: Client, vendor: Vendor, variant: ProductVariant
) -> None:
    a_voucher(a_shop("che-shan"), "CHESHAN")
    shopper.get("/basket/")  # which has said by now that goods were put in

    pages = [text_of(send(shopper, code)).replace(code, "") for code in ("CHESHAN", "KHONGCO")]

    assert pages[0] == pages[1]


def test_guessing_ends_with_a_sentence_and_a_time(shopper: Client, vendor: Vendor, variant: ProductVariant) -> None:
    a_voucher(vendor)
    for number in range(MISSES_OF_A_CHECKOUT_MAX):
        send(shopper, f"DOAN-{number}")

    answer = send(shopper)

    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert "Bạn đã thử nhiều mã không đúng." in text_of(answer)


def test_a_form_without_its_id_and_a_checkout_of_nobody_are_refused(
    shopper: Client, vendor: Vendor, variant: ProductVariant
) -> None:
    a_voucher(vendor)

    assert send(shopper, client_id="").status_code == 400
    nobodys = shopper.post(f"/checkout/{form_id()}/voucher/", {"client_id": form_id(), "promo_code": "KHAITRUONG"})
    assert nobodys.status_code == 404
    assert shopper.get(f"/checkout/{Checkout.objects.get().pk}/voucher/").status_code == 405
    assert Checkout.objects.get().voucher is None


def test_a_code_that_waits_for_more_goods_stands_in_the_way_of_ordering(
    shopper: Client, vendor: Vendor, variant: ProductVariant
) -> None:
    a_voucher(vendor, min_spent_vnd=200_000)
    send(shopper)
    address = checkout_url(shopper)

    shopper.post("/basket/", {"checkout": Checkout.objects.get().pk, "variant": variant.pk, "quantity": 1})

    words = text_of(shopper.get("/basket/"))
    assert "Bạn còn thiếu 80.000 ₫." in words
    assert "Bạn sửa chỗ còn vướng ở trên rồi hãy đặt hàng." in words
    refused = shopper.post(address, fetched_at(vendor))
    assert refused.status_code == 400
    assert "Bạn còn thiếu 80.000 ₫." in text_of(refused)
    assert Order.objects.count() == 0


def test_the_sum_with_delivery_is_shown_before_it_is_ordered(
    shopper: Client, vendor: Vendor, variant: ProductVariant
) -> None:
    a_voucher(vendor)
    send(shopper)
    address = checkout_url(shopper)
    found = re.search(r'name="agreed_vnd" value="(\d+)"', shopper.get(address).content.decode())
    assert found is not None

    asked = shopper.post(address, sent_home(agreed_vnd=found[1]))

    assert found[1] == "216000"
    assert "−24.000 ₫ Phí giao hàng 40.000 ₫ Tổng cộng 256.000 ₫" in text_of(asked)
    assert Order.objects.count() == 0


def test_order_receipt_slip_and_the_shops_page_show_the_discount(
    shopper: Client, vendor: Vendor, variant: ProductVariant, at: At
) -> None:
    voucher = a_voucher(vendor)
    send(shopper)
    answer = shopper.post(checkout_url(shopper), fetched_at(vendor))
    order = Order.objects.get(token=answer["Location"].split("/")[2])
    owner = a_member(vendor)
    mark_paid_by_hand(actor=owner, order=order, amount_vnd=216_000, confirmation=Confirmation.VENDOR, now=clock.now())
    off = "Mật ong hoa nhãn × 2 240.000 ₫ Giảm giá, mã KHAITRUONG −24.000 ₫"

    assert f"{off} Đến lấy tại Cửa hàng không mất phí Tổng cộng 216.000 ₫" in text_of(shopper.get(answer["Location"]))
    receipt = text_of(shopper.get(f"{answer['Location']}receipt/"))
    assert "2 hũ × 120.000 ₫ 240.000 ₫ Giảm giá, mã KHAITRUONG −24.000 ₫" in receipt
    assert "Tổng cộng 216.000 ₫ Hai trăm mười sáu nghìn đồng" in receipt
    seller = browser_of(owner.user_id)
    page = text_of(seller.get(f"/sell/orders/{order.pk}/"))
    assert "240.000 ₫ Giảm giá, mã KHAITRUONG −24.000 ₫" in page
    assert "Giảm giá mã KHAITRUONG, đã bớt 24.000 ₫" in text_of(seller.get("/sell/orders/slips/"))
    pack_order(actor=SYSTEM, order=order, now=clock.now())
    assert used(voucher) == 1


def test_the_receipts_lines_add_up_to_its_total_on_paper_too(
    shopper: Client, vendor: Vendor, variant: ProductVariant
) -> None:
    a_voucher(vendor, discount_value=15)
    send(shopper)
    answer = shopper.post(checkout_url(shopper), sent_home())
    order = Order.objects.get(token=answer["Location"].split("/")[2])

    sheet = receipt_of(order)

    assert sum(line.total_vnd for line in sheet.lines) == sheet.total_vnd == 244_000
    assert sheet.lines[1] == Line("Giảm giá, mã KHAITRUONG", "", -36_000)
    assert [line.amount for line in sheet.lines] == ["240.000\u00a0₫", "−36.000\u00a0₫", "40.000\u00a0₫"]
    assert receipt_pdf(sheet).startswith(b"%PDF")
