"""A shop's programs keep texts with what is the shop's; with another's as if it were not there."""

from __future__ import annotations

import pytest

from catalog.models import Product
from catalog.services import create_product
from marketplace.orders.models import Fulfillment, Order
from marketplace.orders.services.fulfilling import LineFulfilled, fulfil_order
from tests.api.asking import post
from tests.api.ids import gid
from tests.api.sellers.working import PERMISSION, an_agent_for, done, of, refusal
from tests.payments.factories import DAM_THUY, NENH, NOW, Shop, a_shop, an_order, code_of, fresh, pay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

PUT = """mutation($id: ID!, $input: [MetadataInput!]!) { updateMetadata(id: $id, input: $input) {
  item { metadata { key value } } errors { field code } } }"""
HIDE = """mutation($id: ID!, $input: [MetadataInput!]!) { updatePrivateMetadata(id: $id, input: $input) {
  item { privateMetadata { key value } } errors { field code } } }"""
DROP = """mutation($id: ID!, $keys: [String!]!) { deletePrivateMetadata(id: $id, keys: $keys) {
  item { privateMetadata { key value } } errors { field code } } }"""
TEXTS = [{"key": "kho", "value": "B2"}]
NOT_THERE = {"item": None, "errors": [{"field": "id", "code": "NOT_FOUND"}]}


def what_it_has(shop: Shop) -> dict[str, str]:
    """By the permission that Saleor wants: ids of what a shop may keep texts with, shown or not."""
    order = an_order(shop)
    pay(shop, code_of(order), order.total_vnd)
    line = fresh(order).lines.get()
    fulfil_order(actor=shop.owner, order=fresh(order), lines=[LineFulfilled(line.pk, 1)], now=NOW)
    draft = create_product(
        actor=shop.owner, vendor=shop.vendor, name="Chè", ocop_set=11, price_vnd=9_000, unit="hũ", quantity=1, now=NOW
    )
    return {
        gid("Product", draft.pk): "MANAGE_PRODUCTS",
        gid("ProductVariant", draft.variants.get().pk): "MANAGE_PRODUCTS",
        gid("Order", order.token): "MANAGE_ORDERS",
        gid("OrderLine", line.pk): "MANAGE_ORDERS",
        gid("Fulfillment", Fulfillment.objects.get().pk): "MANAGE_ORDERS",
    }


def test_a_shop_and_who_helps_it_keep_texts_with_its_own_and_others_find_nothing() -> None:
    shop, other = a_shop(), a_shop("Khác", commune=NENH)
    helper = an_agent_for(shop.owner, DAM_THUY)

    for id, permission in what_it_has(shop).items():
        assert refusal(HIDE, id=id, input=TEXTS) == PERMISSION + permission
        assert done(HIDE, of(other.owner), id=id, input=TEXTS) == NOT_THERE
        for hand in (of(shop.owner), helper):
            assert done(HIDE, hand, id=id, input=TEXTS) == {"item": {"privateMetadata": TEXTS}, "errors": []}
            assert done(DROP, hand, id=id, keys=["kho"]) == {"item": {"privateMetadata": []}, "errors": []}
    assert Order.objects.get().private_metadata == {}


def test_a_shops_own_product_takes_public_texts_and_anothers_is_absent() -> None:
    shop, other = a_shop(), a_shop("Khác", commune=NENH)
    own, absent = gid("Product", shop.variant.product_id), gid("Product", 2**40)

    anothers, nobodys = (post(PUT, headers=of(other.owner), id=id, input=TEXTS).json() for id in (own, absent))

    assert (anothers == nobodys, anothers["data"]) == (True, {"updateMetadata": NOT_THERE})
    assert Product.objects.get(pk=shop.variant.product_id).metadata == {}
    assert done(PUT, of(shop.owner), id=own, input=TEXTS) == {"item": {"metadata": TEXTS}, "errors": []}
    assert Product.objects.get(pk=shop.variant.product_id).metadata == {"kho": "B2"}
