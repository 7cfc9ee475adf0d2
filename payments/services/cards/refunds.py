"""Money back to a card: the vendor asks, Stripe does it out of the vendor's account and says when it went."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from marketplace.core import journal
from marketplace.core.actors import Actor
from marketplace.core.requests_once import once
from marketplace.orders.locks import lock_order
from marketplace.orders.models import Order
from payments.cards.api import CardServiceAway, CardServiceRefused, ask_refund
from payments.cards.configuration import cards_are_on, require_cards
from payments.cards.values import VND, RefundOutcome, RefundTold
from payments.models import CardDispute, CardRefund, CardSession, TransactionEvent
from payments.models.cards import UNHEARD_PREFIX
from payments.services.amounts import NothingToPay, checked_amount
from payments.services.cards.events import settle_told
from payments.services.cards.sale import Sale, note_down
from payments.services.permissions import asker, require_money_handler

REFUSED_PREFIX: Final = "refused:"


@dataclass(frozen=True, slots=True)
class Refundable:
    """A card payment and what of it can still go back, in đồng."""

    session: CardSession
    left_vnd: int


def refund_card(
    *, actor: Actor, order: Order, amount_vnd: int, now: datetime, client_id: uuid.UUID | None = None
) -> CardRefund:
    """Ask Stripe to send `amount_vnd` back to the card that paid most of the order, 1 to what is left of it.

    The answer's `state` says how far it is: ASKED while Stripe cannot be reached (the market asks again by
    itself, with the same key), PENDING, SUCCEEDED, or FAILED where Stripe refused. Only SUCCEEDED has moved the
    order's balance. The same `client_id` again answers the same refund. Must not run inside a transaction. Raises
    `NotFound` for strangers and where cards are off, `NotAllowed` for agents, `NothingToPay`, `AmountOutOfRange`.
    """
    require_cards()
    require_money_handler(actor, order.vendor)
    answer = once(
        lambda: str(_ask(order.pk, amount_vnd, actor=actor, now=now).pk),
        action="payments.refund_card",
        owner=asker(actor),
        client_id=client_id,
        asked={"order": order.pk, "amount": amount_vnd},
        now=now,
    )
    refund = CardRefund.objects.get(pk=uuid.UUID(answer))
    return send_refund(refund, now=now) if refund.state == CardRefund.State.ASKED else refund


def send_refund(refund: CardRefund, *, now: datetime) -> CardRefund:
    """Put a refund that was asked for to Stripe, and keep what it says. Must not run inside a transaction."""
    session = CardSession.objects.select_related("account").get(pk=refund.session_id)
    try:
        told = ask_refund(
            reference=str(refund.pk),
            account=session.account.stripe_id,
            payment_intent=session.payment_intent,
            amount_vnd=refund.amount_vnd,
        )
    except CardServiceAway:
        CardRefund.objects.filter(pk=refund.pk).update(looked_at=now)
        return refund
    except CardServiceRefused:
        return _failed(refund, f"{REFUSED_PREFIX}{refund.pk}", now=now)
    settle_told(session, told, now=now)
    return CardRefund.objects.get(pk=refund.pk)


def give_up_refund(refund: CardRefund, *, now: datetime) -> CardRefund:
    """Stripe never answered, and asking any longer could send the money twice: written down as failed, unheard.

    Whether Stripe did it only its own pages say, until it tells of it after all.
    """
    return _failed(refund, f"{UNHEARD_PREFIX}{refund.pk}", now=now)


def _failed(refund: CardRefund, refund_id: str, *, now: datetime) -> CardRefund:
    """Written down as failed under an id of ours, since Stripe gave none."""
    told = RefundTold(
        refund_id=refund_id,
        reference=str(refund.pk),
        payment_intent=refund.session.payment_intent,
        amount=refund.amount_vnd,
        currency=VND,
        outcome=RefundOutcome.FAILED,
    )
    settle_told(refund.session, told, now=now)
    return CardRefund.objects.get(pk=refund.pk)


def refundable(order: Order) -> Refundable | None:
    """The order's card payment that most can go back of, None where nothing can."""
    paid = CardSession.objects.filter(order=order, state__in=[CardSession.State.PAID, CardSession.State.HELD])
    found = [Refundable(session, _left(order, session)) for session in paid.select_related("charge_event")]
    most = max(found, key=lambda one: (one.left_vnd, str(one.session.pk)), default=None)
    return most if most is not None and most.left_vnd > 0 else None


def card_left(order: Order) -> int:
    """How much may go back to a card at most, in đồng; 0 where cards are off, and then without a statement."""
    most = refundable(order) if cards_are_on() else None
    return most.left_vnd if most is not None else 0


def _ask(order_id: int, amount_vnd: int, *, actor: Actor, now: datetime) -> CardRefund:
    order = lock_order(order_id)
    most = refundable(order)
    if most is None:
        raise NothingToPay(_("Đơn này không còn khoản thẻ nào để trả lại."))
    amount = checked_amount(amount_vnd, at_most_vnd=most.left_vnd)
    refund = CardRefund.objects.create(
        session=most.session, amount_vnd=amount, asked_by_id=actor.user_id, made_at=now
    )
    sale = Sale(session=most.session, order=order, happened_at=now, now=now)
    kind = TransactionEvent.Type.REFUND_REQUEST
    note_down(sale, kind, amount_vnd=amount, reference=str(refund.pk), actor=actor)
    journal.record(
        kind="card_refund.asked",
        aggregate_type="order",
        aggregate_id=order.pk,
        actor=actor,
        now=now,
        data={"order": order.pk, "vendor": order.vendor_id, "refund": str(refund.pk), "amount_vnd": amount},
    )
    return refund


def _left(order: Order, session: CardSession) -> int:
    """What came by this payment, less what went back, is on its way back, or was taken by a dispute.

    Never more than the order's balance holds: part of it may have been given back by hand.
    """
    on_its_way = _sum(session.refunds.filter(state__in=[CardRefund.State.ASKED, CardRefund.State.PENDING]))
    if session.charge_event is None:
        return session.held_vnd - on_its_way
    gone = _sum(session.refunds.filter(state=CardRefund.State.SUCCEEDED))
    taken = _sum(session.disputes.filter(withdrawn_at__isnull=False, reinstated_at__isnull=True))
    in_balance = min(session.charge_event.amount_vnd - gone - taken, order.charged_vnd)
    return max(session.held_vnd, in_balance) - on_its_way


def _sum(rows: QuerySet[CardRefund] | QuerySet[CardDispute]) -> int:
    return int(rows.aggregate(sum=Sum("amount_vnd", default=0))["sum"])
