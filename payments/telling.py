"""What a program is told of a payment by VietQR: the one shape for GraphQL and for a Saleor's storefront."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from marketplace.core.clock import VIETNAM
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


def _absolute_url(path: str) -> str:
    """The address of a path of ours, for a program that may be on another host."""
    return f"{settings.MARKET_PUBLIC_URL}{path}"
