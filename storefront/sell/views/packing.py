"""Packing orders, and the slips that go with the goods."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.orders.checks import ROW_ID_MAX
from marketplace.orders.selectors import Stage, order_for_member, orders_for_slips
from marketplace.orders.services.packing import pack_order, unpack_order
from storefront.sell.desk import Desk, seller_page
from storefront.sell.views.orders import read_stage
from storefront.web import client_id_of, parse_number, safe_next

QUIET = {"hide_search": True, "hide_basket": True}


@seller_page("POST")
def pack(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponseBase:
    """The order is packed; back to the list or the page that it was said on."""
    found = order_for_member(actor=desk.actor, order_id=order_id)
    pack_order(actor=desk.actor, order=found, now=clock.now(), client_id=client_id_of(request))
    messages.success(request, _("Đơn %(number)s đã gói xong.") % {"number": found.number})
    return redirect(safe_next(request, default=reverse("sell_order", args=[found.pk])))


@seller_page("POST")
def unpack(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponseBase:
    """The order is not packed after all."""
    found = order_for_member(actor=desk.actor, order_id=order_id)
    unpack_order(actor=desk.actor, order=found, now=clock.now(), client_id=client_id_of(request))
    messages.success(request, _("Đơn %(number)s lại chờ gói.") % {"number": found.number})
    return redirect("sell_order", found.pk)


@seller_page("GET")
def slips(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Slips to print: of the orders named by `?order=`, else of all that are to be packed (or `?stage=packed`)."""
    stage = read_stage(request) or Stage.TO_PACK
    named = [parse_number(text, least=1, most=ROW_ID_MAX) for text in request.GET.getlist("order")]
    only = [number or 0 for number in named]
    found = orders_for_slips(actor=desk.actor, vendor=desk.vendor, stage=stage, only=only)
    context = {"desk": desk, "orders": found, "now": clock.now(), **QUIET}
    return render(request, "storefront/sell/slips.html", context)
