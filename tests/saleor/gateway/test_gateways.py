"""A storefront at a Saleor asks whether a sale can be paid by VietQR."""

from __future__ import annotations

from marketplace.orders.models import Order
from marketplace.saleor.models import Installation
from tests.payments.factories import Shop
from tests.saleor.gateway import validity
from tests.saleor.gateway.telling import a_checkout, a_line, an_order, gateway, gid
from vendors.models import BankAccount


def test_a_storefront_learns_that_vietqr_pays_and_whom(installed: Installation, shop: Shop, other: Shop) -> None:
    answer = validity.gateway(gateway(installed, a_checkout(a_line(shop), a_line(other), shipping_vnd=10_500)))

    assert answer["data"] == {
        "type": "vietqr",
        "gateway": "market40.vietqr",
        "currency": "VND",
        "payable": True,
        "amount": 115_500,
        "vendors": [
            {"slug": shop.vendor.slug, "name": shop.vendor.name, "amount": 66_000},
            {"slug": other.vendor.slug, "name": other.vendor.name, "amount": 49_500},
        ],
        "problem": None,
    }
    assert Order.objects.count() == 0


def test_an_order_can_be_asked_about_too(installed: Installation, shop: Shop) -> None:
    assert gateway(installed, an_order(a_line(shop)))["data"]["payable"] is True


def test_another_currency_is_not_payable(installed: Installation, shop: Shop) -> None:
    data = validity.gateway(gateway(installed, a_checkout(a_line(shop), currency="USD")))["data"]

    assert (data["payable"], data["problem"]) == (
        False,
        {"exception": "CURRENCY_NOT_SUPPORTED", "message": "VietQR chỉ nhận tiền đồng (VND)."},
    )


def test_goods_of_nobody_here_are_not_payable(installed: Installation, shop: Shop) -> None:
    foreign = {**a_line(shop), "variant": {"id": gid("ProductVariant", 9), "name": "", "product": {"name": "Áo"}}}

    data = gateway(installed, a_checkout(foreign))["data"]

    assert data["problem"]["exception"] == "NOT_FOUND"


def test_a_vendor_without_an_account_is_not_payable(installed: Installation, shop: Shop) -> None:
    BankAccount.objects.update(is_active=False)

    data = gateway(installed, a_checkout(a_line(shop)))["data"]

    assert data["problem"]["message"] == f"Gian hàng {shop.vendor.name} chưa nhận chuyển khoản được."
