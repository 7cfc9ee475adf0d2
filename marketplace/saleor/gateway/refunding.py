"""A refund that a Saleor's staff asks for: promises of the vendors who have the money, and what ends them.

Saleor sums by reference, so that one request has one: it stays pending there until each of its promises was kept or
taken back, and ends as one event with the sum of those that were kept (decision 0040).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core.actors import SYSTEM
from marketplace.core.errors import Conflict
from marketplace.core.money import format_vnd
from marketplace.orders.discounts import shares
from marketplace.orders.locks import lock_order
from marketplace.orders.models import Order
from marketplace.saleor.gateway.refund_requests import RefundAsked
from marketplace.saleor.models import SaleorPart, SaleorRefundRequest, SaleorTransaction
from payments.services.amounts import NothingToPay
from payments.services.giving_back import AllPromised, require_free_to_go_back
from payments.services.granting import grant_refund


class MoreThanIsFree(Conflict):
    """More is asked back than came, less what went back or is promised."""

    code = "AMOUNT_TOO_LARGE"


@dataclass(frozen=True, slots=True)
class _Purse:
    """A vendor's order that money may come back from."""

    part: SaleorPart
    order: Order
    free_vnd: int


def promise_refund(*, row: SaleorTransaction, request: RefundAsked, amount_vnd: int, now: datetime) -> str:
    """Promise `amount_vnd` back out of the transaction's orders; answers the request's reference, and again the same.

    From the vendors of the lines it is for, else from all by what is free of theirs. Raises `MoreThanIsFree`,
    `NothingToPay`; nothing is promised then.
    """
    with transaction.atomic():
        purses = [_purse(part) for part in row.parts.order_by("order_id")]
        if row.refund_requests.filter(answered_reference=request.reference).exists():
            return request.reference
        free_vnd = sum(purse.free_vnd for purse in purses)
        if amount_vnd < 1:
            raise NothingToPay(_("Đơn này chưa nhận khoản tiền nào."))
        if amount_vnd > free_vnd:
            sentence = _("Chỉ còn {most} trả lại được.").format(most=format_vnd(free_vnd))
            raise MoreThanIsFree(sentence)
        amounts = [(purse, one) for purse, one in zip(purses, _fall(amount_vnd, purses, request), strict=True) if one]
        for number, (purse, part_vnd) in enumerate(amounts):
            _promise(row, purse, part_vnd, request.reference, number=number, now=now)
    return request.reference


def _purse(part: SaleorPart) -> _Purse:
    order = lock_order(part.order_id)
    try:
        return _Purse(part, order, require_free_to_go_back(order))
    except (NothingToPay, AllPromised):
        return _Purse(part, order, 0)


def _fall(amount_vnd: int, purses: Sequence[_Purse], request: RefundAsked) -> list[int]:
    """How much each gives: by the lines given back, if their vendors have that much, else by what is free."""
    free = [purse.free_vnd for purse in purses]
    by_lines = [_cost_of_lines(purse, request.line_quantities) for purse in purses]
    parts = shares(amount_vnd, of=by_lines)
    if any(by_lines) and all(part_vnd <= most for part_vnd, most in zip(parts, free, strict=True)):
        return parts
    return shares(amount_vnd, of=free)


def _cost_of_lines(purse: _Purse, quantities: Mapping[str, int]) -> int:
    """What the lines of this order that are given back cost, in đồng."""
    mine = {ours: quantities[theirs] for ours, theirs in purse.part.lines.items() if theirs in quantities}
    lines = purse.order.lines.filter(pk__in=mine) if mine else ()
    return sum(line.total_vnd * min(mine[str(line.pk)], line.quantity) // line.quantity for line in lines)


def _promise(
    row: SaleorTransaction, purse: _Purse, amount_vnd: int, reference: str, *, number: int, now: datetime
) -> None:
    reason = _("Trả lại tiền theo yêu cầu của nơi bán.")
    granted = grant_refund(actor=SYSTEM, order=purse.order, amount_vnd=amount_vnd, reason=reason, now=now)
    SaleorRefundRequest.objects.create(
        transaction=row,
        psp_reference=f"{reference}.{number + 1}" if number else reference,
        answered_reference=reference,
        granted_refund=granted,
        amount_vnd=amount_vnd,
        made_at=now,
    )
