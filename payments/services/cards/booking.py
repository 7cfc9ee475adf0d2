"""What Stripe told, done to the books: inside the caller's transaction, with the order locked.

Stripe sends its events in any order and more than once, and the market asks for the same things by itself. So
each thing (a payment, a refund, a withdrawal) is looked up by Stripe's own id under the order's lock and done
once, and what comes before its payment is known waits for it. Any order of events gives the same balance.
"""

from __future__ import annotations

from payments.cards.values import VND, DisputeTold, RefundTold, SaleOutcome, SaleTold
from payments.models import CardSession, TransactionEvent
from payments.services.cards.disputes_told import settle_dispute
from payments.services.cards.refunds_told import settle_refund
from payments.services.cards.sale import (
    DONE,
    NOTHING_MOVED,
    OTHER_CURRENCY,
    Sale,
    Settled,
    State,
    note_down,
    take_in,
)


def settle_sale(sale: Sale, told: SaleTold | RefundTold | DisputeTold) -> Settled:
    """Do what was told, once. That it came from the account the payment was made to, the caller has seen to."""
    if told.currency != VND:
        return Settled(State.IGNORED, OTHER_CURRENCY)
    if not told.amount:
        return Settled(State.IGNORED, NOTHING_MOVED)
    if isinstance(told, RefundTold):
        return settle_refund(sale, told)
    if isinstance(told, DisputeTold):
        return settle_dispute(sale, told)
    _settle_payment(sale, told)
    return DONE


def _settle_payment(sale: Sale, told: SaleTold) -> None:
    session = sale.session
    session.stripe_id = session.stripe_id or told.session_id
    if session.state in (CardSession.State.PAID, CardSession.State.HELD):
        return
    if told.outcome is SaleOutcome.PAID:
        _take(sale, told)
    elif told.outcome is SaleOutcome.FAILED and session.state != CardSession.State.FAILED:
        kind = TransactionEvent.Type.CHARGE_FAILURE
        note_down(sale, kind, amount_vnd=session.amount_vnd, reference=told.payment_intent)
        session.state = CardSession.State.FAILED
    elif told.outcome is SaleOutcome.EXPIRED:
        session.state = CardSession.State.EXPIRED
    elif told.outcome is SaleOutcome.PROCESSING and session.state in CardSession.LIVE:
        session.state = CardSession.State.PROCESSING
    session.save(update_fields=["stripe_id", "state", "payment_intent", "charge_event"])


def _take(sale: Sale, told: SaleTold) -> None:
    """Money came. What the order cannot take is held, and its vendor asked to give it back."""
    session = sale.session
    session.payment_intent = told.payment_intent
    session.charge_event = take_in(sale, told.amount, reference=told.payment_intent)
    session.state = CardSession.State.HELD if session.charge_event is None else CardSession.State.PAID
