"""Money of a Saleor order as its transactions and payments tell it: each charge and refund once.

The rule is Saleor's own (its transaction amounts are sums over events): of several events with one reference and type
the last counts, a success is undone by a later failure with its reference, and a refund without a reference moves no
charge by itself: an App that corrects a transaction by hand says both sums, and Saleor writes a charge of less than
nothing for what went back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from marketplace.saleor.money import vnd_of

_SIGNS: Final = {"CHARGE_SUCCESS": 1, "CHARGE_BACK": -1, "REFUND_SUCCESS": -1, "REFUND_REVERSE": 1}
_FAILURES: Final = {"CHARGE_SUCCESS": "CHARGE_FAILURE", "REFUND_SUCCESS": "REFUND_FAILURE"}
_SIGNS_OF_PAYMENTS: Final = {"EXTERNAL": 1, "CAPTURE": 1, "REFUND": -1}
"""Of Saleor's older payments, which its staff's "mark as paid" makes: EXTERNAL is money that they saw themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Money that moved: đồng above 0 that came, or went back."""

    source_id: str
    """Saleor's TransactionItem or Payment."""
    digest: str
    """What it is known by: the same event told again has the same."""
    is_refund: bool
    amount_vnd: int
    happened_at: datetime

    @property
    def signed_vnd(self) -> int:
        """What came; below 0 what went back."""
        return -self.amount_vnd if self.is_refund else self.amount_vnd


def movements_of(
    transactions: Sequence[Mapping[str, Any]], payments: Sequence[Mapping[str, Any]]
) -> tuple[Movement, ...]:
    """All that moved, in the order it happened. Raises `KeyError`, `TypeError`, `ValueError` for another shape."""
    found = [movement for one in transactions for movement in _of_transaction(one)]
    found += [movement for one in payments for movement in _of_payment(one)]
    return tuple(sorted(found, key=lambda one: (one.happened_at, one.is_refund, one.digest)))


def _of_transaction(told: Mapping[str, Any]) -> Iterable[Movement]:
    last: dict[tuple[str, str], Mapping[str, Any]] = {}
    for event in sorted(told["events"], key=lambda event: moment(event["createdAt"])):
        last[event["type"] or "", event["pspReference"] or event["id"]] = event
    for (kind, reference), event in last.items():
        sign = _SIGNS.get(kind, 0)
        if kind == "REFUND_SUCCESS" and not event["pspReference"]:
            sign = 0
        failure = last.get((_FAILURES.get(kind, ""), reference))
        undone = failure is not None and moment(failure["createdAt"]) >= moment(event["createdAt"])
        if sign and not undone:
            yield from _movement(
                told["id"], kind, reference, event["amount"]["amount"], event["createdAt"], sign=sign
            )


def _of_payment(told: Mapping[str, Any]) -> Iterable[Movement]:
    for event in told["transactions"] or ():
        sign = _SIGNS_OF_PAYMENTS.get(event["kind"], 0)
        if sign and event["isSuccess"]:
            amount = event["amount"]["amount"]
            yield from _movement(told["id"], event["kind"], event["id"], amount, event["created"], sign=sign)


def _movement(
    source_id: str, kind: str, reference: str, amount: object, happened_at: str, *, sign: int
) -> Iterable[Movement]:
    moved_vnd = sign * signed_vnd_of(amount)
    if moved_vnd:
        yield Movement(
            source_id=source_id,
            digest=hashlib.sha256("\n".join((source_id, kind, reference)).encode()).hexdigest(),
            is_refund=moved_vnd < 0,
            amount_vnd=abs(moved_vnd),
            happened_at=moment(happened_at),
        )


def signed_vnd_of(amount: object) -> int:
    """As `money.vnd_of`, of a sum that may be less than nothing: more went back than had come."""
    if isinstance(amount, int | float | Decimal) and amount < 0:
        return -vnd_of(-amount)
    return vnd_of(amount)


def moment(text: str) -> datetime:
    """A moment of Saleor's, which says its zone. Raises `ValueError` without one."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError("a moment without a zone")
    return read
