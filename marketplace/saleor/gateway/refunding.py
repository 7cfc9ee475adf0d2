"""A refund that a Saleor's staff asks for: promises of the vendors who have the money, and what ends them.

Saleor sums by reference, so that one request has one: it stays pending there until each of its promises was kept or
taken back, and ends as one event with the sum of those that were kept (decision 0040).
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core.actors import SYSTEM
from marketplace.core.errors import Conflict
from marketplace.core.money import format_vnd
from marketplace.orders.discounts import shares
from marketplace.orders.locks import lock_order
from marketplace.orders.models import Order
from marketplace.saleor.models import Installation, SaleorPart, SaleorRefundRequest, SaleorTransaction
from payments.services.amounts import NothingToPay
from payments.services.giving_back import AllPromised, require_free_to_go_back
from payments.services.granting import grant_refund

PREFIX: Final = "cho40-refund-"
REFERENCE_BYTES: Final = 15
"""Of a digest: 24 letters and digits of base 32, with no chance of two alike."""


class MoreThanIsFree(Conflict):
    """More is asked back than came, less what went back or is promised."""

    code = "AMOUNT_TOO_LARGE"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAsked:
    """One request of a Saleor: the reference that it always gets, and which of the Order's lines it is for."""

    reference: str
    line_quantities: Mapping[str, int]
    """OrderLine's id at the Saleor -> how many; empty where no lines were named."""


@dataclass(frozen=True, slots=True)
class _Purse:
    """A vendor's order that money may come back from."""

    part: SaleorPart
    order: Order
    free_vnd: int


def request_of(installation: Installation, event: Mapping[str, Any], *, amount_vnd: int) -> RefundAsked:
    """Which request an event tells of: Saleor wrote its REFUND_REQUEST down before it asked, without a reference.

    Of two alike that wait at once, the first that we do not know. An event without one is a request of its own.
    Where our answer was lost, Saleor wrote that request off without a reference: who asks again gets its promise.
    """
    told = event["transaction"]
    waiting = _unanswered(told, "REFUND_REQUEST", amount_vnd)
    references = {_reference(installation, event_id): event_id for event_id in waiting}
    rows = SaleorRefundRequest.objects.filter(answered_reference__in=references)
    known = set(rows.values_list("answered_reference", flat=True))
    reached = {one["pspReference"] for one in told.get("events") or ()}
    written_off = len(_unanswered(told, "REFUND_FAILURE", amount_vnd))
    lost = [one for one in references if one in known and one not in reached][:written_off]
    new = [one for one in references if one not in known]
    reference = next(iter([*lost, *new, *references]), None)
    if reference is None:
        return RefundAsked(reference=_reference(installation, str(uuid.uuid4())), line_quantities={})
    return RefundAsked(reference=reference, line_quantities=_lines_granted(told, references[reference]))


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


def _reference(installation: Installation, event_id: str) -> str:
    digest = hashlib.sha256(f"{installation.api_url} {event_id}".encode()).digest()
    return PREFIX + base64.b32encode(digest[:REFERENCE_BYTES]).decode().lower()


def _unanswered(told: Mapping[str, Any], kind: str, amount_vnd: int) -> list[str]:
    """The ids of a transaction's events of this kind and amount that carry no reference, as they were written."""
    return [
        one["id"]
        for one in told.get("events") or ()
        if one["type"] == kind and not one["pspReference"] and one["amount"]["amount"] == amount_vnd
    ]


def _lines_granted(told: Mapping[str, Any], event_id: str) -> dict[str, int]:
    for granted in (told.get("order") or {}).get("grantedRefunds") or ():
        if any(one["id"] == event_id for one in granted.get("transactionEvents") or ()):
            return {line["orderLine"]["id"]: line["quantity"] for line in granted.get("lines") or ()}
    return {}
