"""What a Saleor is owed to be told: written out of the journal, one report a movement, before anything is sent.

A report names its movement by the bank's own reference. Saleor sums by reference and takes the same one with another
amount for a mistake, so that what has none, or one that was told of already, gets a reference made of our event's id.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from marketplace.core.journal import Subscription, subscribe
from marketplace.core.models import JournalEvent
from marketplace.saleor.models import (
    SaleorMovementShare,
    SaleorPart,
    SaleorRefundRequest,
    SaleorReport,
    SaleorTransaction,
)
from payments.models import Confirmation, GrantedRefund, TransactionEvent

SUBSCRIBER: Final = "saleor.reports"
KINDS: Final = frozenset({"order.charged", "order.refunded", "order.refund_withdrawn"})
OWN_REFERENCE: Final = "cho40-"
BANK_REFERENCE_CHARACTERS_MAX: Final = 96
"""So that our event's id still fits behind it."""
CONFIRMED_BY: Final[Mapping[str, object]] = {
    Confirmation.BANK: _("Ngân hàng báo có tiền."),
    Confirmation.CARD: _("Mạng thẻ xác nhận."),
    Confirmation.VENDOR: _("Gian hàng tự ghi nhận."),
    Confirmation.CASH: _("Tiền mặt, gian hàng ghi nhận."),
}


def follow_money() -> None:
    """Subscribe to the journal; called once a process, where any Saleor may install this market."""
    subscribe(Subscription(SUBSCRIBER, KINDS, write_report))


def write_report(event: JournalEvent) -> None:
    """Write down what the event makes a Saleor owed; nothing for orders that no transaction of a Saleor paid."""
    part = (
        SaleorPart.objects.filter(order_id=int(event.aggregate_id), transaction__isnull=False)
        .select_related("transaction")
        .first()
    )
    if part is None or part.transaction is None:
        return
    if event.kind == "order.refund_withdrawn":
        _end_request(_request_of(event.data.get("granted_refund")), now=event.happened_at)
        return
    moved = TransactionEvent.objects.get(pk=event.data["transaction_event"])
    if SaleorMovementShare.objects.filter(event=moved).exists():
        return  # the Saleor told us of it
    if moved.type == TransactionEvent.Type.CHARGE_SUCCESS:
        _want_again(part)
    request = _request_of(moved.related_granted_refund_id)
    if request is not None:
        _end_request(request, now=event.happened_at)
        return
    _write(part.transaction, moved, now=event.happened_at)


def _write(row: SaleorTransaction, moved: TransactionEvent, *, now: datetime) -> None:
    kind = str(moved.type).upper()
    if SaleorReport.objects.filter(event=moved).exists():
        return
    SaleorReport.objects.create(
        transaction=row,
        event=moved,
        type=kind,
        psp_reference=_reference(row, kind, moved),
        amount_vnd=moved.amount_vnd,
        message=str(CONFIRMED_BY[moved.confirmation]),
        happened_at=moved.happened_at,
        not_before=now,
    )


def _reference(row: SaleorTransaction, kind: str, moved: TransactionEvent) -> str:
    of_bank = moved.psp_reference[:BANK_REFERENCE_CHARACTERS_MAX]
    if not of_bank:
        return f"{OWN_REFERENCE}{moved.pk}"
    is_told = SaleorReport.objects.filter(transaction=row, type=kind, psp_reference=of_bank).exists()
    return f"{of_bank}-{moved.pk}" if is_told else of_bank


def _want_again(part: SaleorPart) -> None:
    """Money came for a part that a changed checkout had replaced: it is a sale after all."""
    if part.is_replaced:
        part.is_replaced = False
        part.save(update_fields=["is_replaced"])


def _request_of(granted_refund_id: object) -> SaleorRefundRequest | None:
    """The request of a Saleor behind a promise; None for what a vendor promised or gave by itself."""
    if not isinstance(granted_refund_id, int):
        return None
    return SaleorRefundRequest.objects.filter(granted_refund=granted_refund_id).first()


def _end_request(request: SaleorRefundRequest | None, *, now: datetime) -> None:
    """Report the end of a Saleor's request once each of its promises was kept or taken back; once in all.

    Under the reference that Saleor was answered, with the sum of those that were kept: all of it or a part, or a
    failure where none was. Until then it is pending there (decision 0040).
    """
    if request is None:
        return
    same = SaleorRefundRequest.objects.filter(answered_reference=request.answered_reference)
    promises = [one.granted_refund for one in same.select_related("granted_refund")]
    if any(promise.is_open for promise in promises):
        return
    kept_vnd = sum(one.amount_vnd for one in promises if one.status == GrantedRefund.Status.SUCCESS)
    asked_vnd = sum(one.amount_vnd for one in promises)
    SaleorReport.objects.get_or_create(
        transaction_id=request.transaction_id,
        type="REFUND_SUCCESS" if kept_vnd else "REFUND_FAILURE",
        psp_reference=request.answered_reference,
        defaults={
            "amount_vnd": kept_vnd or asked_vnd,
            "message": str(_how_it_ended(kept_vnd, asked_vnd)),
            "happened_at": max(one.updated_at for one in promises),
            "not_before": now,
        },
    )


def _how_it_ended(kept_vnd: int, asked_vnd: int) -> object:
    if not kept_vnd:
        return _("Gian hàng không trả lại tiền.")
    return _("Gian hàng đã trả lại tiền.") if kept_vnd == asked_vnd else _("Gian hàng đã trả lại một phần.")
