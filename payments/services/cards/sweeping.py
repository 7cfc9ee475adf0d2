"""What the market does about cards by itself: closes pages nobody should pay on, and asks what it was not told.

Stripe's own messages may be lost for good; what is unfinished here is therefore asked for, one at a time and
outside any transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.db.models import F, Q, QuerySet

from marketplace.core.errors import MarketError
from marketplace.orders.models import Order
from payments.cards.api import CardServiceAway, read_refund, read_sale
from payments.cards.configuration import cards_are_on
from payments.models import CardRefund, CardSession
from payments.services.cards.events import finish_waiting, settle_told
from payments.services.cards.paying import MARGIN_S, STRIPE_SESSION_S_MIN, close_at_stripe
from payments.services.cards.refunds import give_up_refund, send_refund

ASKED_A_TIME_MAX: Final = 20
ASK_AGAIN_S: Final = 60
RUNNING_AGAIN_S: Final = 3600
"""How often a payment or refund that runs at the card network is asked about; it also tells by itself."""
REFUND_TRIED_S_MAX: Final = 20 * 3600
"""Stripe remembers a key for a day. After that, asking again could give the money back twice."""

log = logging.getLogger("market.cards")
State = CardSession.State


def sweep_cards(*, now: datetime, at_most: int = ASKED_A_TIME_MAX) -> int:
    """Finish what is unfinished about cards. Returns how much was looked at; nothing where cards are off.

    Stops at the first sign that Stripe is away. Safe to run anywhere, any number of times, beside itself.
    """
    if not cards_are_on():
        return 0
    looked_at = finish_waiting(now=now)
    errands: list[Callable[[], object]] = []
    errands += [partial(_look_at_session, session, now=now) for session in _unfinished(now)[:at_most]]
    errands += [partial(_look_at_refund, refund, now=now) for refund in _unfinished_refunds(now)[:at_most]]
    for errand in errands:
        try:
            errand()
        except CardServiceAway:
            break
        except MarketError as error:
            log.warning("a card payment stays unfinished: %s", type(error).__name__)
        looked_at += 1
    return looked_at


def _unfinished(now: datetime) -> QuerySet[CardSession]:
    """Sessions that were given up, whose order needs them no more, or whose time is over."""
    is_unwanted = Q(order__status__in=[Order.Status.CANCELED, Order.Status.EXPIRED]) | ~Q(
        amount_vnd=F("order__total_vnd") - F("order__charged_vnd")
    )
    is_over = Q(expires_at__lte=now)
    too_late = Q(state=State.NEW, expires_at__lt=now + timedelta(seconds=MARGIN_S + STRIPE_SESSION_S_MIN))
    due = Q(state=State.CLOSING) | Q(state=State.OPEN) & (is_unwanted | is_over) | too_late
    soon, later = (now - timedelta(seconds=seconds) for seconds in (ASK_AGAIN_S, RUNNING_AGAIN_S))
    rested = Q(looked_at__isnull=True) | Q(looked_at__lt=soon)
    running = Q(state=State.PROCESSING) & (Q(looked_at__isnull=True) | Q(looked_at__lt=later))
    sessions = CardSession.objects.filter(due & rested | running)
    return sessions.select_related("account").order_by(F("looked_at").asc(nulls_first=True), "made_at")


def _look_at_session(session: CardSession, *, now: datetime) -> None:
    CardSession.objects.filter(pk=session.pk).update(looked_at=now)
    if not session.stripe_id:
        # Its page was never shown to anybody, so nobody can have paid on it.
        CardSession.objects.filter(pk=session.pk, stripe_id="", state=State.NEW).update(state=State.EXPIRED)
    elif session.state == State.PROCESSING or session.expires_at <= now:
        settle_told(session, read_sale(session.stripe_id, account=session.account.stripe_id), now=now)
    else:
        close_at_stripe(session, now=now)


def _unfinished_refunds(now: datetime) -> QuerySet[CardRefund]:
    soon, later = (now - timedelta(seconds=seconds) for seconds in (ASK_AGAIN_S, RUNNING_AGAIN_S))
    asked = Q(state=CardRefund.State.ASKED, stripe_id="") & (Q(looked_at__isnull=True) | Q(looked_at__lt=soon))
    pending = Q(state=CardRefund.State.PENDING) & (Q(looked_at__isnull=True) | Q(looked_at__lt=later))
    refunds = CardRefund.objects.filter(asked | pending).select_related("session__account")
    return refunds.order_by(F("looked_at").asc(nulls_first=True), "made_at")


def _look_at_refund(refund: CardRefund, *, now: datetime) -> None:
    CardRefund.objects.filter(pk=refund.pk).update(looked_at=now)
    session = refund.session
    if refund.state == CardRefund.State.PENDING:
        settle_told(session, read_refund(refund.stripe_id, account=session.account.stripe_id), now=now)
    elif now - refund.made_at < timedelta(seconds=REFUND_TRIED_S_MAX):
        if send_refund(refund, now=now).state == CardRefund.State.ASKED:
            raise CardServiceAway
    else:
        give_up_refund(refund, now=now)
