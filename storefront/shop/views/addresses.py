"""The addresses that a person who signs in keeps for the next order."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.phone import format_phone
from marketplace.orders.models import SavedAddress
from marketplace.orders.selectors import saved_address, saved_addresses
from marketplace.orders.services.saved_addresses import (
    AddressToKeep,
    change_address,
    forget_address,
    keep_address,
)
from storefront.settling import settled
from storefront.shop.desks import contact_at
from storefront.shop.forms import AddressForm
from storefront.web import actor_of_request, client_id_of, form_page, page


@page("GET", private=True)
def addresses(request: HttpRequest) -> HttpResponseBase:
    """The person's addresses, the one used last first."""
    actor = actor_of_request(request)
    if not actor.is_authenticated:
        return redirect_to_login(request.get_full_path())
    return render(request, "storefront/shop/addresses.html", {"addresses": saved_addresses(actor)})


@page("GET", "POST", private=True)
def new(request: HttpRequest) -> HttpResponseBase:
    """A further address."""
    actor = actor_of_request(request)
    if not actor.is_authenticated:
        return redirect_to_login(request.path)
    if _is_first_look(request):
        known = request.POST.dict() or _own_contact(request)
        return _address_page(request, AddressForm(initial=known, province_code=known.get("province", "")))
    keep = partial(keep_address, actor=actor, now=clock.now(), client_id=client_id_of(request))
    return _kept(request, keep, said=_("Đã lưu địa chỉ."))


@page("GET", "POST", private=True)
def change(request: HttpRequest, address_id: int) -> HttpResponseBase:
    """One address, to be corrected."""
    actor = actor_of_request(request)
    if not actor.is_authenticated:
        return redirect_to_login(request.path)
    found = saved_address(actor=actor, address_id=address_id)
    if _is_first_look(request):
        known = request.POST.dict() or dict(contact_at(found))
        form = AddressForm(initial=known, province_code=known.get("province", ""))
        return _address_page(request, form, found=found)
    keep = partial(change_address, actor=actor, address_id=found.pk, now=clock.now())
    return _kept(request, keep, said=_("Đã sửa địa chỉ."), found=found)


@page("POST", private=True)
def remove(request: HttpRequest, address_id: int) -> HttpResponseBase:
    """One address less."""
    forget_address(actor=actor_of_request(request), address_id=address_id, now=clock.now())
    messages.success(request, _("Đã bỏ địa chỉ."))
    return redirect("addresses")


def _is_first_look(request: HttpRequest) -> bool:
    """Whether the form is only shown: at first, or again with the communes of a province, without JavaScript."""
    return request.method != "POST" or "communes" in request.POST


def _kept(request: HttpRequest, keep: Any, *, said: str, found: SavedAddress | None = None) -> HttpResponseBase:
    form = AddressForm(request.POST, province_code=request.POST.get("province", ""))

    def work(given: dict[str, Any]) -> None:
        keep(
            given=AddressToKeep(
                name=given["name"], phone=given["phone"], street=given["street"], commune_code=given["commune"]
            )
        )

    if not settled(form, work):
        return _address_page(request, form, found=found)
    messages.success(request, said)
    return redirect("addresses")


def _address_page(request: HttpRequest, form: AddressForm, *, found: SavedAddress | None = None) -> HttpResponse:
    context = {"form": form, "address": found}
    return form_page(request, "storefront/shop/address.html", context, error=form.refusal)


def _own_contact(request: HttpRequest) -> dict[str, str]:
    phone = getattr(request.user, "phone", None)
    return {"name": getattr(request.user, "name", ""), "phone": format_phone(phone) if phone else ""}
