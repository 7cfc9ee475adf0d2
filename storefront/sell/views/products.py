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

from catalog.models import ListingDraft, Product
from catalog.selectors import product_for_member
from catalog.services import update_product
from marketplace.core import clock
from storefront.paging import pager
from storefront.sell.desk import Desk, seller_page
from storefront.sell.goods import NewProductForm, TextsForm, add_product, listed, product_desk
from storefront.sell.listing_drafts import draft_asked_for, drafts_shown, keep_for_later, keep_photo
from storefront.settling import AskingForm, answered_once, settled
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

    begun = drafts_shown(desk) if number == 1 and not state else []
    context = {"desk": desk, "cards": cards, "state": state, "states": STATES, "begun": begun, **QUIET}
    context |= pager(number, pages=number + more, url=url)
    return render(request, "storefront/sell/products.html", context)


@seller_page("GET", "POST")
def new_product(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The form of a new product, or of one that was begun (`?draft=`); its page comes next.

    Nothing that was said is lost: "later" keeps it as it is, and so does a photo whose form was refused.
    """
    begun = draft_asked_for(desk, request)
    if request.method != "POST":
        return _new_page(request, desk, NewProductForm(initial=begun.said if begun else None), begun)
    form, client_id = NewProductForm(request.POST, request.FILES), client_id_of(request)
    if "later" in request.POST:
        keep_for_later(desk, request, begun, draft_id=client_id, now=clock.now())
        messages.success(request, _("Đã giữ lại. Bạn khai tiếp lúc nào cũng được."))
        return redirect("sell_products")
    made: list[Product] = []

    def work(given: dict[str, Any]) -> None:
        made.append(add_product(desk=desk, given=given, client_id=client_id, now=clock.now(), begun=begun))

    if not settled(form, work):
        begun = keep_photo(desk, request, begun, draft_id=client_id, now=clock.now())
        return _new_page(request, desk, form, begun)
    messages.success(request, _("Đã lưu bản nháp. Xem lại rồi gửi xã duyệt để được bán."))
    return redirect("sell_product", made[0].pk)


def _new_page(request: HttpRequest, desk: Desk, form: NewProductForm, begun: ListingDraft | None) -> HttpResponse:
    context = {"desk": desk, "form": form, "begun": begun, **QUIET}
    return form_page(request, "storefront/sell/product_new.html", context, error=form.refusal)


@seller_page("GET", "POST")
def product(request: HttpRequest, desk: Desk, product_id: int) -> HttpResponseBase:
    """One product: everything about it, each thing with its own form; a POST changes what its page says."""
    found = product_for_member(actor=desk.actor, product_id=product_id)
    if request.method != "POST":
        return product_page(request, desk, found)
    form = TextsForm(request.POST, auto_id="texts_%s")

    def work(given: dict[str, Any]) -> None:
        update_product(actor=desk.actor, product=found, now=clock.now(), **given)

    if not settled(form, lambda given: answered_once(request, given, work)):
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
