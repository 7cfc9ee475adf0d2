"""What cannot be paid by VietQR at a Saleor, and the sentence that says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from marketplace.saleor.models import Installation, SaleorTransaction
from tests.payments.factories import NOW, Shop, pay
from tests.saleor.gateway import validity
from tests.saleor.gateway.telling import a_checkout, a_line, gid, initialize, orders
from vendors.models import BankAccount, Vendor

LATER = NOW + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        (0.0, "Số tiền phải là số nguyên (đồng), từ 1 đến 60.000\u00a0₫."),
        (60_001.0, "Số tiền phải là số nguyên (đồng), từ 1 đến 60.000\u00a0₫."),
        (0.5, "Số tiền phải là số nguyên (đồng)."),
        (float("nan"), "Số tiền phải là số nguyên (đồng)."),
        ("60000", "Số tiền phải là số nguyên (đồng)."),
    ],
)
def test_an_amount_that_cannot_be_paid_is_refused_with_a_sentence(
    installed: Installation, shop: Shop, amount: Any, sentence: str
) -> None:
    answer = validity.session(initialize(installed, a_checkout(a_line(shop)), amount=amount))

    assert (answer["result"], answer["message"]) == ("CHARGE_FAILURE", sentence)
    assert orders() == []


def test_transfers_cannot_be_authorized_and_the_setting_is_named(installed: Installation, shop: Shop) -> None:
    answer = validity.session(initialize(installed, a_checkout(a_line(shop)), action="AUTHORIZATION"))

    assert (answer["result"], orders()) == ("AUTHORIZATION_FAILURE", [])
    assert "paymentSettings.defaultTransactionFlowStrategy: CHARGE" in answer["message"]


@pytest.mark.parametrize("where", ["channel", "action"])
def test_only_dong_are_moved(installed: Installation, shop: Shop, where: str) -> None:
    source = a_checkout(a_line(shop), currency="USD" if where == "channel" else "VND")

    answer = validity.session(initialize(installed, source, currency="USD" if where == "action" else "VND"))

    assert (answer["result"], answer["data"]["exception"]) == ("CHARGE_FAILURE", "CURRENCY_NOT_SUPPORTED")


def test_goods_of_nobody_here_cannot_be_paid_by_vietqr(installed: Installation, shop: Shop) -> None:
    foreign = {**a_line(shop), "variant": {"id": gid("ProductVariant", 9), "name": "", "product": {"name": "Áo"}}}

    answer = validity.session(initialize(installed, a_checkout(a_line(shop), foreign)))

    assert answer["message"] == "Đơn có món không bán ở chợ này nên không trả bằng VietQR được: Áo"
    assert orders() == []


def test_a_vendor_without_an_account_cannot_be_paid(installed: Installation, shop: Shop) -> None:
    BankAccount.objects.update(is_active=False)

    answer = validity.session(initialize(installed, a_checkout(a_line(shop))))

    assert answer["message"] == "Gian hàng này chưa có tài khoản nhận tiền nên chưa đặt hàng được."
    assert (orders(), SaleorTransaction.objects.count()) == ([], 0)


def test_a_vendor_that_may_not_sell_is_not_paid(installed: Installation, shop: Shop) -> None:
    Vendor.objects.update(verification="none")

    answer = validity.session(initialize(installed, a_checkout(a_line(shop))))

    assert answer["message"] == f"Gian hàng {shop.vendor.name} đang tạm ngừng bán."


def test_a_part_of_a_dong_is_refused(installed: Installation, shop: Shop) -> None:
    source = a_checkout(a_line(shop))
    source["totalPrice"] = {"gross": {"amount": 60_000.5}}

    answer = validity.session(initialize(installed, source, amount=60_000.0))

    assert answer["message"] == "Không đọc được đơn hàng này. Bạn thử lại giúp nhé."


def test_a_body_that_is_no_sale_is_refused(installed: Installation, shop: Shop) -> None:
    source = a_checkout(a_line(shop))
    source["lines"] = None

    assert validity.session(initialize(installed, source))["result"] == "CHARGE_FAILURE"


def test_a_checkout_that_costs_nothing_has_no_code(installed: Installation, shop: Shop) -> None:
    answer = validity.session(initialize(installed, a_checkout(a_line(shop, total_vnd=0)), amount=1.0))

    assert (answer["message"], orders()) == ("Đơn này không phải trả tiền.", [])


def test_refusals_are_said_in_the_buyers_language(installed: Installation, shop: Shop) -> None:
    pay(shop, initialize(installed, source := a_checkout(a_line(shop)))["data"]["reference"])

    answer = initialize(installed, {**source, "languageCode": "EN_GB"})

    with translation.override("en"):
        assert answer["message"] == translation.gettext("Đơn này đã được trả đủ.")
