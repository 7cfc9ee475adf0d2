"""What a program is told of a payment by VietQR: the one shape for GraphQL and for a Saleor's storefront."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from marketplace.core.clock import VIETNAM
from marketplace.orders.models import Order
from payments.models import TransactionItem
from payments.services.requesting import PaymentInstruction

CURRENCY: Final = "VND"


def vietqr_data(instruction: PaymentInstruction) -> dict[str, Any]:
    """All that is needed to draw the code and to pay by hand (design, section 6); the pictures on our own host."""
    picture = {"code": instruction.reference, "amount": instruction.amount_vnd}
    expires_at = instruction.expires_at
    return {
        "type": "vietqr",
        "payload": instruction.payload,
        "reference": instruction.reference,
        "memo": instruction.memo,
        "amount": instruction.amount_vnd,
        "currency": CURRENCY,
        "bank": {"bin": instruction.bank.bin, "short_name": instruction.bank.short_name},
        "account_number": instruction.account_number,
        "account_name": instruction.account_name,
        "qr_svg_url": _absolute_url(reverse("asked-qr-svg", kwargs=picture)),
        "qr_png_url": _absolute_url(reverse("asked-qr-png", kwargs=picture)),
        "expires_at": expires_at and expires_at.astimezone(VIETNAM).isoformat(timespec="seconds"),
    }


def payment_data(instruction: PaymentInstruction) -> dict[str, Any]:
    """The same, and of an order that is paid in part its state and sums, in the gateway's words.

    Such an order is placed, and its checkout gone: without these a client would take the part for the whole.
    """
    data = vietqr_data(instruction)
    if not instruction.charged_vnd:
        return data
    sums = {"outstanding": instruction.outstanding_vnd, "charged": instruction.charged_vnd}
    return {**data, "state": "partial", **sums}


def closed_data(item: TransactionItem) -> dict[str, Any] | None:
    """That the order ended before all of it was paid, in the gateway's words; None where the whole came."""
    order = item.order
    if order is None or not order.outstanding_vnd or order.fully_charged_at is not None:
        return None
    if order.status not in {Order.Status.CANCELED, Order.Status.EXPIRED}:
        return None
    sums = {"outstanding": order.outstanding_vnd, "charged": order.charged_vnd}
    return {**data_without_a_code(item.psp_reference or order.number), "state": order.status, **sums}


def data_without_a_code(reference: str) -> dict[str, Any]:
    """What stands for a payment for which no code is to be shown any more: nothing is to be paid by it."""
    return {"type": "vietqr", "reference": reference, "amount": 0, "currency": CURRENCY}


def _absolute_url(path: str) -> str:
    """The address of a path of ours, for a program that may be on another host."""
    return f"{settings.MARKET_PUBLIC_URL}{path}"
