"""Orders, checkouts and people as a client of Saleor's reads them, and what is refused to whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.api.graphql.context import issuer
from marketplace.core.actors import SYSTEM, Actor
from marketplace.orders.models import Checkout, Order
from marketplace.orders.services.checkouts import offer_deliveries
from marketplace.orders.services.fulfilling import fulfil_order
from marketplace.orders.services.saved_addresses import AddressToKeep, keep_address
from marketplace.orders.services.stall import sell_at_stall
from marketplace.people.models import User
from marketplace.people.programs import make_app
from marketplace.people.tokens import issue_tokens
from payments.services.requesting import payment_for_checkout, payment_for_order
from tests.api.asking import ask, post
from tests.api.ids import gid
from tests.orders import factories as orders
from tests.orders.factories import NENH, NOW, THUC_PHAN
from vendors.models import Membership, Vendor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

NEEDS = "To access this path, you need one of the following permissions: "


@pytest.fixture
def shop(db: None) -> Vendor:
    return orders.a_shop()


@pytest.fixture
def mo(db: None) -> User:
    return orders.a_person()


def bearer(user: User) -> dict[str, str]:
    token = issue_tokens(user=user, now=NOW, issuer=issuer()).access
    return {"Authorization": f"Bearer {token}"}


def seller_of(shop: Vendor) -> User:
    user = orders.a_person("+84987654321")
    Membership.objects.create(vendor=shop, user=user, role="seller")
    return user


def program_with(permission: str) -> dict[str, str]:
    _app, token = make_app(actor=SYSTEM, name="Cổng ví", permissions={permission}, now=NOW)
    return {"Authorization": f"Bearer {token}"}


def refused(answer: Any) -> tuple[str, list[Any], str]:
    """(sentence, path, code) of the one error of an answer that is 200 nevertheless."""
    (error,) = answer.json()["errors"]
    assert answer.status_code == 200
    return error["message"], error["path"], error["extensions"]["exception"]["code"]


# Orders.

ORDER = """query($id: ID) { order(id: $id) { status statusDisplay paymentStatus chargeStatus authorizeStatus isPaid
  totalBalance { amount } totalCaptured { amount }
  deliveryMethod { __typename ... on ShippingMethod { id name active isPickUp price { amount }
                   minimumDeliveryDays maximumDeliveryDays } ... on Warehouse { id name companyName } }
  fulfillments { id status created trackingNumber lines { id quantity orderLine { productName variant { id } } } }
} }"""


def test_an_order_says_how_far_it_is_paid_and_how_it_is_fetched(shop: Vendor) -> None:
    order = orders.an_order((orders.a_variant(shop, price_vnd=120_000), 2))
    orders.charge(order, 100_000)

    found = ask(ORDER, id=gid("Order", order.token))["order"]

    assert found == {
        "status": "UNCONFIRMED",
        "statusDisplay": "Chờ thanh toán",
        "paymentStatus": "PARTIALLY_CHARGED",
        "chargeStatus": "PARTIAL",
        "authorizeStatus": "PARTIAL",
        "isPaid": False,
        "totalBalance": {"amount": -140_000.0},
        "totalCaptured": {"amount": 100_000.0},
        "deliveryMethod": {
            "__typename": "ShippingMethod",
            "id": gid("ShippingMethod", order.token),
            "name": "Nhận tại Cửa hàng",
            "active": True,
            "isPickUp": True,
            "price": {"amount": 0.0},
            "minimumDeliveryDays": None,
            "maximumDeliveryDays": None,
        },
        "fulfillments": [],
    }


@pytest.mark.parametrize(
    ("charged_vnd", "status"), [(0, "NONE"), (239_999, "PARTIAL"), (240_000, "FULL"), (240_001, "FULL")]
)
def test_what_came_for_an_order_counts_as_authorized_too(shop: Vendor, charged_vnd: int, status: str) -> None:
    order = orders.an_order((orders.a_variant(shop, price_vnd=120_000), 2))
    if charged_vnd:
        orders.charge(order, charged_vnd)

    assert ask(ORDER, id=gid("Order", order.token))["order"]["authorizeStatus"] == status


def test_what_was_handed_over_stands_in_the_order(shop: Vendor) -> None:
    variant = orders.a_variant(shop, name="Mật ong")
    order = orders.a_paid_order((variant, 2))
    made = fulfil_order(actor=orders.a_member(shop), order=order, now=NOW + timedelta(hours=1))

    (found,) = ask(ORDER, id=gid("Order", order.token))["order"]["fulfillments"]

    assert found == {
        "id": gid("Fulfillment", made.pk),
        "status": "FULFILLED",
        "created": "2026-11-22T04:00:00+00:00",
        "trackingNumber": "",
        "lines": [
            {
                "id": gid("FulfillmentLine", made.lines.get().pk),
                "quantity": 2,
                "orderLine": {"productName": "Mật ong", "variant": {"id": gid("ProductVariant", variant.pk)}},
            }
        ],
    }


def test_the_words_for_a_status_are_in_the_language_of_the_order(shop: Vendor) -> None:
    order = orders.an_order((orders.a_variant(shop), 1))
    Order.objects.filter(pk=order.pk).update(language_code="en")

    assert ask(ORDER, id=gid("Order", order.token))["order"]["statusDisplay"] == "Waiting for payment"


def test_a_sale_at_the_stall_goes_from_hand_to_hand(shop: Vendor) -> None:
    order = sell_at_stall(actor=orders.a_member(shop), vendor=shop, amount_vnd=50_000, now=NOW)

    assert ask(ORDER, id=gid("Order", order.token))["order"]["deliveryMethod"] is None


MONEY = "transactions { id actions chargedAmount { amount } refundedAmount { amount } events { type } }"
TRANSACTIONS = f"query($id: ID) {{ order(id: $id) {{ number {MONEY} }} }}"


def test_the_transactions_of_an_order_are_refused_to_its_buyer_and_take_the_order_with_them(
    shop: Vendor, mo: User
) -> None:
    order = orders.a_paid_order((orders.a_variant(shop), 1))
    Order.objects.filter(pk=order.pk).update(user=mo)

    for headers in ({}, bearer(mo)):
        answer = post(TRANSACTIONS, id=gid("Order", order.token), headers=headers)

        assert refused(answer) == (
            f"{NEEDS}MANAGE_ORDERS, HANDLE_PAYMENTS",
            ["order", "transactions"],
            "PermissionDenied",
        )
        assert answer.json()["data"] == {"order": None}


def test_who_works_in_the_shop_reads_the_transactions_of_its_orders(shop: Vendor) -> None:
    order = orders.an_order((orders.a_variant(shop, price_vnd=60_000), 1))
    payment_for_order(order=order, now=NOW)
    orders.charge(order, 60_000, now=NOW + timedelta(minutes=1))

    found = ask(TRANSACTIONS, id=gid("Order", order.token), headers=bearer(seller_of(shop)))["order"]

    assert [
        (one["chargedAmount"]["amount"], one["actions"], [event["type"] for event in one["events"]])
        for one in found["transactions"]
    ] == [(0.0, [], ["CHARGE_ACTION_REQUIRED"]), (60_000.0, [], ["CHARGE_SUCCESS"])]


def test_a_program_that_handles_payments_finds_the_transactions_that_it_reports_of(shop: Vendor) -> None:
    order = orders.an_order((orders.a_variant(shop, price_vnd=60_000), 1))
    asked = payment_for_order(order=order, now=NOW).transaction
    checkout = orders.a_ready_checkout((orders.a_variant(shop, price_vnd=60_000), 1))
    held = payment_for_checkout(checkout_id=checkout.pk, now=NOW).transaction
    program, other = program_with("HANDLE_PAYMENTS"), program_with("MANAGE_ORDERS")
    of_order, of_checkout = gid("Order", order.token), gid("Checkout", checkout.pk)
    query = "query($id: ID) { checkout(id: $id) { transactions { id } } }"

    found = ask(TRANSACTIONS, id=of_order, headers=program)["order"]["transactions"]
    before = ask(query, id=of_checkout, headers=program)["checkout"]["transactions"]

    assert [one["id"] for one in found] == [gid("TransactionItem", asked.pk)]
    assert [one["id"] for one in before] == [gid("TransactionItem", held.pk)]
    assert refused(post(TRANSACTIONS, id=of_order, headers=other))[2] == "PermissionDenied"
    assert refused(post(query, id=of_checkout, headers=other))[2] == "PermissionDenied"


# Checkouts.


def test_a_checkout_shows_who_it_is_of_to_that_person_alone(shop: Vendor, mo: User) -> None:
    checkout = orders.a_checkout((orders.a_variant(shop), 1))
    query = "query($id: ID) { checkout(id: $id) { email user { id firstName } } }"
    key = gid("Checkout", checkout.pk)
    of_nobody = ask(query, id=key)
    Checkout.objects.filter(pk=checkout.pk).update(user=mo)

    assert of_nobody == {"checkout": {"email": None, "user": None}}
    assert ask(query, id=key, headers=bearer(mo))["checkout"]["user"] == {
        "id": gid("User", mo.pk),
        "firstName": "Mơ",
    }
    for headers in ({}, bearer(seller_of(shop))):
        answer = post(query, id=key, headers=headers)
        assert refused(answer) == (
            f"{NEEDS}MANAGE_USERS, HANDLE_PAYMENTS, OWNER",
            ["checkout", "user"],
            "PermissionDenied",
        )
        assert answer.json()["data"] == {"checkout": {"email": None, "user": None}}


def test_the_transactions_of_a_checkout_are_its_shops_to_read(shop: Vendor) -> None:
    checkout = orders.a_ready_checkout((orders.a_variant(shop, price_vnd=60_000), 1))
    payment_for_checkout(checkout_id=checkout.pk, now=NOW)
    query = f"query($id: ID) {{ checkout(id: $id) {{ quantity {MONEY} }} }}"
    key = gid("Checkout", checkout.pk)

    answer = post(query, id=key)
    found = ask(query, id=key, headers=bearer(seller_of(shop)))["checkout"]

    assert refused(answer) == (
        f"{NEEDS}MANAGE_CHECKOUTS, HANDLE_PAYMENTS",
        ["checkout", "transactions"],
        "PermissionDenied",
    )
    assert answer.json()["data"] == {"checkout": {"quantity": 1, "transactions": None}}
    assert [event["type"] for event in found["transactions"][0]["events"]] == ["CHARGE_ACTION_REQUIRED"]


def test_there_are_no_gift_cards_and_no_translated_vouchers(shop: Vendor) -> None:
    checkout = orders.a_checkout((orders.a_variant(shop), 1))
    query = """query($id: ID) { checkout(id: $id) { giftCards { id displayCode currentBalance { amount } }
      discountName translatedDiscountName } }"""

    assert ask(query, id=gid("Checkout", checkout.pk))["checkout"] == {
        "giftCards": [],
        "discountName": None,
        "translatedDiscountName": None,
    }


def test_how_long_a_delivery_takes_is_not_made_up(shop: Vendor) -> None:
    checkout = orders.a_checkout((orders.a_variant(shop), 1))
    offer_deliveries(checkout_id=checkout.pk, now=NOW)
    query = """query($id: ID) { checkout(id: $id) { shippingMethods
      { name active minimumDeliveryDays maximumDeliveryDays } } }"""

    assert ask(query, id=gid("Checkout", checkout.pk))["checkout"]["shippingMethods"] == [
        {"name": "Nhận tại Cửa hàng", "active": True, "minimumDeliveryDays": None, "maximumDeliveryDays": None}
    ]


# People.

ME = """{ me { id firstName lastName email isActive isConfirmed dateJoined avatar(size: 64, format: WEBP) { url }
  addresses { ...all } defaultShippingAddress { id } defaultBillingAddress { id } } }
  fragment all on Address { id firstName lastName companyName streetAddress1 streetAddress2 city cityArea countryArea
    postalCode country { code country } phone communeCode }"""


def kept(user: User, name: str, *, commune: str, street: str, minutes: int) -> int:
    given = AddressToKeep(name=name, phone="0912 345 678", street=street, commune_code=commune)
    actor, now = Actor(user_id=user.pk), NOW + timedelta(minutes=minutes)
    return keep_address(actor=actor, given=given, now=now).pk


def test_a_person_reads_their_own_addresses_the_one_used_last_first(mo: User) -> None:
    home = kept(mo, "Nông Thị Mơ", commune=THUC_PHAN, street="Tổ 5, đường Kim Đồng", minutes=0)
    mother = kept(mo, "Nông Thị Sen", commune=NENH, street="Ngõ 3", minutes=1)
    kept(orders.a_person("+84977000111"), "Ai Khác", commune=NENH, street="Ngõ 4", minutes=2)

    me = ask(ME, headers=bearer(mo))["me"]

    assert [address["id"] for address in me["addresses"]] == [
        gid("Address", f"kept-{mother}"),
        gid("Address", f"kept-{home}"),
    ]
    assert me["addresses"][1] == {
        "id": gid("Address", f"kept-{home}"),
        "firstName": "Mơ",
        "lastName": "Nông Thị",
        "companyName": "",
        "streetAddress1": "Tổ 5, đường Kim Đồng",
        "streetAddress2": "",
        "city": "Phường Thục Phán",
        "cityArea": "",
        "countryArea": "Tỉnh Cao Bằng",
        "postalCode": "",
        "country": {"code": "VN", "country": "Việt Nam"},
        "phone": "+84912345678",
        "communeCode": THUC_PHAN,
    }
    assert me["defaultShippingAddress"] == {"id": gid("Address", f"kept-{mother}")}
    assert me["defaultBillingAddress"] is None


def test_who_keeps_no_address_and_no_picture_has_none(mo: User) -> None:
    me = ask(ME, headers=bearer(mo))["me"]

    assert me == {
        "id": gid("User", mo.pk),
        "firstName": "Mơ",
        "lastName": "Nông Thị",
        "email": "",
        "isActive": True,
        "isConfirmed": True,
        "dateJoined": mo.made_at.isoformat(),
        "avatar": None,
        "addresses": [],
        "defaultShippingAddress": None,
        "defaultBillingAddress": None,
    }


LIST = """{ me { orders(first: 20) { %s pageInfo { hasNextPage endCursor } edges { cursor node {
  id number created status statusDisplay paymentStatus total { gross { amount currency } }
  deliveryMethod { ... on ShippingMethod { name } } voucher { code } discounts { name amount { amount } type }
  shippingAddress { city country { country } } billingAddress { city } %s } } } } }"""
LINES = "lines { id productName thumbnail(size: 128, format: WEBP) { url alt } variant { id product { name slug } } }"
STATEMENTS_OF_LIST = {
    ("", ""): 1,
    ("totalCount", LINES): 5,
    ("totalCount", f"{LINES} fulfillments {{ status lines {{ quantity orderLine {{ id }} }} }}"): 7,
    ("", "paymentCode"): 2,
    ("", "transactions { chargedAmount { amount } events { id } }"): 3,
}


def test_a_list_of_orders_takes_only_the_statements_of_what_is_asked_for_one_as_for_many(
    shop: Vendor, mo: User
) -> None:
    Membership.objects.create(vendor=shop, user=mo, role="owner")
    variants = [orders.a_variant(shop, quantity=100) for _kind in range(3)]
    headers, who_asks = bearer(mo), 3

    for count in (1, 7):
        for _order in range(count):
            order = orders.a_paid_order(*((variant, 1) for variant in variants))
            Order.objects.filter(pk=order.pk).update(user=mo)
            fulfil_order(actor=Actor(user_id=mo.pk, vendor_roles={shop.pk: "owner"}), order=order, now=NOW)
        taken = {}
        for asked in STATEMENTS_OF_LIST:
            with CaptureQueriesContext(connection) as captured:
                found = ask(LIST % asked, headers=headers)["me"]["orders"]
            taken[asked] = len(captured) - who_asks
        assert taken == STATEMENTS_OF_LIST
    assert len(found["edges"]) == 8
