"""Letting a person in whose password was right: at once, or after a code of their authenticator app."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from marketplace.core import clock
from marketplace.core.actors import Actor
from marketplace.people.models import User
from marketplace.people.presence import begin_session
from marketplace.people.second_step import check_code, has_second_step, owes_second_step
from marketplace.people.sessions import note_sign_in
from marketplace.people.sign_in import may_act
from storefront.accounts.second_step_forms import CodeForm
from storefront.settling import settled
from storefront.web import form_page, page, safe_next
from vendors.access import actor_of

HALF_WAY_S = 10 * 60
_HALF_WAY = "half_signed_in"


def let_in(request: HttpRequest, user: User, *, onwards: str) -> HttpResponseBase:
    """Begin the session of a person whose password was right, or ask for a code first.

    Then leads `onwards`, or, where that is empty, to the page that the person's work begins at.
    """
    if not has_second_step(user):
        return _begin(request, user, by_two_steps=False, onwards=onwards)
    request.session[_HALF_WAY] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "at": int(clock.now().timestamp()),
    }
    return redirect(with_next(reverse("sign_in_code"), onwards))


@page("GET", "POST", private=True)
def sign_in_code(request: HttpRequest) -> HttpResponseBase:
    """Ask for the code. Whoever did not give the password a moment ago begins with that."""
    user, onwards = _half_way(request), safe_next(request, default="")
    if user is None:
        return redirect(with_next(reverse("sign_in"), onwards))
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not settled(form, lambda given: check_code(user=user, **given, now=clock.now())):
        context = {"form": form, "next": onwards, "hide_search": True}
        return form_page(request, "storefront/accounts/sign_in_code.html", context, error=form.refusal)
    del request.session[_HALF_WAY]
    return _begin(request, user, by_two_steps=True, onwards=onwards)


def home_of(actor: Actor) -> str:
    """The page that a person's work begins at."""
    if actor.vendor_roles or actor.agent_commune_codes:
        return "/sell/"
    if actor.commune_codes or actor.province_codes:
        return "/commune/" if actor.commune_codes else "/province/"
    return "/admin/" if actor.is_operator else "/"


def with_next(url: str, onwards: str) -> str:
    """The address with the page to be led to afterwards."""
    return f"{url}?{urlencode({'next': onwards}, safe='/')}" if onwards else url


def _begin(request: HttpRequest, user: User, *, by_two_steps: bool, onwards: str) -> HttpResponseBase:
    sign_in = note_sign_in(
        user=user,
        user_agent=request.headers.get("User-Agent", ""),
        address=request.META.get("REMOTE_ADDR", ""),
        by_two_steps=by_two_steps,
        now=clock.now(),
    )
    begin_session(request, user, sign_in)
    if owes_second_step(user):
        return redirect("second_step")
    return redirect(onwards or home_of(actor_of(user)))


def _half_way(request: HttpRequest) -> User | None:
    """Who gave the right password within `HALF_WAY_S`, if it and their sessions still hold."""
    known: dict[str, Any] = request.session.get(_HALF_WAY) or {}
    if not 0 <= clock.now().timestamp() - known.get("at", 0) <= HALF_WAY_S:
        return None
    user = User.objects.filter(pk=known["user"]).first()
    if user is None or not may_act(user):
        return None
    return user if constant_time_compare(known["hash"], user.get_session_auth_hash()) else None
