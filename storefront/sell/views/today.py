"""Today in the shop, as it is now."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response, patch_cache_control

from marketplace.core import clock
from marketplace.core.clock import vietnam_date
from storefront.sell.desk import Desk, choose_shop, seller_page
from storefront.sell.today import etag_at, pulse_of, today_at


@seller_page("GET")
def today(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """One large number, what needs a person above it, the newest receipts below. `?shop=` changes the shop."""
    if "shop" in request.GET:
        choose_shop(request, request.GET["shop"])
        return redirect("sell_today")
    now = clock.now()
    sight = today_at(desk, pulse_of(desk.vendor, today=vietnam_date(now)), now=now)
    context = {"desk": desk, "sight": sight, "hide_search": True, "hide_basket": True}
    return render(request, "storefront/sell/today.html", context)


@seller_page("GET")
def state(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The live part of the page; 304 while nothing has changed."""
    now = clock.now()
    pulse = pulse_of(desk.vendor, today=vietnam_date(now))
    etag = etag_at(desk, pulse, now=now)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        sight = today_at(desk, pulse, now=now)
        response = render(request, "storefront/sell/today_state.html", {"desk": desk, "sight": sight})
        response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    return response
