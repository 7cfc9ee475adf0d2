"""The mutations of Saleor's checkout on the demo market, one after another, with exact values out of its rows."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from catalog.models import Product, ProductVariant
from catalog.selectors import variants_of
from marketplace.api.graphql.context import issuer
from marketplace.orders.models import Checkout, Order, PaymentCode, SavedAddress
from marketplace.orders.selectors import checkout_by_id, draft_of
from marketplace.people.models import User
from marketplace.people.tokens import issue_tokens
from payments.models import TransactionItem
from tests.api.asking import post
from tests.api.contract.conftest import NOW
from tests.api.contract.documents import document
from tests.api.contract.expected import Answer, money, taxed
from tests.api.contract.test_buying import EMAIL, asked, shopper, tea, way, whole
from tests.api.ids import gid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock", "demo_market")]
__all__ = ["shopper", "tea"]

HOME = {
    "firstName": "Mơ",
    "lastName": "Nông Thị",
    "streetAddress1": "Tổ 5, đường Kim Đồng",
    "city": "Thục Phán",
    "countryArea": "Cao Bằng",
    "country": "VN",
    "phone": "0912 345 678",
}
NO_ERRORS: list[Answer] = []


def done(name: str, *, user: User | None = None, **variables: Any) -> Answer:
    """The payload of a mutation that was done; its checkout is what the query answers afterwards."""
    answer: Answer = asked(name, user=user, **variables)[name]
    assert answer["errors"] == NO_ERRORS
    if "checkout" in answer:
        found = answer["checkout"]
        assert found == asked("checkout", user=user, id=found["id"])["checkout"]
    return answer


def refused(name: str, *, user: User | None = None, **variables: Any) -> list[tuple[str, str]]:
    """The fields and codes of a mutation that was refused."""
    answer = asked(name, user=user, **variables)[name]
    return [(error["field"], error["code"]) for error in answer["errors"]]


def one(variant: ProductVariant, quantity: int = 1, **more: object) -> Answer:
    return {"variantId": gid("ProductVariant", variant.pk), "quantity": quantity, **more}


def begun(variant: ProductVariant, *, user: User | None = None, **more: object) -> Answer:
    created = done("checkoutCreate", user=user, input={"channel": "online", "lines": [one(variant)], **more})
    checkout: Answer = created["checkout"]
    return checkout


def amounts(checkout: Answer) -> dict[str, int]:
    return {line["variant"]["product"]["slug"]: line["quantity"] for line in checkout["lines"]}


def test_a_guest_goes_through_the_whole_checkout_of_saleors_storefront(tea: ProductVariant) -> None:
    opened = done("checkoutCreate", input={"channel": "online", "languageCode": "VI", "lines": []})["checkout"]
    key = opened["id"]
    assert (amounts(opened), opened["user"], opened["totalPrice"]) == ({}, None, taxed(0))
    first = done("checkoutLinesAdd", id=key, lines=[one(tea)])["checkout"]
    assert (amounts(first), first["totalPrice"]) == ({tea.product.slug: 1}, taxed(tea.price_vnd))

    more = done("checkoutLinesAdd", id=key, lines=[one(tea)])["checkout"]
    assert (amounts(more), more["subtotalPrice"]) == ({tea.product.slug: 2}, taxed(2 * tea.price_vnd))
    assert done("checkoutEmailUpdate", id=key, email=EMAIL)["checkout"]["email"] == EMAIL
    address: Answer = {"saveAddress": True, "validationRules": {"checkRequiredFields": True}}
    sent = done("checkoutShippingAddressUpdate", id=key, shippingAddress=HOME, **address)["checkout"]
    billed = done("checkoutBillingAddressUpdate", id=key, billingAddress=HOME, **address)["checkout"]
    assert (sent["shippingAddress"]["city"], billed["billingAddress"]["countryArea"]) == (
        "Phường Thục Phán",
        "Tỉnh Cao Bằng",
    )
    row = Checkout.objects.get(pk=uuid.UUID(asked_token(key)))
    offered = done("deliveryOptionsCalculate", id=key)["deliveries"]
    ways = list(row.offered_deliveries.order_by("price_vnd", "pk"))
    names = {one.pk: way(one.name, one.price_vnd, key=one.pk) for one in ways}
    assert sorted(one["id"] for one in offered) == sorted(gid("CheckoutDelivery", one.pk) for one in ways)
    assert {one["id"]: one["shippingMethod"] for one in offered} == {
        gid("CheckoutDelivery", pk): shown for pk, shown in names.items()
    }
    by_road = next(one for one in ways if one.rate_id is not None)
    chosen = done("checkoutDeliveryMethodUpdate", id=key, deliveryMethodId=gid("CheckoutDelivery", by_road.pk))
    assert chosen["checkout"]["delivery"] == {
        "id": gid("CheckoutDelivery", by_road.pk),
        "shippingMethod": names[by_road.pk],
    }
    reduced = done("checkoutAddPromoCode", checkoutId=key, promoCode="KHACHQUEN")["checkout"]
    total_vnd = draft_of(checkout_by_id(row.pk), now=NOW).total_vnd
    assert (reduced["voucherCode"], reduced["totalPrice"]) == ("KHACHQUEN", taxed(total_vnd))

    order = done("checkoutComplete", id=key)["order"]

    placed = Order.objects.get(checkout_id=row.pk)
    assert order == whole(placed, tea)
    assert order["total"] == taxed(total_vnd)
    assert done("checkoutComplete", id=key)["order"] == order
    assert SavedAddress.objects.count() == 0


def asked_token(key: str) -> str:
    token: str = post("query($id: ID) { checkout(id: $id) { token } }", id=key).json()["data"]["checkout"]["token"]
    return token


def test_lines_are_changed_and_taken_out(tea: ProductVariant) -> None:
    other = next(
        variants_of(product)[0]
        for product in Product.objects.filter(vendor=tea.product.vendor, listing="published", is_alcohol=False)
        if product.pk != tea.product_id
    )
    checkout = begun(tea)
    key, line = checkout["id"], checkout["lines"][0]["id"]

    risen = done("checkoutLinesUpdate", id=key, lines=[{"lineId": line, "quantity": 3}, one(other, 2)])["checkout"]
    fallen = done("checkoutLinesUpdate", id=key, lines=[one(tea, 0), one(other, 1)])["checkout"]

    assert amounts(risen) == {tea.product.slug: 3, other.product.slug: 2}
    assert amounts(fallen) == {other.product.slug: 1}
    last = fallen["lines"][0]["id"]
    assert refused("checkoutLinesDelete", id=key, linesIds=[last, line]) == [("lineId", "INVALID")]
    assert refused("checkoutLinesUpdate", id=key, lines=[{"lineId": line, "quantity": 1}]) == [
        ("lineId", "GRAPHQL_ERROR")
    ]
    assert refused("checkoutLinesUpdate", id=key, lines=[{"lineId": last}]) == [("quantity", "REQUIRED")]
    assert amounts(asked("checkout", id=key)["checkout"]) == {other.product.slug: 1}
    assert done("checkoutLinesDelete", id=key, linesIds=[last])["checkout"]["lines"] == []


def test_a_buyer_takes_a_checkout_and_lets_go_of_it(shopper: User, tea: ProductVariant) -> None:
    key = begun(tea, email=EMAIL)["id"]

    taken = done("checkoutCustomerAttach", user=shopper, id=key)["checkout"]
    stranger = User.objects.exclude(pk=shopper.pk).filter(is_active=True)[0]
    answers = [
        post_as(None, "checkoutCustomerAttach", id=key),
        post_as(stranger, "checkoutCustomerAttach", id=key),
        post_as(stranger, "checkoutCustomerDetach", id=key),
    ]
    left = done("checkoutCustomerDetach", user=shopper, id=key)["checkout"]

    assert taken["user"] == {"id": gid("User", shopper.pk), "email": shopper.email}
    assert taken["email"] == shopper.email
    assert left["user"] is None
    needs = "To access this path, you need one of the following permissions: "
    assert answers == [
        f"{needs}AUTHENTICATED_APP, AUTHENTICATED_USER",
        "You cannot reassign a checkout that is already attached to a user.",
        f"{needs}IMPERSONATE_USER",
    ]


def post_as(user: User | None, name: str, **variables: Any) -> str:
    """The sentence that a mutation is refused with beside its data."""
    from_user = {} if user is None else bearer(user)
    answer = post(document(name), headers=from_user, **variables).json()
    assert answer["data"] == {name: None}
    assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"
    sentence: str = answer["errors"][0]["message"]
    return sentence


def bearer(user: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {issue_tokens(user=user, now=NOW, issuer=issuer()).access}"}


def test_a_code_is_taken_off_by_its_words(tea: ProductVariant) -> None:
    key = begun(tea)["id"]
    done("checkoutAddPromoCode", checkoutId=key, promoCode="KHACHQUEN")

    left = done("checkoutRemovePromoCode", checkoutId=key, promoCode="KHACHQUEN")["checkout"]

    assert (left["voucherCode"], left["discount"], left["totalPrice"]) == (None, money(0), taxed(tea.price_vnd))


def test_a_payment_is_asked_for_and_looked_after(tea: ProductVariant) -> None:
    key = begun(tea, email=EMAIL, shippingAddress=HOME, billingAddress=HOME)["id"]
    pick_up = done("deliveryOptionsCalculate", id=key)["deliveries"][0]["id"]
    done("checkoutDeliveryMethodUpdate", id=key, deliveryMethodId=pick_up)
    total_vnd = draft_of(checkout_by_id(uuid.UUID(asked_token(key))), now=NOW).total_vnd
    gateway = {"id": "market40.vietqr"}

    configs = done("paymentGatewayInitialize", id=key, paymentGateways=[gateway, {"id": "saleor.io.dummy"}])
    begun_payment = done("transactionInitialize", id=key, paymentGateway=gateway)
    processed = done("transactionProcess", id=begun_payment["transaction"]["id"])

    item, code = TransactionItem.objects.get(checkout__isnull=False), PaymentCode.objects.get(checkout__isnull=False)
    ours, unknown = configs["gatewayConfigs"]
    assert ours == {
        "id": "market40.vietqr",
        "data": {
            "type": "vietqr",
            "amount": total_vnd,
            "currency": "VND",
            "bank": {"bin": code.bin, "short_name": ours["data"]["bank"]["short_name"]},
            "account_name": code.account_name,
        },
        "errors": [],
    }
    assert (unknown["id"], unknown["data"], unknown["errors"][0]["code"]) == ("saleor.io.dummy", None, "NOT_FOUND")
    assert begun_payment["transaction"] == {"id": gid("TransactionItem", item.pk), "actions": []}
    assert begun_payment["transactionEvent"] == {"type": "CHARGE_ACTION_REQUIRED", "message": ""}
    assert (begun_payment["data"]["amount"], begun_payment["data"]["reference"]) == (total_vnd, code.code)
    assert processed == begun_payment
    assert post_as(None, "transactionInitialize", id=key, paymentGateway=gateway, action="CHARGE") == (
        "To access this path, you need one of the following permissions: HANDLE_PAYMENTS"
    )


def test_programs_keep_texts_with_a_checkout_which_its_order_takes_over(tea: ProductVariant) -> None:
    key = begun(tea, email=EMAIL, metadata=[{"key": "nguồn", "value": "trang chủ"}])["id"]

    put = done("updateMetadata", id=key, input=[{"key": "quà", "value": "có"}])

    assert put["item"] == {
        "metadata": [{"key": "nguồn", "value": "trang chủ"}, {"key": "quà", "value": "có"}],
    }
    assert refused("updateMetadata", id=key, input=[{"key": " ", "value": "x"}]) == [("input", "REQUIRED")]
    assert refused("updateMetadata", id=gid("Category", 1), input=[]) == [("id", "GRAPHQL_ERROR")]
    assert refused("updateMetadata", id=gid("Checkout", uuid.uuid4()), input=[]) == [("id", "NOT_FOUND")]
