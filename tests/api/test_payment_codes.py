"""A payment code stands in every transfer: whoever reads it learns enough to pay right, and nothing of the order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from marketplace.core.actors import SYSTEM
from marketplace.core.payment_codes import code_from_number
from marketplace.orders.models import PaymentCode
from marketplace.orders.selectors.payment_codes import masked, payment_code_sight
from marketplace.orders.services.ending import cancel_order, expire_due_orders
from payments.services.by_hand import record_refund
from payments.services.requesting import payment_for_checkout
from tests.api.asking import ask
from tests.payments import factories as payments
from tests.plugins.database import count_statements
from vendors.services import set_bank_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

QUERY = """query($code: String!) { paymentCode(code: $code) {
  code state outstanding { amount currency } bank { bin shortName } accountEnding accountName } }"""
NOW = payments.NOW


def seen(code: str) -> Any:
    return ask(QUERY, code=code)["paymentCode"]


def test_a_code_tells_how_much_is_due_to_whom_and_no_more() -> None:
    shop = payments.a_shop()
    code = payments.code_of(payments.an_order(shop, quantity=2))

    assert count_statements(lambda: seen(code)) == 1
    assert seen(code) == {
        "code": code,
        "state": "AWAITING",
        "outstanding": {"amount": 2.0 * payments.PRICE_VND, "currency": "VND"},
        "bank": {"bin": "970436", "shortName": "Vietcombank"},
        "accountEnding": shop.account[-3:],
        "accountName": "HTX B*** G***",
    }


def test_the_order_cannot_be_reached_from_its_code() -> None:
    fields = ask('{ __type(name: "PaymentCode") { fields { name } } }')["__type"]["fields"]

    assert [field["name"] for field in fields] == [
        "code", "state", "outstanding", "bank", "accountEnding", "accountName",
    ]  # fmt: skip


@pytest.mark.parametrize("shape", ["{0}", " {0} ", "{1}", "{2}"])
def test_a_code_is_found_however_it_is_typed(shape: str) -> None:
    code = payments.code_of(payments.an_order(payments.a_shop()))

    assert seen(shape.format(code, code.lower(), "-".join(code)))["code"] == code


@pytest.mark.parametrize("text", ["", "OCZ", code_from_number(7), "x" * 6000, "OCZ2345678999"])
def test_a_code_that_was_never_given_out_and_what_is_no_code_are_null(text: str) -> None:
    assert seen(text) is None


def test_two_codes_at_once_are_none() -> None:
    shop = payments.a_shop()
    codes = [payments.code_of(payments.an_order(shop)) for _order in range(2)]

    assert seen(" ".join(codes)) is None


def test_a_part_payment_leaves_the_rest_and_the_whole_leaves_nothing() -> None:
    shop = payments.a_shop()
    order = payments.an_order(shop)
    code = payments.code_of(order)
    payments.pay(shop, code, payments.PRICE_VND - 10_000)

    assert (seen(code)["state"], seen(code)["outstanding"]["amount"]) == ("AWAITING", 10_000.0)

    payments.pay(shop, code, 10_000)

    assert (seen(code)["state"], seen(code)["outstanding"]) == ("PAID", None)


def test_what_was_paid_and_given_back_is_not_asked_for_again() -> None:
    shop = payments.a_shop()
    order = payments.an_order(shop)
    code = payments.code_of(order)
    payments.pay(shop, code)
    record_refund(actor=shop.owner, order=order, amount_vnd=payments.PRICE_VND, confirmation="cash", now=NOW)

    assert payments.fresh(order).charged_vnd == 0
    assert (seen(code)["state"], seen(code)["outstanding"]) == ("PAID", None)


@pytest.mark.parametrize("ending", ["cancelled", "expired"])
def test_nobody_should_pay_for_an_order_that_ended(ending: str) -> None:
    shop = payments.a_shop()
    order = payments.an_order(shop)
    code = payments.code_of(order)
    if ending == "cancelled":
        cancel_order(actor=shop.owner, order=order, reason="Hết hàng", now=NOW)
    else:
        expire_due_orders(now=NOW + timedelta(days=1), at_most=10)

    assert (seen(code)["state"], seen(code)["outstanding"]) == ("CLOSED", None)


def test_a_code_that_another_one_replaced_is_closed() -> None:
    code = payments.code_of(payments.an_order(payments.a_shop()))
    PaymentCode.objects.filter(code=code).update(is_live=False)

    assert (seen(code)["state"], seen(code)["outstanding"]) == ("CLOSED", None)


def test_a_checkout_that_is_paid_first_waits_for_its_money_as_long_as_it_is_held() -> None:
    checkout = payments.a_checkout(payments.a_shop(), quantity=1)
    asked = payment_for_checkout(checkout_id=checkout, now=NOW)

    sight = payment_code_sight(asked.reference, now=NOW)
    later = payment_code_sight(asked.reference, now=NOW + timedelta(days=1))
    PaymentCode.objects.filter(code=asked.reference).update(checkout=None)
    gone = payment_code_sight(asked.reference, now=NOW)

    found = [one and (one.state.value, one.outstanding_vnd) for one in (sight, later, gone)]
    assert found == [("awaiting", asked.outstanding_vnd), ("closed", None), ("closed", None)]


def test_of_a_very_short_account_no_digit_is_told() -> None:
    shop = payments.a_shop()
    set_bank_account(
        actor=SYSTEM, vendor=shop.vendor, bin="970436", account_number="123456", account_name="HTX BAN GIOC", now=NOW
    )
    code = payments.code_of(payments.an_order(shop))

    assert seen(code)["accountEnding"] == ""


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("NONG THI LAN", "NONG T*** L***"),
        ("HTX BAN GIOC", "HTX B*** G***"),
        ("LAN", "LAN"),
        ("", ""),
        ("  NONG   THI ", "NONG T***"),
    ],
)
def test_a_holders_name_keeps_its_first_word_and_first_letters(name: str, shown: str) -> None:
    assert masked(name) == shown
