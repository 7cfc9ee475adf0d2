"""Is the digital economy growing: the officer's home, the days of a month, the sales behind a day, the province."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.actors import Actor
from marketplace.places.models import Commune
from marketplace.places.selectors import list_provinces
from marketplace.reporting.selectors import (
    commune_summary,
    commune_takings,
    province_summary,
    sales_behind,
    targets_reached,
)
from storefront.commune.growth import bars_of, growth_of
from storefront.commune.reads import SORT_DEFAULT, SORTS, held_money, sorted_communes
from storefront.commune.staff import QUIET, commune_asked, own_commune, province_asked, staff_page
from storefront.commune.todo import todo_list
from storefront.dates import month_after, month_before, month_text, read_day, read_month
from storefront.paging import pager
from storefront.sales_pages import SALES_A_PAGE, read_before, sales_page
from storefront.web import page_number

SORT_COLUMNS = (
    ("name", _("Xã, phường")),
    ("sold", _("Tiền bán (₫)")),
    ("before", _("Tháng trước (₫)")),
    ("bank", _("Ngân hàng")),
    ("active", _("Gian có bán")),
    ("ocop", _("OCOP")),
)
"""The columns of the province's table, each by the name that `?sort=` gives it."""


@staff_page("GET")
def home(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The answer in a sentence, then what waits for this officer, then four figures and the days."""
    if own_commune(actor) is None and "commune" not in request.GET:
        return redirect("province")
    commune = commune_asked(request, actor)
    context = _figures(request, actor, commune)
    context["todo"] = todo_list(actor, now=clock.now()) if context["may_settle"] else None
    context["held"] = held_money(actor=actor, commune=commune) if context["may_settle"] else None
    context["others"] = sorted(actor.commune_codes - {commune.pk})
    return render(request, "storefront/commune/home.html", context)


@staff_page("GET")
def figures(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """A month of a commune day by day; `?month=2026-11`, `?commune=` for who may read several."""
    commune = commune_asked(request, actor)
    return render(request, "storefront/commune/figures.html", _figures(request, actor, commune))


def _figures(request: HttpRequest, actor: Actor, commune: Commune) -> dict[str, Any]:
    now = clock.now()
    today = clock.vietnam_date(now)
    month = read_month(request.GET.get("month"), today=today)
    before = commune_summary(actor=actor, commune=commune, month=month_before(month), now=now)
    growth, rows = growth_of(actor=actor, commune=commune, month=month, today=today)
    summary = commune_summary(actor=actor, commune=commune, month=month, now=now)
    targets = targets_reached(actor=actor, commune=commune, summary=summary)
    return {
        "commune": commune,
        "targets": {target.indicator: target for target in targets},
        "month": month,
        "earlier": month_before(month),
        "later": month_after(month) if month_after(month) <= today else None,
        "summary": summary,
        "summary_before": before,
        "growth": growth,
        "rows": rows,
        "bars": bars_of(rows, month=month),
        "may_settle": actor.may_administer_commune(commune.pk),
        **QUIET,
    }


@staff_page("GET")
def sales(request: HttpRequest, actor: Actor, day_text: str) -> HttpResponseBase:
    """The sales behind one day of a commune; no buyer in them."""
    day = read_day(day_text)
    commune = commune_asked(request, actor)
    found = sales_behind(actor=actor, commune=commune, day=day, before=read_before(request), at_most=SALES_A_PAGE + 1)
    rows = commune_takings(actor=actor, commune=commune, first_day=day, last_day=day)
    address = reverse("commune_sales", args=[day.isoformat()])
    context = {"commune": commune, "day": day, "takings": rows[0].takings if rows else None, **QUIET}
    context |= sales_page(found, address=address, asked={"commune": commune.pk})
    return render(request, "storefront/commune/sales.html", context)


@staff_page("GET")
def province(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The communes of a province in one month, those that sold most first; each opens to its figures."""
    found = province_asked(request, actor)
    if found is None:
        return render(request, "storefront/commune/provinces.html", {"provinces": list_provinces(), **QUIET})
    now = clock.now()
    today = clock.vietnam_date(now)
    month = read_month(request.GET.get("month"), today=today)
    summary = province_summary(actor=actor, province=found, month=month, now=now)
    number = page_number(request)
    asked_sort = request.GET.get("sort", SORT_DEFAULT)
    sort = asked_sort if asked_sort in SORTS else SORT_DEFAULT
    rows, pages = sorted_communes(summary.communes, sort=sort, page=number)

    def url(page: int) -> str:
        asked = {"province": str(found.pk), "month": month_text(month), "sort": sort, "page": str(page)}
        return f"{reverse('province')}?{urlencode(asked)}"

    later = month_after(month)
    context: dict[str, Any] = {"province": found, "month": month, "summary": summary, "rows": rows, **QUIET}
    context |= {"sort": sort, "columns": SORT_COLUMNS}
    context |= {"earlier": month_before(month), "later": later if later <= today else None}
    context |= pager(number, pages=pages, url=url)
    return render(request, "storefront/commune/province.html", context)
