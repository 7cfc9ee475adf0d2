"""What must be true of money whatever happened: asked by the doctor and after every storm of the tests.

The database refuses most of it itself (`payments.guards` and the CHECKs of the tables); this is the watch over the
watchmen, and over rows that are older than they.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.db.models import BigIntegerField, Case, Count, F, IntegerField, Max, OuterRef, Q, Subquery, Sum, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from marketplace.core.models import JournalEvent
from marketplace.orders.models import Order
from marketplace.orders.selectors.vouchers import miscounted_vouchers
from payments.models import (
    MONEY_IN,
    MONEY_MOVES,
    MONEY_OUT,
    BankNotice,
    Confirmation,
    GrantedRefund,
    ReviewItem,
    TransactionEvent,
    TransactionItem,
)
from payments.models.transactions import BANK_MOVES

NAMED_MAX: Final = 20
"""How many rows of one kind are named; the doctor needs the first."""

_CHARGE: Final = TransactionEvent.Type.CHARGE_SUCCESS
_REFUND: Final = TransactionEvent.Type.REFUND_SUCCESS


def violations() -> list[str]:
    """Everything that is wrong with the money, by numbers of rows only; empty when all is well.

    Reads the whole of the transactions: seconds on a large market, so it is not for every page.
    """
    return [
        *_orders_with_another_sum(),
        *_orders_with_another_status(),
        *_transactions_that_gave_more_than_they_had(),
        *_events_of_another_order_or_shop(),
        *_events_that_mix_confirmations(),
        *_card_events_told_twice(),
        *_notices_told_twice(),
        *_booked_notices_without_one_event(),
        *_events_of_other_notices(),
        *_held_notices_without_review(),
        *_card_money_of_no_card_payment(),
        *_promises_that_their_refunds_deny(),
        *_days_that_the_journal_tells_otherwise(),
        *miscounted_vouchers(),
    ]


def _signed(prefix: str = "") -> Case:
    """An event's đồng as the balance counts them: what came, less what went back or was taken back."""
    kind, amount = f"{prefix}type", f"{prefix}amount_vnd"
    came, went = (
        When(**{f"{kind}__in": MONEY_IN}, then=F(amount)),
        When(**{f"{kind}__in": MONEY_OUT}, then=-F(amount)),
    )
    return Case(came, went, default=0)


def _orders_with_another_sum() -> Iterable[str]:
    """An order's balance is the sum of its events: bank, card, vendor and cash, less refunds and charge-backs."""
    summed = (
        TransactionEvent.objects.filter(order=OuterRef("pk")).order_by().values("order").annotate(sum=Sum(_signed()))
    )
    orders = Order.objects.annotate(moved_vnd=Coalesce(Subquery(summed.values("sum")), 0))
    for order in orders.exclude(charged_vnd=F("moved_vnd")).order_by("pk")[:NAMED_MAX]:
        yield f"order {order.pk} says {order.charged_vnd} đồng came, its events say {order.moved_vnd}"


def _orders_with_another_status() -> Iterable[str]:
    """Saleor's charge status is what balance and price make it."""
    status = Order.ChargeStatus
    agreeing = (
        Q(charge_status=status.NONE, charged_vnd=0)
        | Q(charge_status=status.PARTIAL, charged_vnd__gt=0, charged_vnd__lt=F("total_vnd"))
        | Q(charge_status=status.FULL, charged_vnd__gt=0, charged_vnd=F("total_vnd"))
        | Q(charge_status=status.OVERCHARGED, charged_vnd__gt=F("total_vnd"))
    )
    for order in Order.objects.exclude(agreeing).order_by("pk")[:NAMED_MAX]:
        yield f"order {order.pk} is called {order.charge_status} with {order.charged_vnd} of {order.total_vnd} đồng"


def _transactions_that_gave_more_than_they_had() -> Iterable[str]:
    """Not of cards: their network says what it did, also where part of it was written down by hand before."""
    cards = TransactionEvent.objects.filter(confirmation=Confirmation.CARD).values("transaction")
    items = TransactionItem.objects.exclude(pk__in=cards).annotate(moved_vnd=Sum(_signed("events__")))
    for item in items.filter(moved_vnd__lt=0).order_by("pk")[:NAMED_MAX]:
        yield f"transaction {item.pk} gave back {-item.moved_vnd} đồng more than it got"


def _events_of_another_order_or_shop() -> Iterable[str]:
    events = TransactionEvent.objects.filter(order__isnull=False)
    agreeing = Q(transaction__order=F("order"), vendor=F("order__vendor"), channel=F("order__channel"))
    for event in events.exclude(agreeing).order_by("pk")[:NAMED_MAX]:
        yield f"event {event.pk} is of another order, shop or channel than its transaction {event.transaction_id}"


def _events_that_mix_confirmations() -> Iterable[str]:
    """The bank's word needs its notice, and what people mark by hand has transactions of its own."""
    unsaid = Q(confirmation=Confirmation.BANK, type__in=BANK_MOVES, notice__isnull=True)
    for event in TransactionEvent.objects.filter(unsaid).order_by("pk")[:NAMED_MAX]:
        yield f"event {event.pk} is called the bank's and no notice says so"
    gateways = {Confirmation.CASH: "market40.cash", Confirmation.VENDOR: "market40.vendor"}
    by_hand = TransactionEvent.objects.filter(type=_CHARGE)
    for confirmation, gateway in gateways.items():
        mixed = Q(confirmation=confirmation) ^ Q(transaction__gateway=gateway)
        for event in by_hand.filter(mixed).order_by("pk")[:NAMED_MAX]:
            yield f"event {event.pk} ({event.confirmation}) is in a transaction of another confirmation"


def _card_events_told_twice() -> Iterable[str]:
    cards = TransactionEvent.objects.filter(confirmation=Confirmation.CARD, type__in=MONEY_MOVES)
    twice = cards.values("transaction", "type", "psp_reference").annotate(rows=Count("pk"), last=Max("pk"))
    for row in twice.filter(rows__gt=1).order_by("last")[:NAMED_MAX]:
        yield f"event {row['last']} of a card is kept {row['rows']} times"


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
    """An event that names a notice is that notice: its amount, order, shop and way, booked, and said by the bank."""
    events = TransactionEvent.objects.filter(notice__isnull=False)
    agreeing = Q(
        notice__state=BankNotice.State.BOOKED,
        notice__amount_vnd=F("amount_vnd"),
        notice__order=F("order"),
        notice__vendor=F("vendor"),
        confirmation=Confirmation.BANK,
    ) & (Q(notice__is_incoming=True, type=_CHARGE) | Q(notice__is_incoming=False, type=_REFUND))
    for event in events.exclude(agreeing).order_by("pk")[:NAMED_MAX]:
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


def _promises_that_their_refunds_deny() -> Iterable[str]:
    """A granted refund has succeeded when, and only when, refunds of its order add up to it."""
    given = Sum("events__amount_vnd", filter=Q(events__type=_REFUND, events__order=F("order")), default=0)
    kept = Q(status=GrantedRefund.Status.SUCCESS)
    promises = GrantedRefund.objects.annotate(given_vnd=given)
    for granted in promises.filter(kept ^ Q(amount_vnd=F("given_vnd"))).order_by("pk")[:NAMED_MAX]:
        yield f"granted refund {granted.pk} ({granted.status}) of {granted.amount_vnd} đồng gave {granted.given_vnd}"


def _days_that_the_journal_tells_otherwise() -> Iterable[str]:
    """Every move is in the journal of its day with its amount: what is altered in one of the two is seen."""
    moved = TransactionEvent.objects.filter(type__in=MONEY_MOVES).order_by().values("bank_date")
    kept = dict(moved.annotate(rows=Count("pk"), vnd=Sum(_signed())).values_list("bank_date", "vnd"))
    amount = Cast(KT("data__amount_vnd"), BigIntegerField())
    told_vnd = Case(When(kind="order.charged", then=amount), default=-amount)
    told = JournalEvent.objects.filter(kind__in=["order.charged", "order.refunded"], day__isnull=False)
    days = told.order_by().values("day").annotate(vnd=Sum(told_vnd)).values_list("day", "vnd")
    journal: dict[date, int] = {day: vnd for day, vnd in days if day is not None}
    differing = sorted(day for day in {*kept, *journal} if kept.get(day, 0) != journal.get(day, 0))
    for day in differing[:NAMED_MAX]:
        yield f"on {day} {kept.get(day, 0)} đồng moved, the journal says {journal.get(day, 0)}"
