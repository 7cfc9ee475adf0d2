"""Orders whose prices another system agreed on: a Saleor that the market is an App of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from marketplace.core.models import JournalEvent
from marketplace.orders.errors import AmountWrong
from marketplace.orders.models import Order, PaymentCode
from marketplace.orders.services.agreed import AgreedContact, AgreedLine, place_agreed_order, renew_agreed_order
from tests.payments.factories import NOW, Shop, a_shop, fresh

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def a_line(shop: Shop, **changes: Any) -> AgreedLine:
    fields = {
        "variant": shop.variant,
        "product_name": "Miến dong",
        "variant_name": "500 g",
        "quantity": 2,
        "unit_price_vnd": 60_000,
        "total_vnd": 110_000,
    }
    return AgreedLine(**{**fields, **changes})


def place(shop: Shop, *lines: AgreedLine, shipping_vnd: int = 20_000, by_code: bool = True) -> Order:
    with transaction.atomic():
        return place_agreed_order(
            vendor=shop.vendor,
            lines=lines or [a_line(shop)],
            shipping_vnd=shipping_vnd,
            contact=AgreedContact(email="lan@example.vn"),
            is_paid_by_code=by_code,
            now=NOW,
        )


def kinds(order: Order) -> list[str]:
    rows = JournalEvent.objects.filter(aggregate_type="order", aggregate_id=str(order.pk))
    return list(rows.order_by("pk").values_list("kind", flat=True))


def test_the_order_costs_what_was_agreed_and_takes_nothing_off_our_shelves(shop: Shop) -> None:
    order = place(shop)

    assert (order.subtotal_vnd, order.discount_vnd, order.shipping_vnd, order.total_vnd) == (
        120_000,
        10_000,
        20_000,
        130_000,
    )
    assert order.expires_at == NOW + timedelta(minutes=30)
    assert PaymentCode.objects.filter(order=order, is_live=True).count() == 1
    shop.stock.refresh_from_db()
    assert (shop.stock.quantity, shop.stock.allocated) == (10, 0)


def test_one_that_is_paid_elsewhere_has_no_code_and_does_not_run_out(shop: Shop) -> None:
    order = place(shop, by_code=False)

    assert (order.expires_at, PaymentCode.objects.count()) == (None, 0)


@pytest.mark.parametrize(
    ("changes", "shipping_vnd"),
    [({"total_vnd": 130_000}, 0), ({"total_vnd": -1}, 20_000), ({}, -1), ({"total_vnd": 0}, 0)],
)
def test_amounts_that_do_not_fit_are_refused(shop: Shop, changes: dict[str, int], shipping_vnd: int) -> None:
    with pytest.raises(AmountWrong):
        place(shop, a_line(shop, **changes), shipping_vnd=shipping_vnd)

    assert Order.objects.count() == 0


@pytest.mark.parametrize(
    ("status", "written"),
    [("unconfirmed", ["order.placed"]), ("expired", ["order.placed", "order.revived"])],
)
def test_asked_for_anew_it_has_its_whole_time_again(shop: Shop, status: str, written: list[str]) -> None:
    order = place(shop)
    ended_at: datetime | None = None if status == "unconfirmed" else LATER
    Order.objects.update(status=status, ended_at=ended_at, expires_at=order.expires_at if ended_at is None else None)

    with transaction.atomic():
        renew_agreed_order(order=fresh(order), now=LATER)

    again = fresh(order)
    assert (again.status, again.ended_at, again.expires_at) == (
        "unconfirmed",
        None,
        LATER + timedelta(minutes=30),
    )
    assert kinds(order) == written
