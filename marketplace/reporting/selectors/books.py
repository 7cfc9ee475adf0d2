"""A shop's own book beside the same days a year before, and its year against the law's mark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, Sum

from marketplace.core.actors import Actor
from marketplace.reporting.revenue import YEAR_FIRST, YearlyRevenue
from marketplace.reporting.selectors.asking import checked_days, require_book_reader
from marketplace.reporting.selectors.takings import CHARGE, REFUND
from marketplace.reporting.selectors.values import percent_more
from payments.models import TransactionEvent
from vendors.models import Vendor

PERIOD_DAYS_MAX = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Takings of some days and of as many days before them, charges less refunds, in đồng."""

    taken_vnd: int
    before_vnd: int
    first_before: date
    last_before: date

    @property
    def percent(self) -> int | None:
        """As `percent_more` says it."""
        return percent_more(self.taken_vnd, self.before_vnd)


def taken_vnd(*, actor: Actor, vendor: Vendor, first_day: date, last_day: date) -> int:
    """The shop's charges less refunds between two days, at most `PERIOD_DAYS_MAX`; one statement by index.

    Raises `NotFound` for strangers, `InvalidInput` for the period.
    """
    require_book_reader(actor, vendor)
    days = checked_days(first_day, last_day, days_max=PERIOD_DAYS_MAX)
    return _taken(vendor, *days)


def compared_with_a_year_before(
    *, actor: Actor, vendor: Vendor, first_day: date, last_day: date, today: date
) -> Compared:
    """Days of the shop's book and the same days a year before: of a period that still runs, those up to today.

    One statement each. Raises as `taken_vnd`.
    """
    require_book_reader(actor, vendor)
    first_day, last_day = checked_days(first_day, last_day, days_max=PERIOD_DAYS_MAX)
    so_far = min(last_day, today) if first_day <= today else last_day
    first_before, last_before = a_year_before(first_day), a_year_before(so_far)
    if so_far == last_day:
        # A whole period against a whole one: February of a leap year has a day more.
        last_before = a_year_before(last_day + timedelta(days=1)) - timedelta(days=1)
    return Compared(
        taken_vnd=_taken(vendor, first_day, so_far),
        before_vnd=_taken(vendor, first_before, last_before),
        first_before=first_before,
        last_before=last_before,
    )


def yearly_revenue(*, actor: Actor, vendor: Vendor, year: int) -> YearlyRevenue | None:
    """What the shop took in a year against the mark of household businesses; None for other shops and earlier years.

    One statement. Raises `NotFound` for strangers, `InvalidInput` for the year.
    """
    if vendor.kind != Vendor.Kind.HOUSEHOLD or year < YEAR_FIRST:
        require_book_reader(actor, vendor)
        return None
    first, last = date(year, 1, 1), date(year, 12, 31)
    return YearlyRevenue(year, taken_vnd(actor=actor, vendor=vendor, first_day=first, last_day=last))


def a_year_before(day: date) -> date:
    """The same day of the year before; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _taken(vendor: Vendor, first_day: date, last_day: date) -> int:
    moves = TransactionEvent.objects.filter(
        CHARGE | REFUND, vendor_id=vendor.pk, bank_date__range=(first_day, last_day)
    )
    sums = moves.aggregate(
        came=Sum("amount_vnd", filter=Q(CHARGE), default=0), went=Sum("amount_vnd", filter=Q(REFUND), default=0)
    )
    return int(sums["came"] - sums["went"])
