"""One card payment under its order's lock, and the ways its money moves in the books."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import transaction

from marketplace.core.actors import SYSTEM, Actor
from marketplace.core.clock import vietnam_date
from marketplace.core.errors import MarketError
from marketplace.orders.errors import RefundTooLarge
from marketplace.orders.models import Order
from payments.models import (
    CardDispute,
    CardEvent,
    CardSession,
    Confirmation,
    ReviewItem,
    TransactionEvent,
)
from payments.services.moving import Movement, charge, note
from payments.services.reviews import close_card_review, open_card_review

State = CardEvent.State

NOT_OURS: Final = "not_ours"
OTHER_ACCOUNT: Final = "other_account"
OTHER_MODE: Final = "other_mode"
OTHER_CURRENCY: Final = "other_currency"
NOTHING_MOVED: Final = "nothing_moved"
PAYMENT_UNKNOWN: Final = "payment_unknown"
MORE_THAN_CAME: Final = "more_than_came"
"""The order's balance holds less than went away: somebody already wrote part of it down by hand."""
CANNOT_BE_BOOKED: Final = "cannot_be_booked"
"""The books refuse it for good, for example a payment that is another order's already; a person was asked."""
WITHDRAWAL_UNKNOWN: Final = "withdrawal_unknown"


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of something told: a state of `CardEvent`, and why where it is not done."""

    state: CardEvent.State
    why: str = ""


DONE: Final = Settled(State.DONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """A card payment and its order, both held by the order's lock, and the moments of what is told of them."""

    session: CardSession
    order: Order
    happened_at: datetime
    now: datetime

    def movement(self, amount_vnd: int, reference: str) -> Movement:
        """Money that the card network says moved."""
        return Movement(
            amount_vnd=amount_vnd,
            confirmation=Confirmation.CARD,
            happened_at=self.happened_at,
            bank_date=vietnam_date(self.happened_at),
            reference=reference,
        )

    def at(self, happened_at: datetime) -> Sale:
        """The same payment, for something that happened at another moment."""
        return replace(self, happened_at=happened_at)

    def holds(self, amount_vnd: int) -> bool:
        """Whether this much of the payment is in no balance, so that it leaves none when it goes back."""
        return self.session.state == CardSession.State.HELD or self.session.held_vnd >= amount_vnd

    def hold(self, more_vnd: int) -> None:
        """What came and is in no balance grows, or shrinks as it goes back."""
        self.session.held_vnd = max(0, self.session.held_vnd + more_vnd)
        self.session.save(update_fields=["held_vnd"])

    def keep_aside(self, amount_vnd: int) -> None:
        """Money that came and that the order does not take: its vendor must give it back."""
        self.hold(amount_vnd)
        self.ask_vendor(amount_vnd)

    def ask_vendor(self, amount_vnd: int) -> ReviewItem:
        """Put it before the vendor."""
        return open_card_review(self.order, amount_vnd=amount_vnd, actor=SYSTEM, now=self.now)


@dataclass(frozen=True, slots=True)
class Gone:
    """Money that went away: the event of it, None where it had been in no balance."""

    event: TransactionEvent | None


def take_in(sale: Sale, amount_vnd: int, *, reference: str) -> TransactionEvent | None:
    """Book money that came; None where the order refuses it: then it is kept aside, and a person told."""
    try:
        with transaction.atomic():
            return charge(
                sale.order,
                sale.session.transaction,
                movement=sale.movement(amount_vnd, reference),
                actor=SYSTEM,
                now=sale.now,
            )
    except MarketError:
        sale.order.refresh_from_db()
        sale.keep_aside(amount_vnd)
        return None


def take_out(sale: Sale, book: Callable[..., TransactionEvent], *, amount_vnd: int, reference: str) -> Gone | None:
    """Book money that went away; None where the balance holds less, since part of it was written down by hand."""
    if sale.holds(amount_vnd):
        sale.hold(-amount_vnd)
        return Gone(None)
    try:
        with transaction.atomic():
            event = book(
                sale.order,
                sale.session.transaction,
                movement=sale.movement(amount_vnd, reference),
                actor=SYSTEM,
                now=sale.now,
            )
    except RefundTooLarge:
        return None
    return Gone(event)


def close_review_if_settled(sale: Sale) -> None:
    """Nobody's task any more, once no dispute runs, nothing is held and nothing waits."""
    if (
        CardDispute.objects.filter(session__order=sale.order, state=CardDispute.State.OPEN).exists()
        or CardSession.objects.filter(order=sale.order, held_vnd__gt=0).exists()
        or CardEvent.objects.filter(session__order=sale.order, state=State.WAITING).exists()
    ):
        return
    close_card_review(sale.order, actor=SYSTEM, now=sale.now)


def note_down(
    sale: Sale, kind: TransactionEvent.Type, *, amount_vnd: int, reference: str, actor: Actor = SYSTEM
) -> None:
    """Write down what moved no money: that somebody was asked, or that it failed."""
    note(kind, sale.order, sale.session.transaction, movement=sale.movement(amount_vnd, reference), actor=actor)
