"""What banks told of a period against what was booked, shop by shop and day by day. Reads only.

Every notice of a shop's is in exactly one line of its day: booked, waiting, set aside, linked to the notice that told
of the same transfer first, not settled yet, or ignored for a reason. Marked by hand, cards and refunds have lines of
their own, so that nothing weaker hides among what the bank said. What does not agree is a `Difference`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.core.clock import VIETNAM
from marketplace.core.errors import InvalidInput
from payments.models import BankNotice, Feed, ReviewItem, TransactionEvent
from payments.reasons import why_in_words
from payments.services.differences import Difference, differences_of
from vendors.models import Vendor

PERIOD_DAYS_MAX: Final = 366


class BadPeriod(InvalidInput):
    """The period ends before it begins, or is longer than `PERIOD_DAYS_MAX`."""


class Line(StrEnum):
    """What money can be in a day's book."""

    TOLD_IN = "told_in"
    TOLD_OUT = "told_out"
    BY_STATEMENT = "by_statement"
    BOOKED = "booked"
    REFUND_TOLD = "refund_told"
    WAITING = "waiting"
    SET_ASIDE = "set_aside"
    SENT_BACK = "sent_back"
    """Given back to who sent it, and never booked: no order's balance says so."""
    RECEIVED = "received"
    LINKED = "linked"
    IGNORED = "ignored"
    CHARGED_CARD = "charged_card"
    CHARGED_VENDOR = "charged_vendor"
    CHARGED_CASH = "charged_cash"
    REFUNDED = "refunded"
    CHARGED_BACK = "charged_back"


LINE_WORDS: Final[Mapping[Line, Promise]] = {
    Line.TOLD_IN: _("ngân hàng báo vào"),
    Line.TOLD_OUT: _("ngân hàng báo ra"),
    Line.BY_STATEMENT: _("trong đó theo sao kê"),
    Line.BOOKED: _("đã ghi vào đơn"),
    Line.REFUND_TOLD: _("tiền ra đã ghi là trả khách"),
    Line.WAITING: _("chờ người xem"),
    Line.SET_ASIDE: _("đã xem, không phải tiền hàng"),
    Line.SENT_BACK: _("đã xem, trả lại người chuyển"),
    Line.RECEIVED: _("máy chưa xử lý xong"),
    Line.LINKED: _("báo lại khoản đã báo"),
    Line.IGNORED: _("bỏ qua"),
    Line.CHARGED_CARD: _("thẻ"),
    Line.CHARGED_VENDOR: _("gian hàng tự ghi nhận"),
    Line.CHARGED_CASH: _("tiền mặt"),
    Line.REFUNDED: _("đã trả lại khách"),
    Line.CHARGED_BACK: _("ngân hàng thẻ lấy lại"),
}


@dataclass(slots=True)
class Tally:
    """How many, and how many đồng."""

    count: int = 0
    vnd: int = 0

    def add(self, count: int, vnd: int) -> None:
        """Count more of it."""
        self.count += count
        self.vnd += vnd


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a tally stands: a day, an account ("" for what no bank told) and a line; `why` of what is ignored."""

    day: date
    account: str
    line: Line
    why: str = ""

    @property
    def words(self) -> str:
        """The line as people read it."""
        words = str(LINE_WORDS[self.line])
        return f"{words} ({why_in_words(self.why)})" if self.why else words


@dataclass(frozen=True, slots=True)
class ShopBook:
    """One shop's period: its tallies in the order of days, accounts and lines, and what does not agree."""

    vendor: Vendor
    tallies: dict[Entry, Tally]
    differences: tuple[Difference, ...]

    def total(self, line: Line) -> Tally:
        """A line over all days and accounts."""
        sum_ = Tally()
        for entry, tally in self.tallies.items():
            if entry.line is line:
                sum_.add(tally.count, tally.vnd)
        return sum_


def check_period(first_day: date, last_day: date) -> None:
    """Raises `BadPeriod`."""
    if not 0 <= (last_day - first_day).days < PERIOD_DAYS_MAX:
        raise BadPeriod(_("Khoảng ngày phải từ 1 đến 366 ngày, ngày đầu trước ngày cuối."), field="from")


def shops_with_money(first_day: date, last_day: date) -> QuerySet[Vendor]:
    """The shops that a period's reconciliation is about: those that a bank can tell of, or that took any money."""
    moved = TransactionEvent.objects.filter(bank_date__range=(first_day, last_day)).values("vendor")
    told = BankNotice.objects.filter(vendor__isnull=False, happened_at__range=_moments(first_day, last_day))
    return Vendor.objects.filter(Q(pk__in=moved) | Q(pk__in=told.values("vendor"))).order_by("pk")


def reconcile(vendor: Vendor, *, first_day: date, last_day: date) -> ShopBook:
    """One shop's book of a period, Vietnam's days, both ends included. A bounded number of statements.

    Holds a tally for each day, account and line, and no rows: memory grows with the days alone. Raises `BadPeriod`.
    """
    check_period(first_day, last_day)
    notices = BankNotice.objects.filter(
        vendor=vendor,
        happened_at__range=_moments(first_day, last_day),
        bank_date__range=(first_day, last_day),
        is_test=False,
    )
    events = TransactionEvent.objects.filter(vendor=vendor, bank_date__range=(first_day, last_day))
    tallies: dict[Entry, Tally] = {}
    for entry, count, vnd in [*_told(notices), *_moved(events)]:
        tallies.setdefault(entry, Tally()).add(count, vnd)
    return ShopBook(
        vendor=vendor,
        tallies={entry: tallies[entry] for entry in sorted(tallies, key=_place)},
        differences=differences_of(vendor, notices=notices, events=events),
    )


_ORDER: Final = {line: number for number, line in enumerate(Line)}


def _place(entry: Entry) -> tuple[date, str, int, str]:
    return entry.day, entry.account, _ORDER[entry.line], entry.why


def _moments(first_day: date, last_day: date) -> tuple[datetime, datetime]:
    """For the index: a bank's day is Vietnam's day of the moment."""
    return (
        datetime.combine(first_day, time.min, VIETNAM),
        datetime.combine(last_day + timedelta(days=1), time.min, VIETNAM),
    )


def _told(notices: QuerySet[BankNotice]) -> Iterator[tuple[Entry, int, int]]:
    keys = ("bank_date", "account_number", "is_incoming", "state", "why", "feed__provider", "is_first")
    grouped = notices.annotate(is_first=Q(same_as__isnull=True)).order_by().values(*keys, "review_item__outcome")
    for row in grouped.annotate(rows=Count("pk"), vnd=Sum("amount_vnd")):
        day, account, rows, vnd = row["bank_date"], row["account_number"], row["rows"], row["vnd"]
        if row["is_first"]:  # a transfer is counted once, however many feeds tell of it
            yield Entry(day, account, Line.TOLD_IN if row["is_incoming"] else Line.TOLD_OUT), rows, vnd
        if row["is_incoming"] and row["feed__provider"] == Feed.Provider.STATEMENT:
            yield Entry(day, account, Line.BY_STATEMENT), rows, vnd
        line = _fate(row)
        yield Entry(day, account, line, row["why"] if line is Line.IGNORED else ""), rows, vnd


def _fate(row: Mapping[str, Any]) -> Line:
    """What became of notices like this."""
    state = BankNotice.State
    if not row["is_first"]:
        return Line.LINKED
    if row["state"] == state.BOOKED:
        return Line.BOOKED if row["is_incoming"] else Line.REFUND_TOLD
    if row["state"] == state.REVIEW:
        return _REVIEWED.get(row["review_item__outcome"], Line.WAITING)
    return Line.RECEIVED if row["state"] == state.RECEIVED else Line.IGNORED


_REVIEWED: Final[Mapping[str | None, Line]] = {
    ReviewItem.Outcome.SET_ASIDE: Line.SET_ASIDE,
    ReviewItem.Outcome.REFUNDED: Line.SENT_BACK,
}
_CHARGED: Final[Mapping[str, Line]] = {
    "card": Line.CHARGED_CARD,
    "vendor": Line.CHARGED_VENDOR,
    "cash": Line.CHARGED_CASH,
}
_OUT: Final[Mapping[str, Line]] = {
    TransactionEvent.Type.REFUND_SUCCESS: Line.REFUNDED,
    TransactionEvent.Type.CHARGE_BACK: Line.CHARGED_BACK,
}


def _moved(events: QuerySet[TransactionEvent]) -> Iterator[tuple[Entry, int, int]]:
    """What moved by another word than a bank's, and all that went back."""
    moves = events.filter(type__in=[TransactionEvent.Type.CHARGE_SUCCESS, *_OUT])
    grouped = moves.order_by().values("bank_date", "type", "confirmation")
    for row in grouped.annotate(rows=Count("pk"), vnd=Sum("amount_vnd")):
        line = _OUT.get(row["type"]) or _CHARGED.get(row["confirmation"])
        if line is not None:  # what a bank told is counted by its notices
            yield Entry(row["bank_date"], "", line), row["rows"], row["vnd"]
