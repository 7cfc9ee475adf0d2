"""One product: its page, and putting it into the basket."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.selectors import AgeNotDeclared, product_by_slug
from catalog.selectors.papers import documents_of_product, product_document_by_slug
from catalog.warnings import warnings_of
from marketplace.core import clock
from marketplace.core.errors import MarketError
from marketplace.orders.services.baskets import add_to_basket
from storefront.papers import downloaded, kind_and_size
from storefront.shop import reads
from storefront.shop.described import product_data
from storefront.shop.forms import BuyForm
from storefront.visit import basket_of, is_adult, keep_basket
from storefront.web import actor_of_request, client_id_of, form_page, page, put_error


@page("GET", "POST")
def product(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One product and its buy button; alcohol asks for the age first."""
    try:
        found = product_by_slug(slug, age_declared=is_adult(request))
    except AgeNotDeclared:
        return redirect(f"{reverse('age')}?{urlencode({'next': request.path})}")
    form = BuyForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return form_page(request, "storefront/shop/product.html", _context(request, found, form))
    try:
        basket = _add(request, form)
    except MarketError as error:
        put_error(form, error)
        return form_page(request, "storefront/shop/product.html", _context(request, found, form), error=error)
    keep_basket(request, basket)
    messages.success(request, _("Đã thêm vào giỏ: %(name)s") % {"name": found.name})
    return redirect("basket")


@page("GET")
def document(request: HttpRequest, slug: str, document_id: int) -> HttpResponseBase:
    """A document that goes with a product, as a file to keep."""
    found = product_document_by_slug(slug, document_id=document_id, age_declared=is_adult(request))
    return downloaded(found, name=f"{slug}-{found.pk}")


def _add(request: HttpRequest, form: BuyForm) -> UUID:
    client_id = client_id_of(request)
    return add_to_basket(
        # A new basket takes the id of the form that fills it first: that form, sent again, finds the same basket.
        basket=basket_of(request) or client_id,
        actor=actor_of_request(request),
        variant_id=form.cleaned_data["variant"],
        quantity=form.cleaned_data["quantity"],
        now=clock.now(),
        client_id=client_id,
        age_declared=is_adult(request),
    )


def _context(request: HttpRequest, product: Product, form: BuyForm) -> dict[str, Any]:
    today = clock.vietnam_date(clock.now())
    goods = reads.goods(product, today=today)
    return {
        "goods": goods,
        "described": product_data(goods),
        "spot": reads.where(product.commune_of_origin),
        "product": product,
        "vendor": product.vendor,
        "warnings": warnings_of(product),
        "documents": [(row, kind_and_size(row)) for row in documents_of_product(product)],
        "others": reads.other_goods_of(product, today=today, age_declared=is_adult(request)),
        "form": form,
    }
