"""A forgotten password: asking for a link, the link's page, and the code that staff handed out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core import clock
from marketplace.core.errors import TooMany
from marketplace.core.tries import count_try, key_of_address
from marketplace.people.mailing import mail_is_sent
from marketplace.people.resetting import ask_for_link, person_of_link, use_code, use_link
from storefront.accounts.password_forms import CodeForm, ForgotForm, NewPasswordForm
from storefront.settling import settled
from storefront.web import form_page, page

ASKED_OF_AN_ADDRESS_MAX = 30
"""A whole village may share one address."""
ASKED_KEPT_S = 15 * 60


@page("GET", "POST", private=True)
def forgot(request: HttpRequest) -> HttpResponseBase:
    """Ask who forgot the password. The answer is the same whoever it is."""
    form = ForgotForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "by_mail": mail_is_sent(), "hide_search": True}

    def work(given: dict[str, Any]) -> None:
        _refuse_too_many(request.META.get("REMOTE_ADDR", ""))
        ask_for_link(**given, now=clock.now())

    if not settled(form, work):
        return form_page(request, "storefront/accounts/forgot.html", context, error=form.refusal)
    return redirect("password_asked")


@page("GET", private=True)
def asked(request: HttpRequest) -> HttpResponseBase:
    """What happens now, for everybody who asked."""
    return render(request, "storefront/accounts/asked.html", {"hide_search": True})


@page("GET", "POST", private=True)
def new_password(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Set a new password by a link out of a mail."""
    person_of_link(secret, now=clock.now())
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if not settled(form, lambda given: use_link(secret=secret, **given, now=clock.now())):
        return form_page(
            request, "storefront/accounts/new_password.html", {"form": form, "hide_search": True}, error=form.refusal
        )
    return _to_sign_in(request)


@page("GET", "POST", private=True)
def by_code(request: HttpRequest) -> HttpResponseBase:
    """Set a new password by the code that staff gave in person."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not settled(form, lambda given: use_code(**given, now=clock.now())):
        return form_page(
            request, "storefront/accounts/by_code.html", {"form": form, "hide_search": True}, error=form.refusal
        )
    return _to_sign_in(request)


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    messages.success(request, _("Đã đặt mật khẩu mới. Mọi máy khác đã đăng xuất. Bạn đăng nhập lại giúp."))
    return redirect("sign_in")


def _refuse_too_many(address: str) -> None:
    key = key_of_address("forgot", address)
    if cache.get(key, 0) >= ASKED_OF_AN_ADDRESS_MAX:
        raise TooMany(
            gettext_lazy("Nhiều người xin đặt lại mật khẩu từ mạng này quá. Đợi 15 phút rồi thử lại."),
            retry_after_s=ASKED_KEPT_S,
        )
    count_try(key, kept_s=ASKED_KEPT_S)
