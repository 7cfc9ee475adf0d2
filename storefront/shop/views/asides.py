"""Pages beside the goods: the age question, and what this market is."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from storefront.shop.forms import AgeForm
from storefront.visit import declare_adult
from storefront.web import form_page, page, safe_next


@page("GET", "POST")
def age(request: HttpRequest) -> HttpResponseBase:
    """Ask whether the person is 18 before any alcohol is shown."""
    form = AgeForm(request.POST if request.method == "POST" else None)
    back = safe_next(request, default="/")
    if not form.is_valid():
        return form_page(request, "storefront/shop/age.html", {"form": form, "next": back, "hide_search": True})
    declare_adult(request)
    return redirect(back)


@page("GET")
def about(request: HttpRequest) -> HttpResponseBase:
    """What this market is, how goods are ordered in lists, who runs it."""
    return render(request, "storefront/shop/about.html", {"public_url": settings.MARKET_PUBLIC_URL})
