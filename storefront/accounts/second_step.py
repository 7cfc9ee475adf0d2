"""A person's own second step: setting it up, new recovery codes, and ending it."""

from __future__ import annotations

import base64
from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.people.models import User
from marketplace.people.second_step import (
    begin_set_up,
    has_second_step,
    new_recovery_codes,
    owes_second_step,
    recovery_codes_left,
    set_up_of,
    switch_off,
    switch_on,
)
from marketplace.people.totp import in_groups
from payments.vietqr.pictures import qr_svg
from storefront.accounts.own import person_page
from storefront.accounts.second_step_forms import CodeForm, FirstCodeForm, OffForm
from storefront.settling import settled
from storefront.web import client_id_of, form_page


@person_page("GET", "POST")
def second_step(request: HttpRequest, user: User) -> HttpResponseBase:
    """How it stands; while it is being set up, the QR code and a form that takes the first code, with the password.

    The recovery codes stand in the answer itself, this once. Whoever never sees that answer signs in again with a
    code of the app, and has new ones made.
    """
    form = FirstCodeForm(request.POST if request.method == "POST" else None)
    given: dict[str, Any] = {}

    def work(values: dict[str, Any]) -> None:
        given["user"], given["codes"] = switch_on(user=user, **values, now=clock.now())

    if not settled(form, work):
        context = {"form": form, **_state(user)}
        return form_page(request, "storefront/accounts/second_step.html", context, error=form.refusal)
    update_session_auth_hash(request, given["user"])
    return _shown_once(request, given["codes"])


@person_page("POST")
def begin(request: HttpRequest, user: User) -> HttpResponseBase:
    """Make a secret to be brought into the app. Twice is once."""
    client_id_of(request)
    begin_set_up(user=user, now=clock.now())
    return redirect("second_step")


@person_page("GET", "POST")
def codes(request: HttpRequest, user: User) -> HttpResponseBase:
    """Ten new recovery codes, for a code."""
    if not has_second_step(user):
        return redirect("second_step")
    form = CodeForm(request.POST if request.method == "POST" else None)
    given: dict[str, Any] = {}

    def work(values: dict[str, Any]) -> None:
        given["codes"] = new_recovery_codes(user=user, **values, now=clock.now())

    if not settled(form, work):
        context = {"form": form, "hide_search": True}
        return form_page(request, "storefront/accounts/second_step_new_codes.html", context, error=form.refusal)
    return _shown_once(request, given["codes"])


@person_page("GET", "POST")
def off(request: HttpRequest, user: User) -> HttpResponseBase:
    """End it, for the password and a code."""
    if not has_second_step(user):
        return redirect("second_step")
    form = OffForm(request.POST if request.method == "POST" else None)
    if not settled(form, lambda given: switch_off(user=user, **given, now=clock.now())):
        context = {"form": form, "hide_search": True}
        return form_page(request, "storefront/accounts/second_step_off.html", context, error=form.refusal)
    messages.success(request, _("Đã tắt xác minh hai bước. Lần sau đăng nhập chỉ cần mật khẩu."))
    return redirect("second_step")


def _state(user: User) -> dict[str, Any]:
    is_on = has_second_step(user)
    waiting = None if is_on else set_up_of(user, now=clock.now())
    picture = base64.b64encode(qr_svg(waiting.address).encode()).decode() if waiting else ""
    return {
        "is_on": is_on,
        "codes_left": recovery_codes_left(user) if is_on else 0,
        "waiting": waiting,
        "picture": picture,
        "secret": in_groups(waiting.secret) if waiting else "",
        "must": owes_second_step(user),
        "hide_search": True,
    }


def _shown_once(request: HttpRequest, fresh: list[str]) -> HttpResponseBase:
    context = {"codes": [in_groups(code) for code in fresh], "hide_search": True}
    response = render(request, "storefront/accounts/second_step_codes.html", context)
    response["Cache-Control"] = "no-store"
    return response
