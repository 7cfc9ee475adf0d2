"""A person's own account: who they are here, where they signed in, and how to end that everywhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.people.models import User
from marketplace.people.second_step import has_second_step
from marketplace.people.sessions import change_password, recent_sign_ins, sign_out_everywhere
from storefront.accounts.password_forms import ChangeForm
from storefront.settling import settled
from storefront.web import View, actor_of_request, form_page, page

P = ParamSpec("P")
PersonView = Callable[Concatenate[HttpRequest, User, P], HttpResponseBase]


def person_page(*methods: str) -> Callable[[PersonView[P]], View[P]]:
    """A private page of whoever is signed in; others are asked to sign in."""

    def decorate(view: PersonView[P]) -> View[P]:
        @page(*methods, private=True)
        @wraps(view)
        def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return redirect_to_login(request.get_full_path() if request.method in {"GET", "HEAD"} else "")
            return view(request, request.user, *args, **kwargs)

        return answer

    return decorate


@person_page("GET")
def account(request: HttpRequest, user: User) -> HttpResponseBase:
    """Name, phone, e-mail, the last sign-ins, and what can be done about them."""
    actor = actor_of_request(request)
    context = {
        "person": user,
        "sign_ins": recent_sign_ins(user),
        "has_second_step": has_second_step(user),
        "may_help": bool(actor.commune_codes or actor.is_operator),
        "hide_search": True,
    }
    return render(request, "storefront/accounts/account.html", context)


@person_page("GET", "POST")
def password(request: HttpRequest, user: User) -> HttpResponseBase:
    """Change the password; this browser stays signed in, every other is signed out."""
    form = ChangeForm(request.POST if request.method == "POST" else None)

    def work(given: dict[str, Any]) -> None:
        update_session_auth_hash(request, change_password(user=user, **given, now=clock.now()))

    if not settled(form, work):
        context = {"form": form, "hide_search": True}
        return form_page(request, "storefront/accounts/password.html", context, error=form.refusal)
    messages.success(request, _("Đã đổi mật khẩu. Mọi máy khác đã đăng xuất."))
    return redirect("account")


@person_page("POST")
def everywhere(request: HttpRequest, user: User) -> HttpResponseBase:
    """Sign out everywhere but in this browser. Twice is once more."""
    update_session_auth_hash(request, sign_out_everywhere(user=user, now=clock.now()))
    messages.success(request, _("Mọi máy khác đã đăng xuất. Máy này vẫn đăng nhập."))
    return redirect("account")
