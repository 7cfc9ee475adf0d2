"""Reading what Stripe sends, out of an event or an answer alike: every value is checked before it is believed.

Only ids, amounts, states and moments are read. The names, addresses and card digits beside them are left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from payments.cards.values import (
    AccountTold,
    DisputedMoney,
    DisputeOutcome,
    DisputeTold,
    RefundOutcome,
    RefundTold,
    SaleOutcome,
    SaleTold,
)
from payments.models import PAYMENT_INTENT_CHARACTERS_MAX, STRIPE_ID_CHARACTERS_MAX
from payments.models.cards import CARD_URL_CHARACTERS_MAX
from payments.providers.base import NotItsShape
from payments.providers.reading import AMOUNT_DIGITS_MAX, text

KIND_CHARACTERS_MAX: Final = 80
REASON_CHARACTERS_MAX: Final = 40
CURRENCY_CHARACTERS_MAX: Final = 3
REFERENCE_KEY: Final = "market"
"""Under which name our own key stands in the metadata of what we ask for."""
SECONDS_MAX: Final = 4_102_444_800
"""1 January 2100."""

_REFUNDS: Final[Mapping[str, RefundOutcome]] = {
    "succeeded": RefundOutcome.SUCCEEDED,
    "failed": RefundOutcome.FAILED,
    "canceled": RefundOutcome.FAILED,
}
_DISPUTES: Final[Mapping[str, DisputeOutcome]] = {
    "won": DisputeOutcome.WON,
    "lost": DisputeOutcome.LOST,
    "warning_closed": DisputeOutcome.CLOSED,
    "prevented": DisputeOutcome.CLOSED,
}


def sale_told(found: Mapping[str, object], *, outcome: SaleOutcome | None = None) -> SaleTold:
    """A Checkout Session; `outcome` is what its event says beyond the object itself. Raises `NotItsShape`."""
    return SaleTold(
        session_id=identity(found, "id"),
        reference=text(found.get("client_reference_id"), characters_max=STRIPE_ID_CHARACTERS_MAX),
        payment_intent=_payment_intent(found),
        amount=_amount(found, "amount_total"),
        currency=_currency(found),
        outcome=outcome or _sale_outcome(found),
        url=_url(found),
    )


def _sale_outcome(found: Mapping[str, object]) -> SaleOutcome:
    if found.get("payment_status") == "paid":
        return SaleOutcome.PAID
    state = found.get("status")
    if state == "expired":
        return SaleOutcome.EXPIRED
    return SaleOutcome.PROCESSING if state == "complete" else SaleOutcome.OPEN


def refund_told(found: Mapping[str, object]) -> RefundTold:
    """A refund. Raises `NotItsShape`."""
    return RefundTold(
        refund_id=identity(found, "id"),
        reference=text(_inner(found, "metadata").get(REFERENCE_KEY), characters_max=STRIPE_ID_CHARACTERS_MAX),
        payment_intent=_payment_intent(found),
        amount=_amount(found, "amount"),
        currency=_currency(found),
        outcome=_REFUNDS.get(str(found.get("status")), RefundOutcome.PENDING),
    )


def dispute_told(found: Mapping[str, object], *, money: DisputedMoney = DisputedMoney.UNMOVED) -> DisputeTold:
    """A dispute; `money` is what its event says happened. Raises `NotItsShape`."""
    due_by = _inner(found, "evidence_details").get("due_by")
    return DisputeTold(
        dispute_id=identity(found, "id"),
        payment_intent=_payment_intent(found),
        amount=_amount(found, "amount"),
        currency=_currency(found),
        reason=text(found.get("reason"), characters_max=REASON_CHARACTERS_MAX),
        outcome=_DISPUTES.get(str(found.get("status")), DisputeOutcome.OPEN),
        money=money,
        due_at=due_by if type(due_by) is int and 0 < due_by < SECONDS_MAX else None,
    )


def account_told(found: Mapping[str, object]) -> AccountTold:
    """A connected account. Raises `NotItsShape`."""
    return AccountTold(
        account_id=identity(found, "id"),
        charges_enabled=found.get("charges_enabled") is True,
        details_submitted=found.get("details_submitted") is True,
    )


def address_told(found: Mapping[str, object]) -> str:
    """The web address that an answer must give a person to go to. Raises `NotItsShape`."""
    if url := _url(found):
        return url
    raise NotItsShape("no url")


def identity(found: Mapping[str, object], key: str, *, characters_max: int = STRIPE_ID_CHARACTERS_MAX) -> str:
    """An id that must be there, whole: cut to fit it would be another's. Raises `NotItsShape`."""
    value = text(found.get(key), characters_max=characters_max + 1)
    if not value or len(value) > characters_max:
        raise NotItsShape(f"no {key}")
    return value


def moment(value: object) -> datetime:
    """A moment that Stripe gives in seconds since 1970. Raises `NotItsShape`."""
    # `type() is`: True is an int to Python.
    if type(value) is not int or not 0 < value < SECONDS_MAX:
        raise NotItsShape("no moment")
    return datetime.fromtimestamp(value, UTC)


def inner_object(found: Mapping[str, object], key: str) -> Mapping[str, object]:
    """An object that must be there. Raises `NotItsShape`."""
    value = found.get(key)
    if not isinstance(value, dict):
        raise NotItsShape(f"no {key}")
    return value


def _inner(found: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = found.get(key)
    return value if isinstance(value, dict) else {}


def _payment_intent(found: Mapping[str, object]) -> str:
    """The payment's `pi_…`, or "" before there is one; Stripe may send the whole object in its place."""
    value = found.get("payment_intent")
    if value is None:
        return ""
    holder = value if isinstance(value, dict) else {"id": value}
    return identity(holder, "id", characters_max=PAYMENT_INTENT_CHARACTERS_MAX)


def _amount(found: Mapping[str, object], key: str) -> int:
    value = found.get(key)
    if type(value) is not int or not 0 <= value < 10**AMOUNT_DIGITS_MAX:
        raise NotItsShape(f"no {key}")
    return value


def _currency(found: Mapping[str, object]) -> str:
    return text(found.get("currency"), characters_max=CURRENCY_CHARACTERS_MAX).lower()


def _url(found: Mapping[str, object]) -> str:
    """Where the buyer pays: an address of the web, or "" (a finished session has none)."""
    value = found.get("url")
    fits = isinstance(value, str) and len(value) <= CARD_URL_CHARACTERS_MAX
    return value if isinstance(value, str) and fits and value.startswith(("https://", "http://127.0.0.1")) else ""
