"""The day book beside the year before: what its pages show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from marketplace.reporting.revenue import YearlyRevenue
from marketplace.reporting.selectors import BookRow, Compared, yearly_revenue
from storefront.dates import YEAR_MAX
from storefront.sell.desk import Desk
from vendors.notices import is_seen

YEAR_OF_WEEKS_DAYS = 52 * 7
BAR_WIDTH = 320


@dataclass(frozen=True)
class ComparedRow:
    """A week or month of the book, and what the same one took a year before, in đồng."""

    row: BookRow
    before_vnd: int

    @property
    def last_day(self) -> date:
        """The Sunday of a week."""
        return self.row.period + timedelta(days=6)


@dataclass(frozen=True)
class RevenueSight:
    """The year against the mark of household businesses, as the owner sees it."""

    revenue: YearlyRevenue
    asks: bool
    """Whether a mark is reached that this owner has not read about."""

    @property
    def bar(self) -> int:
        """How far the bar reaches, of `BAR_WIDTH`."""
        return min(BAR_WIDTH, BAR_WIDTH * self.revenue.percent // 100)

    @property
    def tone(self) -> str:
        """Amber near the mark and beyond it: neither is a fault."""
        return "amber" if self.revenue.level else "muted"


def with_a_year_before(
    rows: list[BookRow], before: list[BookRow], *, earlier: Callable[[date], date]
) -> list[ComparedRow]:
    """Each week or month with the same one of the year before, the latest first."""
    known = {row.period: row.takings.total_vnd for row in before}
    return [ComparedRow(row, known.get(earlier(row.period), 0)) for row in rows[::-1]]


def week_a_year_before(monday: date) -> date:
    """The Monday 52 weeks before."""
    return monday - timedelta(days=YEAR_OF_WEEKS_DAYS)


def weeks_of(year: int) -> tuple[date, date]:
    """The first and the last day of a year's weeks, as ISO 8601 counts them; none past what can be asked for."""
    last = date.fromisocalendar(year + 1, 1, 1) - timedelta(days=1)
    return date.fromisocalendar(year, 1, 1), min(last, date(YEAR_MAX, 12, 31))


def comparison_words(compared: Compared) -> str:
    """How the days compare with the same days a year before, in a few words."""
    percent = compared.percent
    if percent is None:
        return _("Cùng kỳ năm trước chưa bán được gì")
    if percent == 0:
        return _("Bằng cùng kỳ năm trước")
    if percent > 0:
        return _("Nhiều hơn cùng kỳ năm trước %(percent)s%%") % {"percent": percent}
    return _("Ít hơn cùng kỳ năm trước %(percent)s%%") % {"percent": -percent}


def revenue_sight(desk: Desk, *, year: int) -> RevenueSight | None:
    """The shop's year against the mark; None for a shop that is no household's. At most two statements."""
    revenue = yearly_revenue(actor=desk.actor, vendor=desk.vendor, year=year)
    if revenue is None:
        return None
    is_news = desk.is_owner and revenue.level is not None
    return RevenueSight(revenue, is_news and not is_seen(desk.vendor, revenue.subject))
