"""The day book: what came in by day and by month, down to the sales behind each day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.reporting.selectors import (
    BookRow,
    compared_with_a_year_before,
    vendor_book,
    vendor_sales_behind,
)
from marketplace.reporting.selectors.books import a_year_before
from storefront.dates import YEAR_MIN, last_day, month_after, month_before, read_day, read_month, read_year
from storefront.sales_pages import SALES_A_PAGE, read_before, sales_page
from storefront.sell.books import (
    revenue_sight,
    week_a_year_before,
    weeks_of,
    with_a_year_before,
)
from storefront.sell.desk import Desk, seller_page
from storefront.web import client_id_of
from vendors.access import require_owner
from vendors.notices import mark_seen

QUIET = {"hide_search": True, "hide_basket": True}


@seller_page("GET")
def book(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The days of one month, the latest first, against the same month a year before; `?month=2026-11`."""
    today = clock.vietnam_date(clock.now())
    month = read_month(request.GET.get("month"), today=today)
    last = last_day(month)
    rows = vendor_book(actor=desk.actor, vendor=desk.vendor, first_day=month, last_day=last)
    context = {"desk": desk, "rows": rows[::-1], "month": month, "before": month_before(month), **QUIET}
    context["total_vnd"] = sum(row.takings.total_vnd for row in rows)
    context["compared"] = compared_with_a_year_before(
        actor=desk.actor, vendor=desk.vendor, first_day=month, last_day=last, today=today
    )
    context["after"] = month_after(month) if month_after(month) <= today else None
    return render(request, "storefront/sell/book.html", context)


@seller_page("GET")
def weeks(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The weeks of one year, the latest first, each beside the one 52 weeks before; `?year=2026`."""
    today = clock.vietnam_date(clock.now())
    year = read_year(request.GET.get("year"), today=today)
    first, last = weeks_of(year)
    rows, before = (
        vendor_book(actor=desk.actor, vendor=desk.vendor, first_day=begin, last_day=end, by="week")
        for begin, end in ((first, last), (week_a_year_before(first), week_a_year_before(last)))
    )
    context = {"desk": desk, "rows": with_a_year_before(rows, before, earlier=week_a_year_before), **QUIET}
    context |= _year_context(year, today=today, rows=rows)
    return render(request, "storefront/sell/book_weeks.html", context)


@seller_page("GET")
def months(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The months of one year, the latest first, each beside the one a year before; `?year=2026`."""
    today = clock.vietnam_date(clock.now())
    year = read_year(request.GET.get("year"), today=today)
    rows, before = (
        vendor_book(
            actor=desk.actor, vendor=desk.vendor, first_day=date(one, 1, 1), last_day=date(one, 12, 31), by="month"
        )
        for one in (year, year - 1)
    )
    context = {"desk": desk, "rows": with_a_year_before(rows, before, earlier=a_year_before), **QUIET}
    context |= _year_context(year, today=today, rows=rows)
    context["compared"] = compared_with_a_year_before(
        actor=desk.actor, vendor=desk.vendor, first_day=date(year, 1, 1), last_day=date(year, 12, 31), today=today
    )
    context["sight"] = revenue_sight(desk, year=year)
    return render(request, "storefront/sell/book_months.html", context)


def _year_context(year: int, *, today: date, rows: list[BookRow]) -> dict[str, Any]:
    return {
        "year": year,
        "before": year - 1 if year > YEAR_MIN else None,
        "after": year + 1 if year < today.year else None,
        "total_vnd": sum(row.takings.total_vnd for row in rows),
    }


@seller_page("POST")
def revenue_seen(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The owner has read how near this year's revenue is to the mark; the next mark is told anew."""
    require_owner(desk.actor, desk.vendor)
    client_id_of(request)
    now = clock.now()
    sight = revenue_sight(desk, year=clock.vietnam_date(now).year)
    if sight is not None and sight.revenue.level is not None:
        mark_seen(actor=desk.actor, vendor=desk.vendor, subject=sight.revenue.subject, now=now)
        messages.success(request, _("Đã ghi. Đến mốc tiếp theo chợ mới nhắc lại."))
    return redirect("sell_book_months")


@seller_page("GET")
def day(request: HttpRequest, desk: Desk, day_text: str) -> HttpResponseBase:
    """The sales behind one day, a page at a time: `?before=` is the last one of the page before."""
    found = read_day(day_text)
    sales = vendor_sales_behind(
        actor=desk.actor, vendor=desk.vendor, day=found, before=read_before(request), at_most=SALES_A_PAGE + 1
    )
    rows = vendor_book(actor=desk.actor, vendor=desk.vendor, first_day=found, last_day=found)
    context = {"desk": desk, "day": found, "takings": rows[0].takings if rows else None, **QUIET}
    context |= sales_page(sales, address=reverse("sell_book_day", args=[found.isoformat()]), asked={})
    return render(request, "storefront/sell/book_day.html", context)
