"""What a statement would do, row by row, without doing it.

The same decision as the import's (`payments.matching.decide`, `told_before`) over facts that are read without locks,
each line seeing what the lines before it would have changed. Nothing is written and nobody waits: playing the import
and taking it back would hold SQLite's only writer for as long as the import itself. What only a lock can tell (is
the last unit still there?) is said with an "if".
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from marketplace.core.actors import Actor
from marketplace.core.money import format_vnd
from marketplace.orders.models import Order, PaymentCode
from payments.matching import (
    Book,
    CodeFacts,
    Decision,
    Ignore,
    IgnoreReason,
    MatchingFacts,
    SaleState,
    codes_in,
    decide,
)
from payments.models import BankNotice, Statement, StatementSource
from payments.providers.base import Reported
from payments.reasons import SAME_TRANSFER, HeldReason, as_clause
from payments.services.importing import IDS_ASKED_MAX, plan_of, reported_of
from payments.services.repeats import is_certain, told_before
from payments.services.sales import CODES_LOOKED_UP_MAX, Sale
from payments.statements.identity import Identified
from payments.statements.lines import StatementLine
from vendors.access import require_owner

DAYS_AROUND: Final = timedelta(days=2)


class Fate(StrEnum):
    """What would become of a line."""

    KNOWN = "known"
    BOOK = "book"
    BOOK_IF = "book_if"
    """Booked if its goods can still be had: the sale has expired, or is not an order yet."""
    REVIEW = "review"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """A line and what would become of it."""

    line: StatementLine
    fate: Fate
    why: str = ""
    """A key of `payments.reasons.SENTENCES`, for what is reviewed or ignored."""
    order_number: str = ""
    left_vnd: int = 0
    """What would still be missing on the order."""
    refund_vnd: int = 0
    """What would have to be given back."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """All lines of a statement in the order of its file."""

    lines: tuple[Foreseen, ...]

    def count(self, *fates: Fate) -> int:
        """How many lines would go one of these ways."""
        return sum(one.fate in fates for one in self.lines)

    def in_vnd(self, *fates: Fate) -> int:
        """What came in, in đồng, on the lines that would go one of these ways."""
        return sum(max(0, one.line.amount_vnd) for one in self.lines if one.fate in fates)


def foresee(*, actor: Actor, statement: Statement, now: datetime) -> Forecast:
    """What importing a draft would do now. Owner only; writes nothing. Raises `NotFound`, `NotAllowed`."""
    require_owner(actor, statement.vendor)
    source = StatementSource.objects.filter(vendor_id=statement.vendor_id, source_key=statement.source_key).first()
    # On a copy of what only an import sets; never saved.
    asked = Statement(
        pk=statement.pk,
        vendor_id=statement.vendor_id,
        feed_id=source.pk if source is not None else None,
        account_number=statement.account_number,
    )
    plan = plan_of(asked)
    reported = [reported_of(statement.account_number, one) for one in plan]
    oracle = _Oracle(asked, reported, now=now)
    fates = [oracle.fate_of(one, told) for one, told in zip(plan, reported, strict=True)]
    return Forecast(tuple(sorted(fates, key=lambda one: one.line.row)))


def in_words(foreseen: Foreseen) -> str:
    """What would become of a line, as people say it, in the language of the moment."""
    if foreseen.fate is Fate.KNOWN:
        return _("đã có")
    if foreseen.fate is Fate.IGNORE:
        if foreseen.why == IgnoreReason.OUTGOING:
            return _("tiền đi – bỏ qua")
        return _("bỏ qua: {why}").format(why=as_clause(foreseen.why))
    if foreseen.fate is Fate.REVIEW:
        return _("cần xem: {why}").format(why=as_clause(foreseen.why))
    return _booking_in_words(foreseen)


def _booking_in_words(foreseen: Foreseen) -> str:
    if not foreseen.order_number:
        return _("mới – thành đơn mới nếu còn hàng")
    if foreseen.fate is Fate.BOOK_IF:
        return _("mới – ghi vào đơn {number} nếu còn hàng").format(number=foreseen.order_number)
    if foreseen.left_vnd:
        return _("mới – ghi vào đơn {number}, còn thiếu {amount}").format(
            number=foreseen.order_number, amount=format_vnd(foreseen.left_vnd)
        )
    if foreseen.refund_vnd:
        return _("mới – ghi vào đơn {number}, thừa {amount}").format(
            number=foreseen.order_number, amount=format_vnd(foreseen.refund_vnd)
        )
    return _("mới – ghi vào đơn {number}").format(number=foreseen.order_number)


class _Oracle:
    """Decides line after line; a booking that was foreseen changes the facts of its sale for the lines behind it."""

    def __init__(self, statement: Statement, reported: Sequence[Reported], *, now: datetime) -> None:
        self._statement = statement
        self._now = now
        self._account = statement.account_number
        self._vendor_ids = (statement.vendor_id,)
        self._sales = _sales_of(code for one in reported for code in codes_in(one.transfer)[:CODES_LOOKED_UP_MAX])
        self._changed: dict[str, CodeFacts] = {}
        self._amounts_told = _amounts_told(statement, reported)

    def fate_of(self, one: Identified, told: Reported) -> Foreseen:
        """What would become of a line."""
        if one.is_known:
            return Foreseen(line=one.line, fate=Fate.KNOWN)
        codes = sorted(codes_in(told.transfer)[:CODES_LOOKED_UP_MAX])
        facts = [self._facts(self._sales[code], told) for code in codes if code in self._sales]
        decision = decide(told.transfer, MatchingFacts(accounts=frozenset({self._account}), codes=tuple(facts)))
        if isinstance(decision, Ignore):
            return Foreseen(line=one.line, fate=Fate.IGNORE, why=decision.reason)
        if (linked := self._linked(one, told)) is not None:
            return linked
        if told.doubt:
            return Foreseen(line=one.line, fate=Fate.REVIEW, why=told.doubt)
        return self._decided(one, decision)

    def _decided(self, one: Identified, decision: Decision) -> Foreseen:
        if not isinstance(decision, Book):
            return Foreseen(line=one.line, fate=Fate.REVIEW, why=decision.reason)
        sale = self._sales[decision.code]
        facts = self._facts_before(sale, decision)
        self._changed[decision.sale] = replace(
            facts,
            outstanding=decision.outstanding,
            state=SaleState.PAID if decision.is_full and sale.order is not None else SaleState.LIVE,
        )
        return Foreseen(
            line=one.line,
            fate=Fate.BOOK_IF if decision.revives or sale.order is None else Fate.BOOK,
            order_number=sale.order.number if sale.order is not None else "",
            left_vnd=decision.outstanding,
            refund_vnd=decision.refund_due,
        )

    def _facts(self, sale: Sale, told: Reported) -> CodeFacts:
        facts = sale.facts(vendor_ids=self._vendor_ids, amount_vnd=told.transfer.amount)
        changed = self._changed.get(facts.sale)
        if changed is None or sale.order is None:
            return facts
        return replace(facts, outstanding=changed.outstanding, state=changed.state)

    def _facts_before(self, sale: Sale, decision: Book) -> CodeFacts:
        return sale.facts(vendor_ids=self._vendor_ids, amount_vnd=decision.amount)

    def _linked(self, one: Identified, told: Reported) -> Foreseen | None:
        """The line's fate if another source told of the transfer, or may have."""
        if told.transfer.amount not in self._amounts_told:
            return None
        notice = BankNotice(
            # Of a kind of file that never came before there is no feed yet: one that told of nothing stands for it.
            feed_id=self._statement.feed_id or uuid.uuid4(),
            provider_tx_id=told.provider_tx_id,
            is_incoming=True,
            amount_vnd=told.transfer.amount,
            account_number=self._account,
            content=told.transfer.content,
            bank_reference=told.bank_reference,
            happened_at=told.happened_at,
            bank_date=one.line.happened_at.date(),
            received_at=self._now,
        )
        first = told_before(notice, vendor_ids=self._vendor_ids)
        if first is None:
            return None
        if is_certain(notice, first):
            return Foreseen(line=one.line, fate=Fate.IGNORE, why=SAME_TRANSFER)
        return Foreseen(line=one.line, fate=Fate.REVIEW, why=HeldReason.MAY_BE_REPEAT)


def _amounts_told(statement: Statement, reported: Sequence[Reported]) -> frozenset[int]:
    """The amounts that other sources told of around these days, so that few lines need a look of their own."""
    if not reported:
        return frozenset()
    moments = [one.happened_at for one in reported]
    others = BankNotice.objects.filter(
        vendor_id=statement.vendor_id,
        state__in=[BankNotice.State.BOOKED, BankNotice.State.REVIEW],
        happened_at__range=(min(moments) - DAYS_AROUND, max(moments) + DAYS_AROUND),
    )
    return frozenset(others.values_list("amount_vnd", flat=True).distinct())


def _sales_of(codes: Iterable[str]) -> dict[str, Sale]:
    """What each code leads to now, unlocked; two statements for every `IDS_ASKED_MAX` codes."""
    found: dict[str, Sale] = {}
    for part in _parts(sorted(set(codes))):
        rows = list(PaymentCode.objects.filter(code__in=part).select_related("order"))
        waiting = {row.checkout_id for row in rows if row.order_id is None and row.checkout_id is not None}
        made = {order.checkout_id: order for order in Order.objects.filter(checkout_id__in=waiting)}
        for row in rows:
            found[row.code] = Sale(row, row.order or made.get(row.checkout_id))
    return found


def _parts(codes: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(codes), IDS_ASKED_MAX):
        yield codes[start : start + IDS_ASKED_MAX]
