"""What a voucher takes off a checkout, why it may not, and each line's share of it. Pure: no locks, no writes.

The rule: a percentage is rounded down to whole đồng; the goods never fall below `GOODS_LEFT_VND_MIN`, delivery
apart, since an order of nothing could not be paid (decision 0017); the lines' shares add up to the discount.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core.clock import vietnam_date
from marketplace.core.money import format_vnd
from marketplace.core.text import fold
from marketplace.orders.models import Checkout, Voucher

GOODS_LEFT_VND_MIN: Final = 1_000
"""What the goods of an order with a voucher cost at least."""


class VoucherState(StrEnum):
    """Where a voucher stands at one moment."""

    COMING = "coming"
    RUNNING = "running"
    USED_UP = "used_up"
    OVER = "over"


@dataclass(frozen=True)
class Discount:
    """What a checkout's voucher does at one moment: đồng taken off, or the sentence why nothing is."""

    voucher: Voucher
    amount_vnd: int
    problem: str | Promise | None = None


def normal_code(text: str) -> str:
    """A voucher's code as it is kept: capitals and hyphens, no blanks or marks ("tết-2027" is TET-2027)."""
    return "-".join("".join(fold(part).split()) for part in text.split("-")).upper()


def state_of(voucher: Voucher, *, now: datetime) -> VoucherState:
    """Where the voucher stands: over before it is used up, used up before it is coming."""
    if voucher.ended_at is not None or (voucher.end_date is not None and voucher.end_date <= now):
        return VoucherState.OVER
    if voucher.usage_limit is not None and voucher.used >= voucher.usage_limit:
        return VoucherState.USED_UP
    return VoucherState.COMING if now < voucher.start_date else VoucherState.RUNNING


def amount_off(voucher: Voucher, *, subtotal_vnd: int) -> int:
    """The đồng that the voucher takes off goods of `subtotal_vnd`; 0 where they cost the least possible already."""
    wanted = voucher.discount_value
    if voucher.discount_value_type == Voucher.ValueType.PERCENTAGE:
        wanted = subtotal_vnd * voucher.discount_value // 100
    return max(0, min(wanted, subtotal_vnd - GOODS_LEFT_VND_MIN))


def discount_of(checkout: Checkout, *, subtotal_vnd: int, held: bool, now: datetime) -> Discount | None:
    """What the checkout's voucher does to goods of `subtotal_vnd` now; None without a voucher.

    While `held`, what was taken off the sum that its buyer was asked to pay. Whose phone it is, is asked when the
    order is placed.
    """
    voucher = checkout.voucher
    if voucher is None:
        return None
    if held and checkout.held_discount_vnd is not None:
        return Discount(voucher, checkout.held_discount_vnd)
    problem = why_not(voucher, subtotal_vnd=subtotal_vnd, now=now)
    return Discount(voucher, 0 if problem else amount_off(voucher, subtotal_vnd=subtotal_vnd), problem)


def why_not(voucher: Voucher, *, subtotal_vnd: int, now: datetime) -> str | Promise | None:
    """The sentence why the voucher takes nothing off goods of `subtotal_vnd` now; None where it does."""
    state = state_of(voucher, now=now)
    if state is VoucherState.OVER:
        return format_lazy(_("Mã {code} đã hết hạn."), code=voucher.code)
    if state is VoucherState.USED_UP:
        return format_lazy(_("Mã {code} đã hết lượt dùng."), code=voucher.code)
    if state is VoucherState.COMING:
        day = vietnam_date(voucher.start_date).strftime("%d/%m/%Y")
        return format_lazy(_("Mã {code} dùng được từ ngày {day}."), code=voucher.code, day=day)
    least = max(voucher.min_spent_vnd, GOODS_LEFT_VND_MIN + 1)
    if subtotal_vnd < least:
        sentence = _("Mã {code} dùng cho tiền hàng từ {least}. Bạn còn thiếu {missing}.")
        missing = format_vnd(least - subtotal_vnd)
        return format_lazy(sentence, code=voucher.code, least=format_vnd(least), missing=missing)
    if not amount_off(voucher, subtotal_vnd=subtotal_vnd):
        return format_lazy(_("Mã {code} không giảm được gì cho tiền hàng này."), code=voucher.code)
    return None


def each_vnd(total_vnd: int, quantity: int) -> int:
    """What one of `quantity` costs that cost `total_vnd` together: to the nearest đồng, half a đồng up."""
    return (2 * total_vnd + quantity) // (2 * quantity)


def shares(amount_vnd: int, *, of: Sequence[int]) -> list[int]:
    """How `amount_vnd` falls on lines that cost `of` đồng: in proportion, whole, together exactly the amount.

    No line gets more than it costs, as long as the amount is not more than all of them.
    """
    whole = sum(of)
    parts, before, cost = [], 0, 0
    for one in of:
        cost += one
        until = amount_vnd * cost // whole if whole else 0
        parts.append(until - before)
        before = until
    return parts
