"""What payments do when orders say that something happened."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from marketplace.core.actors import SYSTEM
from marketplace.core.journal import Subscription, subscribe
from marketplace.core.models import JournalEvent
from marketplace.orders.locks import lock_order
from payments.services.reviews import agree_with_balance

REFUNDS_DUE: Final = "payments.refunds_due"


def open_refund_of_cancelled(event: JournalEvent) -> None:
    """A cancelled order that was paid owes its buyer the money: put that before the vendor."""
    with transaction.atomic():
        order = lock_order(int(event.aggregate_id))
        agree_with_balance(order, actor=SYSTEM, now=event.happened_at)


def follow_orders() -> None:
    """Subscribe to the journal; called once a process, at its start."""
    subscribe(Subscription(REFUNDS_DUE, frozenset({"order.cancelled"}), open_refund_of_cancelled))
