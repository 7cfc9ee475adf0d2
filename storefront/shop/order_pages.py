"""An order as its buyer sees it: what to pay and how, or that it is paid and who says so, or how it ended.

"Paid" is said only when the charge is booked, and always with who confirmed it.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.core.errors import NotFound
from marketplace.core.money import format_vnd
from marketplace.orders.models import Order
from marketplace.orders.selectors import order_by_token
from payments.card_selectors import held_by_card
from payments.selectors import PaymentState, payment_state
from payments.services.amounts import PaidElsewhere
from payments.services.cards.paying import CardWay, card_way
from payments.services.links import LinkNotMade
from payments.services.requesting import PaymentInstruction, payment_for_order

WATCHED_AFTER_EXPIRY_S = 3600
"""How long the page of an expired order still asks for news: a transfer made in time may be told of late."""

NEVER_THE_SAME = '"not-made-yet"'
"""The version of a page without its code: it is asked for again until there is one."""


class Phase(StrEnum):
    """What the page is about."""

    PAY = "pay"
    PAY_THE_REST = "rest"
    PAID = "paid"
    GIVEN_BACK = "given-back"
    """It was paid once, and the seller gave all of it back: nothing is asked for again."""
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class CardSight:
    """What the page of an order says of cards; asked of nobody where the market takes none."""

    way: CardWay
    held_vnd: int
    """What came by card when the order had ended, and goes back."""


@dataclass(frozen=True)
class OrderSight:
    """Everything the page of one order shows at one moment."""

    order: Order
    phase: Phase
    payment: PaymentState
    instruction: PaymentInstruction | None
    """How to pay; None where there is nothing to pay, or while the provider has not made the code."""
    is_paid_elsewhere: bool
    """The order is paid at the Saleor that it was bought at: no code of ours is shown for it."""
    card: CardSight
    seconds_left: int | None
    is_final: bool
    etag: str

    @property
    def overpaid_vnd(self) -> int:
        """What came too much, in đồng."""
        return max(0, self.order.charged_vnd - self.order.total_vnd)

    @property
    def amount_left_after_vnd(self) -> int:
        """What stays to be paid after this code, in đồng: one transfer carries less than 500 million."""
        return self.instruction.outstanding_vnd - self.instruction.amount_vnd if self.instruction else 0

    @property
    def announcement(self) -> str:
        """What a screen reader says when the page has changed by itself."""
        paid = {"amount": format_vnd(self.order.charged_vnd)}
        if self.phase is Phase.PAID:
            return _("Đã thanh toán %(amount)s") % paid
        if self.phase is Phase.PAY_THE_REST:
            return _("Đã nhận %(amount)s, còn thiếu một phần") % paid
        return {
            Phase.GIVEN_BACK: _("Tiền đã trả lại bạn"),
            Phase.EXPIRED: _("Đơn đã hết hạn"),
            Phase.CANCELLED: _("Đơn đã hủy"),
        }.get(self.phase, "")


def sight_of(token: uuid.UUID, *, now: datetime) -> OrderSight:
    """The order of a buyer's link as it is now; a bounded number of statements. Raises `NotFound`."""
    return sight_of_order(order_by_token(token), now=now)


def sight_of_order(order: Order, *, now: datetime) -> OrderSight:
    """An order as it is now. Asks payments for the code to pay by where something is to be paid, which makes it the
    first time.
    """
    phase = phase_of(order, now=now)
    to_pay = phase in {Phase.PAY, Phase.PAY_THE_REST}
    instruction, elsewhere = _instruction(order, now=now) if to_pay else (None, False)
    card = _card_sight(order, phase)
    return OrderSight(
        order=order,
        phase=phase,
        payment=payment_state(order),
        instruction=instruction,
        is_paid_elsewhere=elsewhere,
        card=card,
        seconds_left=_seconds_left(order, now=now) if to_pay else None,
        is_final=_is_final(order, now=now),
        etag=NEVER_THE_SAME
        if to_pay and instruction is None and not elsewhere
        else etag_of(order, card=card, now=now),
    )


def _instruction(order: Order, *, now: datetime) -> tuple[PaymentInstruction | None, bool]:
    """How to pay, where it is said here and now; and whether it is said where the order was bought."""
    try:
        return payment_for_order(order=order, now=now), False
    except LinkNotMade:
        return None, False
    except PaidElsewhere:
        return None, True


def _card_sight(order: Order, phase: Phase) -> CardSight:
    to_pay = phase in {Phase.PAY, Phase.PAY_THE_REST}
    return CardSight(card_way(order) if to_pay else CardWay.NONE, held_by_card(order))


def phase_of(order: Order, *, now: datetime) -> Phase:
    """What the page of this order is about at this moment."""
    if order.status == Order.Status.CANCELED:
        return Phase.CANCELLED
    if not order.outstanding_vnd or (order.fully_charged_at and order.charged_vnd):
        return Phase.PAID
    if order.fully_charged_at:
        return Phase.GIVEN_BACK
    if order.charged_vnd:
        return Phase.PAY_THE_REST
    out_of_time = order.expires_at is not None and order.expires_at <= now
    return Phase.EXPIRED if out_of_time or order.status == Order.Status.EXPIRED else Phase.PAY


def etag_of_token(token: uuid.UUID, *, now: datetime) -> str:
    """The version of what the order's page shows; one statement where cards are off. Raises `NotFound`."""
    order = Order.objects.filter(token=token).first()
    if order is None:
        raise NotFound(_("Không tìm thấy đơn hàng này."))
    return etag_of_order(order, now=now)


def etag_of_order(order: Order, *, now: datetime) -> str:
    """The version of what a page of this order shows; no statement where cards are off."""
    return etag_of(order, card=_card_sight(order, phase_of(order, now=now)), now=now)


def etag_of(order: Order, *, card: CardSight, now: datetime) -> str:
    """Changes with everything the page shows but the seconds left."""
    shown = (
        order.pk,
        order.status,
        order.charged_vnd,
        order.updated_at.isoformat(),
        phase_of(order, now=now),
        _is_final(order, now=now),
        card,
        get_language(),
    )
    return f'"{hashlib.sha256(repr(shown).encode()).hexdigest()[:32]}"'


def _is_final(order: Order, *, now: datetime) -> bool:
    phase = phase_of(order, now=now)
    if phase is Phase.EXPIRED:
        ended_at = order.ended_at
        return ended_at is not None and ended_at + timedelta(seconds=WATCHED_AFTER_EXPIRY_S) <= now
    return phase in {Phase.PAID, Phase.GIVEN_BACK, Phase.CANCELLED}


def _seconds_left(order: Order, *, now: datetime) -> int | None:
    return None if order.expires_at is None else max(0, int((order.expires_at - now).total_seconds()))
