"""An order's page: its code, its state as it is now, its receipt; looking it up; calling it off."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.errors import MarketError
from marketplace.orders.selectors import basket_count, newest_complaint, order_by_token, orders_of_buyer
from marketplace.orders.services.ending import cancel_own_unpaid_order
from payments.services.requesting import payment_for_order
from payments.vietqr.pictures import qr_png, qr_svg
from storefront.paging import pager
from storefront.shop.forms import FindOrderForm
from storefront.shop.lookups import find_order
from storefront.shop.order_pages import etag_of_token, phase_of, sight_of
from storefront.visit import basket_of
from storefront.web import actor_of_request, form_page, page, page_number, put_error

QR_KEPT_S = 600


@page("GET", private=True)
def orders(request: HttpRequest) -> HttpResponseBase:
    """What the signed-in person bought, newest first; others look an order up by its number."""
    actor = actor_of_request(request)
    if not actor.is_authenticated:
        return redirect("find_order")
    found = orders_of_buyer(actor=actor, page=page_number(request))
    address = reverse("orders")
    if found.page > found.pages:
        return redirect(f"{address}?page={found.pages}")
    context: dict[str, Any] = {"rows": [(order, phase_of(order, now=clock.now())) for order in found.orders]}
    context |= pager(found.page, pages=found.pages, url=lambda number: f"{address}?page={number}")
    return render(request, "storefront/shop/orders.html", context)


@page("GET", private=True)
def order(request: HttpRequest, token: uuid.UUID) -> HttpResponseBase:
    """One order for who holds its link: pay, wait, receipt."""
    sight = sight_of(token, now=clock.now())
    context: dict[str, Any] = {"sight": sight, "complaint": newest_complaint(sight.order), "hide_search": True}
    context["waiting_goods"] = basket_count(basket_of(request))
    return render(request, "storefront/shop/order.html", context)


@page("GET", private=True)
def state(request: HttpRequest, token: uuid.UUID) -> HttpResponseBase:
    """The live part of the order's page; 304 while nothing has changed."""
    now = clock.now()
    etag = etag_of_token(token, now=now)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        sight = sight_of(token, now=now)
        response = render(request, "storefront/shop/order_state.html", {"sight": sight})
        response["ETag"] = sight.etag
    patch_cache_control(response, private=True, no_cache=True)
    return response


@page("GET", private=True)
def qr_as_svg(request: HttpRequest, token: uuid.UUID) -> HttpResponseBase:
    """The VietQR code of what is still to be paid."""
    instruction = payment_for_order(order=order_by_token(token), now=clock.now())
    return _picture(HttpResponse(qr_svg(instruction.payload), content_type="image/svg+xml"))


@page("GET", private=True)
def qr_as_png(request: HttpRequest, token: uuid.UUID) -> HttpResponseBase:
    """The same code to be saved on the phone and opened in the bank's app."""
    found = order_by_token(token)
    instruction = payment_for_order(order=found, now=clock.now())
    response = HttpResponse(qr_png(instruction.payload), content_type="image/png")
    response["Content-Disposition"] = f'attachment; filename="cho40-don-{found.number}.png"'
    return _picture(response)


def _picture(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, private=True, max_age=QR_KEPT_S)
    return response


@page("GET", "POST", private=True)
def cancel(request: HttpRequest, token: uuid.UUID) -> HttpResponseBase:
    """Ask once, then call off an order that nothing was paid for."""
    if request.method != "POST":
        return render(request, "storefront/shop/cancel.html", {"order": order_by_token(token), "hide_search": True})
    cancel_own_unpaid_order(token=token, now=clock.now())
    messages.success(request, _("Đã hủy đơn. Hàng đã trả lại cho gian hàng."))
    return redirect("order", token)


@page("GET", "POST", private=True)
def find(request: HttpRequest) -> HttpResponseBase:
    """Find an order again by its number and the phone it was placed with."""
    form = FindOrderForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return form_page(request, "storefront/shop/find.html", {"form": form})
    try:
        found = find_order(**form.cleaned_data, address=request.META.get("REMOTE_ADDR", ""))
    except MarketError as error:
        put_error(form, error)
        return form_page(request, "storefront/shop/find.html", {"form": form}, error=error)
    return redirect("order", found.token)
