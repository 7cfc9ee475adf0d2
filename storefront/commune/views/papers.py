"""Photos and PDFs of papers, for the officer who holds them against what was declared."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from catalog.renewals import ended_papers
from catalog.selectors.papers import certificate_file_for_staff, document_file, product_document_for_staff
from marketplace.core import clock
from marketplace.core.actors import Actor
from marketplace.core.errors import NotFound
from storefront.commune.reads import shop_for_staff
from storefront.commune.staff import QUIET, staff_page
from storefront.paging import pager
from storefront.papers import downloaded, private_file
from storefront.web import page_number
from vendors.models import ShopDocument

ROWS_A_PAGE = 12


@staff_page("GET")
def ended(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The papers of the commune's shops that have ended, a page at a time, with the number to call."""
    number, today = page_number(request), clock.vietnam_date(clock.now())
    start = (number - 1) * ROWS_A_PAGE
    rows = ended_papers(actor=actor, today=today, start=start, at_most=ROWS_A_PAGE + 1)
    kinds = dict(ShopDocument.Kind.choices)
    shown = [(row, kinds.get(row.kind, "")) for row in rows[:ROWS_A_PAGE]]

    def url(page: int) -> str:
        return f"{reverse('commune_ended_papers')}?{urlencode({'page': page})}"

    context: dict[str, Any] = {"papers": shown, **QUIET}
    context |= pager(number, pages=number + (len(rows) > ROWS_A_PAGE), url=url)
    return render(request, "storefront/commune/ended_papers.html", context)


@staff_page("GET")
def of_document(_request: HttpRequest, actor: Actor, vendor_id: int, file_id: int) -> HttpResponseBase:
    """A photo or PDF of a paper of a shop in the officer's commune."""
    shop = shop_for_staff(actor=actor, vendor_id=vendor_id)
    file = document_file(actor=actor, file_id=file_id)
    if file.document.vendor_id != shop.pk:
        raise NotFound(_("Không tìm thấy tệp này."))
    return private_file(file, name=f"giay-to-{file.pk}")


@staff_page("GET")
def of_certificate(_request: HttpRequest, actor: Actor, certificate_id: int, file_id: int) -> HttpResponseBase:
    """A photo or PDF of a certificate of a shop in the officer's commune."""
    file = certificate_file_for_staff(actor=actor, certificate_id=certificate_id, file_id=file_id)
    return private_file(file, name=f"giay-chung-nhan-{file.pk}")


@staff_page("GET")
def product_document(_request: HttpRequest, actor: Actor, product_id: int, document_id: int) -> HttpResponseBase:
    """A document that goes with a listing in the officer's commune, as a file to keep."""
    row = product_document_for_staff(actor=actor, product_id=product_id, document_id=document_id)
    return downloaded(row, name=f"giay-to-san-pham-{row.pk}")
