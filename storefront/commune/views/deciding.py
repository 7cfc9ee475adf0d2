"""What an officer decides: shops, listings, certificates. Each is looked at on one screen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from catalog.models import OcopCertificate, Product
from catalog.selectors import (
    certificate_for_staff,
    certificates_of,
    media_of,
    product_for_staff,
    variants_of,
)
from catalog.selectors.papers import documents_of_product, files_of_certificate
from catalog.services import publish_product, refuse_certificate, reject_product, verify_certificate
from catalog.services.papers import add_certificate_files
from catalog.warnings import warnings_of
from marketplace.core import clock
from marketplace.core.actors import Actor
from storefront.commune.forms import (
    CertificateReasonForm,
    ProductReasonForm,
    PublishForm,
    ReasonForm,
    ScannedForm,
    ShopReasonForm,
)
from storefront.commune.reads import shop_for_staff, shops_in
from storefront.commune.staff import QUIET, commune_asked, staff_page
from storefront.commune.stands import stand_files
from storefront.commune.villages import NONE_NOTED, village_asked
from storefront.commune.visits import visit_of
from storefront.paging import pager
from storefront.papers import kind_and_size, sent_papers, shown_files
from storefront.sell.papers import PapersForm
from storefront.settling import AskingForm, answered_once, settled
from storefront.web import client_id_of, form_page, page_number
from vendors.models import Vendor
from vendors.services import refuse_vendor, verify_vendor

Page = Callable[[AskingForm | None], HttpResponse]


@staff_page("GET")
def vendors(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """All shops of the commune, those that wait first; `?village=` those of one village, or of "none"."""
    commune, number, asked = commune_asked(request, actor), page_number(request), request.GET.get("village", "")
    village, is_none = village_asked(asked, actor=actor, commune=commune), asked == NONE_NOTED
    shops, more = shops_in(actor=actor, commune=commune, page=number, village=village, without_village=is_none)

    def url(page: int) -> str:
        wanted = {"commune": str(commune.pk), "page": str(page)} | ({"village": asked} if village or is_none else {})
        return f"{reverse('commune_vendors')}?{urlencode(wanted)}"

    context: dict[str, Any] = {"commune": commune, "shops": shops, "village": village, "is_none": is_none, **QUIET}
    context["stand_files"] = [] if village or is_none else stand_files(actor=actor, commune=commune)
    context |= pager(number, pages=number + more, url=url)
    return render(request, "storefront/commune/vendors.html", context)


@staff_page("GET")
def vendor(request: HttpRequest, actor: Actor, vendor_id: int) -> HttpResponseBase:
    """One shop: its data, its owner, whether an account is set; verified or sent back."""
    return vendor_page(request, shop_for_staff(actor=actor, vendor_id=vendor_id))


@staff_page("POST")
def verify(request: HttpRequest, actor: Actor, vendor_id: int) -> HttpResponseBase:
    """The officer saw the owner and the papers."""
    found = shop_for_staff(actor=actor, vendor_id=vendor_id)

    def work(_given: dict[str, Any]) -> None:
        verify_vendor(actor=actor, vendor=found, now=clock.now())

    form, said = AskingForm(request.POST), _("Đã xác minh gian hàng. Từ giờ họ bán được.")
    return done(request, partial(vendor_page, request, found), form=form, work=work, said=said, to=address_of(found))


@staff_page("POST")
def refuse(request: HttpRequest, actor: Actor, vendor_id: int) -> HttpResponseBase:
    """The shop is sent back with a reason."""
    found = shop_for_staff(actor=actor, vendor_id=vendor_id)

    def work(given: dict[str, Any]) -> None:
        refuse_vendor(actor=actor, vendor=found, now=clock.now(), **given)

    said = _("Đã trả lại. Chủ gian hàng thấy lý do ngay.")
    return done(
        request, partial(vendor_page, request, found), form=ShopReasonForm(request.POST), work=work, said=said
    )


@staff_page("GET")
def product(request: HttpRequest, actor: Actor, product_id: int) -> HttpResponseBase:
    """One listing: photo and facts; published or sent back."""
    return _product_page(request, product_for_staff(actor=actor, product_id=product_id))


@staff_page("POST")
def publish(request: HttpRequest, actor: Actor, product_id: int) -> HttpResponseBase:
    """Let the listing be shown, as it was seen."""
    found = product_for_staff(actor=actor, product_id=product_id)

    def work(given: dict[str, Any]) -> None:
        publish_product(actor=actor, product=found, now=clock.now(), **given)

    said = _("Đã duyệt. Sản phẩm lên chợ khi gian hàng đã được xác minh.")
    return done(request, partial(_product_page, request, found), form=PublishForm(request.POST), work=work, said=said)


@staff_page("POST")
def reject(request: HttpRequest, actor: Actor, product_id: int) -> HttpResponseBase:
    """The listing is sent back, or taken off sale, with a reason."""
    found = product_for_staff(actor=actor, product_id=product_id)

    def work(given: dict[str, Any]) -> None:
        reject_product(actor=actor, product=found, now=clock.now(), **given)

    said = _("Đã gửi lại cho người bán sửa.")
    return done(
        request, partial(_product_page, request, found), form=ProductReasonForm(request.POST), work=work, said=said
    )


@staff_page("GET")
def certificate(request: HttpRequest, actor: Actor, certificate_id: int) -> HttpResponseBase:
    """One certificate as it was declared, to be held against the paper."""
    found = certificate_for_staff(actor=actor, certificate_id=certificate_id)
    return _certificate_page(request, found)


@staff_page("POST")
def add_papers(request: HttpRequest, actor: Actor, certificate_id: int) -> HttpResponseBase:
    """Photos or PDFs of the decision that the officer holds in hand, where its shop has sent none."""
    found = certificate_for_staff(actor=actor, certificate_id=certificate_id)
    form = PapersForm(request.POST, request.FILES)

    def work(_given: dict[str, Any]) -> None:
        papers, client_id = sent_papers(request), client_id_of(request)
        add_certificate_files(actor=actor, certificate=found, papers=papers, client_id=client_id, now=clock.now())

    if not settled(form, work):
        return _certificate_page(request, found, form)
    messages.success(request, str(_("Đã thêm ảnh giấy.")))
    return redirect("commune_certificate", found.pk)


@staff_page("POST")
def confirm_certificate(request: HttpRequest, actor: Actor, certificate_id: int) -> HttpResponseBase:
    """The officer saw the decision: the stars show."""
    found = certificate_for_staff(actor=actor, certificate_id=certificate_id)

    def work(_given: dict[str, Any]) -> None:
        verify_certificate(actor=actor, certificate=found, now=clock.now())

    said = _("Đã xác nhận. Sao hiện cho khách từ bây giờ.")
    return done(
        request, partial(_certificate_page, request, found), form=AskingForm(request.POST), work=work, said=said
    )


@staff_page("POST")
def turn_down_certificate(request: HttpRequest, actor: Actor, certificate_id: int) -> HttpResponseBase:
    """The officer could not confirm it, and says why."""
    found = certificate_for_staff(actor=actor, certificate_id=certificate_id)

    def work(given: dict[str, Any]) -> None:
        refuse_certificate(actor=actor, certificate=found, now=clock.now(), **given)

    said = _("Đã ghi: chưa xác nhận được. Người bán thấy lý do ngay.")
    form = CertificateReasonForm(request.POST)
    return done(request, partial(_certificate_page, request, found), form=form, work=work, said=said)


def done(
    request: HttpRequest,
    page: Page,
    *,
    form: AskingForm,
    work: Callable[[dict[str, Any]], object],
    said: str | Promise,
    to: str | None = None,
) -> HttpResponseBase:
    """Back to what waits, or to where it goes on; or the page again with the form that was refused."""
    if not settled(form, lambda given: answered_once(request, given, work)):
        return page(form)
    messages.success(request, str(said))
    return redirect(to or "commune_home")


def address_of(found: Vendor) -> str:
    """Where the shop's page is."""
    return reverse("commune_vendor", args=[found.pk])


def vendor_page(request: HttpRequest, found: Vendor, failing: AskingForm | None = None) -> HttpResponse:
    """The page of one shop, with the form of its papers or its account that was refused, if one was."""
    facts = visit_of(found)
    if isinstance(failing, ScannedForm):
        facts["scan"] = failing
    return _page(request, "storefront/commune/vendor.html", facts, failing, reasons=ShopReasonForm)


def _product_page(request: HttpRequest, found: Product, failing: AskingForm | None = None) -> HttpResponse:
    context = {"product": found, "vendor": found.vendor, "photos": media_of(found)}
    context |= {
        "variants": variants_of(found),
        "certificates": certificates_of(found),
        "warnings": warnings_of(found),
        "documents": [(row, kind_and_size(row)) for row in documents_of_product(found)],
    }
    return _page(request, "storefront/commune/product.html", context, failing, reasons=ProductReasonForm)


def _certificate_page(
    request: HttpRequest, found: OcopCertificate, failing: AskingForm | None = None
) -> HttpResponse:
    def url(file_id: int) -> str:
        return reverse("commune_certificate_file", args=[found.pk, file_id])

    context: dict[str, Any] = {"certificate": found, "product": found.product, "vendor": found.product.vendor}
    papers = failing if isinstance(failing, PapersForm) else PapersForm()
    context |= {"files": shown_files(files_of_certificate(found), url), "papers": papers}
    return _page(request, "storefront/commune/certificate.html", context, failing, reasons=CertificateReasonForm)


def _page(
    request: HttpRequest,
    template: str,
    facts: dict[str, Any],
    failing: AskingForm | None,
    *,
    reasons: type[ReasonForm],
) -> HttpResponse:
    """The page of one thing; drawn again with the form that was refused, if one was."""
    reason = failing if isinstance(failing, ReasonForm) else reasons()
    context = {**facts, "form": failing, "reason": reason, "sending_back": reason is failing, **QUIET}
    return form_page(request, template, context, error=failing.refusal if failing else None)
