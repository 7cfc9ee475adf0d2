"""A step of a checkout touches only its rows: how many SQL statements each takes, whatever else there is."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.orders.models import DeliveryRate, Order
from tests.api.asking import ask
from tests.api.ids import gid
from tests.payments.factories import Shop, a_shop, goods
from tools.bench.purchases import PURCHASES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

STATEMENTS_MAX = {
    "nine": {
        "checkoutCreate": 8,
        "checkoutLinesAdd": 10,
        "checkoutEmailUpdate": 6,
        "checkoutShippingAddressUpdate": 13,
        "checkoutBillingAddressUpdate": 9,
        "deliveryOptionsCalculate": 6,
        "checkoutDeliveryMethodUpdate": 9,
        "transactionInitialize": 19,
        "checkoutComplete": 20,
    },
    "five": {
        "checkoutCreate": 14,
        "deliveryOptionsCalculate": 6,
        "checkoutDeliveryMethodUpdate": 7,
        "transactionInitialize": 19,
        "checkoutComplete": 20,
    },
}


@pytest.fixture
def shop(db: None) -> Shop:
    shop = a_shop()
    for zone in DeliveryRate.Zone.values:
        DeliveryRate.objects.create(vendor=shop.vendor, zone=zone, price_vnd=10_000)
    return shop


def taken_by(way: str, shop: Shop) -> dict[str, int]:
    """How many statements each step of a purchase takes."""
    second, _stock = goods(shop.vendor)
    sold = {
        "variants": [gid("ProductVariant", shop.variant.pk), gid("ProductVariant", second.pk)],
        "place": {"city": "Đàm Thủy", "countryArea": "Cao Bằng"},
    }
    purchase, taken = PURCHASES[way](sold), {}
    step = next(purchase)
    while True:
        with CaptureQueriesContext(connection) as captured:
            payload: dict[str, Any] = ask(step.document, **step.variables)[step.name]
        assert payload["errors"] == []
        taken[step.name] = len(captured)
        try:
            step = purchase.send(payload)
        except StopIteration:
            return taken


@pytest.mark.parametrize("way", ["nine", "five"])
def test_each_step_of_a_purchase_takes_few_statements_and_they_do_not_grow_with_the_market(
    shop: Shop, way: str
) -> None:
    alone = taken_by(way, shop)
    for _more in range(3):
        taken_by("nine", shop)

    among_others = taken_by(way, shop)

    assert alone == among_others
    over = {step: count for step, count in alone.items() if count > STATEMENTS_MAX[way][step]}
    assert over == {}
    assert (set(alone), Order.objects.count()) == (set(STATEMENTS_MAX[way]), 5)
