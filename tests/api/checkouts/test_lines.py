"""What clients do with baskets and lines of checkouts."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from catalog.models import Product
from marketplace.orders.models import Checkout, CheckoutLine
from tests.api.asking import ask, post
from tests.api.checkouts.steps import ADD, BASKET, CREATE, DELETE, DELETE_ONE, NEEDS, UPDATE, created, forbidden, one
from tests.api.ids import gid
from tests.payments.factories import Shop, goods

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


def test_checkouts_of_several_shops_are_one_basket_under_one_token(shop: Shop, other: Shop) -> None:
    first = created(shop)
    second = created(other, basket=first["basket"])
    again = ask(CREATE, input={"lines": [one(other, 2)], "basket": first["basket"]})["checkoutCreate"]["checkout"]
    alone = created(other)

    found = ask(BASKET, token=first["basket"])["marketBasket"]

    # Made at one moment, they come in any order.
    found["checkouts"].sort(key=lambda checkout: checkout["id"] != first["id"])
    assert found == {
        "token": first["basket"],
        "quantity": 4,
        "subtotalPrice": {"gross": {"amount": 240_000.0}},
        "checkouts": [
            {"id": first["id"], "vendor": {"slug": shop.vendor.slug}},
            {"id": second["id"], "vendor": {"slug": other.vendor.slug}},
        ],
    }
    assert (again["id"], again["quantity"]) == (second["id"], 3)
    assert len({first["basket"], alone["basket"]}) == 2
    assert ask(BASKET, token=str(uuid.uuid4()))["marketBasket"] is None
    assert forbidden_token("không phải")


def forbidden_token(text: str) -> bool:
    return post(BASKET, token=text).status_code == 400


@pytest.mark.parametrize("how", [ADD, UPDATE])
def test_goods_of_another_shop_are_sent_to_the_checkout_that_takes_them(shop: Shop, other: Shop, how: str) -> None:
    here = created(shop)
    name = "checkoutLinesAdd" if how == ADD else "checkoutLinesUpdate"
    alone = ask(how, id=here["id"], lines=[one(other)])[name]
    beside = created(other, basket=here["basket"])
    together = ask(how, id=here["id"], lines=[one(shop), one(other)])[name]

    refusal = {
        "field": "lines",
        "code": "INVALID",
        "variants": [gid("ProductVariant", other.variant.pk)],
        "lines": None,
        "addressType": None,
    }
    only = "Mỗi đơn chỉ gồm hàng của một gian hàng."
    assert (alone["checkout"], together["checkout"]) == (None, None)
    assert alone["errors"] == [
        {**refusal, "message": f"{only} Bạn tạo giỏ hàng mới cho Hộ Hạnh nhé.", "checkoutId": None}
    ]
    assert together["errors"] == [
        {
            **refusal,
            "message": f"{only} Giỏ hàng của Hộ Hạnh có rồi, bạn thêm món này vào đó nhé.",
            "checkoutId": beside["id"],
        }
    ]
    assert list(CheckoutLine.objects.order_by("made_at").values_list("quantity", flat=True)) == [1, 1]


def test_lines_are_set_to_quantities_and_what_becomes_less_is_always_taken(shop: Shop) -> None:
    checkout = created(shop)
    line, (second, _stock) = checkout["lines"][0]["id"], goods(shop.vendor, quantity=3)
    more = {"variantId": gid("ProductVariant", second.pk), "quantity": 4}
    too_many = ask(UPDATE, id=checkout["id"], lines=[{"lineId": line, "quantity": 2}, more])["checkoutLinesUpdate"]
    assert [(error["code"], error["variants"]) for error in too_many["errors"]] == [
        ("INSUFFICIENT_STOCK", [more["variantId"]])
    ]
    texts = [{"key": "lời", "value": "gói quà"}]
    changes = [{"lineId": line, "quantity": 2, "metadata": texts}, more | {"quantity": 3}]
    risen = [ask(UPDATE, id=checkout["id"], lines=changes)["checkoutLinesUpdate"]["checkout"] for _time in range(2)]
    shop.stock.quantity = 0
    shop.stock.save()

    fallen = ask(UPDATE, id=checkout["id"], lines=[{"lineId": line, "quantity": 1}])["checkoutLinesUpdate"]

    assert risen[0] == risen[1]
    assert [(one["quantity"], one["metadata"]) for one in risen[0]["lines"]] == [(2, texts), (3, [])]
    assert [one["quantity"] for one in fallen["checkout"]["lines"]] == [1, 3]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"quantity": -1}, "quantity", "ZERO_QUANTITY"),
        ({"quantity": 1001}, "quantity", "QUANTITY_GREATER_THAN_LIMIT"),
        ({}, "quantity", "REQUIRED"),
        ({"quantity": 1, "variantId": gid("ProductVariant", 1)}, "lineId", "INVALID"),
        ({"quantity": 1, "lineId": "x"}, "lineId", "GRAPHQL_ERROR"),
        ({"quantity": 1, "lineId": gid("CheckoutLine", uuid.uuid4())}, "lineId", "GRAPHQL_ERROR"),
        ({"quantity": 1, "lineId": None, "variantId": gid("ProductVariant", 2**62)}, "variantId", "NOT_FOUND"),
        (
            {"quantity": 1, "priceOverrideReason": "rẻ"},
            "priceOverrideReason",
            "PRICE_OVERRIDE_REASON_WITHOUT_OVERRIDE",
        ),
        ({"quantity": 1, "metadata": [{"key": "", "value": ""}]}, "input", "REQUIRED"),
    ],
)
def test_a_change_that_cannot_be_leaves_all_lines_as_they_are(
    shop: Shop, change: dict[str, Any], field: str, code: str
) -> None:
    checkout = created(shop)
    line = checkout["lines"][0]["id"]

    refused = ask(UPDATE, id=checkout["id"], lines=[one(shop, 5), {"lineId": line, **change}])["checkoutLinesUpdate"]

    assert [(error["field"], error["code"]) for error in refused["errors"]] == [(field, code)]
    assert CheckoutLine.objects.get().quantity == 1


def test_prices_are_the_shops_and_a_second_line_of_a_variant_is_refused(shop: Shop) -> None:
    cheap = one(shop, price=1)

    assert forbidden(CREATE, input={"lines": [cheap]}) == f"{NEEDS}HANDLE_CHECKOUTS"
    twice = ask(CREATE, input={"lines": [one(shop, forceNewLine=True), one(shop)]})["checkoutCreate"]
    assert [(error["field"], error["code"]) for error in twice["errors"]] == [("forceNewLine", "INVALID")]
    assert not Checkout.objects.exists()


def test_lines_that_are_not_the_checkouts_are_named_and_none_is_taken_out(shop: Shop) -> None:
    checkout, stranger = created(shop), created(shop)["lines"][0]["id"]
    mine = checkout["lines"][0]["id"]

    refused = ask(DELETE, id=checkout["id"], lines=[mine, stranger])["checkoutLinesDelete"]

    assert [(error["field"], error["code"], error["lines"]) for error in refused["errors"]] == [
        ("lineId", "INVALID", [stranger])
    ]
    assert CheckoutLine.objects.count() == 2
    assert ask(DELETE, id=checkout["id"], lines=[mine])["checkoutLinesDelete"]["checkout"]["lines"] == []


@pytest.mark.parametrize("name", ["id", "which", "token"])
def test_one_line_is_taken_out_by_the_mutation_of_older_saleors(shop: Shop, name: str) -> None:
    (second, _stock), checkout = goods(shop.vendor, quantity=3), created(shop)
    first, more = checkout["lines"][0], {"variantId": gid("ProductVariant", second.pk), "quantity": 2}
    both = ask(ADD, id=checkout["id"], lines=[more])["checkoutLinesAdd"]["checkout"]["lines"]
    kept = next(line for line in both if line["id"] != first["id"])
    known_by = {name: checkout["token" if name == "token" else "id"]}

    left = ask(DELETE_ONE, line=first["id"], **known_by)["checkoutLineDelete"]

    assert left["errors"] == []
    assert (left["checkout"]["id"], left["checkout"]["lines"]) == (checkout["id"], [kept])
    assert CheckoutLine.objects.get().quantity == 2


def test_a_line_that_is_not_there_to_be_taken_out_is_named_and_all_others_stay(shop: Shop) -> None:
    checkout, stranger = created(shop), created(shop)["lines"][0]["id"]

    def refused(line: str | None, key: str = checkout["id"]) -> list[tuple[str, str, list[str] | None]]:
        answer = ask(DELETE_ONE, id=key, line=line)["checkoutLineDelete"]
        assert answer["checkout"] is None
        return [(error["field"], error["code"], error["lines"]) for error in answer["errors"]]

    assert refused(stranger) == [("lineId", "INVALID", [stranger])]
    assert refused(None) == [("lineId", "REQUIRED", None)]
    assert refused("x") == [("lineId", "GRAPHQL_ERROR", None)]
    assert refused(stranger, gid("Checkout", uuid.uuid4())) == [("id", "NOT_FOUND", None)]
    assert CheckoutLine.objects.count() == 2


def test_alcohol_without_a_declared_age_is_refused_with_the_header_that_declares_it(shop: Shop) -> None:
    Product.objects.filter(pk=shop.variant.product_id).update(is_alcohol=True)
    wanted = {"lines": [one(shop)]}

    refused = ask(CREATE, input=wanted)["checkoutCreate"]["errors"]
    declared = ask(CREATE, headers={"X-Age-Declared": "18"}, input=wanted)["checkoutCreate"]["errors"]

    assert [(error["field"], error["message"]) for error in refused] == [
        (
            None,
            "Rượu bia chỉ bán cho người từ 18 tuổi. Người mua xác nhận tuổi rồi thì gửi kèm X-Age-Declared: 18.",
        )
    ]
    assert refused[0]["variants"] == [gid("ProductVariant", shop.variant.pk)]
    assert declared == []
