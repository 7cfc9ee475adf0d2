"""A stall sale and where its page is."""

from __future__ import annotations

from marketplace.orders.models import Order
from marketplace.orders.services.stall import sell_at_stall
from tests.payments.factories import NOW, Shop


def sold(shop: Shop, amount_vnd: int = 60_000) -> Order:
    """A sale of a typed amount by the owner, unpaid."""
    return sell_at_stall(actor=shop.owner, vendor=shop.vendor, amount_vnd=amount_vnd, now=NOW)


def page_of(order: Order) -> str:
    """Its page on the seller's phone."""
    return f"/sell/stall/{order.pk}/"


def quantity(shop: Shop) -> str:
    """The name of the field for how many of the shop's good are sold."""
    return f"quantity_{shop.variant.pk}"
