"""Staff help somebody who stands before them: to a new password, or in without the phone that was lost."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.actors import Actor
from storefront.accounts.password_forms import HelpForm
from storefront.accounts.second_step_forms import LostPhoneForm
from storefront.commune.staff import QUIET, staff_page
from storefront.settling import settled
from storefront.web import form_page
from vendors.helping import end_second_step, give_reset_code


@staff_page("GET", "POST")
def help_with_password(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Ask whom, and show the code in the answer itself, this once: it stands in no address and in no cookie.

    Sent twice, the form makes a second code that ends the first, and the page shows the one that counts.
    """
    form = HelpForm(request.POST if request.method == "POST" else None)
    given: dict[str, Any] = {}

    def work(values: dict[str, Any]) -> None:
        given["person"], given["code"] = give_reset_code(actor=actor, **values, now=clock.now())

    if not settled(form, work):
        return form_page(request, "storefront/accounts/help.html", {"form": form, **QUIET}, error=form.refusal)
    code = given["code"]
    context = {"person": given["person"], "code": f"{code[:4]} {code[4:]}", **QUIET}
    response = render(request, "storefront/accounts/help_code.html", context)
    response["Cache-Control"] = "no-store"
    return response


@staff_page("GET", "POST")
def help_with_second_step(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """End the second step of somebody who lost the phone. Sent twice, it finds nothing left to end and says so."""
    form = LostPhoneForm(request.POST if request.method == "POST" else None)
    given: dict[str, Any] = {}

    def work(values: dict[str, Any]) -> None:
        given["person"] = end_second_step(actor=actor, **values, now=clock.now())

    if not settled(form, work):
        return form_page(
            request, "storefront/accounts/help_second_step.html", {"form": form, **QUIET}, error=form.refusal
        )
    name = given["person"].name
    messages.success(
        request, _("Đã tắt xác minh hai bước cho %(name)s. Họ đăng nhập lại bằng mật khẩu.") % {"name": name}
    )
    return redirect("help_with_second_step")
