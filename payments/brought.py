"""Statements that a vendor brought, found again: the list, and what became of each line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from marketplace.core.actors import Actor
from payments.matching import IgnoreReason
from payments.models import BankNotice, ReviewItem, Statement
from payments.reasons import as_clause
from payments.services.importing import plan_of
from payments.statements.lines import StatementLine
from vendors.access import require_owner
from vendors.models import Vendor

STATEMENTS_SHOWN_MAX: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A line of a statement and what became of it; `state` is None before it was taken in."""

    line: StatementLine
    state: str | None = None
    why: str = ""
    order_number: str = ""
    review_id: int | None = None
    """What waits for a person, if it still does."""


def statements_of_vendor(*, actor: Actor, vendor: Vendor, at_most: int = STATEMENTS_SHOWN_MAX) -> list[Statement]:
    """The vendor's statements, the newest first: one statement. Owner only. Raises `NotFound`, `NotAllowed`."""
    require_owner(actor, vendor)
    found = Statement.objects.filter(vendor=vendor).order_by("-made_at", "-pk")
    return list(found[: max(0, min(at_most, STATEMENTS_SHOWN_MAX))])


def outcomes_of(*, actor: Actor, statement: Statement, first: int, count: int) -> list[Outcome]:
    """What became of `count` lines from the `first` (counted from 0), in the order of the file.

    None once the file was erased. Owner only. Raises `NotFound`, `NotAllowed`.
    """
    require_owner(actor, statement.vendor)
    plan = sorted(plan_of(statement), key=lambda one: one.line.row)[first : first + count]
    ids = [one.tx_id for one in plan]
    notices: QuerySet[BankNotice] = BankNotice.objects.filter(feed_id__in=[statement.feed_id], provider_tx_id__in=ids)
    kept = {notice.provider_tx_id: notice for notice in notices.select_related("order")}
    waiting = ReviewItem.objects.filter(notice__in=kept.values(), closed_at__isnull=True)
    open_items = {item.notice_id or 0: item.pk for item in waiting}
    return [_outcome(one.line, kept.get(one.tx_id), open_items) for one in plan]


def outcome_in_words(outcome: Outcome) -> str:
    """What became of a line, as people say it, in the language of the moment."""
    if outcome.state is None or outcome.state == BankNotice.State.RECEIVED:
        return _("đang xử lý")
    if outcome.state == BankNotice.State.BOOKED:
        return _("đã ghi vào đơn {number}").format(number=outcome.order_number)
    if outcome.state == BankNotice.State.REVIEW:
        if outcome.review_id is None:
            return _("đã xem xong")
        return _("cần xem: {why}").format(why=as_clause(outcome.why))
    if outcome.why == IgnoreReason.OUTGOING:
        return _("tiền đi – bỏ qua")
    return _("bỏ qua: {why}").format(why=as_clause(outcome.why))


def _outcome(line: StatementLine, notice: BankNotice | None, open_items: dict[int, int]) -> Outcome:
    if notice is None:
        return Outcome(line=line)
    return Outcome(
        line=line,
        state=notice.state,
        why=notice.why,
        order_number=notice.order.number if notice.order is not None else "",
        review_id=open_items.get(notice.pk),
    )
