"""What may be asked about card money. The caller asked whether the vendor's may be seen."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db.models import QuerySet, Sum

from marketplace.orders.models import Order
from payments.cards.configuration import cards_are_on
from payments.models import MONEY_MOVES, CardDispute, CardRefund, CardSession, Confirmation, TransactionEvent
from payments.models.cards import UNHEARD_PREFIX
from vendors.models import Vendor

TASKS_SHOWN_MAX: Final = 20


def card_movements(*, vendor: Vendor, first_day: date, last_day: date) -> QuerySet[TransactionEvent]:
    """What the card network says moved for the vendor between two days of Vietnam's, the first movement first.

    The caller asked whether it may be seen.
    """
    moves = TransactionEvent.objects.filter(vendor=vendor, type__in=MONEY_MOVES, confirmation=Confirmation.CARD)
    return moves.filter(bank_date__range=(first_day, last_day)).order_by("bank_date", "pk")


def open_disputes(vendor_id: int, *, order_id: int | None = None) -> list[CardDispute]:
    """Disputes that run, with their orders, of one order or of all: those to be answered first come first."""
    running = CardDispute.objects.filter(session__order__vendor=vendor_id, state=CardDispute.State.OPEN)
    if order_id is not None:
        running = running.filter(session__order=order_id)
    return list(running.select_related("session__order").order_by("due_at", "pk")[:TASKS_SHOWN_MAX])


def held_card_payments(vendor_id: int, *, order_id: int | None = None) -> list[CardSession]:
    """Card payments of which something is in no order's balance and must go back, the oldest first."""
    held = CardSession.objects.filter(order__vendor=vendor_id, held_vnd__gt=0)
    if order_id is not None:
        held = held.filter(order=order_id)
    return list(held.select_related("order").order_by("made_at", "pk")[:TASKS_SHOWN_MAX])


def held_by_card(order: Order) -> int:
    """What the buyer paid by card and the order could not take, in đồng; no statement where cards are off."""
    if not cards_are_on():
        return 0
    return int(CardSession.objects.filter(order=order).aggregate(sum=Sum("held_vnd", default=0))["sum"])


def refunds_that_may_have_gone(order: Order) -> list[CardRefund]:
    """The order's card refunds of which nobody knows whether Stripe did them: one statement."""
    unheard = CardRefund.objects.filter(session__order=order, stripe_id__startswith=UNHEARD_PREFIX)
    return list(unheard.order_by("made_at", "pk"))
