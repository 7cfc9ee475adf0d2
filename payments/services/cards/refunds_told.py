"""What Stripe tells of a refund, done to the books once."""

from __future__ import annotations

from payments.cards.values import RefundOutcome, RefundTold
from payments.models import CardRefund, TransactionEvent
from payments.models.cards import UNHEARD_PREFIX
from payments.services.cards.sale import DONE, MORE_THAN_CAME, Sale, Settled, State, note_down, take_in, take_out
from payments.services.moving import refund


def settle_refund(sale: Sale, told: RefundTold) -> Settled:
    row = _refund_row(sale, told)
    if row.state == CardRefund.State.FAILED:
        return DONE
    if told.outcome is RefundOutcome.FAILED:
        _refund_failed(sale, row)
    elif row.state != CardRefund.State.SUCCEEDED and told.outcome is RefundOutcome.SUCCEEDED:
        return _refund_went(sale, row)
    return DONE


def _refund_row(sale: Sale, told: RefundTold) -> CardRefund:
    """The refund by Stripe's id, else by our own, also where it was given up unheard; else one asked at Stripe."""
    refunds = CardRefund.objects.filter(session=sale.session)
    row = refunds.filter(stripe_id=told.refund_id).first()
    if row is not None:
        return row
    unheard = f"{UNHEARD_PREFIX}{told.reference}"
    asked = refunds.filter(stripe_id__in=["", unheard])
    row = next((one for one in asked if str(one.pk) == told.reference), None)
    row = row or CardRefund(session=sale.session, amount_vnd=told.amount, made_at=sale.now)
    row.stripe_id = told.refund_id
    # Stripe has it: whatever becomes of it here, it is never asked for again.
    row.state = CardRefund.State.PENDING
    row.save()
    return row


def _refund_went(sale: Sale, row: CardRefund) -> Settled:
    gone = take_out(sale, refund, amount_vnd=row.amount_vnd, reference=row.stripe_id)
    if gone is None:
        return Settled(State.WAITING, MORE_THAN_CAME)
    row.refund_event = gone.event
    row.state = CardRefund.State.SUCCEEDED
    row.save(update_fields=["state", "refund_event"])
    return DONE


def _refund_failed(sale: Sale, row: CardRefund) -> None:
    """It did not reach the card. If it was counted before, the money is the vendor's again."""
    if row.state != CardRefund.State.SUCCEEDED:
        kind = TransactionEvent.Type.REFUND_FAILURE
        note_down(sale, kind, amount_vnd=row.amount_vnd, reference=row.stripe_id)
    elif row.refund_event is None:
        sale.keep_aside(row.amount_vnd)
    else:
        row.returned_event = take_in(sale, row.amount_vnd, reference=f"{row.stripe_id}:returned")
    row.state = CardRefund.State.FAILED
    row.save(update_fields=["state", "returned_event"])
