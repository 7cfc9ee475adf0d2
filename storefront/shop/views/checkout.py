"""Ordering one shop's part of the basket: one page, a phone number, a way to get the goods."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.errors import Conflict, MarketError
from marketplace.orders.models import Order
from marketplace.orders.selectors import order_of_checkout, saved_addresses
from marketplace.orders.services.baskets import place_basket_order
from marketplace.orders.services.saved_addresses import AddressToKeep, keep_address
from marketplace.people.models import User
from marketplace.places.selectors import communes_of
from storefront.shop.desks import Desk, desk_for, known_contact
from storefront.shop.forms import CheckoutForm
from storefront.visit import basket_of
from storefront.web import actor_of_request, client_id_of, form_page, page, put_error

COMMUNES_KEPT_S = 24 * 3600
FIELDS = {"street_address_1": "street", "city": "commune", "shipping_address": "commune", "last_name": "name"}
"""Fields of the service by the names that this page gives them."""


class NotAgreed(Conflict):
    """The order would cost more than the page that was sent showed: nothing is ordered, the sum is shown first."""

    def __init__(self, order: Order) -> None:
        super().__init__(_("Tổng tiền đã tính lại, gồm cả phí giao. Bạn xem rồi bấm “Đặt hàng” lần nữa."))
        self.shipping_vnd = order.shipping_vnd
        self.total_vnd = order.total_vnd


@page("GET", "POST", private=True)
def checkout(request: HttpRequest, checkout_id: uuid.UUID) -> HttpResponseBase:
    """The form of one shop's order; ordered already: its order."""
    if (placed := order_of_checkout(checkout_id)) is not None:
        return redirect("order", placed.token)
    if request.method != "POST" or "communes" in request.POST:
        return _first_page(request, checkout_id)
    desk = desk_for(checkout_id, province_code=request.POST.get("province", ""), now=clock.now())
    form = CheckoutForm(request.POST, desk=desk)
    if not form.is_valid():
        return _form_page(request, desk, form)
    try:
        order = _place(request, checkout_id, form)
    except NotAgreed as asked:
        return _form_page(request, desk, form, asked=asked)
    except MarketError as error:
        error.field = FIELDS.get(error.field or "", error.field)
        put_error(form, error)
        return _form_page(request, desk, form, error=error)
    _keep_address(request, form)
    return redirect("order", order.token)


def _keep_address(request: HttpRequest, form: CheckoutForm) -> None:
    """Keep where the goods go, if the buyer wants that; the order is placed already and stays so."""
    actor, address = actor_of_request(request), form.address
    if actor.user_id is None or address is None or not form.cleaned_data["keep_address"]:
        return
    given = AddressToKeep(
        name=address.last_name,
        phone=form.cleaned_data["phone"],
        street=address.street_address_1,
        commune_code=address.commune_code,
    )
    try:
        keep_address(actor=actor, given=given, now=clock.now())
    except MarketError as error:
        messages.warning(request, str(error))


def _first_page(request: HttpRequest, checkout_id: uuid.UUID) -> HttpResponseBase:
    """The form with what is known, or with what was typed so far when only the communes were asked for."""
    now = clock.now()
    known = request.POST.dict() if request.method == "POST" else _known(request, now=now)
    desk = desk_for(checkout_id, province_code=known.get("province", ""), now=now)
    known.setdefault("delivery", desk.only_way)
    return _form_page(request, desk, CheckoutForm(initial=known, desk=desk))


def _known(request: HttpRequest, *, now: datetime) -> dict[str, str]:
    """What the form begins with; `?address=` names one of the addresses that the person saved."""
    saved, wanted = saved_addresses(actor_of_request(request)), request.GET.get("address")
    chosen = next((row for row in saved if str(row.pk) == wanted), None)
    user = request.user if isinstance(request.user, User) else None
    return dict(known_contact(basket_of(request), user=user, saved=saved, chosen=chosen, now=now))


def _form_page(
    request: HttpRequest,
    desk: Desk,
    form: CheckoutForm,
    *,
    error: MarketError | None = None,
    asked: NotAgreed | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {"desk": desk, "shop": desk.shop, "vendor": desk.shop.vendor, "form": form}
    context |= {"asked": asked, "total_vnd": asked.total_vnd if asked else desk.shop.goods_vnd}
    actor = actor_of_request(request)
    context |= {"hide_search": True, "may_keep": actor.user_id is not None}
    context["addresses"] = saved_addresses(actor) if desk.rates else []
    return form_page(request, "storefront/shop/checkout.html", context, error=error)


def _place(request: HttpRequest, checkout_id: uuid.UUID, form: CheckoutForm) -> Order:
    """Place the order if it costs no more than the buyer saw. Raises `NotAgreed`, and what the service raises."""
    now = clock.now()
    with transaction.atomic():
        order = place_basket_order(
            checkout_id=checkout_id,
            actor=actor_of_request(request),
            phone=form.cleaned_data["phone"],
            note=form.cleaned_data["note"],
            address=form.address,
            pick_up_at=form.pick_up_at,
            now=now,
            client_id=client_id_of(request),
        )
        if order.placed_at == now and order.total_vnd > (form.cleaned_data["agreed_vnd"] or 0):
            raise NotAgreed(order)  # rolls the order back
    return order


@page("GET")
def communes(request: HttpRequest, province_code: str) -> HttpResponseBase:
    """The communes of a province as options for a select, for pages that need not load anew."""
    rows = communes_of(province_code)
    response = render(request, "storefront/shop/communes.html", {"communes": rows})
    patch_cache_control(response, public=True, max_age=COMMUNES_KEPT_S)
    return response
