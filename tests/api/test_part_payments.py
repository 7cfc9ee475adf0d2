"""A part of the money is never told as the whole: what is left stays to be paid, by the same code."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from marketplace.orders.models import DeliveryRate, Order
from marketplace.orders.services.ending import cancel_order
from payments.models import Confirmation, TransactionEvent, TransactionItem
from payments.services.by_hand import mark_paid_by_hand
from tests.api.asking import ask
from tests.api.ids import gid
from tests.api.sale_steps import PAY, PROCESS, a_ready_checkout, pay_with_the_bank
from tests.payments.factories import NOW, Shop, a_shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


@pytest.fixture
def shop(db: None) -> Shop:
    shop = a_shop()
    DeliveryRate.objects.create(vendor=shop.vendor, zone=DeliveryRate.Zone.SAME_COMMUNE, price_vnd=10_000)
    return shop


def processed(asked: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = ask(PROCESS, id=asked["transaction"]["id"])["transactionProcess"]
    return answer


def told(answer: dict[str, Any]) -> list[object]:
    return [answer["data"].get(name) for name in ("type", "state", "amount", "outstanding", "charged")]


def test_after_a_part_of_a_checkouts_payment_the_code_of_the_rest_is_told_until_the_whole_came(shop: Shop) -> None:
    checkout_id = a_ready_checkout(shop)
    asked = ask(PAY, id=checkout_id)["transactionInitialize"]
    reference = asked["data"]["reference"]

    pay_with_the_bank(shop, reference, 50_000)
    part = processed(asked)

    order = Order.objects.get()
    assert part["errors"] == []
    assert part["transaction"] == {"chargedAmount": {"amount": 50_000.0}, "order": {"number": order.number}}
    assert part["transactionEvent"] == {"type": "CHARGE_ACTION_REQUIRED"}
    assert part["data"] == {
        **asked["data"],
        "payload": part["data"]["payload"],
        "amount": 80_000,
        "qr_svg_url": asked["data"]["qr_svg_url"].replace("130000", "80000"),
        "qr_png_url": asked["data"]["qr_png_url"].replace("130000", "80000"),
        "expires_at": None,
        "state": "partial",
        "outstanding": 80_000,
        "charged": 50_000,
    }
    assert Client().get(part["data"]["qr_svg_url"]).status_code == 200
    assert processed(asked) == part
    assert TransactionEvent.objects.count() == 3

    pay_with_the_bank(shop, reference, 80_000)
    whole = processed(asked)
    assert (whole["data"], whole["transactionEvent"]) == (None, {"type": "CHARGE_SUCCESS"})


@pytest.mark.parametrize("amount", [None, 50_000, 100_000])
def test_a_request_sent_again_with_its_key_answers_the_rest_and_not_that_all_came(
    shop: Shop, amount: int | None
) -> None:
    checkout_id = a_ready_checkout(shop)
    first = ask(PAY, id=checkout_id, key="lần 1", amount=amount)["transactionInitialize"]

    pay_with_the_bank(shop, first["data"]["reference"], 50_000)
    again = ask(PAY, id=checkout_id, key="lần 1", amount=amount)["transactionInitialize"]

    assert told(again) == ["vietqr", "partial", 80_000, 80_000, 50_000]
    assert again["transaction"] == {**first["transaction"], "chargedAmount": {"amount": 50_000.0}}
    assert again["transactionEvent"] == {"type": "CHARGE_ACTION_REQUIRED", "amount": {"amount": 80_000.0}}


def test_a_part_of_the_rest_may_be_asked_for_and_what_is_owed_is_told_beside_it(shop: Shop) -> None:
    checkout_id = a_ready_checkout(shop)
    first = ask(PAY, id=checkout_id)["transactionInitialize"]

    pay_with_the_bank(shop, first["data"]["reference"], 50_000)
    part = ask(PAY, id=checkout_id, amount=30_000)["transactionInitialize"]

    assert told(part) == ["vietqr", "partial", 30_000, 80_000, 50_000]


def test_what_is_left_after_cash_is_paid_by_the_orders_code(shop: Shop) -> None:
    checkout_id = a_ready_checkout(shop)
    asked = ask(PAY, id=checkout_id)["transactionInitialize"]
    pay_with_the_bank(shop, asked["data"]["reference"], 50_000)
    mark_paid_by_hand(
        actor=shop.owner, order=Order.objects.get(), amount_vnd=20_000, confirmation=Confirmation.CASH, now=NOW
    )
    cash = TransactionItem.objects.filter(payment_code__isnull=True).get()

    answer = ask(PROCESS, id=gid("TransactionItem", cash.pk))["transactionProcess"]

    assert told(answer) == ["vietqr", "partial", 60_000, 60_000, 70_000]
    assert answer["data"]["reference"] == asked["data"]["reference"]
    assert answer["transaction"]["chargedAmount"] == {"amount": 20_000.0}


def test_an_order_called_off_after_a_part_came_is_told_as_cancelled_and_not_as_paid(shop: Shop) -> None:
    asked = ask(PAY, id=a_ready_checkout(shop))["transactionInitialize"]
    pay_with_the_bank(shop, asked["data"]["reference"], 50_000)
    cancel_order(actor=shop.owner, order=Order.objects.get(), reason="Hết hàng", now=NOW)

    answer = processed(asked)

    assert answer["data"] == {
        "type": "vietqr",
        "reference": asked["data"]["reference"],
        "amount": 0,
        "currency": "VND",
        "state": "canceled",
        "outstanding": 80_000,
        "charged": 50_000,
    }
    assert answer["transactionEvent"] == {"type": "CHARGE_SUCCESS"}
