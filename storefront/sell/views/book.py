"""The day book: what came in by day and by month, down to the sales behind each day."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from marketplace.core import clock
from marketplace.reporting.selectors import vendor_book, vendor_sales_behind
from storefront.dates import YEAR_MIN, month_after, month_before, read_day, read_month, read_year
from storefront.sales_pages import SALES_A_PAGE, read_before, sales_page
from storefront.sell.desk import Desk, seller_page

QUIET = {"hide_search": True, "hide_basket": True}


@seller_page("GET")
def book(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The days of one month, the latest first; `?month=2026-11`."""
    today = clock.vietnam_date(clock.now())
    month = read_month(request.GET.get("month"), today=today)
    last = month_after(month) - timedelta(days=1)
    rows = vendor_book(actor=desk.actor, vendor=desk.vendor, first_day=month, last_day=last)
    context = {"desk": desk, "rows": rows[::-1], "month": month, "before": month_before(month), **QUIET}
    context["total_vnd"] = sum(row.takings.total_vnd for row in rows)
    context["after"] = month_after(month) if month_after(month) <= today else None
    return render(request, "storefront/sell/book.html", context)


@seller_page("GET")
def months(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The months of one year, the latest first; `?year=2026`."""
    today = clock.vietnam_date(clock.now())
    year = read_year(request.GET.get("year"), today=today)
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = vendor_book(actor=desk.actor, vendor=desk.vendor, first_day=first, last_day=last, by="month")
    context = {"desk": desk, "rows": rows[::-1], "year": year, **QUIET}
    context |= {"before": year - 1 if year > YEAR_MIN else None, "after": year + 1 if year < today.year else None}
    context["total_vnd"] = sum(row.takings.total_vnd for row in rows)
    return render(request, "storefront/sell/book_months.html", context)


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
