"""Photos and PDFs: of the shop's papers, of OCOP certificates, and the documents that buyers may read."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import OcopCertificate, Product
from catalog.selectors import product_for_member
from catalog.selectors.papers import (
    certificate_file_of_member,
    certificate_of_member,
    document_file,
    documents_of_product,
    files_of_certificate,
    product_document_of_member,
)
from catalog.services.papers import (
    DOCUMENTS_A_PRODUCT_MAX,
    add_certificate_files,
    add_product_document,
    remove_certificate_file,
    remove_document_file,
    remove_product_document,
)
from marketplace.core import clock
from marketplace.core.errors import NotFound
from storefront.papers import downloaded, kind_and_size, private_file, sent_papers, shown_files
from storefront.sell.desk import Desk, seller_page
from storefront.sell.papers import PapersForm, ProductDocumentForm
from storefront.settling import answered_once, settled
from storefront.web import client_id_of, form_page
from vendors.documents import document_for_owner

QUIET = {"hide_search": True, "hide_basket": True}


@seller_page("GET")
def of_document(_request: HttpRequest, desk: Desk, document_id: int, file_id: int) -> HttpResponseBase:
    """A photo or PDF of one of the shop's papers, for who works in it."""
    file = document_file(actor=desk.actor, file_id=file_id)
    if file.document_id != document_id or file.document.vendor_id != desk.vendor.pk:
        raise NotFound(_("Không tìm thấy tệp này."))
    return private_file(file, name=f"giay-to-{file.pk}")


@seller_page("POST")
def remove_of_document(request: HttpRequest, desk: Desk, document_id: int, file_id: int) -> HttpResponseBase:
    """One photo or PDF less."""
    client_id_of(request)
    own = document_for_owner(actor=desk.actor, vendor=desk.vendor, document_id=document_id)

    def work(_given: dict[str, Any]) -> None:
        remove_document_file(actor=desk.actor, document=own, file_id=file_id, now=clock.now())

    answered_once(request, {}, work)
    messages.success(request, _("Đã bỏ ảnh giấy."))
    return redirect("sell_document", own.pk)


@seller_page("GET", "POST")
def certificate(request: HttpRequest, desk: Desk, product_id: int, certificate_id: int) -> HttpResponseBase:
    """A certificate that was declared, with its photos; further ones as long as the commune has not decided."""
    found = certificate_of_member(actor=desk.actor, product_id=product_id, certificate_id=certificate_id)
    form = PapersForm(request.POST, request.FILES) if request.method == "POST" else PapersForm()

    def work(_given: dict[str, Any]) -> None:
        papers, client_id = sent_papers(request), client_id_of(request)
        add_certificate_files(
            actor=desk.actor, certificate=found, papers=papers, client_id=client_id, now=clock.now()
        )

    if not settled(form, work):
        context = {"desk": desk, "form": form, **_certificate_facts(found), **QUIET}
        return form_page(request, "storefront/sell/certificate_paper.html", context, error=form.refusal)
    messages.success(request, _("Đã thêm ảnh giấy."))
    return redirect("sell_certificate_paper", product_id, certificate_id)


def _certificate_facts(found: OcopCertificate) -> dict[str, Any]:
    def url(file_id: int, name: str = "sell_certificate_file") -> str:
        return reverse(name, args=[found.product_id, found.pk, file_id])

    def removal_url(file_id: int) -> str:
        return url(file_id, "sell_certificate_file_remove")

    return {
        "certificate": found,
        "product": found.product,
        "files": shown_files(files_of_certificate(found), url, removal_url),
        "may_change": found.state == OcopCertificate.State.DECLARED,
    }


@seller_page("GET")
def of_certificate(
    _request: HttpRequest, desk: Desk, product_id: int, certificate_id: int, file_id: int
) -> HttpResponseBase:
    """A photo or PDF of a certificate, for who works in its shop."""
    file = certificate_file_of_member(
        actor=desk.actor, product_id=product_id, certificate_id=certificate_id, file_id=file_id
    )
    return private_file(file, name=f"giay-chung-nhan-{file.pk}")


@seller_page("POST")
def remove_of_certificate(
    request: HttpRequest, desk: Desk, product_id: int, certificate_id: int, file_id: int
) -> HttpResponseBase:
    """One photo or PDF less, as long as the commune has not decided."""
    client_id_of(request)
    found = certificate_of_member(actor=desk.actor, product_id=product_id, certificate_id=certificate_id)

    def work(_given: dict[str, Any]) -> None:
        remove_certificate_file(actor=desk.actor, certificate=found, file_id=file_id, now=clock.now())

    answered_once(request, {}, work)
    messages.success(request, _("Đã bỏ ảnh giấy."))
    return redirect("sell_certificate_paper", product_id, certificate_id)


@seller_page("GET", "POST")
def product_documents(request: HttpRequest, desk: Desk, product_id: int) -> HttpResponseBase:
    """The documents that go with a product, and one more."""
    found = product_for_member(actor=desk.actor, product_id=product_id)
    form = ProductDocumentForm(request.POST, request.FILES) if request.method == "POST" else ProductDocumentForm()

    def work(given: dict[str, Any]) -> None:
        client_id, (paper,) = client_id_of(request), sent_papers(request, "paper")[:1]
        kind, name = given["kind"], given["name"]
        now = clock.now()
        add_product_document(
            actor=desk.actor, product=found, kind=kind, name=name, paper=paper, client_id=client_id, now=now
        )

    if not settled(form, work):
        context = {"desk": desk, "form": form, **_document_facts(found), **QUIET}
        return form_page(request, "storefront/sell/product_documents.html", context, error=form.refusal)
    messages.success(request, _("Đã thêm giấy tờ."))
    return redirect("sell_product_documents", product_id)


def _document_facts(found: Product) -> dict[str, Any]:
    rows = documents_of_product(found)
    return {
        "product": found,
        "documents": [(row, kind_and_size(row)) for row in rows],
        "has_room": len(rows) < DOCUMENTS_A_PRODUCT_MAX,
        "most": DOCUMENTS_A_PRODUCT_MAX,
    }


@seller_page("GET")
def product_document(_request: HttpRequest, desk: Desk, product_id: int, document_id: int) -> HttpResponseBase:
    """A document of a product in any state, as a file to keep."""
    row = product_document_of_member(actor=desk.actor, product_id=product_id, document_id=document_id)
    return downloaded(row, name=f"giay-to-san-pham-{row.pk}")


@seller_page("POST")
def without_product_document(request: HttpRequest, desk: Desk, product_id: int, document_id: int) -> HttpResponseBase:
    """One document less."""
    client_id_of(request)
    found = product_for_member(actor=desk.actor, product_id=product_id)

    def work(_given: dict[str, Any]) -> None:
        remove_product_document(actor=desk.actor, product=found, document_id=document_id, now=clock.now())

    answered_once(request, {}, work)
    messages.success(request, _("Đã bỏ giấy tờ."))
    return redirect("sell_product_documents", product_id)
