"""One visit: a shop is opened, papers are seen, the account is held against the owner's bank, its stand printed."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.actors import Actor
from marketplace.core.errors import NotAllowed
from marketplace.core.requests_once import once
from payments.services.printing import stands_file
from payments.services.visiting import confirm_account_by_code, make_stand_at_visit, stand_to_print_at_visit
from payments.stands.papers import Paper
from storefront.commune.forms import ScannedForm, VisitForm
from storefront.commune.reads import shop_for_staff
from storefront.commune.staff import QUIET, staff_page
from storefront.commune.views.deciding import address_of, done, vendor_page
from storefront.commune.visits import account_of, communes_with, shop_wanted, sites_in, villages_in
from storefront.prints import printed
from storefront.settling import AskingForm, settled
from storefront.web import client_id_of, form_page
from vendors.onboarding import open_at_visit


@staff_page("GET", "POST")
def new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The form of a shop whose owner stands before the officer; then its page, where the visit goes on."""
    communes = communes_with(actor.commune_codes)
    if not communes:
        raise NotAllowed(_("Chỉ cán bộ xã, phường mở gian hàng giúp bà con."))
    places: dict[str, Any] = {"communes": communes, "sites": sites_in(communes)}
    places["villages"] = villages_in(communes)
    form = VisitForm(request.POST, **places) if request.method == "POST" else VisitForm(**places)
    client_id = client_id_of(request) if request.method == "POST" else None
    opened: list[str] = []

    def work(given: dict[str, Any]) -> None:
        wanted = shop_wanted(given)
        opened.append(
            once(
                lambda: str(open_at_visit(actor=actor, now=clock.now(), **wanted).pk),
                action="commune.open_shop",
                owner=f"user:{actor.user_id}",
                client_id=client_id,
                asked=given,
                now=clock.now(),
            )
        )

    if not settled(form, work):
        context = {"form": form, "one_commune": communes[0] if len(communes) == 1 else None, **QUIET}
        return form_page(request, "storefront/commune/visit_new.html", context, error=form.refusal)
    messages.success(request, _("Đã mở gian hàng. Giờ bạn xem giấy tờ của chủ gian hàng."))
    return redirect("commune_vendor", int(opened[0]))


@staff_page("POST")
def account(request: HttpRequest, actor: Actor, vendor_id: int) -> HttpResponseBase:
    """The owner's own bank code was scanned: the account is confirmed, or said for the first time."""
    found = shop_for_staff(actor=actor, vendor_id=vendor_id)
    form = ScannedForm(request.POST, has_account=account_of(found) is not None)

    def work(given: dict[str, Any]) -> None:
        confirm_account_by_code(actor=actor, vendor=found, now=clock.now(), **given)

    said = _("Tài khoản khớp với mã ngân hàng của chủ gian hàng.")
    return done(request, partial(vendor_page, request, found), form=form, work=work, said=said, to=address_of(found))


@staff_page("POST")
def make_stand(request: HttpRequest, actor: Actor, vendor_id: int) -> HttpResponseBase:
    """The shop's stand, made for its owner."""
    found = shop_for_staff(actor=actor, vendor_id=vendor_id)

    def work(_given: dict[str, Any]) -> None:
        make_stand_at_visit(actor=actor, vendor=found, now=clock.now())

    form, said = AskingForm(request.POST), _("Đã có mã QR. Bạn in rồi trao cho bà con.")
    return done(request, partial(vendor_page, request, found), form=form, work=work, said=said, to=address_of(found))


@staff_page("GET")
def stand_pdf(request: HttpRequest, actor: Actor, vendor_id: int) -> HttpResponseBase:
    """The stand for a printer: four on an A4 sheet, to be cut apart."""
    found = shop_for_staff(actor=actor, vendor_id=vendor_id)
    stand = stand_to_print_at_visit(actor=actor, vendor=found)
    return printed(stands_file([stand], Paper.FOUR_A6, now=clock.now()), name=f"ma-qr-{found.slug}.pdf")
