"""One sale over GraphQL, from the checkout to the receipt, as a client written for Saleor makes it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marketplace.orders.models import Checkout, DeliveryRate, Order, PaymentCode
from payments.models import Confirmation, TransactionEvent, TransactionItem
from payments.services.by_hand import mark_paid_by_hand
from payments.vietqr.reader import read_vietqr
from tests.api.asking import ask, post
from tests.api.ids import gid
from tests.api.sale_steps import (
    ADDRESS,
    BILL,
    CHOOSE,
    COMPLETE,
    CREATE,
    EMAIL,
    OFFER,
    ORDER,
    PAY,
    PROCESS,
    SHIP,
    a_ready_checkout,
    created,
    pay_with_the_bank,
)
from tests.payments.factories import NOW, Shop, a_shop, goods

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


@pytest.fixture
def shop(db: None) -> Shop:
    shop = a_shop()
    DeliveryRate.objects.create(vendor=shop.vendor, zone=DeliveryRate.Zone.SAME_COMMUNE, price_vnd=10_000)
    return shop


def test_a_checkout_is_filled_step_by_step(shop: Shop) -> None:
    made = created(shop)
    checkout = made["checkout"]
    assert made["errors"] == []
    assert checkout["availablePaymentGateways"] == [
        {"id": "market40.vietqr", "name": "VietQR", "currencies": ["VND"], "config": []}
    ]
    assert checkout["totalPrice"] == {"gross": {"amount": 120_000.0, "currency": "VND"}}

    email = ask(EMAIL, id=checkout["id"], email="Mo@Example.vn")["checkoutEmailUpdate"]
    shipped = ask(SHIP, id=checkout["id"], address=ADDRESS)["checkoutShippingAddressUpdate"]
    assert ask(BILL, id=checkout["id"], address=ADDRESS)["checkoutBillingAddressUpdate"]["errors"] == []
    assert email["checkout"]["email"] == "mo@example.vn"
    assert shipped["checkout"]["shippingAddress"] == {
        "city": "Xã Đàm Thủy",
        "countryArea": "Tỉnh Cao Bằng",
        "country": {"code": "VN"},
        "phone": "+84912345678",
    }

    deliveries = ask(OFFER, id=checkout["id"])["deliveryOptionsCalculate"]["deliveries"]
    prices = [one["shippingMethod"]["price"] for one in deliveries]
    assert prices == [{"amount": 0.0, "currency": "VND"}, {"amount": 10_000.0, "currency": "VND"}]
    chosen = ask(CHOOSE, id=checkout["id"], delivery=deliveries[1]["id"])["checkoutDeliveryMethodUpdate"]
    assert chosen["checkout"]["totalPrice"]["gross"]["amount"] == 130_000.0
    assert chosen["checkout"]["deliveryMethod"] == {"name": "Giao trong xã, phường", "price": {"amount": 10_000.0}}


def test_completing_a_checkout_places_the_order_unpaid_with_a_live_code(shop: Shop) -> None:
    completed = ask(COMPLETE, id=a_ready_checkout(shop))["checkoutComplete"]

    row = Order.objects.get()
    assert (completed["errors"], completed["confirmationNeeded"]) == ([], False)
    assert completed["order"] == {
        "id": gid("Order", row.token),
        "number": str(row.pk),
        "status": "UNCONFIRMED",
        "isPaid": False,
        "chargeStatus": "NONE",
        "paymentStatus": "NOT_CHARGED",
        "paymentCode": PaymentCode.objects.get(order=row, is_live=True).code,
        "userEmail": "mo@example.vn",
        "vendor": {"slug": shop.vendor.slug},
        "total": {"gross": {"amount": 130_000.0, "currency": "VND"}},
        "totalCharged": {"amount": 0.0},
        "totalBalance": {"amount": -130_000.0},
        "shippingMethodName": "Giao trong xã, phường",
        "shippingAddress": {"city": "Xã Đàm Thủy"},
        "lines": [
            {
                "productName": "Miến dong Cao Bằng",
                "quantity": 2,
                "unitPrice": {"gross": {"amount": 60_000.0}},
                "variant": {"id": gid("ProductVariant", shop.variant.pk)},
            }
        ],
    }


def test_the_banks_notice_makes_the_order_paid(shop: Shop) -> None:
    order = ask(COMPLETE, id=a_ready_checkout(shop))["checkoutComplete"]["order"]

    asked = ask(PAY, id=order["id"])["transactionInitialize"]
    assert asked["errors"] == []
    assert asked["transactionEvent"] == {"type": "CHARGE_ACTION_REQUIRED", "amount": {"amount": 130_000.0}}
    assert asked["transaction"]["pspReference"] == order["paymentCode"]
    waiting = ask(PROCESS, id=asked["transaction"]["id"])["transactionProcess"]
    assert (waiting["data"], waiting["transactionEvent"]) == (asked["data"], {"type": "CHARGE_ACTION_REQUIRED"})
    pay_with_the_bank(shop, order["paymentCode"], 130_000)

    paid = ask(f"query($id: ID) {{ order(id: $id) {{ {ORDER} }} }}", id=order["id"])["order"]
    assert (paid["status"], paid["isPaid"], paid["chargeStatus"], paid["paymentStatus"]) == (
        "UNFULFILLED",
        True,
        "FULL",
        "FULLY_CHARGED",
    )
    assert (paid["totalCharged"], paid["totalBalance"]) == ({"amount": 130_000.0}, {"amount": 0.0})
    assert ask(PROCESS, id=asked["transaction"]["id"])["transactionProcess"] == {
        "data": None,
        "transactionEvent": {"type": "CHARGE_SUCCESS"},
        "transaction": {"chargedAmount": {"amount": 130_000.0}, "order": {"number": order["number"]}},
        "errors": [],
    }


def test_the_data_of_a_payment_is_all_that_a_client_needs(shop: Shop, settings: Any) -> None:
    settings.MARKET_PUBLIC_URL = "https://cho.example.vn"
    order = ask(COMPLETE, id=a_ready_checkout(shop))["checkoutComplete"]["order"]

    data = ask(PAY, id=order["id"])["transactionInitialize"]["data"]

    payload, expires_at = data.pop("payload"), data.pop("expires_at")
    assert data == {
        "type": "vietqr",
        "reference": order["paymentCode"],
        "memo": order["paymentCode"],
        "amount": 130_000,
        "currency": "VND",
        "bank": {"bin": "970436", "short_name": "Vietcombank"},
        "account_number": shop.account,
        "account_name": "HTX BAN GIOC",
        "qr_svg_url": f"https://cho.example.vn/payments/qr/{order['paymentCode']}/130000.svg",
        "qr_png_url": f"https://cho.example.vn/payments/qr/{order['paymentCode']}/130000.png",
    }
    assert expires_at.endswith("+07:00")
    read = read_vietqr(payload)
    assert (read.amount, read.account) == (130_000, shop.account)
    for form, kind in (("svg", "image/svg+xml"), ("png", "image/png")):
        picture = Client().get(f"/payments/qr/{order['paymentCode']}/130000.{form}")
        assert (picture.status_code, picture["Content-Type"]) == (200, kind)


@pytest.mark.parametrize("amount", ["1", "129999", "999999999999", "1000000000000000000000000000000"])
def test_there_is_a_picture_only_of_what_was_asked(shop: Shop, amount: str) -> None:
    order = ask(COMPLETE, id=a_ready_checkout(shop))["checkoutComplete"]["order"]
    ask(PAY, id=order["id"])

    assert Client().get(f"/payments/qr/{order['paymentCode']}/{amount}.svg").status_code == 404
    assert Client().get("/payments/qr/OCZ2222222222/130000.svg").status_code == 404
    assert Client().get("/payments/qr/not-a-code/130000.svg").status_code == 404


def test_there_is_no_picture_any_more_once_the_order_is_paid(shop: Shop) -> None:
    order = ask(COMPLETE, id=a_ready_checkout(shop))["checkoutComplete"]["order"]
    address = ask(PAY, id=order["id"])["transactionInitialize"]["data"]["qr_svg_url"]
    assert Client().get(address).status_code == 200

    pay_with_the_bank(shop, order["paymentCode"], 130_000)

    assert Client().get(address).status_code == 409


def test_what_was_marked_by_hand_has_no_picture(shop: Shop) -> None:
    ask(COMPLETE, id=a_ready_checkout(shop))
    mark_paid_by_hand(
        actor=shop.owner, order=Order.objects.get(), amount_vnd=130_000, confirmation=Confirmation.CASH, now=NOW
    )
    item = TransactionItem.objects.get()

    code = PaymentCode.objects.get().code
    assert Client().get(f"/payments/qr/{code}/130000.svg").status_code == 404
    processed = ask(PROCESS, id=gid("TransactionItem", item.pk))["transactionProcess"]
    assert (processed["data"], processed["transactionEvent"]) == (None, {"type": "CHARGE_SUCCESS"})


def test_a_checkout_may_be_paid_first_and_money_places_the_order(shop: Shop) -> None:
    checkout_id = a_ready_checkout(shop)

    asked = ask(PAY, id=checkout_id)["transactionInitialize"]
    again = ask(PAY, id=checkout_id)["transactionInitialize"]
    assert (asked["errors"], asked["data"]["amount"]) == ([], 130_000)
    assert again["data"]["reference"] == asked["data"]["reference"]
    assert again["transaction"]["id"] == asked["transaction"]["id"]
    assert Client().get(asked["data"]["qr_svg_url"]).status_code == 200
    pay_with_the_bank(shop, asked["data"]["reference"], 130_000)

    completed = ask(COMPLETE, id=checkout_id)["checkoutComplete"]
    assert (completed["errors"], completed["order"]["isPaid"]) == ([], True)
    assert Order.objects.count() == 1


def test_completing_again_answers_the_same_order(shop: Shop) -> None:
    checkout_id = a_ready_checkout(shop)

    first = ask(COMPLETE, id=checkout_id)["checkoutComplete"]["order"]
    second = ask(COMPLETE, id=checkout_id)["checkoutComplete"]["order"]

    assert first == second
    assert ask("query($id: ID) { checkout(id: $id) { id } }", id=checkout_id) == {"checkout": None}
    shop.stock.refresh_from_db()
    assert shop.stock.allocated == 2


@pytest.mark.parametrize("amount", [0, 130_001, 0.5, 100_000.25, 1e15, 1e30, "130000.1"])
def test_an_amount_that_is_no_whole_number_up_to_what_is_outstanding_is_invalid(shop: Shop, amount: object) -> None:
    order = ask(COMPLETE, id=a_ready_checkout(shop))["checkoutComplete"]["order"]

    refused = ask(PAY, id=order["id"], amount=amount)["transactionInitialize"]

    assert [(error["field"], error["code"]) for error in refused["errors"]] == [("amount", "INVALID")]
    assert (refused["data"], refused["transaction"]) == (None, None)
    assert not TransactionEvent.objects.exists()


@pytest.mark.parametrize("amount", [1, 50_000.0, "130000"])
def test_a_part_may_be_asked_for(shop: Shop, amount: Any) -> None:
    order = ask(COMPLETE, id=a_ready_checkout(shop))["checkoutComplete"]["order"]

    asked = ask(PAY, id=order["id"], amount=amount)["transactionInitialize"]

    assert (asked["errors"], asked["data"]["amount"]) == ([], int(float(amount)))


def test_a_key_of_the_client_stands_for_one_request(shop: Shop) -> None:
    order = ask(COMPLETE, id=a_ready_checkout(shop))["checkoutComplete"]["order"]

    first = ask(PAY, id=order["id"], amount=1000, key="lần 1")["transactionInitialize"]
    again = ask(PAY, id=order["id"], amount=1000, key="lần 1")["transactionInitialize"]
    other = ask(PAY, id=order["id"], amount=2000, key="lần 1")["transactionInitialize"]

    assert first["data"] == again["data"]
    assert [error["code"] for error in other["errors"]] == ["UNIQUE"]
    assert TransactionEvent.objects.count() == 1


def test_a_write_that_is_sent_again_with_its_id_is_done_once(shop: Shop) -> None:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    lines = [{"variantId": gid("ProductVariant", shop.variant.pk), "quantity": 1}]
    add = """mutation($id: ID, $lines: [CheckoutLineInput!]!) { checkoutLinesAdd(id: $id, lines: $lines)
        { checkout { quantity } errors { code } } }"""

    made = [ask(CREATE, headers=headers, input={"lines": lines})["checkoutCreate"]["checkout"] for _ in range(2)]
    added = [
        ask(add, headers=headers, id=made[0]["id"], lines=lines)["checkoutLinesAdd"]["checkout"]["quantity"]
        for _ in range(2)
    ]

    assert made[0]["id"] == made[1]["id"]
    assert added == [2, 2]
    assert Checkout.objects.count() == 1


def test_paying_first_is_refused_until_the_checkout_is_ready(shop: Shop) -> None:
    checkout_id = created(shop)["checkout"]["id"]

    refused = ask(PAY, id=checkout_id)["transactionInitialize"]

    assert [error["code"] for error in refused["errors"]] == ["INVALID"]
    shop.stock.refresh_from_db()
    assert (shop.stock.reserved, TransactionItem.objects.count()) == (0, 0)


def test_more_than_there_is_cannot_be_put_into_a_checkout(shop: Shop) -> None:
    refused = created(shop, quantity=11)

    assert refused["checkout"] is None
    assert [(error["code"], error["variants"]) for error in refused["errors"]] == [
        ("INSUFFICIENT_STOCK", [gid("ProductVariant", shop.variant.pk)])
    ]
    assert not Checkout.objects.exists()


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"city": "Nơi Không Có"}, "city", "INVALID"),
        ({"countryArea": ""}, "countryArea", "REQUIRED"),
        ({"streetAddress1": " "}, "streetAddress1", "REQUIRED"),
        ({"phone": "12"}, "phone", "INVALID"),
        ({"cityArea": "Huyện Trùng Khánh"}, "cityArea", "INVALID"),
        ({"firstName": "a" * 121}, "firstName", "INVALID"),
        ({"firstName": "a\u0007"}, "firstName", "INVALID"),
    ],
)
def test_an_address_that_cannot_be_is_refused_and_nothing_is_made(
    shop: Shop, change: dict[str, str], field: str, code: str
) -> None:
    refused = created(shop, shippingAddress={**ADDRESS, **change})

    assert [(error["field"], error["code"]) for error in refused["errors"]] == [(field, code)]
    assert not Checkout.objects.exists()


def test_goods_of_another_shop_need_another_checkout(shop: Shop) -> None:
    other = a_shop("Gian hàng khác")
    checkout_id = created(shop)["checkout"]["id"]

    refused = ask(
        """mutation($id: ID, $lines: [CheckoutLineInput!]!) { checkoutLinesAdd(id: $id, lines: $lines)
        { checkout { id } errors { field code } } }""",
        id=checkout_id,
        lines=[{"variantId": gid("ProductVariant", other.variant.pk), "quantity": 1}],
    )["checkoutLinesAdd"]

    assert refused == {"checkout": None, "errors": [{"field": "lines", "code": "INVALID"}]}


def test_a_checkout_that_is_not_there_is_not_found(shop: Shop) -> None:
    missing = gid("Checkout", uuid.uuid4())

    answers = [
        ask(EMAIL, id=missing, email="a@example.vn")["checkoutEmailUpdate"],
        ask(SHIP, id=missing, address=ADDRESS)["checkoutShippingAddressUpdate"],
        ask(OFFER, id=missing)["deliveryOptionsCalculate"],
        ask(COMPLETE, id=missing)["checkoutComplete"],
        ask(PAY, id=missing)["transactionInitialize"],
        ask(PAY, id=gid("Order", uuid.uuid4()))["transactionInitialize"],
    ]

    assert {answer["errors"][0]["code"] for answer in answers} == {"NOT_FOUND"}
    assert ask("query($id: ID) { checkout(id: $id) { id } }", id=missing) == {"checkout": None}


def test_another_gateway_is_unknown_and_staffs_arguments_are_refused(shop: Shop) -> None:
    checkout_id = a_ready_checkout(shop)
    query = 'mutation($id: ID!) { transactionInitialize(id: $id, paymentGateway: {id: "saleor.io.dummy"})\
        { errors { field code } } }'

    assert ask(query, id=checkout_id)["transactionInitialize"]["errors"] == [
        {"field": "paymentGateway", "code": "NOT_FOUND"}
    ]
    answer = post(
        """mutation($id: ID!) { transactionInitialize(id: $id, action: CHARGE,
        paymentGateway: {id: "market40.vietqr"}) { data } }""",
        id=checkout_id,
    ).json()
    assert answer["data"] == {"transactionInitialize": None}
    assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"
    assert not TransactionItem.objects.exists()


def statements(query: str, **variables: Any) -> int:
    """How many SQL statements a query takes."""
    with CaptureQueriesContext(connection) as captured:
        ask(query, **variables)
    return len(captured)


def test_a_checkout_and_its_order_take_the_same_statements_however_many_lines_they_have(shop: Shop) -> None:
    variants = [shop.variant, *(goods(shop.vendor)[0] for _number in range(5))]
    of_line = "lines { variant { quantityAvailable media { url } product { name thumbnail { url } isAvailable } } }"
    checkout = f"query($id: ID) {{ checkout(id: $id) {{ totalPrice {{ gross {{ amount }} }} {of_line} }} }}"
    order = f"query($id: ID) {{ order(id: $id) {{ vendor {{ name }} fulfillments {{ id }} {of_line} }} }}"
    taken = []

    for count in (1, 6):
        lines = [{"variantId": gid("ProductVariant", variant.pk), "quantity": 1} for variant in variants[:count]]
        made = ask(CREATE, input={"lines": lines, "email": "mo@example.vn", "shippingAddress": ADDRESS})
        checkout_id = made["checkoutCreate"]["checkout"]["id"]
        of_checkout = statements(checkout, id=checkout_id)
        delivery = ask(OFFER, id=checkout_id)["deliveryOptionsCalculate"]["deliveries"][-1]["id"]
        ask(CHOOSE, id=checkout_id, delivery=delivery)
        order_id = ask(COMPLETE, id=checkout_id)["checkoutComplete"]["order"]["id"]
        taken.append((of_checkout, statements(order, id=order_id)))

    assert taken[0] == taken[1]
