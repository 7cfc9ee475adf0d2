"""What a payer may know of a payment code: whether money is waited for, how much, and who receives it, masked.

A code is no secret: it stands in every transfer, and the bank's clerks, the payer's family and whoever looks over a
shoulder read it. So it opens nothing of the order: no goods, no buyer, no number, no shop. Who holds the order's UUID
asks for the order itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from marketplace.core.payment_codes import find_codes
from marketplace.orders.drafts import draft_of, is_held
from marketplace.orders.models import Order, PaymentCode

ACCOUNT_DIGITS_SHOWN: Final = 3
MASK: Final = "***"
ENDED: Final = (Order.Status.CANCELED, Order.Status.EXPIRED)


class CodeState(StrEnum):
    """What a code is good for at present."""

    AWAITING = "awaiting"
    PAID = "paid"
    CLOSED = "closed"
    """Expired, cancelled, or replaced by another code: nobody should pay by it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSight:
    """A code as anybody may see it."""

    code: str
    state: CodeState
    outstanding_vnd: int | None
    """What is still to be paid, in đồng; None where no money is waited for."""
    bin: str
    account_ending: str
    account_name: str
    """Masked: enough for the payer to see that it is the right person, too little to learn who it is."""


def payment_code_sight(text: str, *, now: datetime) -> CodeSight | None:
    """The code in `text`, however it was typed; None where there is none. At most five statements."""
    found = find_codes(text)
    codes = PaymentCode.objects.select_related("order", "checkout__delivery", "checkout__voucher")
    code = codes.filter(code=found[0]).first() if len(found) == 1 else None
    if code is None:
        return None
    state, outstanding_vnd = _state(code, now=now)
    return CodeSight(
        code=code.code,
        state=state,
        outstanding_vnd=outstanding_vnd if state is CodeState.AWAITING else None,
        bin=code.bin,
        account_ending=_ending(code.account_number),
        account_name=masked(code.account_name),
    )


def masked(name: str) -> str:
    """A holder's name with its first word whole and of each other one the first letter: "NONG T*** L***"."""
    first, *others = name.split() or [""]
    return " ".join([first, *(f"{word[0]}{MASK}" for word in others)])


def _ending(account: str) -> str:
    """The last digits of an account; of a very short one, such as a nickname, none."""
    return account[-ACCOUNT_DIGITS_SHOWN:] if len(account) > 2 * ACCOUNT_DIGITS_SHOWN else ""


def _state(code: PaymentCode, *, now: datetime) -> tuple[CodeState, int]:
    order, checkout = code.order, code.checkout
    if order is not None:
        if order.status in ENDED:
            return CodeState.CLOSED, 0
        # What was paid once and given back is not asked for again.
        if order.fully_charged_at is not None or not order.outstanding_vnd:
            return CodeState.PAID, 0
        return (CodeState.AWAITING if code.is_live else CodeState.CLOSED), order.outstanding_vnd
    if checkout is None or not code.is_live or not is_held(checkout, now=now):
        return CodeState.CLOSED, 0
    return CodeState.AWAITING, draft_of(checkout, now=now).total_vnd
