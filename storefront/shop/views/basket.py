"""The basket: one card a shop, quantities that can be changed."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from marketplace.core import clock
from marketplace.core.errors import MarketError
from marketplace.orders.selectors import basket_contents
from marketplace.orders.services.checkouts import set_line_quantity
from storefront.shop.forms import LineForm
from storefront.visit import basket_of
from storefront.web import form_page, page, put_error


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


def _basket_page(request: HttpRequest, form: LineForm, *, error: MarketError | None = None) -> HttpResponseBase:
    contents = basket_contents(basket_of(request), now=clock.now())
    return form_page(request, "storefront/shop/basket.html", {"basket": contents, "form": form}, error=error)
