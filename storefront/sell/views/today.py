"""Today in the shop, as it is now."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response, patch_cache_control

from marketplace.core import clock
from storefront.sell.desk import Desk, choose_shop, seller_page
from storefront.sell.today import today_at


@seller_page("GET")
def today(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """One large number, what needs a person above it, the newest receipts below. `?shop=` changes the shop."""
    if "shop" in request.GET:
        choose_shop(request, request.GET["shop"])
        return redirect("sell_today")
    context = {"desk": desk, "sight": today_at(desk, now=clock.now()), "hide_search": True, "hide_basket": True}
    return render(request, "storefront/sell/today.html", context)


@seller_page("GET")
def state(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The live part of the page; 304 while nothing has changed."""
    sight = today_at(desk, now=clock.now())
    response = get_conditional_response(request, etag=sight.etag)
    if response is None:
        response = render(request, "storefront/sell/today_state.html", {"desk": desk, "sight": sight})
        response["ETag"] = sight.etag
    patch_cache_control(response, private=True, no_cache=True)
    return response
