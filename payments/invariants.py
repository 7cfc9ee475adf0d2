"""What must be true of money whatever happened: asked by the doctor and after every storm of the tests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db.models import Case, Count, F, IntegerField, Max, OuterRef, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from marketplace.orders.models import Order
from payments.models import MONEY_IN, MONEY_MOVES, MONEY_OUT, BankNotice, Confirmation, ReviewItem, TransactionEvent

NAMED_MAX: Final = 20
"""How many rows of one kind are named; the doctor needs the first."""

_CHARGE: Final = TransactionEvent.Type.CHARGE_SUCCESS


def violations() -> list[str]:
    """Everything that is wrong with the money, by numbers of rows only; empty when all is well.

    Reads the whole of the transactions: seconds on a large market, so it is not for every page.
    """
    return [
        *_orders_with_another_sum(),
        *_notices_told_twice(),
        *_booked_notices_without_one_event(),
        *_events_of_other_notices(),
        *_held_notices_without_review(),
        *_card_money_of_no_card_payment(),
    ]


def _orders_with_another_sum() -> Iterable[str]:
    """An order's balance is the sum of its events: bank, card, vendor and cash, less refunds and charge-backs."""
    signed = Case(
        When(type__in=MONEY_IN, then=F("amount_vnd")), When(type__in=MONEY_OUT, then=-F("amount_vnd")), default=0
    )
    summed = (
        TransactionEvent.objects.filter(order=OuterRef("pk")).order_by().values("order").annotate(sum=Sum(signed))
    )
    orders = Order.objects.annotate(moved_vnd=Coalesce(Subquery(summed.values("sum")), 0))
    for order in orders.exclude(charged_vnd=F("moved_vnd")).order_by("pk")[:NAMED_MAX]:
        yield f"order {order.pk} says {order.charged_vnd} đồng came, its events say {order.moved_vnd}"


def _notices_told_twice() -> Iterable[str]:
    twice = BankNotice.objects.values("feed", "provider_tx_id").annotate(rows=Count("pk"), last=Max("pk"))
    for row in twice.filter(rows__gt=1).order_by("last")[:NAMED_MAX]:
        yield f"notice {row['last']} is kept {row['rows']} times"


def _booked_notices_without_one_event() -> Iterable[str]:
    counted = BankNotice.objects.filter(state=BankNotice.State.BOOKED).annotate(
        bookings=Count("booking", output_field=IntegerField())
    )
    for notice in counted.exclude(bookings=1).order_by("pk")[:NAMED_MAX]:
        yield f"notice {notice.pk} is booked with {notice.bookings} events"


def _events_of_other_notices() -> Iterable[str]:
    """An event that names a notice is that notice: its amount, its order, booked, and said by the bank."""
    events = TransactionEvent.objects.filter(notice__isnull=False)
    wrong: QuerySet[TransactionEvent] = events.exclude(
        notice__state=BankNotice.State.BOOKED,
        notice__amount_vnd=F("amount_vnd"),
        notice__order=F("order"),
        type=_CHARGE,
        confirmation=Confirmation.BANK,
    )
    for event in wrong.order_by("pk")[:NAMED_MAX]:
        yield f"event {event.pk} does not say what notice {event.notice_id} says"


def _held_notices_without_review() -> Iterable[str]:
    held = BankNotice.objects.filter(state=BankNotice.State.REVIEW)
    waiting = ReviewItem.objects.filter(notice=OuterRef("pk")).values("pk")
    for notice in held.annotate(item=Subquery(waiting)).filter(item__isnull=True).order_by("pk")[:NAMED_MAX]:
        yield f"notice {notice.pk} is held and in nobody's review list"


def _card_money_of_no_card_payment() -> Iterable[str]:
    """What the card network is said to have moved is a payment, a refund or a dispute that Stripe told of."""
    links = ("card_charge", "card_refund", "card_refund_returned", "card_withdrawn", "card_reinstated")
    moves = TransactionEvent.objects.filter(type__in=MONEY_MOVES, confirmation=Confirmation.CARD)
    for event in moves.filter(**dict.fromkeys(links)).order_by("pk")[:NAMED_MAX]:
        yield f"event {event.pk} is said by a card and belongs to no card payment"
