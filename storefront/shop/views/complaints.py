"""What is wrong with an order: its buyer says so, reads the answers, and ends it when all is well."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.orders.models import Complaint, ComplaintMessage
from marketplace.orders.selectors import complaint_of_buyer, complaints_of_order, order_by_token, photo_message
from marketplace.orders.services.complaints import add_to_complaint, open_complaint, settle_own_complaint
from storefront.complaints import SayForm, photo_answer, said_with, thread_of
from storefront.settling import AskingForm
from storefront.shop.forms import ComplaintForm
from storefront.web import client_id_of, form_page, page


@page("GET", "POST", private=True)
def complaint(request: HttpRequest, token: uuid.UUID) -> HttpResponseBase:
    """What was complained of about this order; where nothing is open, the form to say what is wrong."""
    if request.method != "POST":
        return _complaint_page(request, token)
    form = ComplaintForm(request.POST, request.FILES)
    say = partial(open_complaint, token=token, now=clock.now(), client_id=client_id_of(request))
    if not said_with(form, say):
        return _complaint_page(request, token, failing=form)
    messages.success(request, _("Đã gửi. Gian hàng và cán bộ xã đều thấy, trả lời trong 4 giờ."))
    return redirect("order_complaint", token)


@page("POST", private=True)
def add(request: HttpRequest, token: uuid.UUID, complaint_id: int) -> HttpResponseBase:
    """The buyer says more."""
    form = SayForm(request.POST, request.FILES)
    say = partial(
        add_to_complaint, token=token, complaint_id=complaint_id, now=clock.now(), client_id=client_id_of(request)
    )
    if not said_with(form, say):
        return _complaint_page(request, token, failing=form)
    messages.success(request, _("Đã gửi."))
    return redirect("order_complaint", token)


@page("POST", private=True)
def settle(request: HttpRequest, token: uuid.UUID, complaint_id: int) -> HttpResponseBase:
    """The buyer says that all is well again."""
    settle_own_complaint(token=token, complaint_id=complaint_id, now=clock.now())
    messages.success(request, _("Đã đóng khiếu nại. Cảm ơn bạn đã báo."))
    return redirect("order_complaint", token)


@page("GET", private=True)
def photo(_request: HttpRequest, token: uuid.UUID, complaint_id: int, message_id: int) -> HttpResponseBase:
    """A photo in the buyer's complaint."""
    found = complaint_of_buyer(token=token, complaint_id=complaint_id)
    return photo_answer(photo_message(found, message_id))


def _complaint_page(request: HttpRequest, token: uuid.UUID, *, failing: AskingForm | None = None) -> HttpResponse:
    order = order_by_token(token)
    found = complaints_of_order(token)
    current = next((row for row in found if row.state != Complaint.State.CLOSED), None)
    usual = ComplaintForm() if current is None else SayForm()
    form = failing if isinstance(failing, type(usual)) else usual
    context: dict[str, Any] = {
        "order": order,
        "complaint": current,
        "thread": _thread(current, token) if current else None,
        "is_late": current is not None and current.is_late(clock.now()),
        "closed": [(row, _thread(row, token)) for row in found if row.state == Complaint.State.CLOSED],
        "fields": form,
        "form": failing,
        "hide_search": True,
    }
    return form_page(request, "storefront/shop/complaint.html", context, error=failing.refusal if failing else None)


def _thread(found: Complaint, token: uuid.UUID) -> Any:
    def photo_url(message_id: int) -> str:
        return reverse("order_complaint_photo", args=[token, found.pk, message_id])

    return thread_of(found, reader=ComplaintMessage.Author.BUYER, photo_url=photo_url)
