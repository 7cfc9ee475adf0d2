"""The shop's hours, its papers, and who works in it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.renewals import certificates_of_vendor_to_renew
from catalog.selectors.papers import files_of_documents
from catalog.services.papers import remove_document_with_files, save_document_with_files
from marketplace.core import clock
from storefront.papers import ShownFile, sent_papers, shown_files
from storefront.sell.desk import Desk, seller_page
from storefront.sell.rights import RIGHTS
from storefront.sell.shop_forms import DocumentForm, HoursForm, MemberForm
from storefront.settling import AskingForm, settled
from storefront.web import client_id_of, form_page
from vendors.access import require_owner
from vendors.documents import document_for_owner, documents_of
from vendors.members import let_go, member_to_let_go, members_of, take_in
from vendors.models import OpeningHours, ShopDocument
from vendors.opening_hours import set_opening_hours

QUIET = {"hide_search": True, "hide_basket": True}


@seller_page("GET", "POST")
def hours(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """When the shop is open, and until when it is on holiday."""
    require_owner(desk.actor, desk.vendor)
    known = OpeningHours.objects.filter(vendor=desk.vendor).first()
    form = HoursForm(request.POST if request.method == "POST" else None, known=known)

    def work(given: dict[str, Any]) -> None:
        client_id_of(request)
        now = clock.now()
        set_opening_hours(actor=desk.actor, vendor=desk.vendor, now=now, today=clock.vietnam_date(now), **given)

    if not settled(form, work):
        context = {"desk": desk, "form": form, **QUIET}
        return form_page(request, "storefront/sell/hours.html", context, error=form.refusal)
    messages.success(request, _("Đã lưu giờ mở cửa."))
    return redirect("sell_shop")


@seller_page("GET", "POST")
def documents(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The shop's papers, the one that ends first on top; its owner notes down another."""
    form = DocumentForm(*_sent(request))

    if not settled(form, lambda given: _save_document(request, desk, given)):
        found = documents_of(actor=desk.actor, vendor=desk.vendor)
        context = {"desk": desk, "form": form, "documents": _with_files(found), **QUIET}
        context |= {"certificates": certificates_of_vendor_to_renew(desk.actor, desk.vendor, today=_today())}
        return form_page(request, "storefront/sell/documents.html", context, error=form.refusal)
    messages.success(request, _("Đã ghi giấy tờ."))
    return redirect("sell_documents")


@seller_page("GET", "POST")
def document(request: HttpRequest, desk: Desk, document_id: int) -> HttpResponseBase:
    """One paper, to be put right or given its new end."""
    known = document_for_owner(actor=desk.actor, vendor=desk.vendor, document_id=document_id)
    form = DocumentForm(*_sent(request), known=known)

    if not settled(form, lambda given: _save_document(request, desk, given, document_id=known.pk)):
        ((_document, files),) = _with_files([known])
        context = {"desk": desk, "form": form, "document": known, "files": files, **QUIET}
        return form_page(request, "storefront/sell/document.html", context, error=form.refusal)
    messages.success(request, _("Đã lưu giấy tờ."))
    return redirect("sell_documents")


def _today() -> date:
    return clock.vietnam_date(clock.now())


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _save_document(
    request: HttpRequest, desk: Desk, given: dict[str, Any], *, document_id: int | None = None
) -> None:
    values = {name: value for name, value in given.items() if name != "papers"}
    require_owner(desk.actor, desk.vendor)  # before anybody's photo is decoded
    save_document_with_files(
        actor=desk.actor,
        vendor=desk.vendor,
        papers=sent_papers(request),
        document_id=document_id,
        client_id=client_id_of(request),
        now=clock.now(),
        **values,
    )


def _with_files(documents: list[ShopDocument]) -> list[tuple[ShopDocument, list[ShownFile]]]:
    """Papers with their photos and PDFs; one statement."""
    files = files_of_documents(documents)

    def shown(document: ShopDocument) -> list[ShownFile]:
        return shown_files(
            files[document.pk],
            lambda file_id: reverse("sell_document_file", args=[document.pk, file_id]),
            lambda file_id: reverse("sell_document_file_remove", args=[document.pk, file_id]),
        )

    return [(document, shown(document)) for document in documents]


@seller_page("POST")
def document_remove(request: HttpRequest, desk: Desk, document_id: int) -> HttpResponseBase:
    """A paper that is no longer needed leaves the list."""
    client_id_of(request)
    remove_document_with_files(actor=desk.actor, vendor=desk.vendor, document_id=document_id, now=clock.now())
    messages.success(request, _("Đã bỏ giấy tờ khỏi danh sách."))
    return redirect("sell_documents")


@seller_page("GET", "POST")
def members(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Who works in the shop and what each may do; its owner takes somebody in or changes their part."""
    form = MemberForm(request.POST if request.method == "POST" else None)

    def work(given: dict[str, Any]) -> None:
        client_id_of(request)
        take_in(actor=desk.actor, vendor=desk.vendor, now=clock.now(), **given)

    if not settled(form, work):
        return _members_page(request, desk, form)
    messages.success(request, _("Đã lưu. Người đó mở được gian hàng ngay."))
    return redirect("sell_members")


def _members_page(request: HttpRequest, desk: Desk, form: MemberForm) -> HttpResponseBase:
    found = members_of(actor=desk.actor, vendor=desk.vendor)
    context = {"desk": desk, "form": form, "members": found, "rights": RIGHTS, **QUIET}
    return form_page(request, "storefront/sell/members.html", context, error=form.refusal)


@seller_page("GET", "POST")
def member_remove(request: HttpRequest, desk: Desk, member_id: int) -> HttpResponseBase:
    """Somebody works here no longer, once it was asked whether that is meant."""
    member = member_to_let_go(actor=desk.actor, vendor=desk.vendor, member_id=member_id)
    form = AskingForm(request.POST if request.method == "POST" else None)

    def work(_given: dict[str, Any]) -> None:
        client_id_of(request)
        let_go(actor=desk.actor, vendor=desk.vendor, member_id=member_id, now=clock.now())

    is_own = member.user_id == desk.actor.user_id
    if not settled(form, work):
        context = {"desk": desk, "form": form, "member": member, "is_own": is_own, **QUIET}
        return form_page(request, "storefront/sell/member_remove.html", context, error=form.refusal)
    if is_own:
        messages.success(request, _("Đã lưu. Bạn không còn làm ở gian hàng đó."))
        return redirect("sell_today")
    messages.success(request, _("Đã lưu. Người đó không mở được gian hàng này nữa."))
    return redirect("sell_members")
