"""The texts that this market is bound by: the list, the version in force, and any other version."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from marketplace.core import clock
from marketplace.legal.models import LegalVersion
from marketplace.legal.selectors import version_in_force, version_numbered, versions_in_force, versions_of
from storefront.legal.reads import legal_page, listed
from storefront.web import page


@page("GET")
def legal_texts(request: HttpRequest) -> HttpResponseBase:
    """All texts, each in the version that is in force today."""
    today = clock.vietnam_date(clock.now())
    texts = [listed(row, in_force=row.number, today=today) for row in versions_in_force(today=today)]
    return render(request, "storefront/legal/texts.html", {"texts": texts, "hide_search": True})


@page("GET")
def legal_text(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The version of a text that is in force today."""
    return _shown(request, version_in_force(kind, today=clock.vietnam_date(clock.now())))


@page("GET")
def legal_version(request: HttpRequest, kind: str, number: int) -> HttpResponseBase:
    """One version of a text, also one that is over or still to come."""
    return _shown(request, version_numbered(kind, number))


def _shown(request: HttpRequest, version: LegalVersion) -> HttpResponseBase:
    today = clock.vietnam_date(clock.now())
    shown = legal_page(version, versions=versions_of(version.kind), today=today)
    return render(request, "storefront/legal/text.html", {"legal": shown, "hide_search": True})
