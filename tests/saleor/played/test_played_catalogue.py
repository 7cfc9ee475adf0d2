"""The played Saleor keeps goods as a running 3.24 did: what it refuses, and how it hands out long lists."""

from __future__ import annotations

from typing import Any

import pytest

from tests.saleor.played.conftest import asked
from tests.saleor.played.saleor import PlayedSaleor
from tests.saleor.played.world import Thing

MAKE = """
mutation Make($products: [ProductBulkCreateInput!]!, $policy: ErrorPolicyEnum) {
  productBulkCreate(products: $products, errorPolicy: $policy) {
    count results { product { slug } errors { path code } } errors { code } } }
"""
LIST = """
query List($first: Int, $after: String) { products(first: $first, after: $after) {
  edges { node { slug } } pageInfo { hasNextPage endCursor } totalCount } }
"""


@pytest.fixture
def token(played: PlayedSaleor) -> str:
    app = played.add_app(permissions={"MANAGE_PRODUCTS"})
    return str(app["authToken"])


@pytest.fixture
def kind(played: PlayedSaleor) -> Thing:
    """The product type of a product that is there."""
    product_type: Thing = played.make_product("Trà", 100_000, slug="tra")["productType"]
    return product_type


def row(played: PlayedSaleor, kind: Thing, slug: str, *, price: Any = 50_000, sku: str | None = None) -> Thing:
    channel = played.channel["id"]
    prices = [{"channelId": channel, "price": price}]
    return {
        "name": slug,
        "slug": slug,
        "productType": kind["id"],
        "channelListings": [{"channelId": channel, "isPublished": False}],
        "variants": [{"attributes": [], "sku": sku, "channelListings": prices}],
    }


def make(played: PlayedSaleor, token: str, rows: list[Thing], policy: str | None = None) -> Thing:
    answer = asked(played, MAKE, {"products": rows, "policy": policy}, token=token)
    made: Thing = answer["data"]["productBulkCreate"]
    return made


@pytest.mark.parametrize(
    ("wrong", "path", "code"),
    [
        ({"slug": "tra"}, "slug", "UNIQUE"),
        ({"slug": "moi", "price": 50_000.5}, "variants.0.channelListings.0.price", "INVALID_PRICE"),
        ({"slug": "moi", "sku": "A1"}, "variants.0.sku", "UNIQUE"),
    ],
)
def test_a_wrong_row_is_left_out_or_stops_all_as_the_policy_says(
    played: PlayedSaleor, token: str, kind: Thing, wrong: dict[str, Any], path: str, code: str
) -> None:
    rows = [row(played, kind, "mat-ong", sku="A1"), row(played, kind, **wrong)]

    everything = make(played, token, rows)
    assert (everything["count"], played.world.first("Product", slug="mat-ong")) == (0, None)
    failed = make(played, token, rows, "REJECT_FAILED_ROWS")

    assert (failed["count"], [one["product"] for one in failed["results"]]) == (1, [{"slug": "mat-ong"}, None])
    assert failed["results"][1]["errors"] == [{"path": path, "code": code}]


def test_without_the_permission_no_goods_are_made(played: PlayedSaleor, kind: Thing) -> None:
    app = played.add_app(permissions={"MANAGE_ORDERS"})

    answer = asked(played, MAKE, {"products": []}, token=app["authToken"])

    assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"


def test_a_list_comes_in_pages_of_a_hundred_at_most_by_cursors(played: PlayedSaleor, token: str) -> None:
    for number in range(7):
        played.make_product(f"Món {number}", 10_000, slug=f"mon-{6 - number}")

    slugs, after = [], None
    while True:
        page = asked(played, LIST, {"first": 3, "after": after}, token=token)["data"]["products"]
        slugs += [edge["node"]["slug"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]

    assert (slugs, page["totalCount"]) == ([f"mon-{number}" for number in range(7)], 7)
    without, large = (asked(played, LIST, {"first": size}, token=token) for size in (None, 101))
    assert "You must provide a `first` or `last`" in without["errors"][0]["message"]
    assert "exceeds the limit" in large["errors"][0]["message"]


def test_goods_of_an_order_are_set_aside_until_they_are_sent(played: PlayedSaleor) -> None:
    variant = played.make_product("Trà", 100_000, stock=10)["variants"][0]
    [stock] = variant["stocks"]

    sent, called_off = played.make_order((variant, 3)), played.make_order((variant, 2))
    assert (stock["quantity"], stock["quantityAllocated"]) == (10, 5)
    played.fulfill(sent)
    played.cancel(called_off)

    assert (stock["quantity"], stock["quantityAllocated"]) == (7, 0)
    assert (sent["status"], called_off["status"]) == ("FULFILLED", "CANCELED")
