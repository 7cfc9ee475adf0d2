"""Saleor's storefront opens a checkout before anything is put in, and keeps it when all is taken out."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.orders.models import Order
from tests.api.asking import ask, post
from tests.api.checkouts.steps import (
    ADD,
    CHOOSE,
    COMPLETE,
    DELETE,
    HOME,
    OFFER,
    PAY,
    PRIVATE,
    SHIP,
    bearer,
    one,
)
from tests.api.ids import gid
from tests.payments.factories import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

ALL = """id quantity vendor { slug } lines { quantity } shippingMethods { id } availablePaymentGateways { id }
  problems { __typename } totalPrice { gross { amount } } deliveryMethod { __typename } chargeStatus"""
OPEN = f"""mutation($input: CheckoutCreateInput!) {{ checkoutCreate(input: $input)
  {{ checkout {{ {ALL} }} errors {{ code }} }} }}"""
LOOK = f"query($id: ID) {{ checkout(id: $id) {{ {ALL} }} }}"
EMAIL = """mutation($id: ID, $email: String!) { checkoutEmailUpdate(id: $id, email: $email)
  { checkout { email } errors { code } } }"""
GATEWAYS = """mutation($id: ID!) { paymentGatewayInitialize(id: $id)
  { gatewayConfigs { id } errors { field code } } }"""
TRANSACTIONS = "query($id: ID) { checkout(id: $id) { transactions { id } } }"
EMPTY = {
    "quantity": 0,
    "vendor": None,
    "lines": [],
    "shippingMethods": [],
    "availablePaymentGateways": [],
    "problems": [],
    "totalPrice": {"gross": {"amount": 0.0}},
    "deliveryMethod": None,
    "chargeStatus": "NONE",
}


@pytest.mark.parametrize("given", [{"lines": []}, {}, {"lines": None}])
def test_a_checkout_is_opened_empty_and_sells_what_is_put_in(shop: Shop, given: dict[str, Any]) -> None:
    opened = ask(OPEN, input={"channel": "online", "languageCode": "VI", **given})["checkoutCreate"]
    key = opened["checkout"].pop("id")
    assert opened == {"checkout": EMPTY, "errors": []}
    assert ask(LOOK, id=key)["checkout"] == {"id": key, **EMPTY}

    assert ask(ADD, id=key, lines=[one(shop, 2)])["checkoutLinesAdd"]["errors"] == []
    found = ask(LOOK, id=key)["checkout"]
    assert (found["vendor"], found["quantity"]) == ({"slug": shop.vendor.slug}, 2)
    assert found["availablePaymentGateways"] == [{"id": "market40.vietqr"}]
    ask(EMAIL, id=key, email="mo@example.vn")
    ask(SHIP, id=key, address=HOME)
    way = ask(OFFER, id=key)["deliveryOptionsCalculate"]["deliveries"][-1]["id"]
    ask(CHOOSE, id=key, delivery=way)

    assert ask(COMPLETE, id=key)["checkoutComplete"]["errors"] == []
    assert Order.objects.get().total_vnd == 130_000


def test_an_empty_checkout_is_answered_by_every_step_and_sells_nothing(shop: Shop) -> None:
    key = ask(OPEN, input={"lines": []})["checkoutCreate"]["checkout"]["id"]

    assert ask(EMAIL, id=key, email="mo@example.vn")["checkoutEmailUpdate"]["errors"] == []
    assert ask(SHIP, id=key, address=HOME)["checkoutShippingAddressUpdate"]["errors"] == []
    assert ask(OFFER, id=key)["deliveryOptionsCalculate"] == {"deliveries": []}
    assert ask(COMPLETE, id=key)["checkoutComplete"]["errors"] == [{"field": "lines", "code": "NO_LINES"}]
    paying = ask(PAY, id=key)["transactionInitialize"]["errors"]
    gateways = ask(GATEWAYS, id=key)["paymentGatewayInitialize"]["errors"]
    assert [error["field"] for error in (*paying, *gateways)] == ["lines", "lines"]
    texts = [{"key": "kho", "value": "B2"}]
    private = ask(PRIVATE, headers=bearer(shop.owner.user_id), id=key, input=texts)["updatePrivateMetadata"]
    assert private == {"item": None, "errors": [{"field": "id", "code": "NOT_FOUND"}]}
    refused = post(TRANSACTIONS, headers=bearer(shop.owner.user_id), id=key).json()
    assert refused["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"


def test_a_checkout_that_was_emptied_sells_another_shops_goods(shop: Shop, other: Shop) -> None:
    key = ask(OPEN, input={"lines": [one(shop)]})["checkoutCreate"]["checkout"]["id"]
    lines = ask("query($id: ID) { checkout(id: $id) { lines { id } } }", id=key)["checkout"]["lines"]
    ask(DELETE, id=key, lines=[line["id"] for line in lines])

    added = ask(ADD, id=key, lines=[one(other)])["checkoutLinesAdd"]

    assert added["errors"] == []
    assert added["checkout"]["lines"][0]["variant"] == {"id": gid("ProductVariant", other.variant.pk)}
    assert ask(LOOK, id=key)["checkout"]["vendor"] == {"slug": other.vendor.slug}
