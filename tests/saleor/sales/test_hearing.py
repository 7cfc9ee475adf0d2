"""An event makes what it names wanted, and does nothing else; what names nothing is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.orders.models import Order
from marketplace.saleor.events import ASYNC_EVENTS
from marketplace.saleor.models import Installation, SaleorTransaction, ToFetch
from tests.payments.factories import NOW
from tests.saleor.sales.conftest import fetch
from tests.saleor.sales.standin import StandIn, line


def wanted() -> list[tuple[str, str, int]]:
    return list(ToFetch.objects.order_by("pk").values_list("kind", "saleor_id", "wanted"))


def test_every_event_of_an_order_wants_the_order(installation: Installation) -> None:
    of_orders = [name for name in ASYNC_EVENTS if name.startswith(("order_", "fulfillment_"))]
    for name in of_orders:
        told: dict[str, Any] = {"order": {"id": "T3JkZXI6MQ=="}, "orders": [{"id": "T3JkZXI6MQ=="}]}
        ASYNC_EVENTS[name](installation, told, NOW)

    assert len(of_orders) == 14
    assert wanted() == [("order", "T3JkZXI6MQ==", 14)]


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"order": None, "orders": None, "transaction": None},
        {"order": {"id": None}, "orders": [None, {"id": ""}], "transaction": {"id": 7}},
        {"order": "T3JkZXI6MQ==", "orders": "T3JkZXI6MQ==", "transaction": []},
        {"order": {"id": "x" * 121}, "orders": [{"id": "x" * 121}], "transaction": {"id": "x" * 121}},
    ],
)
def test_an_event_that_names_nothing_wants_nothing(told: dict[str, Any], installation: Installation) -> None:
    for name in ("order_updated", "order_bulk_created", "transaction_item_metadata_updated"):
        ASYNC_EVENTS[name](installation, told, NOW)

    assert wanted() == []


def test_a_transaction_that_became_an_orders_brings_its_order(
    installation: Installation, saleor: StandIn, sold: str
) -> None:
    there = saleor.order(line(sold, unit_vnd=60_000))
    transaction = saleor.event(there, "CHARGE_ACTION_REQUIRED", 60_000)
    SaleorTransaction.objects.create(
        installation=installation,
        saleor_id=transaction["id"],
        source="checkout",
        source_id="Q2hlY2tvdXQ6MQ==",
        amount_vnd=60_000,
        made_at=NOW,
    )
    ASYNC_EVENTS["transaction_item_metadata_updated"](installation, {"transaction": {"id": transaction["id"]}}, NOW)

    assert fetch() == 2
    row = SaleorTransaction.objects.get()
    assert (row.saleor_order_id, row.saleor_order_number) == (there["id"], there["number"])
    assert Order.objects.count() == 1


@pytest.mark.parametrize("order", [None, {"id": 7}])
def test_a_transaction_of_a_checkout_has_nothing_to_say_yet(
    order: Any, installation: Installation, saleor: StandIn
) -> None:
    saleor.answers["Transaction"] = {"data": {"transaction": {"id": "a", "order": order}}}
    ASYNC_EVENTS["transaction_item_metadata_updated"](installation, {"transaction": {"id": "a"}}, NOW)

    assert fetch() == 1
    assert wanted() == []
