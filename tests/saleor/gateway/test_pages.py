"""What a vendor sees of a sale at a Saleor: an order like any other, on the pages that are there."""

from __future__ import annotations

import pytest
from django.test import Client

from marketplace.core import clock
from marketplace.orders.models import Order
from marketplace.saleor.models import Installation
from tests.payments.factories import NOW, Shop, pay
from tests.saleor.gateway.telling import a_checkout, a_line, initialize
from tests.storefront.shopping import text_of
from tests.storefront.working import owner_at


@pytest.fixture(autouse=True)
def _ten_in_the_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_a_vendor_finds_the_sale_among_its_orders_with_buyer_address_and_money(
    installed: Installation, shop: Shop
) -> None:
    reference = initialize(installed, a_checkout(a_line(shop, 2, total_vnd=110_000), shipping_vnd=20_000))["data"][
        "reference"
    ]
    pay(shop, reference, 130_000)
    order = Order.objects.get()

    vendor = owner_at(shop)
    listed = text_of(vendor.get("/sell/orders/"))
    page = text_of(vendor.get(f"/sell/orders/{order.pk}/"))

    assert order.number in listed
    for words in ("Miến dong Cao Bằng", "500 g", "130.000", "10.000", "20.000", "Xóm Bản Giốc", "Giao tận nhà"):
        assert words in page, words


def test_the_buyers_own_page_of_the_order_shows_its_code(installed: Installation, shop: Shop) -> None:
    reference = initialize(installed, a_checkout(a_line(shop)))["data"]["reference"]

    assert reference in text_of(Client().get(f"/orders/{Order.objects.get().token}/"))


def test_a_vendor_hands_the_goods_over_though_they_lie_in_the_saleors_stock(
    installed: Installation, shop: Shop
) -> None:
    pay(shop, initialize(installed, a_checkout(a_line(shop)))["data"]["reference"])
    order = Order.objects.get()

    page = text_of(owner_at(shop).get(f"/sell/orders/{order.pk}/"))

    assert "Đã nhận đủ" in page or "Chờ giao" in page
