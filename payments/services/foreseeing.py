"""What a statement would do, row by row, without doing it.

The same decision as the import's (`payments.matching.decide`) over facts that are read without locks,
each line seeing what the lines before it would have changed. Nothing is written and nobody waits: playing the import
and taking it back would hold SQLite's only writer for as long as the import itself. What only a lock can tell (is
the last unit still there?) is said with an "if".
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from marketplace.core.actors import Actor
from marketplace.core.clock import vietnam_date
from marketplace.core.money import format_vnd
from marketplace.orders.models import Order, PaymentCode
from payments.matching import (
    Book,
    CodeFacts,
    Direction,
    Ignore,
    IgnoreReason,
    Kind,
    MatchingFacts,
    Review,
    SaleState,
    codes_in,
    decide,
)
from payments.models import BankNotice, Statement, StatementSource
from payments.providers.base import Reported
from payments.reasons import as_clause
from payments.services.facts import of_other_stand, others_with_account
from payments.services.importing import IDS_ASKED_MAX, plan_of, reported_of
from payments.services.repeats import EarlierOfMany, telling_of
from payments.services.sales import CODES_LOOKED_UP_MAX, Sale
from payments.services.stands import CODES_ASKED_MAX, stand_codes_of
from payments.statements.identity import Identified
from payments.statements.lines import StatementLine
from vendors.access import require_owner

LINES_COMPARED_AT_ONCE: Final = 500
"""Lines for which what other sources told is read together; the day on which that many are reached is read whole."""


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
    fates = [fate for start, end in _slices(plan) for fate in oracle.fates_of(plan[start:end], reported[start:end])]
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
    """Decides line after line; what was foreseen of a line changes the facts for the lines behind it."""

    def __init__(self, statement: Statement, reported: Sequence[Reported], *, now: datetime) -> None:
        self._vendor_ids = (statement.vendor_id,)
        self._now = now
        self._account = statement.account_number
        # Of a kind of file that never came before there is no feed yet: one that told of nothing stands for it.
        self._feed_id = statement.feed_id or uuid.uuid4()
        codes = sorted({code for one in reported for code in codes_in(one.transfer)[:CODES_LOOKED_UP_MAX]})
        self._sales = _sales_of(codes)
        self._stands = _stands_of([code for code in codes if code not in self._sales])
        self._elsewhere = others_with_account(self._account, vendor_id=statement.vendor_id)
        self._changed: dict[str, tuple[SaleState, int]] = {}
        """State and outstanding đồng of sales that lines before would have paid."""
        self._linked: set[int] = set()
        """Notices that lines before would have been linked to: each stands for one line."""

    def fates_of(self, lines: Sequence[Identified], reported: Sequence[Reported]) -> Iterator[Foreseen]:
        """What would become of the next lines. What other sources told is read for all of them together."""
        notices = [None if one.is_known else self._notice(told) for one, told in zip(lines, reported, strict=True)]
        new = [notice for notice in notices if notice is not None]
        earlier = EarlierOfMany(new, vendor_ids=self._vendor_ids)
        elsewhere = EarlierOfMany(new, vendor_ids=self._elsewhere)
        for one, told, notice in zip(lines, reported, notices, strict=True):
            if notice is None:
                yield Foreseen(line=one.line, fate=Fate.KNOWN)
            else:
                facts = self._facts(told, notice, earlier=earlier, elsewhere=elsewhere)
                yield self._fate_of(one, told, facts)

    def _fate_of(self, one: Identified, told: Reported, facts: MatchingFacts) -> Foreseen:
        decision = decide(told.transfer, facts, now=self._now)
        if isinstance(decision, Ignore):
            self._linked |= {decision.first} if decision.first is not None else set()
            return Foreseen(line=one.line, fate=Fate.IGNORE, why=decision.reason)
        is_suspect = decision.kind is Kind.DUPLICATE_SUSPECT
        if isinstance(decision, Review) and (is_suspect or not told.doubt):
            return Foreseen(line=one.line, fate=Fate.REVIEW, why=decision.reason)
        if isinstance(decision, Review) or told.doubt:
            return Foreseen(line=one.line, fate=Fate.REVIEW, why=told.doubt)
        return self._booked(one, decision)

    def _booked(self, one: Identified, decision: Book) -> Foreseen:
        order = self._sales[decision.code].order
        self._changed[decision.sale] = (SaleState.PAID if decision.is_full else SaleState.LIVE, decision.outstanding)
        return Foreseen(
            line=one.line,
            fate=Fate.BOOK_IF if decision.revives or order is None else Fate.BOOK,
            order_number=order.number if order is not None else "",
            left_vnd=decision.outstanding,
            refund_vnd=decision.refund_due,
        )

    def _facts(
        self, told: Reported, notice: BankNotice, *, earlier: EarlierOfMany, elsewhere: EarlierOfMany
    ) -> MatchingFacts:
        """What matching would look up for a line, less the locks."""
        codes = sorted(codes_in(told.transfer)[:CODES_LOOKED_UP_MAX])
        stands = {code: self._stands[code] for code in codes if code in self._stands}
        own = frozenset(code for code, vendor_id in stands.items() if vendor_id in self._vendor_ids)
        return MatchingFacts(
            accounts=frozenset({self._account}),
            codes=(
                *(self._sale_facts(self._sales[code], told) for code in codes if code in self._sales),
                *(of_other_stand(code) for code in stands if code not in own),
            ),
            stand_codes=own,
            telling=telling_of(notice),
            earlier=earlier.of(notice, linked=self._linked),
            elsewhere=elsewhere.of(notice),
        )

    def _sale_facts(self, sale: Sale, told: Reported) -> CodeFacts:
        facts = sale.facts(vendor_ids=self._vendor_ids, amount_vnd=told.transfer.amount)
        if sale.order is None or facts.sale not in self._changed:
            return facts
        state, outstanding = self._changed[facts.sale]
        return replace(facts, state=state, outstanding=outstanding, ended_at=None)

    def _notice(self, told: Reported) -> BankNotice:
        """The notice that a line would become; never saved."""
        return BankNotice(
            feed_id=self._feed_id,
            provider_tx_id=told.provider_tx_id,
            is_incoming=told.transfer.direction is Direction.IN,
            amount_vnd=told.transfer.amount,
            account_number=self._account,
            content=told.transfer.content,
            bank_reference=told.bank_reference,
            happened_at=told.happened_at,
            bank_date=vietnam_date(told.happened_at),
            received_at=self._now,
        )


def _slices(plan: Sequence[Identified]) -> Iterator[tuple[int, int]]:
    """Where the slices of a plan start and end. No day is cut, so that no day's notices are read for each slice."""
    start = 0
    for end in range(1, len(plan) + 1):
        is_last = end == len(plan)
        is_enough = end - start >= LINES_COMPARED_AT_ONCE
        if is_last or (is_enough and plan[end].line.happened_at.date() != plan[end - 1].line.happened_at.date()):
            yield start, end
            start = end


def _sales_of(codes: list[str]) -> dict[str, Sale]:
    """What each code leads to now, unlocked; two statements for every `IDS_ASKED_MAX` codes."""
    found: dict[str, Sale] = {}
    for part in _parts(codes):
        rows = list(PaymentCode.objects.filter(code__in=part).select_related("order"))
        waiting = {row.checkout_id for row in rows if row.order_id is None and row.checkout_id is not None}
        made = {order.checkout_id: order for order in Order.objects.filter(checkout_id__in=waiting)}
        for row in rows:
            found[row.code] = Sale(row, row.order or made.get(row.checkout_id))
    return found


def _stands_of(codes: list[str]) -> dict[str, int]:
    """The vendor of each code that stands on a poster; a statement for every `CODES_ASKED_MAX` codes."""
    found: dict[str, int] = {}
    for start in range(0, len(codes), CODES_ASKED_MAX):
        stands = stand_codes_of(codes[start : start + CODES_ASKED_MAX])
        found |= {code: stand.vendor_id for code, stand in stands.items()}
    return found


def _parts(codes: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(codes), IDS_ASKED_MAX):
        yield codes[start : start + IDS_ASKED_MAX]
