"""Complaints in a commune: those that wait first, with what the four hours came to; answered and closed."""

from __future__ import annotations

from datetime import datetime, timedelta
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
from marketplace.core.actors import Actor
from marketplace.orders.models import Complaint, ComplaintMessage
from marketplace.orders.selectors import (
    ComplaintFigures,
    complaint_figures,
    complaint_for_staff,
    complaints_in_commune,
    photo_message,
)
from marketplace.orders.services.complaints import answer_as_staff, close_complaint
from marketplace.places.models import Commune
from storefront.commune.staff import QUIET, commune_asked, staff_page
from storefront.complaints import AnswerForm, CloseForm, photo_answer, said_with, thread_of
from storefront.paging import pager
from storefront.settling import AskingForm, settled
from storefront.web import client_id_of, form_page, page_number

COUNTED_DAYS = 30


@staff_page("GET")
def complaints(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """A commune's complaints; `?state=` shows those in one state."""
    commune, state = commune_asked(request, actor), request.GET.get("state")
    found = complaints_in_commune(actor=actor, commune=commune, state=state, page=page_number(request))
    asked = {"commune": str(commune.pk)}

    def url(page: int) -> str:
        more = {"state": state} if state else {}
        return f"{reverse('commune_complaints')}?{urlencode(asked | more | {'page': str(page)})}"

    now = clock.now()
    context: dict[str, Any] = {"commune": commune, "found": found, "state": state, "now": now, **QUIET}
    context |= {"states": Complaint.State.choices, "address": reverse("commune_complaints")}
    context |= {"figures": _figures(actor, commune, now=now), "days": COUNTED_DAYS}
    context |= pager(found.page, pages=found.page + found.has_more, url=url)
    return render(request, "storefront/commune/complaints.html", context)


def _figures(actor: Actor, commune: Commune, *, now: datetime) -> ComplaintFigures:
    since = now - timedelta(days=COUNTED_DAYS)
    return complaint_figures(actor=actor, commune=commune, since=since, until=now + timedelta(seconds=1))


@staff_page("GET")
def complaint(request: HttpRequest, actor: Actor, complaint_id: int) -> HttpResponseBase:
    """One complaint: what was said; answered or closed here."""
    return _complaint_page(request, actor, complaint_id)


@staff_page("POST")
def answer(request: HttpRequest, actor: Actor, complaint_id: int) -> HttpResponseBase:
    """The officer answers."""
    form = AnswerForm(request.POST)
    say = partial(
        answer_as_staff, actor=actor, complaint_id=complaint_id, now=clock.now(), client_id=client_id_of(request)
    )
    if not said_with(form, lambda text, photo: say(text=text)):
        return _complaint_page(request, actor, complaint_id, answering=form)
    messages.success(request, _("Đã gửi. Người mua và gian hàng đọc được ngay."))
    return redirect("commune_complaint", complaint_id)


@staff_page("POST")
def close(request: HttpRequest, actor: Actor, complaint_id: int) -> HttpResponseBase:
    """The officer ends it, with an outcome and its reason."""
    form = CloseForm(request.POST, auto_id="close_%s")
    close_it = partial(close_complaint, actor=actor, complaint_id=complaint_id, now=clock.now())
    if not settled(form, lambda given: close_it(**given)):
        return _complaint_page(request, actor, complaint_id, closing=form)
    messages.success(request, _("Đã đóng khiếu nại. Người mua và gian hàng đọc được kết luận."))
    return redirect("commune_complaint", complaint_id)


@staff_page("GET")
def photo(_request: HttpRequest, actor: Actor, complaint_id: int, message_id: int) -> HttpResponseBase:
    """A photo in a complaint of the officer's commune."""
    found = complaint_for_staff(actor=actor, complaint_id=complaint_id)
    return photo_answer(photo_message(found, message_id))


def _complaint_page(
    request: HttpRequest,
    actor: Actor,
    complaint_id: int,
    *,
    answering: AnswerForm | None = None,
    closing: CloseForm | None = None,
) -> HttpResponse:
    found = complaint_for_staff(actor=actor, complaint_id=complaint_id)

    def photo_url(message_id: int) -> str:
        return reverse("commune_complaint_photo", args=[found.pk, message_id])

    failing: AskingForm | None = answering or closing
    context: dict[str, Any] = {
        "complaint": found,
        "order": found.order,
        "is_late": found.is_late(clock.now()),
        "thread": thread_of(found, reader=ComplaintMessage.Author.STAFF, photo_url=photo_url),
        "fields": answering or AnswerForm(),
        "closing": closing or CloseForm(auto_id="close_%s"),
        "is_closing": closing is not None,
        "form": failing,
        **QUIET,
    }
    error = failing.refusal if failing else None
    return form_page(request, "storefront/commune/complaint.html", context, error=error)
