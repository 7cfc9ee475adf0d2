"""What a Saleor says of a transaction of ours, and in which way it disagrees with what was reported. Pure.

Saleor keeps two things: the events that were reported, and sums that it works out from them. It can commit an event
and die before it works the sums out, on the transaction or on the order that it pays; told again, it answers
`alreadyProcessed` and works nothing out. So both are looked at: that our events are there, and that the sums are
theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from marketplace.saleor.models import SaleorReport
from marketplace.saleor.sales.movements import signed_vnd_of

MOVES_MONEY: Final = frozenset(
    {"CHARGE_SUCCESS", "CHARGE_BACK", "REFUND_SUCCESS", "REFUND_REVERSE", "AUTHORIZATION_SUCCESS"}
)


@dataclass(frozen=True, slots=True)
class EventThere:
    """An event as Saleor has it."""

    type: str
    reference: str
    amount_vnd: int

    @property
    def key(self) -> tuple[str, str]:
        """By what Saleor tells events apart."""
        return self.type, self.reference


@dataclass(frozen=True, slots=True)
class Sums:
    """Saleor's sums of a transaction, in đồng. What was asked back is out of `charged_vnd` while it is pending.

    Less than nothing stands there where more went back by this transaction than had come by it.
    """

    charged_vnd: int
    refunded_vnd: int
    refund_pending_vnd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldThere:
    """What Saleor says of a transaction and of what it pays."""

    sums: Sums
    events: Sequence[EventThere]
    order_id: str
    order_number: str
    order_charged_vnd: int | None
    """Saleor's own `totalCharged`; None where the order has payments of another kind too, or there is none."""
    transactions_charged_vnd: int
    """Of all the order's transactions together."""
    checkout_status: str
    """Saleor's CheckoutChargeStatusEnum; empty where it is an order."""
    checkout_status_expected: str
    """What its price and its transactions make of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What does not agree; nothing of it where all does."""

    missing: list[SaleorReport] = field(default_factory=list)
    """Reports that Saleor took once and does not have any more."""
    is_effect_lost: bool = False
    """The events are there and the sums are not theirs: it must work them out again."""
    foreign: list[EventThere] = field(default_factory=list)
    """Money that somebody else told of on our transaction. Named, never mended."""


def told_of(transaction: Mapping[str, Any]) -> ToldThere:
    """Out of `TransactionSums`. Raises `ValueError`, `LookupError`, `TypeError` or `AttributeError` else."""
    order, checkout = transaction["order"] or {}, transaction["checkout"] or {}
    others = order.get("transactions") or ()
    is_ours_alone = bool(order) and not order["payments"]
    return ToldThere(
        sums=Sums(
            charged_vnd=_vnd(transaction["chargedAmount"]),
            refunded_vnd=_vnd(transaction["refundedAmount"]),
            refund_pending_vnd=_vnd(transaction["refundPendingAmount"]),
        ),
        events=[
            EventThere(str(one["type"]), one["pspReference"], _vnd(one["amount"])) for one in transaction["events"]
        ],
        order_id=order.get("id", ""),
        order_number=order.get("number", ""),
        order_charged_vnd=_vnd(order["totalCharged"]) if is_ours_alone else None,
        transactions_charged_vnd=sum(_vnd(one["chargedAmount"]) for one in others),
        checkout_status=checkout.get("chargeStatus", ""),
        checkout_status_expected=_status_of(checkout) if checkout else "",
    )


def difference(told: ToldThere, reports: Iterable[SaleorReport]) -> Difference:
    """How what Saleor says differs from what was reported; `reports` are all of the transaction's."""
    there = {event.key for event in told.events}
    own = list(reports)
    taken = (SaleorReport.State.SENT, SaleorReport.State.DONE)
    ours = {(report.type, report.psp_reference) for report in own}
    return Difference(
        missing=[one for one in own if one.state in taken and (one.type, one.psp_reference) not in there],
        is_effect_lost=_is_effect_lost(told),
        foreign=[event for event in told.events if event.type in MOVES_MONEY and event.key not in ours],
    )


def _is_effect_lost(told: ToldThere) -> bool:
    if sums_of_events(told.events) != told.sums:
        return True
    if told.order_charged_vnd is not None and told.order_charged_vnd != told.transactions_charged_vnd:
        return True
    return told.checkout_status != told.checkout_status_expected


def _status_of(checkout: Mapping[str, Any]) -> str:
    """What Saleor says of a checkout that is paid so far; pending money counts there."""
    total_vnd = _vnd(checkout["totalPrice"]["gross"])
    come_vnd = sum(
        _vnd(one[name]) for one in checkout["transactions"] or () for name in ("chargedAmount", "chargePendingAmount")
    )
    if not total_vnd or not come_vnd:
        # A checkout of nothing is FULL or NONE by whether it has lines.
        return str(checkout["chargeStatus"]) if not total_vnd else "NONE"
    if come_vnd == total_vnd:
        return "FULL"
    return "PARTIAL" if come_vnd < total_vnd else "OVERCHARGED"


def sums_of_events(events: Iterable[EventThere]) -> Sums:
    """The sums that Saleor 3.24 works out from such events (its payment/transaction_item_calculations.py).

    What it asked an app and was not answered has no reference, and does not count; a session's CHARGE_REQUEST does
    not either.
    """
    amounts: dict[tuple[str, str], int] = {}
    for event in events:
        # Of several without a reference each counts; of one reference and type there is only one.
        amounts[event.key] = event.amount_vnd + (0 if event.reference else amounts.get(event.key, 0))
    refunds = {reference for kind, reference in amounts if kind.startswith("REFUND_")}
    charged = _of(amounts, "CHARGE_SUCCESS") - _of(amounts, "CHARGE_BACK") + _of(amounts, "REFUND_REVERSE")
    refunded = -sum(amounts.get(("REFUND_REVERSE", one), 0) for one in refunds if one)
    pending = 0
    for reference in refunds:
        success = amounts.get(("REFUND_SUCCESS", reference))
        if success is not None:
            refunded += success
            charged -= success if reference else 0
        elif reference and ("REFUND_FAILURE", reference) not in amounts:
            asked = amounts.get(("REFUND_REQUEST", reference), 0)
            pending += asked
            charged -= asked
    return Sums(charged, refunded, pending)


def _of(amounts: Mapping[tuple[str, str], int], kind: str) -> int:
    return sum(amount for (one, _reference), amount in amounts.items() if one == kind)


def _vnd(money: Mapping[str, Any]) -> int:
    return signed_vnd_of(money["amount"])
