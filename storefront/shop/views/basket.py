"""The basket: one card a shop, quantities that can be changed, a voucher's code for each."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.errors import MarketError
from marketplace.orders.selectors import basket_contents
from marketplace.orders.services.checkouts import set_line_quantity
from marketplace.orders.services.promo_codes import apply_voucher, remove_voucher
from storefront.settling import settled
from storefront.shop.forms import LineForm, PromoCodeForm
from storefront.visit import basket_of
from storefront.web import client_id_of, form_page, page, put_error


@page("GET", "POST", private=True)
def basket(request: HttpRequest) -> HttpResponseBase:
    """What is in the basket; a POST changes one line."""
    form = LineForm.of(request.POST) if request.method == "POST" else LineForm()
    if not form.is_valid():
        return _basket_page(request, form)
    try:
        set_line_quantity(
            checkout_id=form.cleaned_data["checkout"],
            variant_id=form.cleaned_data["variant"],
            quantity=form.cleaned_data["quantity"],
            now=clock.now(),
        )
    except MarketError as error:
        put_error(form, error)
        return _basket_page(request, form, error=error)
    return redirect("basket")


@page("POST", private=True)
def voucher(request: HttpRequest, checkout_id: uuid.UUID) -> HttpResponseBase:
    """Name a voucher's code for one shop's part of the basket, or take it off."""
    client_id_of(request)
    if "remove" in request.POST:
        remove_voucher(checkout_id=checkout_id, now=clock.now())
        messages.success(request, _("Đã bỏ mã giảm giá."))
        return redirect("basket")
    form = PromoCodeForm(request.POST, auto_id=f"%s-{checkout_id}")

    def work(given: dict[str, Any]) -> None:
        address = request.META.get("REMOTE_ADDR", "")
        apply_voucher(checkout_id=checkout_id, code=given["promo_code"], address=address, now=clock.now())

    if not settled(form, work):
        return _basket_page(request, form, error=form.refusal, code_of=checkout_id)
    messages.success(request, _("Đã dùng mã giảm giá."))
    return redirect("basket")


def _basket_page(
    request: HttpRequest, form: BaseForm, *, error: MarketError | None = None, code_of: uuid.UUID | None = None
) -> HttpResponseBase:
    contents = basket_contents(basket_of(request), now=clock.now())
    context = {"basket": contents, "form": form, "code_of": code_of}
    return form_page(request, "storefront/shop/basket.html", context, error=error)
