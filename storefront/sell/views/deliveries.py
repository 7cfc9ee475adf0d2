"""What the shop asks for sending its goods."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from marketplace.core import clock
from storefront.sell.delivering import DeliveryForm, prices_of, save_prices
from storefront.sell.desk import Desk, seller_page
from storefront.settling import answered_once, settled
from storefront.web import form_page
from vendors.access import require_owner

QUIET = {"hide_search": True, "hide_basket": True}


@seller_page("GET", "POST")
def delivery(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """A price for each zone; what shoppers fetch themselves costs nothing."""
    require_owner(desk.actor, desk.vendor)
    known = prices_of(desk.vendor)
    form = DeliveryForm(request.POST) if request.method == "POST" else DeliveryForm(initial=known)

    def work(given: dict[str, Any]) -> None:
        save_prices(desk, wanted=given, now=clock.now())

    if not settled(form, lambda given: answered_once(request, given, work)):
        context = {"desk": desk, "form": form, "offers": any(price is not None for price in known.values()), **QUIET}
        return form_page(request, "storefront/sell/delivery.html", context, error=form.refusal)
    messages.success(request, _("Đã lưu phí giao hàng. Đơn đã đặt giữ giá cũ."))
    return redirect("sell_shop")
