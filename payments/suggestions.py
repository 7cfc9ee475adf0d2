"""Which orders held money may be for: a help for the person who decides, who is told why each is named.

Nothing is ever booked because of a suggestion alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Final

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.core.money import format_vnd
from marketplace.core.payment_codes import CODE_CHARACTERS, near_codes
from marketplace.orders.models import Order, PaymentCode
from payments.likeness import is_day_only
from payments.models import BankNotice, ReviewItem

SUGGESTED_MAX: Final = 3
LOOKED_BACK: Final = timedelta(days=30)
ORDERS_READ_MAX: Final = 200
CODES_READ_MAX: Final = 500
JUST_BEFORE: Final = timedelta(minutes=30)
"""Who pays an order does so within its half hour; another amount may be a slip of the finger."""
CLOCKS_DIFFER: Final = timedelta(minutes=5)
"""Banks' clocks and ours do not agree better than this."""

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An order that held money may be for, and what speaks for it."""

    order: Order
    is_named: bool
    """Whether the code in the transfer leads to it."""
    near_characters: int
    """How much of its code the transfer shows in a row; 0 for nothing worth a word."""
    is_exact: bool
    """Whether it still costs exactly this amount."""
    before: timedelta
    """How long before the money it was placed."""

    @property
    def is_strong(self) -> bool:
        """Whether more speaks for it than the hour."""
        return self.is_named or self.is_exact or self.near_characters > 0

    @property
    def why(self) -> str:
        """What speaks for it, in the language of the moment: "đúng số tiền, đặt 5 phút trước đó"."""
        return ", ".join([*self._about_code(), self._about_amount(), _ago(self.before)])

    def _about_code(self) -> list[str]:
        if self.is_named or self.near_characters == CODE_CHARACTERS:
            return [_("mã của đơn có trong nội dung")]
        return [_("mã gần giống")] if self.near_characters else []

    def _about_amount(self) -> str:
        if self.is_exact:
            return _("đúng số tiền")
        if not self.order.outstanding_vnd:
            return _("đã đủ tiền, ghi vào là phải trả lại")
        return _("còn thiếu %(amount)s") % {"amount": format_vnd(self.order.outstanding_vnd)}

    @property
    def _rank(self) -> tuple[bool, int, bool, timedelta]:
        return (not self.is_named, -self.near_characters, not self.is_exact, self.before)


@dataclass(frozen=True, slots=True)
class Held:
    """An item about money that no order has yet, and the notice that told of it."""

    item: ReviewItem
    notice: BankNotice

    @property
    def came_by(self) -> datetime:
        """When the money was there; a transfer that is dated by its day only came at any time of it."""
        moment = self.notice.happened_at
        return moment + _DAY if is_day_only(moment) else moment

    @property
    def words(self) -> str:
        """All that the transfer says."""
        return f"{self.notice.content}\n{self.notice.code_hint}"


def likely_orders(item: ReviewItem) -> list[Suggestion]:
    """The orders that held money may be for, the likeliest first; at most three statements.

    The caller asked whether the item may be seen.
    """
    return likely_orders_of([item]).get(item.pk, [])


def likely_orders_of(items: Sequence[ReviewItem]) -> dict[int, list[Suggestion]]:
    """`likely_orders` for a page of one vendor's items, by key; at most three statements for all of them.

    An order is named for its code (the very one, or one much like what the transfer shows), for costing exactly
    this amount, or for being placed `JUST_BEFORE`; the first `SUGGESTED_MAX` are enough for a screen.
    """
    held = [Held(item, item.notice) for item in items if item.notice is not None]
    if not held:
        return {}
    waiting = _waiting_orders(held)
    orders = {order.pk: order for order in _by_amount_or_time(waiting, held)}
    near = _near_orders(waiting, held)
    named_by = {money.item.order_id for money in held if money.item.order_id}
    wanted = named_by | {pk for found in near.values() for pk in found}
    named = Order.objects.filter(pk__in=wanted - orders.keys()).exclude(status=Order.Status.CANCELED)
    orders |= {order.pk: order for order in named}
    return {money.item.pk: _ranked(money, orders.values(), near=near[money.item.pk]) for money in held}


def _waiting_orders(held: Sequence[Held]) -> Q:
    """The vendor's orders that still want money, placed in the days before the first of these items' money came."""
    since = min(money.came_by for money in held) - LOOKED_BACK
    return Q(vendor_id=held[0].item.vendor_id, placed_at__gte=since, charged_vnd__lt=F("total_vnd")) & ~Q(
        status=Order.Status.CANCELED
    )


def _by_amount_or_time(waiting: Q, held: Sequence[Held]) -> Iterable[Order]:
    just_before = [Q(placed_at__range=(money.came_by - JUST_BEFORE, money.came_by + CLOCKS_DIFFER)) for money in held]
    amounts = Q(left_vnd__in={money.item.amount_vnd for money in held})
    orders = Order.objects.annotate(left_vnd=F("total_vnd") - F("charged_vnd")).filter(waiting)
    return orders.filter(reduce(or_, just_before, amounts)).order_by("-placed_at")[:ORDERS_READ_MAX]


def _near_orders(waiting: Q, held: Sequence[Held]) -> dict[int, dict[int, int]]:
    """For each item the orders whose code its transfer shows a part of, and how much of it."""
    of_waiting = PaymentCode.objects.filter(order__in=Order.objects.filter(waiting)).order_by("-pk")
    order_of = dict(of_waiting.values_list("code", "order_id")[:CODES_READ_MAX])
    near: dict[int, dict[int, int]] = {}
    for money in held:
        shown = near.setdefault(money.item.pk, {})
        for code, count in near_codes(money.words, order_of).items():
            order_id = order_of[code] or 0
            shown[order_id] = max(count, shown.get(order_id, 0))
    return near


def _ranked(money: Held, orders: Iterable[Order], *, near: Mapping[int, int]) -> list[Suggestion]:
    found = [
        Suggestion(
            order=order,
            is_named=order.pk == money.item.order_id,
            near_characters=near.get(order.pk, 0),
            is_exact=order.outstanding_vnd == money.item.amount_vnd,
            before=money.came_by - order.placed_at,
        )
        for order in orders
    ]
    return sorted(filter(_is_likely, found), key=lambda one: one._rank)[:SUGGESTED_MAX]


def _is_likely(one: Suggestion) -> bool:
    if one.is_named or one.near_characters:
        return True
    wants_money = one.order.outstanding_vnd > 0 and one.before >= -CLOCKS_DIFFER
    return wants_money and (one.is_exact or one.before <= JUST_BEFORE)


def _ago(before: timedelta) -> str:
    if before < _MINUTE:
        return _("đặt cùng lúc")
    if before < _HOUR:
        return _("đặt %(count)s phút trước đó") % {"count": before // _MINUTE}
    if before < _DAY:
        return _("đặt %(count)s giờ trước đó") % {"count": before // _HOUR}
    return ngettext("đặt %(count)s ngày trước đó", "đặt %(count)s ngày trước đó", before // _DAY) % {
        "count": before // _DAY
    }
