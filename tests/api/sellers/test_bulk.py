"""Many products in one request: each row answered for itself, and how much one may bring."""

from __future__ import annotations

import json
from typing import Any

import pytest

from catalog.models import Product, ProductVariant
from tests.api.asking import raw
from tests.api.ids import gid
from tests.api.offices import a_person, signed_in
from tests.api.sellers.test_variants import UNIT, place_of
from tests.api.sellers.working import PERMISSION, done, of, refusal
from tests.catalog.factories import Shop, a_shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

BULK = """mutation($products: [ProductBulkCreateInput!]!, $policy: ErrorPolicyEnum) { productBulkCreate(
  products: $products, errorPolicy: $policy) { count
  results { product { name listing pricing { priceRange { start { gross { amount } } } } variants { name sku } }
            errors { path message code } }
  errors { path message code } } }"""
ONLINE = gid("Channel", 1)


def kind(price: float = 50_000, **more: Any) -> dict[str, Any]:
    return {"attributes": [UNIT], "channelListings": [{"channelId": ONLINE, "price": price}], **more}


def listing(channel: str = ONLINE, price: float = 50_000) -> dict[str, Any]:
    return {"channelId": channel, "price": price}


def lying(place: str = gid("Warehouse", 999_999)) -> dict[str, Any]:
    return {"warehouse": place, "quantity": 1}


def row(name: str = "Chè", **more: Any) -> dict[str, Any]:
    basics = {"name": name, "productType": gid("ProductType", 1), "category": gid("Category", 11)}
    return {**basics, "variants": [kind()], **more}


def brought(shop: Shop, *rows: dict[str, Any], policy: str | None = None) -> dict[str, Any]:
    return done(BULK, of(shop.owner), products=list(rows), policy=policy)


def test_rows_become_products_with_kinds_prices_and_stock_and_are_sent_to_review() -> None:
    shop = a_shop()
    lying = [{"warehouse": gid("Warehouse", place_of(shop.vendor).pk), "quantity": 5}]
    two = [kind(sku="A", stocks=lying), kind(90_000, name="Hũ to")]

    answer = brought(
        shop, row(), row("Miến", variants=two, channelListings=[{"channelId": ONLINE, "isPublished": True}])
    )

    def product(name: str, listing: str, *kinds: dict[str, Any]) -> dict[str, Any]:
        prices = {"priceRange": {"start": {"gross": {"amount": 50_000.0}}}}
        return {"name": name, "listing": listing, "pricing": prices, "variants": list(kinds)}

    assert answer == {
        "count": 2,
        "results": [
            {"product": product("Chè", "DRAFT", {"name": "hũ", "sku": None}), "errors": []},
            {
                "product": product("Miến", "IN_REVIEW", {"name": "hũ", "sku": "A"}, {"name": "Hũ to", "sku": None}),
                "errors": [],
            },
        ],
        "errors": [],
    }


@pytest.mark.parametrize("policy", [None, "IGNORE_FAILED"])
def test_the_same_rows_again_begin_nothing_new(policy: str | None) -> None:
    shop = a_shop()
    again = of(shop.owner) | {"Idempotency-Key": "6f2d3c1e-52c8-4d2c-9a55-1b6f3d7a9e04"}
    rows = [row(), row("Miến", channelListings=[{"channelId": ONLINE, "isPublished": True}])]

    first = done(BULK, again, products=rows, policy=policy)

    assert done(BULK, again, products=rows, policy=policy) == first
    assert [one["product"]["listing"] for one in first["results"]] == ["DRAFT", "IN_REVIEW"]
    assert (Product.objects.count(), ProductVariant.objects.count()) == (2, 2)
    other = done(BULK, again, products=[row("Trà"), rows[1]], policy="REJECT_FAILED_ROWS")
    assert [[(one["path"], one["code"]) for one in result["errors"]] for result in other["results"]] == [
        [(None, "UNIQUE")],
        [],
    ]


WRONG = row("Miến", variants=[kind(), kind(0, name="To")])
AT_PRICE = ("variants.1.channelListings.0.price", "INVALID")


@pytest.mark.parametrize(
    ("policy", "kept", "kinds"),
    [
        (None, [], 0),
        ("REJECT_EVERYTHING", [], 0),
        ("REJECT_FAILED_ROWS", ["Chè"], 1),
        ("IGNORE_FAILED", ["Chè", "Miến"], 2),
    ],
)
def test_the_policy_says_what_stays_where_a_kind_is_refused(policy: str | None, kept: list[str], kinds: int) -> None:
    answer = brought(a_shop(), row(), WRONG, policy=policy)

    errors = [[(one["path"], one["code"]) for one in result["errors"]] for result in answer["results"]]
    assert errors == [[], [AT_PRICE]]
    assert [one["product"]["name"] for one in answer["results"] if one["product"]] == kept
    assert (answer["count"], sorted(Product.objects.values_list("name", flat=True))) == (len(kept), kept)
    assert ProductVariant.objects.count() == kinds


@pytest.mark.parametrize(
    ("wrong", "path", "code"),
    [
        ({"name": None}, "name", "REQUIRED"),
        ({"name": " "}, "name", "REQUIRED"),
        ({"category": gid("Category", 77)}, "category", "INVALID"),
        ({"vendor": gid("Vendor", 999_999)}, "vendor", "NOT_FOUND"),
        ({"slug": "A B"}, "slug", "INVALID"),
        ({"variants": [kind(0.5)]}, "variants.0.channelListings.0.price", "INVALID"),
        (
            {"variants": [kind(), kind(channelListings=[listing(), listing("bad")])]},
            "variants.1.channelListings.1.channelId",
            "GRAPHQL_ERROR",
        ),
        (
            {"variants": [kind(channelListings=[listing(), listing(gid("Channel", 9))])]},
            "variants.0.channelListings.1.channelId",
            "NOT_FOUND",
        ),
        (
            {"variants": [kind(channelListings=[listing(), listing(), listing(price=6)])]},
            "variants.0.channelListings.2.price",
            "INVALID",
        ),
        ({"variants": [kind(stocks=[lying(), lying("bad")])]}, "variants.0.stocks.1.warehouse", "GRAPHQL_ERROR"),
        ({"variants": [kind(stocks=[lying()])]}, "variants.0.stocks.0.warehouse", "NOT_FOUND"),
        ({"variants": [kind() | {"attributes": []}]}, "variants.0.attributes", "REQUIRED"),
        ({"variants": [kind() | {"channelListings": []}]}, "variants.0.channelListings", "REQUIRED"),
        ({"variants": [kind(sku="A"), kind(name="x", sku="A")]}, "variants.1.sku", "UNIQUE"),
        ({"channelListings": [{"channelId": gid("Channel", 2)}]}, "channelListings.0.channelId", "INVALID"),
        (
            {"variants": [], "channelListings": [{"channelId": ONLINE, "isPublished": True}]},
            "channelListings.0",
            "INVALID",
        ),
    ],
)
def test_each_refusal_leads_to_its_part_of_the_row(wrong: dict[str, Any], path: str, code: str) -> None:
    answer = brought(a_shop(), row(**wrong), policy="REJECT_FAILED_ROWS")

    assert [(one["path"], one["code"]) for one in answer["results"][0]["errors"]] == [(path, code)]
    assert (answer["count"], Product.objects.count()) == (0, 0)


def test_another_shop_is_answered_as_one_that_is_not_there() -> None:
    shop, other = a_shop(), a_shop("Khác")

    answers = [
        brought(shop, row(vendor=gid("Vendor", key)), policy="IGNORE_FAILED")["results"]
        for key in (other.vendor.pk, 999_999)
    ]

    assert answers[0] == answers[1]
    assert not Product.objects.exists()
    assert refusal(BULK, signed_in(a_person()), products=[row()]) == PERMISSION + "MANAGE_PRODUCTS"


def test_a_hundred_products_fit_and_more_do_not() -> None:
    shop = a_shop()
    bare = {"variants": []}

    answer = brought(shop, *(row(f"Chè {number}", **bare) for number in range(101)))

    assert (answer["count"], answer["results"]) == (0, [])
    assert [(one["path"], one["code"]) for one in answer["errors"]] == [(None, "INVALID")]


def large(query: str, size: int) -> str:
    text = "a" * 4500
    rows = [
        row(f"Chè {number}", description=json.dumps({"blocks": [{"data": {"text": text}}]})) for number in range(5)
    ]
    body = json.dumps({"query": query, "variables": {"products": rows}})
    return body + " " * max(0, size - len(body))


def test_who_works_in_a_shop_may_bring_a_large_body_for_many_products_only() -> None:
    shop = a_shop()
    bulk = "a: productBulkCreate(products: $products) { count }"
    both = f"{bulk} b: checkoutCreate(input: {{}}) {{ __typename }}"
    other = f"mutation($products: [ProductBulkCreateInput!]!) {{ {both} }}"

    taken = raw(large(BULK, 0), headers=of(shop.owner))
    refused = [
        raw(large(BULK, 256 * 1024 + 1), headers=of(shop.owner)),
        raw(large(other, 0), headers=of(shop.owner)),
        raw(large(BULK, 0), headers=signed_in(a_person())),
        raw(large(BULK, 0)),
    ]

    assert (taken.status_code, taken.json()["data"]["productBulkCreate"]["count"]) == (200, 5)
    assert [answer.status_code for answer in refused] == [413] * 4
    assert Product.objects.count() == 5
