"""Complaints about the shop: those that wait first, each answered on one page."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.orders.models import Complaint, ComplaintMessage
from marketplace.orders.selectors import complaint_for_member, complaints_of_vendor, photo_message
from marketplace.orders.services.complaints import answer_as_vendor
from storefront.complaints import SayForm, photo_answer, said_with, thread_of
from storefront.paging import pager
from storefront.sell.desk import Desk, seller_page
from storefront.web import client_id_of, form_page, page_number

QUIET = {"hide_search": True, "hide_basket": True}


@seller_page("GET")
def complaints(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The shop's complaints; `?state=` shows those in one state."""
    state = request.GET.get("state")
    found = complaints_of_vendor(actor=desk.actor, vendor=desk.vendor, state=state, page=page_number(request))

    def url(page: int) -> str:
        return f"{reverse('sell_complaints')}?{urlencode({'page': page} | ({'state': state} if state else {}))}"

    context: dict[str, Any] = {"desk": desk, "found": found, "state": state, "now": clock.now(), **QUIET}
    context |= {"states": Complaint.State.choices, "address": reverse("sell_complaints")}
    context |= pager(found.page, pages=found.page + found.has_more, url=url)
    return render(request, "storefront/sell/complaints.html", context)


@seller_page("GET")
def complaint(request: HttpRequest, desk: Desk, complaint_id: int) -> HttpResponseBase:
    """One complaint: what was said, and the shop's answer."""
    return _complaint_page(request, desk, complaint_id)


@seller_page("POST")
def answer(request: HttpRequest, desk: Desk, complaint_id: int) -> HttpResponseBase:
    """The shop answers."""
    form = SayForm(request.POST, request.FILES)
    say = partial(
        answer_as_vendor,
        actor=desk.actor,
        complaint_id=complaint_id,
        now=clock.now(),
        client_id=client_id_of(request),
    )
    if not said_with(form, say):
        return _complaint_page(request, desk, complaint_id, failing=form)
    messages.success(request, _("Đã gửi. Người mua đọc được ngay."))
    return redirect("sell_complaint", complaint_id)


@seller_page("GET")
def photo(_request: HttpRequest, desk: Desk, complaint_id: int, message_id: int) -> HttpResponseBase:
    """A photo in a complaint about the shop."""
    found = complaint_for_member(actor=desk.actor, complaint_id=complaint_id)
    return photo_answer(photo_message(found, message_id))


def _complaint_page(
    request: HttpRequest, desk: Desk, complaint_id: int, *, failing: SayForm | None = None
) -> HttpResponse:
    found = complaint_for_member(actor=desk.actor, complaint_id=complaint_id)

    def photo_url(message_id: int) -> str:
        return reverse("sell_complaint_photo", args=[found.pk, message_id])

    context: dict[str, Any] = {
        "desk": desk,
        "complaint": found,
        "order": found.order,
        "is_late": found.is_late(clock.now()),
        "thread": thread_of(found, reader=ComplaintMessage.Author.VENDOR, photo_url=photo_url),
        "fields": failing or SayForm(),
        "form": failing,
        **QUIET,
    }
    error = failing.refusal if failing else None
    return form_page(request, "storefront/sell/complaint.html", context, error=error)
