"""What may befall orders in the same moment, for tests of what must hold whichever is first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from marketplace.core.actors import SYSTEM
from marketplace.orders.models import Order
from marketplace.orders.services.ending import cancel_order, expire_due_orders
from tests.orders.factories import charge
from tests.plugins.database import at_once


def end_and_pay_at_once(orders: Sequence[Order]) -> None:
    """As these unpaid orders run out, pay and cancel each at once, while the sweep goes over all of them twice."""
    later = orders[0].expires_at
    assert later is not None

    def money(order: Order) -> Callable[[], object]:
        return lambda: charge(order, order.total_vnd, now=later)

    def cancelling(order: Order) -> Callable[[], object]:
        return lambda: cancel_order(actor=SYSTEM, order=order, reason="", now=later)

    def expiring() -> int:
        return expire_due_orders(now=later, at_most=100)

    at_once([*map(money, orders), *map(cancelling, orders), expiring, expiring])
