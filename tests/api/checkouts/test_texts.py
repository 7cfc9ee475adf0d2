"""Texts that programs keep at checkouts, orders, goods and people (Saleor: metadata)."""

from __future__ import annotations

import uuid

import pytest

from marketplace.orders.models import Checkout, CheckoutLine, Order
from marketplace.people.models import User
from tests.api.asking import ask
from tests.api.checkouts.steps import (
    COMPLETE,
    CREATE,
    DROP,
    NEEDS,
    NOT_THERE,
    PRIVATE,
    PUBLIC,
    bearer,
    created,
    forbidden,
    one,
    ready,
)
from tests.api.ids import gid
from tests.payments.factories import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


def test_texts_of_the_checkout_and_its_lines_become_the_orders(shop: Shop) -> None:
    texts = [{"key": "nguồn", "value": "trang chủ"}]
    key = ready(shop, metadata=texts, languageCode="EN", lines=[one(shop, metadata=texts)])

    order = ask(COMPLETE, id=key, metadata=[{"key": "quà", "value": "có"}])["checkoutComplete"]["order"]

    placed = Order.objects.get()
    assert order["metadata"] == [*texts, {"key": "quà", "value": "có"}]
    assert (placed.language_code, placed.lines.get().metadata) == ("en", {"nguồn": "trang chủ"})


def test_private_texts_are_for_the_shops_own_programs(shop: Shop, other: Shop) -> None:
    key, texts = created(shop)["id"], [{"key": "kho", "value": "B2"}]
    asked = {"id": key, "input": texts}

    assert forbidden(PRIVATE, **asked) == f"{NEEDS}MANAGE_CHECKOUTS"
    assert ask(PRIVATE, headers=bearer(other.owner.user_id), **asked)["updatePrivateMetadata"] == NOT_THERE
    assert forbidden(CREATE, input={"lines": [one(shop)], "privateMetadata": texts}) == f"{NEEDS}MANAGE_CHECKOUTS"
    assert Checkout.objects.get().private_metadata == {}
    assert ask(PRIVATE, headers=bearer(shop.owner.user_id), **asked)["updatePrivateMetadata"] == {
        "item": {
            "privateMetadata": texts,
            "privateMetafield": "B2",
            "privateMetafields": {"kho": "B2"},
            "metafield": None,
            "metafields": {},
        },
        "errors": [],
    }
    hidden = "query($id: ID) { checkout(id: $id) { privateMetadata { key } } }"
    assert forbidden(hidden, user=other.owner.user_id, id=key) == f"{NEEDS}MANAGE_CHECKOUTS"


def test_goods_and_people_keep_texts_of_those_whose_they_are(shop: Shop, other: Shop, buyer: User) -> None:
    product, variant = gid("Product", shop.variant.product_id), gid("ProductVariant", shop.variant.pk)
    person, texts = gid("User", buyer.pk), [{"key": "mã", "value": "7"}]
    done = {"item": {"metadata": texts}, "errors": []}

    for key in (product, variant):
        for stranger in (None, buyer):
            assert forbidden(PUBLIC, user=stranger, id=key, input=texts) == f"{NEEDS}MANAGE_PRODUCTS"
        assert ask(PUBLIC, headers=bearer(other.owner.user_id), id=key, input=texts)["updateMetadata"] == NOT_THERE
        assert ask(PUBLIC, headers=bearer(shop.owner.user_id), id=key, input=texts)["updateMetadata"] == done
    absent = gid("Product", 2**40)
    assert ask(PUBLIC, headers=bearer(shop.owner.user_id), id=absent, input=texts)["updateMetadata"] == NOT_THERE
    assert forbidden(PUBLIC, user=shop.owner.user_id, id=person, input=texts) == f"{NEEDS}MANAGE_USERS"
    assert ask(PUBLIC, headers=bearer(buyer), id=person, input=texts)["updateMetadata"] == done
    assert ask(DROP, headers=bearer(buyer), id=person, keys=["mã", "khác"])["deleteMetadata"] == {
        "item": {"metadata": []},
        "errors": [],
    }


def test_lines_orders_and_hand_overs_keep_texts(shop: Shop) -> None:
    key, texts = ready(shop), [{"key": "mã", "value": "7"}]
    line = gid("CheckoutLine", CheckoutLine.objects.get().pk)
    done = {"item": {"metadata": texts}, "errors": []}

    assert ask(PUBLIC, id=line, input=texts)["updateMetadata"] == done
    order = ask(COMPLETE, id=key)["checkoutComplete"]["order"]["id"]
    assert ask(PUBLIC, id=order, input=texts)["updateMetadata"] == done
    assert ask(PUBLIC, id=gid("OrderLine", Order.objects.get().lines.get().pk), input=[])["updateMetadata"] == done
    assert forbidden(PUBLIC, id=gid("Fulfillment", 1), input=texts) == f"{NEEDS}MANAGE_ORDERS"
    for missing in (gid("Checkout", uuid.uuid4()), gid("Order", uuid.uuid4())):
        assert ask(PUBLIC, id=missing, input=texts)["updateMetadata"] == NOT_THERE
