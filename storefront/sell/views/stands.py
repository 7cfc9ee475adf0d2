"""The stand with the shop's QR code: made, seen, printed, and held against what hangs on the wall."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from marketplace.core import clock
from payments.services.printing import sheet_of, stand_to_print, stands_file, stands_of_shop
from payments.services.scanning import check_scan
from payments.services.stands import stand_of
from payments.stands.papers import Paper
from payments.stands.png import SCREEN_DOTS_AN_INCH, stand_png
from storefront.prints import printed
from storefront.sell.desk import Desk, seller_page
from storefront.sell.stands import (
    PICTURES,
    ScanForm,
    answer_to,
    paper_asked,
    place_asked,
    sight_of_stand,
    stand_address,
)
from storefront.settling import settled
from storefront.web import form_page

QUIET = {"hide_search": True, "hide_basket": True}


@seller_page("GET", "POST")
def stand(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """One place's stand and the ways to print it; a POST makes it, or makes it anew for another account."""
    posted = request.method == "POST"
    place = place_asked(desk, (request.POST if posted else request.GET).get("place"))
    if posted:
        stand_of(actor=desk.actor, vendor=desk.vendor, place=place, now=clock.now())
        messages.success(request, _("Đã có mã QR. Bạn chọn khổ giấy rồi in."))
        return redirect(stand_address(place))
    context = {"desk": desk, "sight": sight_of_stand(desk, place), **QUIET}
    return render(request, "storefront/sell/stand.html", context)


@seller_page("GET")
def preview(request: HttpRequest, desk: Desk, stand_id: int) -> HttpResponseBase:
    """The stand as a small picture for the screen."""
    found = stand_to_print(actor=desk.actor, vendor=desk.vendor, stand_id=stand_id)
    picture = stand_png(sheet_of(found, now=clock.now()), Paper.A6, dots_an_inch=SCREEN_DOTS_AN_INCH)
    return HttpResponse(picture, content_type="image/png")


@seller_page("GET")
def as_pdf(request: HttpRequest, desk: Desk, stand_id: int, paper: str) -> HttpResponseBase:
    """The stand for a printer."""
    wanted = paper_asked(paper)
    found = stand_to_print(actor=desk.actor, vendor=desk.vendor, stand_id=stand_id)
    content = stands_file([found], wanted, now=clock.now())
    return printed(content, name=f"ma-qr-{desk.vendor.slug}-{wanted.value}.pdf")


@seller_page("GET")
def as_png(request: HttpRequest, desk: Desk, stand_id: int, paper: str) -> HttpResponseBase:
    """The stand as a picture, to be sent to a print shop from the phone."""
    wanted = paper_asked(paper, among=PICTURES)
    found = stand_to_print(actor=desk.actor, vendor=desk.vendor, stand_id=stand_id)
    return printed(
        stand_png(sheet_of(found, now=clock.now()), wanted), name=f"ma-qr-{desk.vendor.slug}-{wanted.value}.png"
    )


@seller_page("GET")
def sheet(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The stands of all places of the shop, to be cut apart."""
    wanted = paper_asked(request.GET.get("paper", Paper.FOUR_A6.value))
    content = stands_file(stands_of_shop(actor=desk.actor, vendor=desk.vendor), wanted, now=clock.now())
    return printed(content, name=f"ma-qr-{desk.vendor.slug}.pdf")


@seller_page("GET", "POST")
def check(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Whether a code that hangs somewhere still pays this shop. Nothing is kept of what is asked."""
    form = ScanForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"desk": desk, "form": form, **QUIET}

    def work(given: dict[str, Any]) -> None:
        context["answer"] = answer_to(check_scan(vendor=desk.vendor, payload=given["payload"]))

    settled(form, work)
    return form_page(request, "storefront/sell/stand_check.html", context)
