"""One card payment under its order's lock, and the ways its money moves in the books."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

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
NOT_FOLLOWED: Final = "not_followed"
PAYMENT_UNKNOWN: Final = "payment_unknown"
MORE_THAN_CAME: Final = "more_than_came"
"""The order's balance holds less than went away: somebody already wrote part of it down by hand."""
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

    @property
    def is_held(self) -> bool:
        """Whether the payment itself was never booked, so that nothing that follows from it is."""
        return self.session.state == CardSession.State.HELD

    def hold(self, more_vnd: int) -> None:
        """What came and is in no balance grows, or shrinks as it goes back."""
        self.session.held_vnd = max(0, self.session.held_vnd + more_vnd)
        self.session.save(update_fields=["held_vnd"])

    def ask_vendor(self, amount_vnd: int) -> ReviewItem:
        """Put it before the vendor."""
        return open_card_review(self.order, amount_vnd=amount_vnd, actor=SYSTEM, now=self.now)


def take_in(sale: Sale, amount_vnd: int, *, reference: str) -> TransactionEvent | None:
    """Book money that came; None where the order refuses it, and then a person is told."""
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
        sale.ask_vendor(amount_vnd)
        return None


def take_out(
    sale: Sale, book: Callable[..., TransactionEvent], *, amount_vnd: int, reference: str
) -> TransactionEvent | None:
    """Book money that went away; None where the balance holds less, since part of it was written down by hand."""
    try:
        with transaction.atomic():
            return book(
                sale.order,
                sale.session.transaction,
                movement=sale.movement(amount_vnd, reference),
                actor=SYSTEM,
                now=sale.now,
            )
    except RefundTooLarge:
        return None


def close_review_if_settled(sale: Sale) -> None:
    """Nobody's task any more, once no dispute runs, nothing is held and nothing waits."""
    disputes = CardDispute.objects.filter(session__order=sale.order)
    kept_at_stripe = Q(session__state=CardSession.State.PAID, reinstated_at__isnull=False, reinstated_event=None)
    if (
        disputes.filter(Q(state=CardDispute.State.OPEN) | kept_at_stripe).exists()
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
