"""Selling at the stall: an amount or goods, the code on the seller's phone, the tick."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.errors import MarketError
from marketplace.orders.models import Order
from marketplace.orders.selectors import stall_sale_for_member
from marketplace.orders.services.ending import cancel_order
from marketplace.orders.services.stall import sell_at_stall
from payments.models import Confirmation
from payments.services.by_hand import mark_paid_by_hand
from storefront.sell.desk import Desk, seller_page
from storefront.sell.stall import (
    StallForm,
    cash_amount,
    counter_of,
    lines_of,
    page_asked_for,
    sale_sight,
    typed_quantities,
)
from storefront.settling import settled
from storefront.shop.order_pages import etag_of_order
from storefront.web import client_id_of, form_page

QUIET = {"hide_search": True, "hide_basket": True}
KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "000", "0")
TURN_THE_PAGE = "page"
"""The button that shows more goods and keeps what was typed."""


@seller_page("GET", "POST")
def stall(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The keypad and the goods; a POST makes the sale, whose page shows the code."""
    typed = typed_quantities(request.POST)
    if request.method != "POST" or TURN_THE_PAGE in request.POST:
        kept = {name: request.POST.get(name) for name in ("amount", "age_declared")}
        return _counter(request, desk, StallForm(initial=kept), typed)
    form, client_id = StallForm(request.POST), client_id_of(request)
    made: list[Order] = []

    def work(given: dict[str, object]) -> None:
        sale = sell_at_stall(
            actor=desk.actor,
            vendor=desk.vendor,
            lines=lines_of(typed),
            amount_vnd=given["amount"] or 0,  # type: ignore[arg-type]  # the form's field reads it as đồng
            age_declared=bool(given["age_declared"]),
            client_id=client_id,
            now=clock.now(),
        )
        made.append(sale)

    if not settled(form, work):
        return _counter(request, desk, form, typed)
    return redirect("sell_stall_sale", made[0].pk)


def _counter(request: HttpRequest, desk: Desk, form: StallForm, typed: dict[int, str]) -> HttpResponse:
    counter = counter_of(desk, typed, page=page_asked_for(request))
    context = {"desk": desk, "form": form, "counter": counter, "keys": KEYS, **QUIET}
    return form_page(request, "storefront/sell/stall.html", context, error=form.refusal)


@seller_page("GET")
def sale(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponseBase:
    """The code as large as the phone, and the tick when the money is there."""
    return _sale(request, desk, stall_sale_for_member(actor=desk.actor, order_id=order_id))


def _sale(request: HttpRequest, desk: Desk, order: Order, *, error: MarketError | None = None) -> HttpResponse:
    context = {"desk": desk, "sight": sale_sight(order, now=clock.now()), "refusal": error, **QUIET}
    return form_page(request, "storefront/sell/stall_sale.html", context, error=error)


@seller_page("GET")
def state(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponseBase:
    """The live part of the sale's page; 304 while nothing has changed."""
    now, order = clock.now(), stall_sale_for_member(actor=desk.actor, order_id=order_id)
    response = get_conditional_response(request, etag=etag_of_order(order, now=now))
    if response is None:
        sight = sale_sight(order, now=now)
        response = render(request, "storefront/sell/stall_state.html", {"desk": desk, "sight": sight})
        response["ETag"] = sight.buyer.etag
    patch_cache_control(response, private=True, no_cache=True)
    return response


@seller_page("POST")
def cash(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponseBase:
    """The buyer pays what is left in cash."""
    order, client_id = stall_sale_for_member(actor=desk.actor, order_id=order_id), client_id_of(request)
    try:
        mark_paid_by_hand(
            actor=desk.actor,
            order=order,
            amount_vnd=cash_amount(request.POST),
            confirmation=Confirmation.CASH,
            client_id=client_id,
            now=clock.now(),
        )
    except MarketError as error:
        return _as_it_is(request, desk, order, error)
    return redirect("sell_stall_sale", order.pk)


@seller_page("POST")
def cancel(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponseBase:
    """The sale is called off; money that came already is shown to be given back."""
    order = stall_sale_for_member(actor=desk.actor, order_id=order_id)
    client_id_of(request)
    try:
        ended = cancel_order(actor=desk.actor, order=order, reason="", now=clock.now())
    except MarketError as error:
        return _as_it_is(request, desk, order, error)
    if ended.charged_vnd:
        return redirect("sell_stall_sale", order.pk)
    messages.success(request, _("Đã hủy đơn %(number)s.") % {"number": order.number})
    return redirect("sell_stall")


def _as_it_is(request: HttpRequest, desk: Desk, order: Order, error: MarketError) -> HttpResponse:
    """The sale as it stands after something was refused: perhaps its money came in that moment."""
    now_there = stall_sale_for_member(actor=desk.actor, order_id=order.pk)
    return _sale(request, desk, now_there, error=error)
