"""The receipt: what was bought from whom, what was paid and who says so; as a page and as a file to keep."""

from datetime import timedelta
from re import findall

import pytest
from django.test import Client

from marketplace.core import clock
from marketplace.orders.models import Order
from marketplace.orders.services.ending import cancel_order, expire_due_orders
from payments.models import Confirmation
from payments.services.by_hand import record_refund
from storefront.shop.receipt_pdf import receipt_pdf
from storefront.shop.receipts import Line, receipt_of
from tests.payments.factories import Shop, a_shop, an_order
from tests.storefront.shopping import text_of
from tests.storefront.working import paid_by_bank
from vendors.models import Vendor

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db: None) -> Shop:
    made = a_shop()
    Vendor.objects.filter(pk=made.vendor.pk).update(registration_number="4800123456", address_line="Xóm Bản Giốc")
    return made


def receipt_url(order: Order) -> str:
    return f"/orders/{order.token}/receipt/"


def pages_of(pdf: bytes) -> int:
    return len(findall(rb"/Type /Page\b(?!s)", pdf))


def test_a_paid_order_has_a_receipt_with_everything_the_buyer_may_need(shopper: Client, shop: Shop) -> None:
    order = paid_by_bank(shop, quantity=2)

    words = text_of(shopper.get(receipt_url(order)))

    for part in (
        f"Biên nhận {order.number}",
        "Hợp tác xã Bản Giốc",
        "Xóm Bản Giốc, Xã Đàm Thủy",
        "Mã số thuế, đăng ký: 4800123456",
        "0987 654 321",
        "Miến dong Cao Bằng 2 gói 500 g × 60.000 ₫ 120.000 ₫",
        "Đến lấy tại Hợp tác xã Bản Giốc không mất phí",
        "Tổng cộng 120.000 ₫",
        "Một trăm hai mươi nghìn đồng",
        "Ngân hàng báo",
        "Đã nhận 120.000 ₫",
        "Phiếu này không thay hóa đơn.",
    ):
        assert part in words, part
    assert "Còn phải trả" not in words


def test_an_order_that_is_not_paid_is_called_an_order_and_says_what_is_left(shopper: Client, shop: Shop) -> None:
    order = an_order(shop, now=clock.now())

    words = text_of(shopper.get(receipt_url(order)))

    assert f"Phiếu đặt hàng {order.number}" in words
    assert "Biên nhận 1" not in words
    assert "Đơn này chưa trả đủ tiền." in words
    assert "Còn phải trả 60.000 ₫" in words


def test_an_order_that_ended_asks_for_nothing_and_says_how_it_ended(shop: Shop) -> None:
    expired, cancelled = an_order(shop), an_order(shop)
    expire_due_orders(now=expired.placed_at + timedelta(hours=1), at_most=1)
    cancel_order(actor=shop.owner, order=cancelled, reason="Hết hàng", now=clock.now())

    sheets = [receipt_of(Order.objects.get(pk=order.pk)) for order in (expired, cancelled)]

    assert [(sheet.remark, sheet.left_vnd) for sheet in sheets] == [
        ("Đơn này đã hết hạn.", 0),
        ("Đơn này đã hủy.", 0),
    ]


def test_money_that_went_back_stands_on_the_receipt(shopper: Client, shop: Shop) -> None:
    order = paid_by_bank(shop)
    record_refund(actor=shop.owner, order=order, amount_vnd=10_000, confirmation=Confirmation.VENDOR, now=clock.now())

    sheet = receipt_of(Order.objects.get(pk=order.pk))

    assert [(move.what, move.amount_vnd, move.back_vnd) for move in sheet.moves] == [
        ("Ngân hàng báo", 60_000, 0),
        ("Trả lại người mua", -10_000, 10_000),
    ]
    assert "Trả lại người mua" in text_of(shopper.get(receipt_url(order)))
    assert receipt_pdf(sheet) != receipt_pdf(receipt_of(paid_by_bank(shop)))


def test_the_receipt_of_who_got_all_back_asks_for_nothing(shop: Shop) -> None:
    order = paid_by_bank(shop)
    record_refund(actor=shop.owner, order=order, amount_vnd=60_000, confirmation=Confirmation.VENDOR, now=clock.now())

    sheet = receipt_of(Order.objects.get(pk=order.pk))

    assert (sheet.title, sheet.remark, sheet.left_vnd) == ("Biên nhận", "Tiền đơn này đã trả lại người mua.", 0)


def test_the_file_is_a_pdf_named_after_the_order_and_always_the_same(shopper: Client, shop: Shop) -> None:
    order = paid_by_bank(shop)
    address = f"/orders/{order.token}/receipt.pdf"

    first, again = shopper.get(address), shopper.get(address)

    assert first["Content-Type"] == "application/pdf"
    assert first["Content-Disposition"] == f'attachment; filename="cho40-don-{order.number}.pdf"'
    assert first.content.startswith(b"%PDF-")
    assert first.content == again.content
    assert pages_of(first.content) == 1
    assert len(first.content) < 60_000


def test_a_long_receipt_goes_on_overleaf(shop: Shop) -> None:
    sheet = receipt_of(paid_by_bank(shop))
    more = [Line(f"Miến dong loại {number}", "1 gói × 60.000 ₫", 60_000) for number in range(80)]

    longer = receipt_pdf(type(sheet)(**{**vars(sheet), "lines": more}))

    assert pages_of(longer) > 2


def test_the_orders_page_leads_to_its_receipt_and_strangers_find_none(shopper: Client, shop: Shop) -> None:
    order = paid_by_bank(shop)

    assert f'href="{receipt_url(order)}"' in shopper.get(f"/orders/{order.token}/").content.decode()
    for part in ("receipt/", "receipt.pdf"):
        assert shopper.get(f"/orders/00000000-0000-0000-0000-000000000000/{part}").status_code == 404
