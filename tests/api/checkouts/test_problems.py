"""What stands against ordering a checkout, told as Saleor tells it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from catalog.models import Product, ProductVariant, Stock
from marketplace.orders.models import Checkout, DeliveryRate
from marketplace.orders.services.checkouts import choose_delivery, offer_deliveries, set_shipping_address
from marketplace.orders.services.codes import reserve_checkout
from tests.api.asking import ask
from tests.api.ids import gid
from tests.orders import factories as orders
from tests.orders.factories import NOW
from vendors.models import Vendor, Warehouse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

PROBLEMS = """query($id: ID) { checkout(id: $id) { problems { __typename
  ... on CheckoutLineProblemInsufficientStock { availableQuantity line { id } variant { id product { name } } }
  ... on CheckoutLineProblemVariantNotAvailable { line { id quantity } }
  ... on CheckoutProblemDeliveryMethodStale { delivery { id shippingMethod { price { amount } } } }
  ... on CheckoutProblemDeliveryMethodInvalid { delivery { id } } }
  lines { id problem problems { __typename } } } }"""


@pytest.fixture
def shop(db: None) -> Vendor:
    return orders.a_shop(rates={"same_province": 20_000})


def asked(checkout: Checkout) -> dict[str, Any]:
    found: dict[str, Any] = ask(PROBLEMS, id=gid("Checkout", checkout.pk))["checkout"]
    return found


def kinds(checkout: Checkout) -> list[str]:
    return [problem["__typename"] for problem in asked(checkout)["problems"]]


def sent(variant: ProductVariant) -> Checkout:
    """A checkout with one of these, to be sent within the province for 20,000 đồng."""
    checkout = orders.a_checkout((variant, 1))
    set_shipping_address(checkout_id=checkout.pk, address=orders.an_address(), now=NOW)
    rate = next(one for one in offer_deliveries(checkout_id=checkout.pk, now=NOW) if one.rate_id)
    return choose_delivery(checkout_id=checkout.pk, delivery_id=rate.pk, now=NOW)


def test_a_checkout_that_can_be_ordered_has_no_problem(shop: Vendor) -> None:
    checkout = sent(orders.a_variant(shop))
    line = checkout.lines.get()

    assert asked(checkout) == {
        "problems": [],
        "lines": [{"id": gid("CheckoutLine", line.pk), "problem": None, "problems": []}],
    }


def test_a_line_that_wants_more_than_is_left_says_how_many_are(shop: Vendor) -> None:
    variant = orders.a_variant(shop, name="Mật ong", quantity=5, unit="hũ")
    checkout = orders.a_checkout((variant, 4))
    Stock.objects.filter(variant=variant).update(quantity=3)
    line = gid("CheckoutLine", checkout.lines.get().pk)

    found = asked(checkout)

    assert found["problems"] == [
        {
            "__typename": "CheckoutLineProblemInsufficientStock",
            "availableQuantity": 3,
            "line": {"id": line},
            "variant": {"id": gid("ProductVariant", variant.pk), "product": {"name": "Mật ong"}},
        }
    ]
    assert found["lines"][0]["problems"] == [{"__typename": "CheckoutLineProblemInsufficientStock"}]
    assert found["lines"][0]["problem"] is not None


def test_goods_that_are_sold_out_have_none_left_and_never_fewer(shop: Vendor) -> None:
    variant = orders.a_variant(shop, quantity=2)
    checkout = orders.a_checkout((variant, 1))
    orders.an_order((variant, 2))
    Warehouse.objects.filter(vendor=shop).update(is_active=False)

    assert asked(checkout)["problems"][0]["availableQuantity"] == 0


@pytest.mark.parametrize("how", ["withdrawn", "kind not sold", "shop refused", "age not declared"])
def test_goods_that_are_not_sold_are_not_available_however_many_are_left(shop: Vendor, how: str) -> None:
    variant = orders.a_variant(shop, alcohol=how == "age not declared")
    checkout = orders.a_checkout((variant, 2), age_declared=True)
    line = checkout.lines.get()
    if how == "withdrawn":
        Product.objects.filter(pk=variant.product_id).update(listing=Product.Listing.WITHDRAWN)
    elif how == "kind not sold":
        ProductVariant.objects.filter(pk=variant.pk).update(is_active=False)
    elif how == "shop refused":
        Vendor.objects.filter(pk=shop.pk).update(verification=Vendor.Verification.DECLARED)
    else:
        Checkout.objects.filter(pk=checkout.pk).update(age_declared=False)

    assert asked(checkout)["problems"] == [
        {
            "__typename": "CheckoutLineProblemVariantNotAvailable",
            "line": {"id": gid("CheckoutLine", line.pk), "quantity": 2},
        }
    ]


def test_a_delivery_whose_price_changed_is_stale_until_it_is_chosen_again(shop: Vendor) -> None:
    checkout = sent(orders.a_variant(shop))
    DeliveryRate.objects.filter(vendor=shop).update(price_vnd=25_000)

    before = asked(checkout)["problems"]
    choose_delivery(checkout_id=checkout.pk, delivery_id=checkout.delivery_id, now=NOW)

    assert before == [
        {
            "__typename": "CheckoutProblemDeliveryMethodStale",
            "delivery": {
                "id": gid("CheckoutDelivery", checkout.delivery_id),
                "shippingMethod": {"price": {"amount": 20_000.0}},
            },
        }
    ]
    assert kinds(checkout) == []


def test_a_delivery_that_is_offered_no_more_is_invalid(shop: Vendor) -> None:
    checkout = sent(orders.a_variant(shop))
    DeliveryRate.objects.filter(vendor=shop).update(is_active=False)

    assert asked(checkout)["problems"] == [
        {
            "__typename": "CheckoutProblemDeliveryMethodInvalid",
            "delivery": {"id": gid("CheckoutDelivery", checkout.delivery_id)},
        }
    ]


def test_what_a_buyer_was_asked_to_pay_stands_while_it_is_held(shop: Vendor) -> None:
    checkout = sent(orders.a_variant(shop))
    reserve_checkout(checkout_id=checkout.pk, now=NOW)
    DeliveryRate.objects.filter(vendor=shop).update(price_vnd=25_000)
    held = kinds(checkout)
    Checkout.objects.filter(pk=checkout.pk).update(reserved_until=NOW - timedelta(seconds=1))

    assert (held, kinds(checkout)) == ([], ["CheckoutProblemDeliveryMethodStale"])


def test_lines_come_first_in_their_order_and_then_the_delivery(shop: Vendor) -> None:
    first, second = orders.a_variant(shop, quantity=1), orders.a_variant(shop)
    checkout = sent(first)
    Checkout.objects.get(pk=checkout.pk).lines.create(variant=second, quantity=1, made_at=NOW + timedelta(seconds=1))
    Stock.objects.filter(variant=first).update(quantity=0)
    ProductVariant.objects.filter(pk=second.pk).update(is_active=False)
    DeliveryRate.objects.filter(vendor=shop).update(is_active=False)

    assert kinds(checkout) == [
        "CheckoutLineProblemInsufficientStock",
        "CheckoutLineProblemVariantNotAvailable",
        "CheckoutProblemDeliveryMethodInvalid",
    ]
