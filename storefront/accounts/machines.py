"""Where a person is signed in, and ending it there."""

from __future__ import annotations

from django.contrib import auth, messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.people.models import User
from marketplace.people.sessions import end_sign_in, machines
from storefront.accounts.own import person_page
from storefront.paging import pager
from storefront.web import client_id_of, page_number


@person_page("GET")
def list_of_machines(request: HttpRequest, user: User) -> HttpResponseBase:
    """Every machine and program that is signed in, the last used first."""
    number = page_number(request)
    rows, more = machines(user, page=number, now=clock.now())
    links = pager(number, pages=number + more, url=lambda page: f"?page={page}")
    context = {"machines": rows, "here": user.present_sign_in, "hide_search": True, **links}
    return render(request, "storefront/accounts/machines.html", context)


@person_page("POST")
def end(request: HttpRequest, user: User, sign_in_id: int) -> HttpResponseBase:
    """End one; the machine in hand is signed out. Twice is once."""
    client_id_of(request)
    end_sign_in(user=user, sign_in_id=sign_in_id, now=clock.now())
    if user.present_sign_in is not None and user.present_sign_in.pk == sign_in_id:
        auth.logout(request)
        messages.success(request, _("Bạn đã đăng xuất."))
        return redirect("/")
    messages.success(request, _("Máy ấy đã đăng xuất."))
    return redirect("machines")
