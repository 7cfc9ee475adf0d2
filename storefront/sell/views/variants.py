"""Kinds of a product, and the stock book. Each is one form, one service."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import Stock
from catalog.selectors import (
    movements_of_stock,
    movements_of_vendor,
    product_for_member,
    stock_for_member,
    stocks_of,
    variants_of,
)
from catalog.services import move_stock, update_variant
from marketplace.core import clock
from marketplace.core.errors import NotFound
from storefront.paging import pager
from storefront.sell.desk import Desk, seller_page
from storefront.sell.variants import (
    MovementForm,
    NewVariantForm,
    VariantForm,
    add_variant_once,
    lines_shown,
    variant_form,
)
from storefront.settling import settled
from storefront.web import client_id_of, form_page, page_number

QUIET = {"hide_search": True, "hide_basket": True}


@seller_page("GET", "POST")
def new_variant(request: HttpRequest, desk: Desk, product_id: int) -> HttpResponseBase:
    """A further size or kind of a product."""
    product = product_for_member(actor=desk.actor, product_id=product_id)
    form = NewVariantForm(request.POST if request.method == "POST" else None)
    client_id = client_id_of(request) if request.method == "POST" else None

    def work(given: dict[str, Any]) -> None:
        add_variant_once(desk=desk, product=product, given=given, client_id=client_id, now=clock.now())

    if not settled(form, work):
        context = {"desk": desk, "product": product, "form": form, **QUIET}
        return form_page(request, "storefront/sell/variant.html", context, error=form.refusal)
    messages.success(request, _("Đã thêm loại."))
    return redirect("sell_product", product.pk)


@seller_page("GET", "POST")
def variant(request: HttpRequest, desk: Desk, product_id: int, variant_id: int) -> HttpResponseBase:
    """One kind: its name, price, unit, code, and whether it is sold. Sent twice it says the same."""
    product = product_for_member(actor=desk.actor, product_id=product_id)
    found = next((one for one in variants_of(product, on_sale_only=False) if one.pk == variant_id), None)
    if found is None:
        raise NotFound(_("Không tìm thấy."))
    form = VariantForm(request.POST) if request.method == "POST" else variant_form(found)

    def work(given: dict[str, Any]) -> None:
        update_variant(actor=desk.actor, variant=found, now=clock.now(), **given)

    if not settled(form, work):
        stocks = [stock for stock in stocks_of(product) if stock.variant_id == found.pk]
        context = {"desk": desk, "product": product, "variant": found, "form": form, "stocks": stocks, **QUIET}
        return form_page(request, "storefront/sell/variant.html", context, error=form.refusal)
    messages.success(request, _("Đã lưu."))
    return redirect("sell_product", product.pk)


@seller_page("GET", "POST")
def stock(request: HttpRequest, desk: Desk, product_id: int, stock_id: int) -> HttpResponseBase:
    """What came and went of one kind at one place; a POST writes a line."""
    found = stock_for_member(actor=desk.actor, stock_id=stock_id)
    if found.variant.product_id != product_id:
        raise NotFound(_("Không tìm thấy."))
    form = MovementForm(request.POST if request.method == "POST" else None, initial={"kind": "received"})
    client_id = client_id_of(request) if request.method == "POST" else None

    def work(given: dict[str, Any]) -> None:
        move_stock(actor=desk.actor, stock=found, now=clock.now(), client_id=client_id, **given)

    if not settled(form, work):
        context = _book(request, found) | {"desk": desk, "stock": found, "form": form, **QUIET}
        return form_page(request, "storefront/sell/stock.html", context, error=form.refusal)
    messages.success(request, _("Đã ghi vào sổ kho."))
    return redirect("sell_stock_book", product_id, stock_id)


def _book(request: HttpRequest, found: Stock) -> dict[str, Any]:
    number = page_number(request)
    lines, more = lines_shown(movements_of_stock(found), page=number)

    def url(page: int) -> str:
        return f"{reverse('sell_stock_book', args=[found.variant.product_id, found.pk])}?page={page}"

    return {"lines": lines} | pager(number, pages=number + more, url=url)


@seller_page("GET")
def book(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """What came and went in the whole shop, the newest first."""
    number = page_number(request)
    lines, more = lines_shown(movements_of_vendor(desk.actor, desk.vendor), page=number)
    context = {"desk": desk, "lines": lines, **QUIET}
    context |= pager(number, pages=number + more, url=lambda page: f"{reverse('sell_stocks')}?page={page}")
    return render(request, "storefront/sell/stock_book.html", context)
