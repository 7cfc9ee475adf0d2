"""The shop's vouchers: what they are, making one, changing and ending it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.orders.discounts import state_of
from marketplace.orders.selectors import voucher_for_owner, vouchers_of
from marketplace.orders.services.vouchers import change_voucher, end_voucher, make_voucher
from storefront.paging import pager
from storefront.sell.desk import Desk, seller_page
from storefront.sell.vouchers import NewVoucherForm, VoucherForm, known_terms, terms_of
from storefront.settling import answered_once, settled
from storefront.web import client_id_of, form_page, page_number
from vendors.access import require_owner

QUIET = {"hide_search": True, "hide_basket": True}


@seller_page("GET", "POST")
def vouchers(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The shop's vouchers, newest first; its owner makes another."""
    now = clock.now()
    if request.method != "POST":
        return _list_page(request, desk, NewVoucherForm(initial={"first_day": clock.vietnam_date(now)}))
    require_owner(desk.actor, desk.vendor)
    form = NewVoucherForm(request.POST)

    def work(given: dict[str, Any]) -> None:
        code, client_id = given["code"], client_id_of(request)
        terms = terms_of(given)
        make_voucher(actor=desk.actor, vendor=desk.vendor, code=code, terms=terms, client_id=client_id, now=now)

    if not settled(form, work):
        return _list_page(request, desk, form)
    messages.success(request, _("Đã làm phiếu giảm giá. Bạn gửi mã cho khách được rồi."))
    return redirect("sell_vouchers")


def _list_page(request: HttpRequest, desk: Desk, form: NewVoucherForm) -> HttpResponseBase:
    found = vouchers_of(actor=desk.actor, vendor=desk.vendor, now=clock.now(), page=page_number(request))
    address = reverse("sell_vouchers")
    if found.page > found.pages:
        return redirect(f"{address}?page={found.pages}")
    context: dict[str, Any] = {"desk": desk, "form": form, "found": found, **QUIET}
    context |= pager(found.page, pages=found.pages, url=lambda number: f"{address}?page={number}")
    return form_page(request, "storefront/sell/vouchers.html", context, error=form.refusal)


@seller_page("GET", "POST")
def voucher(request: HttpRequest, desk: Desk, voucher_id: int) -> HttpResponseBase:
    """One voucher, to be changed; its code stays."""
    known = voucher_for_owner(actor=desk.actor, vendor=desk.vendor, voucher_id=voucher_id)
    form = VoucherForm(request.POST) if request.method == "POST" else VoucherForm(initial=known_terms(known))

    def work(given: dict[str, Any]) -> None:
        client_id_of(request)
        terms = terms_of(given)
        change_voucher(actor=desk.actor, vendor=desk.vendor, voucher_id=known.pk, terms=terms, now=clock.now())

    if not settled(form, lambda given: answered_once(request, given, work)):
        state = state_of(known, now=clock.now())
        context = {"desk": desk, "form": form, "voucher": known, "state": state, **QUIET}
        return form_page(request, "storefront/sell/voucher.html", context, error=form.refusal)
    messages.success(request, _("Đã lưu phiếu giảm giá. Đơn đã đặt giữ giá cũ."))
    return redirect("sell_vouchers")


@seller_page("POST")
def end(request: HttpRequest, desk: Desk, voucher_id: int) -> HttpResponseBase:
    """A voucher counts no more, for good."""
    require_owner(desk.actor, desk.vendor)
    client_id_of(request)
    end_voucher(actor=desk.actor, vendor=desk.vendor, voucher_id=voucher_id, now=clock.now())
    messages.success(request, _("Đã kết thúc phiếu giảm giá."))
    return redirect("sell_vouchers")
