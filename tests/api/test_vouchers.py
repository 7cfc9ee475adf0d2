"""A voucher over GraphQL, as a client written for Saleor names, reads and takes it off."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.core.actors import ANONYMOUS
from marketplace.orders.models import Checkout, Order, Voucher
from marketplace.orders.services.placing import complete_checkout
from marketplace.orders.services.promo_codes import MISSES_OF_A_CHECKOUT_MAX
from tests.api.asking import ask
from tests.api.ids import gid
from tests.orders.vouching import a_voucher, used
from tests.payments.factories import NOW, Shop, a_checkout, a_shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

CHECKOUT = """checkout { voucherCode discount { amount currency } discountName
  subtotalPrice { gross { amount } } totalPrice { gross { amount } } totalBalance { amount }
  lines { unitPrice { gross { amount } } undiscountedUnitPrice { amount }
    totalPrice { gross { amount } } undiscountedTotalPrice { amount } } } errors { field message code }"""
ADD = f"""mutation($id: ID, $checkoutId: ID, $code: String!)
  {{ checkoutAddPromoCode(id: $id, checkoutId: $checkoutId, promoCode: $code) {{ {CHECKOUT} }} }}"""
REMOVE = f"""mutation($id: ID, $code: String, $codeId: ID)
  {{ checkoutRemovePromoCode(id: $id, promoCode: $code, promoCodeId: $codeId) {{ {CHECKOUT} }} }}"""
COMPLETE = """mutation($id: ID) { checkoutComplete(id: $id) { order { id } errors { field code } } }"""
ORDER = """query($id: ID!) { order(id: $id) { voucherCode voucher { id code } discount { amount }
  discounts { id type name valueType value amount { amount } total { amount } }
  subtotal { gross { amount } } total { gross { amount } } undiscountedTotal { gross { amount } }
  lines { unitPrice { gross { amount } } undiscountedUnitPrice { gross { amount } }
    totalPrice { gross { amount } } undiscountedTotalPrice { gross { amount } } } } }"""


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def add(checkout: object, code: str = "KHAITRUONG") -> dict[str, Any]:
    answer: dict[str, Any] = ask(ADD, id=gid("Checkout", checkout), code=code)["checkoutAddPromoCode"]
    return answer


def remove(checkout: object, **named: object) -> dict[str, Any]:
    answer: dict[str, Any] = ask(REMOVE, id=gid("Checkout", checkout), **named)["checkoutRemovePromoCode"]
    return answer


def test_a_code_takes_its_part_off_the_checkout(shop: Shop) -> None:
    a_voucher(shop.vendor, discount_value=15)

    answer = add(a_checkout(shop, quantity=2), "khai-truong".replace("-", " "))

    assert answer["errors"] == []
    assert answer["checkout"] == {
        "voucherCode": "KHAITRUONG",
        "discount": {"amount": 18_000.0, "currency": "VND"},
        "discountName": "Mừng khai trương",
        "subtotalPrice": {"gross": {"amount": 102_000.0}},
        "totalPrice": {"gross": {"amount": 102_000.0}},
        "totalBalance": {"amount": -102_000.0},
        "lines": [
            {
                "unitPrice": {"gross": {"amount": 51_000.0}},
                "undiscountedUnitPrice": {"amount": 60_000.0},
                "totalPrice": {"gross": {"amount": 102_000.0}},
                "undiscountedTotalPrice": {"amount": 120_000.0},
            }
        ],
    }


def test_a_checkout_without_a_code_says_so(shop: Shop) -> None:
    a_voucher(shop.vendor)
    checkout = a_checkout(shop)
    add(checkout)

    answer = remove(checkout, code="KHAITRUONG")

    assert answer["errors"] == []
    assert answer["checkout"]["voucherCode"] is answer["checkout"]["discountName"] is None
    assert answer["checkout"]["discount"] == {"amount": 0.0, "currency": "VND"}
    assert answer["checkout"]["totalPrice"]["gross"]["amount"] == 60_000.0


def test_a_code_is_taken_off_by_its_words_or_its_id_and_another_is_not(shop: Shop) -> None:
    voucher = a_voucher(shop.vendor)
    checkout = a_checkout(shop)
    add(checkout)

    for another, field in (
        ({"code": "KHAC"}, "promoCode"),
        ({"codeId": gid("Voucher", voucher.pk + 1)}, "promoCodeId"),
    ):
        refused = remove(checkout, **another)
        assert refused["checkout"] is None
        assert [(one["field"], one["code"]) for one in refused["errors"]] == [(field, "NOT_FOUND")]
        assert Checkout.objects.get(pk=checkout).voucher == voucher
    assert remove(checkout, codeId=gid("Voucher", voucher.pk))["checkout"]["voucherCode"] is None
    assert remove(checkout, code="KHAITRUONG")["errors"][0]["code"] == "NOT_FOUND"
    add(checkout)
    assert remove(checkout, code="khaitruong")["checkout"]["voucherCode"] is None


def test_the_older_name_of_a_checkouts_id_is_understood(shop: Shop) -> None:
    a_voucher(shop.vendor)

    answer = ask(ADD, checkoutId=gid("Checkout", a_checkout(shop)), code="KHAITRUONG")["checkoutAddPromoCode"]

    assert answer["errors"] == []


@pytest.mark.parametrize(
    ("changes", "code", "error"),
    [
        ({}, "KHONG-CO", "INVALID"),
        ({"min_spent_vnd": 100_000}, "KHAITRUONG", "VOUCHER_NOT_APPLICABLE"),
        ({"usage_limit": 1}, "KHAITRUONG", "VOUCHER_NOT_APPLICABLE"),
    ],
)
def test_a_refused_code_is_told_with_saleors_code(
    shop: Shop, changes: dict[str, object], code: str, error: str
) -> None:
    a_voucher(shop.vendor, **changes)
    if "usage_limit" in changes:
        Voucher.objects.update(used=1)

    answer = add(a_checkout(shop), code)

    assert answer["checkout"] is None
    assert [(one["field"], one["code"]) for one in answer["errors"]] == [("promoCode", error)]
    assert Checkout.objects.get().voucher is None


def test_what_cannot_be_meant_is_refused(shop: Shop) -> None:
    checkout = a_checkout(shop)

    assert [(one["field"], one["code"]) for one in remove(checkout)["errors"]] == [("promoCode", "REQUIRED")]
    wrong = remove(checkout, codeId="khong-phai")["errors"]
    assert [(one["field"], one["code"]) for one in wrong] == [("promoCodeId", "GRAPHQL_ERROR")]
    nobodys = ask(ADD, id=gid("Checkout", "5c1bbd6c-8f0e-4a3c-9d4a-0b8e3f1f2a3b"), code="X")["checkoutAddPromoCode"]
    assert [(one["field"], one["code"]) for one in nobodys["errors"]] == [("id", "NOT_FOUND")]


def test_guessing_over_graphql_is_counted_too(shop: Shop) -> None:
    a_voucher(shop.vendor)
    checkout = a_checkout(shop)
    for number in range(MISSES_OF_A_CHECKOUT_MAX):
        add(checkout, f"DOAN-{number}")

    answer = add(checkout)

    assert [(one["field"], one["code"]) for one in answer["errors"]] == [(None, "INVALID")]
    assert "Đợi 15 phút" in answer["errors"][0]["message"]
    assert Checkout.objects.get().voucher is None


def test_the_order_keeps_the_code_and_what_was_taken_off(shop: Shop) -> None:
    voucher = a_voucher(shop.vendor, discount_value_type="fixed", discount_value=10_001)
    checkout = a_checkout(shop, quantity=2)
    add(checkout)

    placed = ask(COMPLETE, id=gid("Checkout", checkout))["checkoutComplete"]

    row = Order.objects.get()
    assert placed["errors"] == []
    assert ask(ORDER, id=placed["order"]["id"])["order"] == {
        "voucherCode": "KHAITRUONG",
        "voucher": {"id": gid("Voucher", voucher.pk), "code": "KHAITRUONG"},
        "discount": {"amount": 10_001.0},
        "discounts": [
            {
                "id": gid("OrderDiscount", row.token),
                "type": "VOUCHER",
                "name": "KHAITRUONG",
                "valueType": "FIXED",
                "value": "10001",
                "amount": {"amount": 10_001.0},
                "total": {"amount": 10_001.0},
            }
        ],
        "subtotal": {"gross": {"amount": 109_999.0}},
        "total": {"gross": {"amount": 109_999.0}},
        "undiscountedTotal": {"gross": {"amount": 120_000.0}},
        "lines": [
            {
                "unitPrice": {"gross": {"amount": 55_000.0}},  # 54.999,5
                "undiscountedUnitPrice": {"gross": {"amount": 60_000.0}},
                "totalPrice": {"gross": {"amount": 109_999.0}},
                "undiscountedTotalPrice": {"gross": {"amount": 120_000.0}},
            }
        ],
    }
    assert used(voucher) == 1


def test_an_order_without_a_voucher_names_none(shop: Shop) -> None:
    order = complete_checkout(checkout_id=a_checkout(shop), actor=ANONYMOUS, now=NOW)

    answer = ask(ORDER, id=gid("Order", order.token))["order"]

    assert answer["voucherCode"] is answer["voucher"] is answer["discount"] is None
    assert answer["discounts"] == []
    assert answer["undiscountedTotal"] == answer["total"]


def test_a_code_used_up_meanwhile_refuses_the_order(shop: Shop) -> None:
    a_voucher(shop.vendor, usage_limit=1)
    checkout = a_checkout(shop)
    add(checkout)
    Voucher.objects.update(used=1)

    placed = ask(COMPLETE, id=gid("Checkout", checkout))["checkoutComplete"]

    assert placed == {"order": None, "errors": [{"field": "promoCode", "code": "VOUCHER_NOT_APPLICABLE"}]}
    assert Order.objects.count() == 0
