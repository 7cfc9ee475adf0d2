"""What each commune of a province is to reach in a year: looked over, and set commune by commune."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.actors import Actor
from marketplace.core.errors import NotFound
from marketplace.places.selectors import get_commune
from marketplace.reporting.models import CommuneTarget
from marketplace.reporting.selectors import targets_of_commune, targets_of_province
from marketplace.reporting.targets import set_targets
from storefront.commune.forms import TargetsForm
from storefront.commune.staff import QUIET, province_named, staff_page
from storefront.dates import YEAR_MAX, read_year
from storefront.paging import pager
from storefront.settling import answered_once, settled
from storefront.web import form_page, page_number

COMMUNES_A_PAGE = 25


@staff_page("GET")
def targets(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The communes of a province with their targets for a year, by name."""
    province, number = province_named(request, actor), page_number(request)
    year = read_year(request.GET.get("year"), today=clock.vietnam_date(clock.now()))
    rows = targets_of_province(actor=actor, province=province, year=year)
    start = (number - 1) * COMMUNES_A_PAGE

    def url(page: int) -> str:
        asked = {"province": str(province.pk), "year": str(year), "page": str(page)}
        return f"{reverse('province_targets')}?{urlencode(asked)}"

    context: dict[str, Any] = {"province": province, "year": year, "later": year + 1 if year < YEAR_MAX else None}
    context |= {"rows": rows[start : start + COMMUNES_A_PAGE], "names": CommuneTarget.Indicator, **QUIET}
    context |= {"given": sum(any(row.values) for row in rows), "count": len(rows)}
    context |= pager(number, pages=max(1, -(-len(rows) // COMMUNES_A_PAGE)), url=url)
    return render(request, "storefront/commune/targets.html", context)


@staff_page("GET", "POST")
def commune_targets(request: HttpRequest, actor: Actor, commune_code: str) -> HttpResponseBase:
    """One commune's targets for a year, `?year=`."""
    commune = get_commune(commune_code)
    if not actor.may_read_province(commune.province_id):
        raise NotFound(_("Không có xã, phường này."))
    year = read_year(request.GET.get("year"), today=clock.vietnam_date(clock.now()))
    known = targets_of_commune(actor=actor, commune=commune, year=year)
    initial: dict[str, Any] = {row.indicator: row.value for row in known}
    initial["document"] = next((row.document for row in known), "")
    form = TargetsForm(request.POST) if request.method == "POST" else TargetsForm(initial=initial)

    def work(given: dict[str, Any]) -> None:
        wanted = {name: given[name] for name in CommuneTarget.Indicator.values}
        document = given["document"]
        set_targets(actor=actor, commune=commune, year=year, wanted=wanted, document=document, now=clock.now())

    if not settled(form, lambda given: answered_once(request, given, work)):
        context = {"form": form, "commune": commune, "year": year, **QUIET}
        return form_page(request, "storefront/commune/commune_targets.html", context, error=form.refusal)
    messages.success(request, _("Đã lưu chỉ tiêu."))
    return redirect(
        f"{reverse('province_targets')}?{urlencode({'province': str(commune.province_id), 'year': str(year)})}"
    )
