"""A month's tables, each to be put in order, printed and taken away."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode

from marketplace.core import clock
from marketplace.core.actors import Actor
from marketplace.reporting.exports import table_csv
from marketplace.reporting.selectors import month_report
from storefront.commune.parts import part_of
from storefront.commune.staff import QUIET, commune_asked, staff_page
from storefront.dates import month_after, month_before, month_text, read_month
from storefront.paging import pager
from storefront.prints import printed
from storefront.web import page_number, parse_number

COLUMNS_MAX = 20


@staff_page("GET")
def part(request: HttpRequest, actor: Actor, part_name: str) -> HttpResponseBase:
    """One table of a commune's month; `?sort=` is the number of the column to order by."""
    return _answer(request, actor, part_name, as_file=False)


@staff_page("GET")
def part_csv(request: HttpRequest, actor: Actor, part_name: str) -> HttpResponseBase:
    """The same table in the same order as CSV."""
    return _answer(request, actor, part_name, as_file=True)


def _answer(request: HttpRequest, actor: Actor, part_name: str, *, as_file: bool) -> HttpResponseBase:
    commune, now = commune_asked(request, actor), clock.now()
    today = clock.vietnam_date(now)
    month = read_month(request.GET.get("month"), today=today)
    sort = parse_number(request.GET.get("sort"), least=0, most=COLUMNS_MAX) or 0
    report = month_report(actor=actor, commune=commune, month=month, now=now)
    number = page_number(request)
    table, shown = part_of(report, part_name, sort=sort, page=number)
    asked = {"commune": str(commune.pk), "month": month_text(month)}
    if as_file:
        return printed(table_csv(table), name=f"so-lieu-{part_name}-{commune.pk}-{month_text(month)}.csv")

    def url(page: int) -> str:
        return f"?{urlencode({**asked, 'sort': str(sort), 'page': str(page)})}"

    context: dict[str, Any] = {"commune": commune, "month": month, "table": shown, "part_name": part_name, **QUIET}
    context |= {"earlier": month_before(month), "later": later if (later := month_after(month)) <= today else None}
    context |= {"asked": urlencode(asked), **pager(number, pages=shown.pages, url=url)}
    context |= {"as_of": report.summary.as_of, "may_settle": actor.may_administer_commune(commune.pk)}
    return render(request, "storefront/commune/part.html", context)
