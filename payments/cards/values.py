"""What Stripe says, as values of ours: amounts in whole đồng, moments in UTC, its ids as texts.

Stripe's amounts count a currency's smallest unit, and VND has none below the đồng (a "zero-decimal currency"):
60,000 đồng are 60000, never 6000000.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

VND: Final = "vnd"


class SaleOutcome(StrEnum):
    """How far a card payment is."""

    OPEN = "open"
    PROCESSING = "processing"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"


class RefundOutcome(StrEnum):
    """How far a refund is."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class DisputeOutcome(StrEnum):
    """How a dispute stands."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    CLOSED = "closed"


class DisputedMoney(StrEnum):
    """What an event about a dispute says of the money."""

    UNMOVED = "unmoved"
    WITHDRAWN = "withdrawn"
    REINSTATED = "reinstated"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleTold:
    """A card payment on Stripe's page."""

    session_id: str
    reference: str
    """Our key of it, as we gave it; "" on sessions that are not ours."""
    payment_intent: str
    amount: int
    """In the smallest unit of its currency."""
    currency: str
    outcome: SaleOutcome
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundTold:
    """Money on its way back to a card."""

    refund_id: str
    reference: str
    """Our key of it; "" where the vendor asked at Stripe."""
    payment_intent: str
    amount: int
    currency: str
    outcome: RefundOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeTold:
    """A card's holder disputes a payment."""

    dispute_id: str
    payment_intent: str
    amount: int
    currency: str
    reason: str
    outcome: DisputeOutcome
    money: DisputedMoney
    due_at: int | None
    """Until when the vendor may answer, in seconds since 1970."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountTold:
    """What a vendor's account at Stripe may do."""

    account_id: str
    charges_enabled: bool
    details_submitted: bool


Told = SaleTold | RefundTold | DisputeTold | AccountTold


def packed(told: Told) -> dict[str, object]:
    """What was read of an event, as JSON keeps it; without the address of a page that somebody may pay on."""
    return {name: value for name, value in asdict(told).items() if name != "url"}


def unpacked(kept: Mapping[str, Any]) -> RefundTold | DisputeTold:
    """What `packed` made of a refund or dispute: only these ever wait."""
    if "refund_id" in kept:
        return RefundTold(**{**kept, "outcome": RefundOutcome(kept["outcome"])})
    money, outcome = DisputedMoney(kept["money"]), DisputeOutcome(kept["outcome"])
    return DisputeTold(**{**kept, "outcome": outcome, "money": money})


@dataclass(frozen=True, slots=True, kw_only=True)
class CardNotice:
    """One event of Stripe's; `told` is None for kinds that the market does not follow."""

    event_id: str
    kind: str
    account: str
    """The connected account it is about; "" for the market's own."""
    livemode: bool
    happened_at: datetime
    told: Told | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleWanted:
    """What Stripe is asked to take for us: all of it decided before, so that asking again asks the same."""

    reference: str
    """Our key: makes the asking repeatable, and comes back in what Stripe tells."""
    account: str
    amount_vnd: int
    order_number: str
    return_url: str
    """Where the buyer comes back to, paid or not."""
    expires_at: datetime
    language: str
