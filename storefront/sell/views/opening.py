"""Opening a shop, its particulars, its bank account, and helping somebody else with theirs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.errors import NotAllowed
from marketplace.core.phone import format_phone
from marketplace.people.models import User
from marketplace.places.selectors import communes_of, list_provinces
from marketplace.places.villages import villages_of
from payments.cards.configuration import cards_are_on
from storefront.paging import pager
from storefront.sell.desk import (
    Desk,
    choose_shop,
    help_person,
    people_who_consented,
    seller_page,
    sign_in_first,
)
from storefront.sell.opening import AccountForm, ChangeShopForm, OpenShopForm, open_shop
from storefront.settling import answered_once, settled
from storefront.web import actor_of_request, client_id_of, form_page, page, page_number, parse_number
from vendors.access import require_owner
from vendors.banks import bank_by_bin, wallet_of
from vendors.models import Vendor
from vendors.selectors import active_account, is_account_of_others
from vendors.services import set_bank_account, update_vendor

QUIET = {"hide_search": True, "hide_basket": True}
ID_MAX = 2**63 - 1
ASKING_FOR_MORE = frozenset({"communes", "villages"})
"""Buttons of the form that opens a shop which only bring more to choose from."""


@page("GET", "POST", private=True)
def open_a_shop(request: HttpRequest) -> HttpResponseBase:
    """The form of a new shop for whoever is signed in; buttons ask for a province's communes, and their villages."""
    if (elsewhere := sign_in_first(request)) is not None:
        return elsewhere
    typed = request.POST.dict()
    places: dict[str, Any] = {"provinces": list_provinces(), "communes": communes_of(typed.get("province", ""))}
    places["villages"] = villages_of([typed.get("commune", "")])
    asks = request.method == "POST" and not ASKING_FOR_MORE.intersection(typed)
    form = OpenShopForm(request.POST, **places) if asks else OpenShopForm(initial=typed or _known(request), **places)
    client_id = client_id_of(request) if asks else None

    def work(given: dict[str, Any]) -> None:
        vendor = open_shop(user=_person(request), given=given, client_id=client_id, now=clock.now())
        choose_shop(request, vendor.slug)

    if not settled(form, work):
        context = {"form": form, "has_no_villages": "villages" in typed and not places["villages"], **QUIET}
        return form_page(request, "storefront/sell/open.html", context, error=form.refusal)
    messages.success(request, _("Đã mở gian hàng. Giờ bạn khai tài khoản nhận tiền."))
    return redirect("sell_account")


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise NotAllowed(_("Bạn đăng nhập lại giúp."))
    return request.user


def _known(request: HttpRequest) -> dict[str, str]:
    phone = _person(request).phone
    return {"phone": format_phone(phone) if phone else ""}


@seller_page("GET", "POST")
def shop(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """What is known of the shop, whether it may sell, and what to do if not; its owner changes what it says."""
    account, vendor = active_account(desk.vendor), desk.vendor
    villages = villages_of([vendor.commune_id])
    form = ChangeShopForm(request.POST if request.method == "POST" else None, vendor=vendor, villages=villages)
    context: dict[str, Any] = {"desk": desk, "vendor": vendor, "account": account, "form": form, **QUIET}
    context |= {"bank": bank_by_bin(account.bin) if account else None, "cards": cards_are_on()}
    saved: list[Vendor] = []

    def work(given: dict[str, Any]) -> None:
        saved.append(update_vendor(actor=desk.actor, vendor=vendor, now=clock.now(), **given))

    if not settled(form, lambda given: answered_once(request, given, work)):
        return form_page(request, "storefront/sell/shop.html", context, error=form.refusal)
    messages.success(request, _saved_in_words(before=vendor, after=saved[0]) if saved else _("Đã lưu."))
    return redirect("sell_shop")


def _saved_in_words(*, before: Vendor, after: Vendor) -> str:
    if before.may_sell and not after.may_sell:
        return _("Đã lưu. Gian hàng ngừng bán cho đến khi xã xác minh lại.")
    if before.verification != after.verification:
        return _("Đã lưu và gửi xã xem lại.")
    return _("Đã lưu.")


@seller_page("GET", "POST")
def account(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The account that shoppers pay into; only its owner sees and sets it."""
    require_owner(desk.actor, desk.vendor)
    known = active_account(desk.vendor)
    form = AccountForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"desk": desk, "form": form, "account": known, **QUIET}
    context["bank"] = bank_by_bin(known.bin) if known else None
    context["is_shared"] = known is not None and is_account_of_others(known)
    context["wallet"] = wallet_of(known.bin, known.account_number) if known else None

    def work(given: dict[str, Any]) -> None:
        set_bank_account(actor=desk.actor, vendor=desk.vendor, now=clock.now(), **given)

    if not settled(form, lambda given: answered_once(request, given, work)):
        return form_page(request, "storefront/sell/account.html", context, error=form.refusal)
    messages.success(request, _("Đã lưu tài khoản. Từ giờ khách trả tiền vào tài khoản này."))
    return redirect("sell_today")


@page("GET", "POST", private=True)
def helping(request: HttpRequest) -> HttpResponseBase:
    """An agent chooses whom to help; their shops open as a seller's, money stays closed."""
    if (elsewhere := sign_in_first(request)) is not None:
        return elsewhere
    if request.method != "POST":
        number = page_number(request)
        people, more = people_who_consented(actor_of_request(request), page=number)
        turning = pager(number, pages=number + more, url=lambda page: f"{reverse('sell_help')}?page={page}")
        return render(request, "storefront/sell/help.html", {"people": people, **turning, **QUIET})
    help_person(request, parse_number(request.POST.get("person"), least=1, most=ID_MAX))
    return redirect("sell_today" if request.POST.get("person") else "sell_help")
