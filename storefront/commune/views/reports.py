"""A month to read, print and take away, and the shops that a month went by without."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from marketplace.core import clock
from marketplace.core.actors import Actor
from marketplace.reporting.exports import table_csv, tables_xlsx
from marketplace.reporting.selectors import (
    DORMANT_DAYS,
    commune_takings,
    dormant_count,
    dormant_shops,
    month_report,
    province_summary,
)
from storefront.commune import tables
from storefront.commune.growth import growth_of
from storefront.commune.staff import QUIET, commune_asked, province_named, staff_page
from storefront.dates import last_day, month_after, month_before, month_text, read_month
from storefront.paging import pager
from storefront.prints import printed
from storefront.web import page_number

DORMANT_A_PAGE = 20


@staff_page("GET")
def report(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """A commune's month on one A4 page: held against earlier ones, its target and its province, and by parts."""
    commune, now = commune_asked(request, actor), clock.now()
    today = clock.vietnam_date(now)
    month = read_month(request.GET.get("month"), today=today)
    found = month_report(actor=actor, commune=commune, month=month, now=now)
    growth, _rows = growth_of(actor=actor, commune=commune, month=month, today=today)
    context: dict[str, Any] = {"commune": commune, "month": month, "report": found, "growth": growth, **QUIET}
    context |= {"earlier": month_before(month), "later": later if (later := month_after(month)) <= today else None}
    context |= {"compared": tables.compared(found), "confirmations": tables.confirmations(found)}
    context |= {"kinds": tables.kinds(found), "sites": tables.sites(found), "sets": tables.sets(found)}
    context["tables"] = [(name, table.title) for name, table in tables.report_tables(found).items()][1:]
    context["villages"] = tables.villages_on_paper(found)
    return render(request, "storefront/commune/report.html", context)


@staff_page("GET")
def days_csv(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The days of a commune's month as CSV."""
    commune = commune_asked(request, actor)
    month = read_month(request.GET.get("month"), today=clock.vietnam_date(clock.now()))
    rows = commune_takings(actor=actor, commune=commune, first_day=month, last_day=last_day(month))
    return printed(table_csv(tables.days_table(rows)), name=f"so-lieu-{commune.pk}-{month_text(month)}.csv")


@staff_page("GET")
def month_xlsx(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """All of a commune's month for Excel, a sheet for each table."""
    commune, now = commune_asked(request, actor), clock.now()
    month = read_month(request.GET.get("month"), today=clock.vietnam_date(now))
    found = month_report(actor=actor, commune=commune, month=month, now=now)
    content = tables_xlsx(list(tables.report_tables(found).values()))
    return printed(content, name=f"bao-cao-{commune.pk}-{month_text(month)}.xlsx")


@staff_page("GET")
def province_file(request: HttpRequest, actor: Actor, ending: str) -> HttpResponseBase:
    """All communes of a province in a month, by name, as CSV or for Excel."""
    province, now = province_named(request, actor), clock.now()
    month = read_month(request.GET.get("month"), today=clock.vietnam_date(now))
    table = tables.province_table(province_summary(actor=actor, province=province, month=month, now=now))
    content = table_csv(table) if ending == "csv" else tables_xlsx([table])
    return printed(content, name=f"so-lieu-tinh-{province.pk}-{month_text(month)}.{ending}")


@staff_page("GET")
def dormant(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The shops of the commune that may sell and do not: whom to call or visit."""
    commune, number, now = commune_asked(request, actor), page_number(request), clock.now()
    start = (number - 1) * DORMANT_A_PAGE
    shops = dormant_shops(actor=actor, commune=commune, now=now, start=start, at_most=DORMANT_A_PAGE)
    count = dormant_count(actor=actor, commune=commune, now=now)

    def url(page: int) -> str:
        return f"{reverse('commune_dormant')}?{urlencode({'commune': str(commune.pk), 'page': str(page)})}"

    context: dict[str, Any] = {"commune": commune, "shops": shops, "count": count, "days": DORMANT_DAYS, **QUIET}
    context |= pager(number, pages=max(1, -(-count // DORMANT_A_PAGE)), url=url)
    return render(request, "storefront/commune/dormant.html", context)
