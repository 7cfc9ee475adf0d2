"""The shop's products: the list, a new one, and the page of each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.selectors import product_for_member
from catalog.services import update_product
from marketplace.core import clock
from storefront.paging import pager
from storefront.sell.desk import Desk, seller_page
from storefront.sell.goods import NewProductForm, TextsForm, add_product, listed, product_desk
from storefront.settling import AskingForm, settled
from storefront.web import client_id_of, form_page, page_number

QUIET = {"hide_search": True, "hide_basket": True}
STATES = [
    (state.value, state.label)
    for state in (
        Product.Listing.PUBLISHED,
        Product.Listing.IN_REVIEW,
        Product.Listing.REJECTED,
        Product.Listing.DRAFT,
        Product.Listing.WITHDRAWN,
    )
]
TEXTS = ("name", "ocop_set", "description", "storage_note", "shelf_life_note")


@seller_page("GET")
def products(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """All products of the shop with their states, a page at a time; `?state=` shows those in one state."""
    number, state = page_number(request), request.GET.get("state")
    today = clock.vietnam_date(clock.now())
    cards, more = listed(desk, state=state, page=number, today=today)

    def url(page: int) -> str:
        return f"{reverse('sell_products')}?{urlencode({'page': page} | ({'state': state} if state else {}))}"

    context = {"desk": desk, "cards": cards, "state": state, "states": STATES, **QUIET}
    context |= pager(number, pages=number + more, url=url)
    return render(request, "storefront/sell/products.html", context)


@seller_page("GET", "POST")
def new_product(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The form of a new product; kept as a draft, whose page comes next."""
    form = NewProductForm(request.POST, request.FILES) if request.method == "POST" else NewProductForm()
    client_id = client_id_of(request) if request.method == "POST" else None
    made: list[Product] = []

    def work(given: dict[str, Any]) -> None:
        made.append(add_product(desk=desk, given=given, client_id=client_id, now=clock.now()))

    if not settled(form, work):
        context = {"desk": desk, "form": form, **QUIET}
        return form_page(request, "storefront/sell/product_new.html", context, error=form.refusal)
    messages.success(request, _("Đã lưu bản nháp. Xem lại rồi gửi xã duyệt để được bán."))
    return redirect("sell_product", made[0].pk)


@seller_page("GET", "POST")
def product(request: HttpRequest, desk: Desk, product_id: int) -> HttpResponseBase:
    """One product: everything about it, each thing with its own form; a POST changes what its page says."""
    found = product_for_member(actor=desk.actor, product_id=product_id)
    if request.method != "POST":
        return product_page(request, desk, found)
    form = TextsForm(request.POST, auto_id="texts_%s")

    def work(given: dict[str, Any]) -> None:
        update_product(actor=desk.actor, product=found, now=clock.now(), **given)

    if not settled(form, work):
        return product_page(request, desk, found, failing=form)
    messages.success(request, _("Đã lưu."))
    return redirect("sell_product", found.pk)


def product_page(
    request: HttpRequest, desk: Desk, found: Product, *, failing: AskingForm | None = None
) -> HttpResponse:
    """The page of one own product; with the form that was refused, if one was."""
    texts = TextsForm(auto_id="texts_%s", initial={name: getattr(found, name) for name in TEXTS})
    context = {
        "desk": desk,
        "goods": product_desk(found, failing=failing),
        "product": found,
        "texts": failing if isinstance(failing, TextsForm) else texts,
        "form": failing,
        **QUIET,
    }
    return form_page(request, "storefront/sell/product.html", context, error=failing.refusal if failing else None)
