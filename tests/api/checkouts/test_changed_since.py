"""What clients find of a checkout whose addresses, texts and basket changed since they asked first."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.orders.models import Checkout, CheckoutLine, Order
from marketplace.orders.services import metadata
from marketplace.people.models import User
from tests.api.asking import ask
from tests.api.checkouts.steps import (
    CHOOSE,
    COMPLETE,
    CREATE,
    HOME,
    NOT_THERE,
    OFFER,
    PAY,
    PUBLIC,
    SHIP,
)
from tests.api.ids import gid
from tests.api.offices import signed_in
from tests.payments.factories import Shop, an_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


def one_of(shop: Shop) -> Any:
    """A new checkout with one of the shop's goods."""
    lines = [{"variantId": gid("ProductVariant", shop.variant.pk), "quantity": 1}]
    return ask(CREATE, input={"lines": lines})["checkoutCreate"]["checkout"]


def test_the_token_of_a_basket_is_the_markets_and_nobody_brings_their_own(shop: Shop, other: Shop) -> None:
    chosen = {"checkout": None, "errors": [{"field": "basket", "code": "NOT_FOUND"}]}
    create = """mutation($input: CheckoutCreateInput!) { checkoutCreate(input: $input)
      { checkout { basket } errors { field code } } }"""

    def into(basket: object, at: Shop) -> Any:
        lines = [{"variantId": gid("ProductVariant", at.variant.pk), "quantity": 1}]
        return ask(create, input={"lines": lines, "basket": basket})["checkoutCreate"]

    assert into("6f2d3c1e-52c8-4d2c-9a55-1b6f3d7a9e04", shop) == chosen
    assert Checkout.objects.count() == 0
    basket = one_of(shop)["basket"]
    assert into(basket, other) == {"checkout": {"basket": basket}, "errors": []}
    ordered = Order.objects.filter(pk=an_order(shop).pk)
    ordered.update(basket="0f2d3c1e-52c8-4d2c-9a55-1b6f3d7a9e04")
    assert into("0f2d3c1e-52c8-4d2c-9a55-1b6f3d7a9e04", other)["errors"] == []


def test_a_checkout_that_is_asked_for_again_keeps_the_address_and_the_hold_that_it_got_since(shop: Shop) -> None:
    key = {"Idempotency-Key": "6f2d3c1e-52c8-4d2c-9a55-1b6f3d7a9e04"}
    lines = [{"variantId": gid("ProductVariant", shop.variant.pk), "quantity": 1}]
    wanted = {"lines": lines, "email": "mo@example.vn", "shippingAddress": HOME, "billingAddress": HOME}
    made = ask(CREATE, headers=key, input=wanted)["checkoutCreate"]
    checkout_id = made["checkout"]["id"]
    moved = ask(SHIP, id=checkout_id, address={**HOME, "streetAddress1": "Tổ 2"})["checkoutShippingAddressUpdate"]
    (way,) = ask(OFFER, id=checkout_id)["deliveryOptionsCalculate"]["deliveries"][-1:]
    ask(CHOOSE, id=checkout_id, delivery=way["id"])
    ask(PAY, id=checkout_id)
    shop.stock.refresh_from_db()
    assert (moved["errors"], shop.stock.reserved) == ([], 1)

    again = ask(CREATE, headers=key, input=wanted)["checkoutCreate"]
    elsewhere = {**wanted, "shippingAddress": {**HOME, "streetAddress1": "Tổ 3"}}
    other = ask(CREATE, headers=key, input=elsewhere)["checkoutCreate"]

    shop.stock.refresh_from_db()
    kept = Checkout.objects.select_related("shipping_address").get(pk=made["checkout"]["token"])
    assert kept.shipping_address is not None
    assert (again["checkout"]["id"], kept.shipping_address.street_address_1) == (checkout_id, "Tổ 2")
    assert (shop.stock.reserved, [one["code"] for one in other["errors"]]) == (1, ["UNIQUE"])


def test_an_address_that_is_refused_opens_no_checkout_and_says_which_it_is(shop: Shop) -> None:
    lines = [{"variantId": gid("ProductVariant", shop.variant.pk), "quantity": 1}]

    for name, kind in (("shippingAddress", "SHIPPING"), ("billingAddress", "BILLING")):
        wanted = {"lines": lines, name: {**HOME, "phone": "12"}}
        refused = ask(CREATE, input=wanted)["checkoutCreate"]
        assert (refused["checkout"], refused["errors"][0]["addressType"]) == (None, kind)
    assert Checkout.objects.count() == 0


def test_an_order_leaves_its_buyer_one_address_for_goods_and_one_for_bills(shop: Shop, buyer: User) -> None:
    me = "{ me { defaultShippingAddress { streetAddress1 } defaultBillingAddress { streetAddress1 } } }"
    firm, other = {**HOME, "streetAddress1": "Công ty"}, {**HOME, "streetAddress1": "Chi nhánh"}

    def sold(**addresses: Any) -> list[str]:
        lines = [{"variantId": gid("ProductVariant", shop.variant.pk), "quantity": 1}]
        made = ask(CREATE, headers=signed_in(buyer), input={"lines": lines, **addresses})["checkoutCreate"]
        checkout_id = made["checkout"]["id"]
        way = ask(OFFER, id=checkout_id)["deliveryOptionsCalculate"]["deliveries"][-1]
        ask(CHOOSE, id=checkout_id, delivery=way["id"])
        assert ask(COMPLETE, headers=signed_in(buyer), id=checkout_id)["checkoutComplete"]["errors"] == []
        return [one["streetAddress1"] for one in ask(me, headers=signed_in(buyer))["me"].values()]

    assert sold(shippingAddress=HOME, billingAddress=firm) == ["Xóm Bản Giốc", "Công ty"]
    assert sold(shippingAddress=HOME, billingAddress=other) == ["Xóm Bản Giốc", "Công ty"]
    assert sold(shippingAddress=other, billingAddress=other) == ["Chi nhánh", "Công ty"]


def test_texts_for_a_checkout_that_became_an_order_meanwhile_find_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = one_of(shop)
    monkeypatch.setattr(metadata, "_require_hand", lambda *_asked, **_more: Checkout.objects.all().delete())

    assert ask(PUBLIC, id=checkout["id"], input=[])["updateMetadata"] == NOT_THERE


def test_texts_of_a_line_that_was_taken_out_meanwhile_are_kept_nowhere(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = one_of(shop)["lines"][0]

    def changed_and_taken_out(**asked: Any) -> Any:
        row = metadata.change_metadata(**asked)
        CheckoutLine.objects.all().delete()
        return row

    monkeypatch.setattr("marketplace.api.graphql.mutations.metadata.change_metadata", changed_and_taken_out)

    assert ask(PUBLIC, id=line["id"], input=[])["updateMetadata"] == {"item": None, "errors": []}
