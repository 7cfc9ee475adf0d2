"""Registering, signing in and out, and the language of the pages."""

from __future__ import annotations

from typing import Any

from django.contrib import auth, messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.i18n import set_language

from marketplace.core import clock
from marketplace.core.errors import MarketError
from marketplace.people.models import User
from marketplace.people.sessions import end_sign_in
from marketplace.people.sign_in import sign_in as check_password
from storefront.accounts.entering import home_of, let_in
from storefront.accounts.forms import RegisterForm, SignInForm
from storefront.accounts.registering import register_or_sign_in
from storefront.settling import settled
from storefront.web import actor_of_request, form_page, page, safe_next


@page("GET", "POST", private=True)
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Ask for phone (or e-mail) and password, and lead the person to their own pages."""
    if request.method != "POST" and request.user.is_authenticated:
        return redirect(safe_next(request, default=home_of(actor_of_request(request))))
    form = SignInForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "next": safe_next(request, default=""), "hide_search": True}
    if not form.is_valid():
        return form_page(request, "storefront/accounts/sign_in.html", context)
    try:
        address = request.META.get("REMOTE_ADDR", "")
        user = check_password(**form.cleaned_data, address=address, now=clock.now())
    except MarketError as error:
        form.add_error(None, str(error))  # phone and password do not fit each other: neither field alone is wrong
        return form_page(request, "storefront/accounts/sign_in.html", context, error=error)
    return let_in(request, user, onwards=safe_next(request, default=""))


@page("GET", "POST", private=True)
def register(request: HttpRequest) -> HttpResponseBase:
    """Make a new person known, sign them in, and lead them to open a shop or back to where they were."""
    onwards = safe_next(request, default="")
    if request.method != "POST" and request.user.is_authenticated:
        return redirect(onwards or "sell_open")
    form = RegisterForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "next": onwards, "hide_search": True}

    found: dict[str, User] = {}

    def work(given: dict[str, Any]) -> None:
        found["user"] = register_or_sign_in(**given, address=request.META.get("REMOTE_ADDR", ""), now=clock.now())

    if not settled(form, work):
        return form_page(request, "storefront/accounts/register.html", context, error=form.refusal)
    return let_in(request, found["user"], onwards=onwards or reverse("sell_open"))


@page("GET", "POST", private=True)
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Ask once whether to sign out (a link must not do it), then do it."""
    if request.method != "POST":
        return render(request, "storefront/accounts/sign_out.html", {"hide_search": True})
    user = request.user
    if isinstance(user, User) and user.present_sign_in is not None:
        end_sign_in(user=user, sign_in_id=user.present_sign_in.pk, now=clock.now())
    auth.logout(request)
    messages.success(request, _("Bạn đã đăng xuất."))
    return redirect("/")


@page("POST")
def language(request: HttpRequest) -> HttpResponseBase:
    """Keep the chosen language in a cookie and go back to the page it was chosen on."""
    return set_language(request)
