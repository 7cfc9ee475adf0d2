"""Many goods at once: prices and counts in one form, and handing in or taking off sale what is ticked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.core import clock
from marketplace.core.errors import InvalidInput, MarketError
from storefront.paging import pager
from storefront.sell.desk import ID_MAX, Desk, seller_page
from storefront.sell.many import ManyRow, act_on_chosen, rows_of, save_rows, typed_rows
from storefront.web import client_id_of, page_number, parse_number

QUIET = {"hide_search": True, "hide_basket": True}


@seller_page("GET", "POST")
def many(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Prices and counts of many goods; a POST saves them, or acts on the products that are ticked.

    Sent twice it says the same: prices and counts are what they shall be, not what is added.
    """
    if request.method != "POST":
        rows, more = rows_of(desk, page=page_number(request))
        return _page(request, desk, rows, more=more)
    client_id_of(request)
    wanted = request.POST.get("do", "save")
    if wanted == "save":
        return _saved(request, desk)
    ids = [parse_number(text, least=1, most=ID_MAX) for text in request.POST.getlist("chosen")]
    chosen = sorted({one for one in ids if one is not None})
    if not chosen:
        raise InvalidInput(_("Bạn đánh dấu ít nhất một món trước."))
    count = act_on_chosen(desk, chosen, withdraw=wanted == "withdraw", now=clock.now())
    said = _said(count, withdraw=wanted == "withdraw")
    messages.success(request, said)
    return redirect(_address(request))


def _said(count: int, *, withdraw: bool) -> str:
    if withdraw:
        return ngettext("Đã ngừng bán %(count)s sản phẩm.", "Đã ngừng bán %(count)s sản phẩm.", count) % {
            "count": count
        }
    sentence = ngettext("Đã gửi xã duyệt %(count)s sản phẩm.", "Đã gửi xã duyệt %(count)s sản phẩm.", count)
    return sentence % {"count": count}


def _saved(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    rows, changes = typed_rows(desk, request.POST)
    if any(row.errors for row in rows):
        return _page(request, desk, rows, status=400)
    try:
        count = save_rows(desk, rows, changes, now=clock.now())
    except MarketError as error:
        return _page(request, desk, rows, status=error.status)
    said = ngettext("Đã lưu %(count)s thay đổi.", "Đã lưu %(count)s thay đổi.", count) % {"count": count}
    messages.success(request, said if count else _("Không có gì thay đổi."))
    return redirect(_address(request))


def _address(request: HttpRequest) -> str:
    return f"{reverse('sell_products_many')}?page={page_number(request)}"


def _page(
    request: HttpRequest, desk: Desk, rows: list[ManyRow], *, more: bool = False, status: int = 200
) -> HttpResponse:
    number = page_number(request)
    context: dict[str, Any] = {"desk": desk, "rows": rows, "wrong": [row for row in rows if row.errors], **QUIET}
    context |= {"page": number}
    context |= pager(number, pages=number + more, url=lambda page: f"{reverse('sell_products_many')}?page={page}")
    response = render(request, "storefront/sell/products_many.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
