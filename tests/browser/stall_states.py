"""The stall sale in each of its states: nothing to pick yet, waiting, a part paid, paid, in cash, both, given back,
ended, refused.
"""

from __future__ import annotations

from datetime import timedelta

from marketplace.orders.models import Order
from marketplace.orders.services.ending import cancel_order, expire_due_orders
from marketplace.orders.services.stall import sell_at_stall
from payments.services.by_hand import mark_paid_by_hand, record_refund
from tests.browser.views import View
from tests.payments.factories import NOW, Shop, code_of, pay

EARLIER = NOW - timedelta(days=3)
BY_BANK_VND = {
    "part-paid": 20_000,
    "paid": 60_000,
    "overpaid": 75_000,
    "cash-and-bank": 20_000,
    "given-back": 60_000,
    "cancelled-part-paid": 20_000,
}
"""What the bank tells of, by the state that it leads to."""


def stall_sales(shop: Shop) -> list[View]:
    """A sale in every state, as its owner sees it; the counter refused, turned over and in English."""
    sales = {state: _sold(shop) for state in ("waiting", "cash", "cancelled", *BY_BANK_VND)}
    for state, amount_vnd in BY_BANK_VND.items():
        pay(shop, code_of(sales[state]), amount_vnd)
    for state, amount_vnd in (("cash", 60_000), ("cash-and-bank", 40_000)):
        mark_paid_by_hand(actor=shop.owner, order=sales[state], amount_vnd=amount_vnd, confirmation="cash", now=NOW)
    record_refund(actor=shop.owner, order=sales["given-back"], amount_vnd=60_000, confirmation="cash", now=NOW)
    for state in ("cancelled", "cancelled-part-paid"):
        cancel_order(actor=shop.owner, order=sales[state], reason="", now=NOW)
    sales |= {"expired": _sold(shop, earlier=True), "paid-late": _sold(shop, earlier=True)}
    late = code_of(sales["paid-late"])
    expire_due_orders(now=EARLIER + timedelta(days=1), at_most=10)
    pay(shop, late, 60_000)
    return [
        *(View("sell_stall_sale", "owner", f"/sell/stall/{order.pk}/", state) for state, order in sales.items()),
        View("sell_stall_sale", "owner", f"/sell/stall/{sales['waiting'].pk}/", "english", language="en"),
        View("sell_stall", "owner", "/sell/stall/", "refused", filled={"amount": "nhiều"}, status=400),
        View("sell_stall", "owner", "/sell/stall/", "english", language="en"),
        View("sell_stall", "beginner", "/sell/stall/", "nothing-yet"),
    ]


def _sold(shop: Shop, *, earlier: bool = False) -> Order:
    return sell_at_stall(actor=shop.owner, vendor=shop.vendor, amount_vnd=60_000, now=EARLIER if earlier else NOW)
