"""Stripe's webhooks: whether one is from Stripe, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from stripe import SignatureVerificationError, WebhookSignature

from payments.cards.reading import (
    KIND_CHARACTERS_MAX,
    account_told,
    dispute_told,
    identity,
    inner_object,
    moment,
    refund_told,
    sale_told,
)
from payments.cards.values import CardNotice, DisputedMoney, SaleOutcome, Told
from payments.models import STRIPE_ID_CHARACTERS_MAX
from payments.providers.base import NotItsShape
from payments.providers.reading import json_object, text

SIGNATURE_HEADER: Final = "Stripe-Signature"
SIGNATURE_CHARACTERS_MAX: Final = 2_000
STAMP_DIGITS_MAX: Final = 12
STAMP_TOLERANCE_S: Final = 300
"""Stripe's own bound for old stamps. Its library accepts any stamp of the future; we do not."""

_READERS: Final[Mapping[str, Callable[[Mapping[str, object]], Told]]] = {
    "checkout.session.completed": sale_told,
    "checkout.session.async_payment_succeeded": partial(sale_told, outcome=SaleOutcome.PAID),
    "checkout.session.async_payment_failed": partial(sale_told, outcome=SaleOutcome.FAILED),
    "checkout.session.expired": partial(sale_told, outcome=SaleOutcome.EXPIRED),
    # `charge.refunded` gives only the sum of all refunds of a charge; these give each refund with an id of its own.
    "refund.created": refund_told,
    "refund.updated": refund_told,
    "refund.failed": refund_told,
    "charge.refund.updated": refund_told,
    "charge.dispute.created": dispute_told,
    "charge.dispute.updated": dispute_told,
    "charge.dispute.closed": dispute_told,
    "charge.dispute.funds_withdrawn": partial(dispute_told, money=DisputedMoney.WITHDRAWN),
    "charge.dispute.funds_reinstated": partial(dispute_told, money=DisputedMoney.REINSTATED),
    "account.updated": account_told,
}


def is_authentic(body: bytes, signature: str, *, secrets: Sequence[str], now: datetime) -> bool:
    """Whether one of the secrets signed these very bytes within `STAMP_TOLERANCE_S` of now, before or after.

    Stripe's library compares in constant time. The age is judged here, by the clock that was passed in, and in
    both directions: a stamp of the future would keep a stolen body good for as long as its thief likes.
    """
    stamp = _stamp(signature)
    if stamp is None or abs(stamp - now.timestamp()) > STAMP_TOLERANCE_S:
        return False
    return any(_signed_with(secret, body, signature) for secret in secrets)


def _stamp(signature: str) -> int | None:
    """The first `t=` of the header, which is the one that the signature covers."""
    if len(signature) > SIGNATURE_CHARACTERS_MAX or not signature.isascii():
        return None
    stamps = [part.removeprefix("t=") for part in signature.split(",") if part.startswith("t=")]
    is_number = bool(stamps) and stamps[0].isdigit() and len(stamps[0]) <= STAMP_DIGITS_MAX
    return int(stamps[0]) if is_number else None


def _signed_with(secret: str, body: bytes, signature: str) -> bool:
    try:
        return bool(WebhookSignature.verify_header(body, signature, secret))
    except (SignatureVerificationError, UnicodeDecodeError):
        return False


def read_notice(body: bytes) -> CardNotice:
    """What an authentic body says. Raises `NotItsShape` for what is no event of Stripe's."""
    event = json_object(body)
    if not isinstance(event.get("livemode"), bool):
        raise NotItsShape("no livemode")
    kind = identity(event, "type", characters_max=KIND_CHARACTERS_MAX)
    found = inner_object(inner_object(event, "data"), "object")
    reader = _READERS.get(kind)
    return CardNotice(
        event_id=identity(event, "id"),
        kind=kind,
        account=text(event.get("account"), characters_max=STRIPE_ID_CHARACTERS_MAX),
        livemode=event["livemode"] is True,
        happened_at=moment(event.get("created")),
        told=reader(found) if reader else None,
    )
