"""The operator looks at orders in the admin pages and changes nothing there."""

from __future__ import annotations

import pytest
from django.test import Client

from marketplace.orders.models import Checkout, Order
from tests.orders.factories import a_paid_order, a_ready_checkout, a_shop, a_variant
from tests.orders.vouching import a_voucher

pytestmark = pytest.mark.django_db

PAGES = ("order", "checkout", "allocation", "deliveryrate", "voucher")


def test_every_list_and_every_order_can_be_looked_at(operator: Client) -> None:
    variant = a_variant(a_shop(rates={"country": 1}))
    order, checkout = a_paid_order((variant, 1)), a_ready_checkout((variant, 1))

    voucher = a_voucher(order.vendor)

    for page in PAGES:
        assert operator.get(f"/admin/orders/{page}/").status_code == 200
    for path in (f"order/{order.pk}", f"checkout/{checkout.pk}", f"voucher/{voucher.pk}"):
        assert operator.get(f"/admin/orders/{path}/change/").status_code == 200
    assert operator.get("/admin/orders/order/", {"q": order.number}).status_code == 200


def test_nothing_can_be_added_changed_or_deleted(operator: Client) -> None:
    order = a_paid_order((a_variant(a_shop()), 1))

    for page in PAGES:
        assert operator.post(f"/admin/orders/{page}/add/", {}).status_code == 403
    assert operator.post(f"/admin/orders/order/{order.pk}/change/", {"status": "canceled"}).status_code == 403
    assert operator.post(f"/admin/orders/order/{order.pk}/delete/", {"post": "yes"}).status_code == 403

    assert Order.objects.get().status == "unfulfilled"
    assert not Checkout.objects.exists()
