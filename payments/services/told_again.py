"""What a second telling of a transfer knows and the first did not: the order that the money is for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from marketplace.core.actors import SYSTEM
from marketplace.orders.locks import lock_if_free
from payments.matching import Book, Ignore, ReviewReason, decide
from payments.models import BankNotice, ReviewItem
from payments.reasons import Resolution
from payments.services.facts import Found
from payments.services.moving import Movement, charge, item_of_code
from payments.services.reviews import close


def book_first_telling(again: Ignore, found: Found, *, doubt: str, now: datetime) -> None:
    """Book money that waits for want of a code, where another feed tells of the very transfer and names its order.

    Only what would be booked at once had the second feed spoken first, on an order of the same vendor that need not
    take its goods again; and only while no person has decided about it. All else is left as it is. Runs inside the
    caller's transaction with the sale locked: what somebody else holds is not waited for, since people's acts lock
    the notice before the order.
    """
    if again.first is None or doubt:
        return
    decision = decide(found.transfer, replace(found.facts, earlier=()), now=now)
    if not isinstance(decision, Book):
        return
    sale = found.sale(decision.code)
    first = lock_if_free(
        BankNotice.objects.filter(
            pk=again.first,
            vendor=sale.code.vendor_id,
            state=BankNotice.State.REVIEW,
            why=ReviewReason.NO_CODE,
        )
    )
    item = lock_if_free(ReviewItem.objects.filter(notice=first, closed_at__isnull=True)) if first else None
    if first is None or item is None or sale.order is None or sale.may_refuse:
        return
    transaction_item = item_of_code(sale.code, order=sale.order, now=now)
    charge(sale.order, transaction_item, movement=Movement.of_notice(first), actor=SYSTEM, now=now)
    first.state, first.order, first.decided_at = BankNotice.State.BOOKED, sale.order, now
    first.save(update_fields=["state", "order", "decided_at"])
    close(item, resolution=Resolution.BOOKED, outcome=ReviewItem.Outcome.BOOKED, actor=SYSTEM, now=now)
