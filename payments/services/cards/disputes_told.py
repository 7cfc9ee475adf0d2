"""What Stripe tells of a dispute, done to the books once."""

from __future__ import annotations

from datetime import UTC, datetime

from payments.cards.values import DisputedMoney, DisputeTold
from payments.models import CardDispute
from payments.services.cards.sale import (
    DONE,
    MORE_THAN_CAME,
    WITHDRAWAL_UNKNOWN,
    Sale,
    Settled,
    State,
    take_in,
    take_out,
)
from payments.services.moving import charge_back


def settle_dispute(sale: Sale, told: DisputeTold) -> Settled:
    row = _dispute_row(sale, told)
    settled = DONE
    if told.money is DisputedMoney.WITHDRAWN and row.withdrawn_at is None:
        settled = _withdrawn(sale, row)
    elif told.money is DisputedMoney.REINSTATED and row.reinstated_at is None:
        settled = _reinstated(sale, row)
    if row.state == CardDispute.State.OPEN and row.review_item is None:
        row.review_item = sale.ask_vendor(row.amount_vnd)
    row.save()
    return settled


def _dispute_row(sale: Sale, told: DisputeTold) -> CardDispute:
    """The dispute as it is known now: one that ended stays ended, whatever arrives late."""
    row = CardDispute.objects.filter(stripe_id=told.dispute_id).first()
    if row is None:
        row = CardDispute(
            session=sale.session, stripe_id=told.dispute_id, amount_vnd=told.amount, made_at=sale.happened_at
        )
    if row.state == CardDispute.State.OPEN:
        row.state = CardDispute.State(told.outcome)
    row.reason = row.reason or told.reason
    if told.due_at is not None:
        due_at = datetime.fromtimestamp(told.due_at, UTC)
        row.due_at = due_at if row.due_at is None else max(row.due_at, due_at)
    return row


def _withdrawn(sale: Sale, row: CardDispute) -> Settled:
    gone = take_out(sale, charge_back, amount_vnd=row.amount_vnd, reference=row.stripe_id)
    if gone is None:
        return Settled(State.WAITING, MORE_THAN_CAME)
    row.withdrawn_event = gone.event
    row.withdrawn_at = sale.happened_at
    return DONE


def _reinstated(sale: Sale, row: CardDispute) -> Settled:
    if row.withdrawn_at is None:
        return Settled(State.WAITING, WITHDRAWAL_UNKNOWN)
    if row.withdrawn_event is None:
        sale.keep_aside(row.amount_vnd)
    else:
        row.reinstated_event = take_in(sale, row.amount_vnd, reference=f"{row.stripe_id}:reinstated")
    row.reinstated_at = sale.happened_at
    return DONE
