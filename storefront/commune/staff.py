"""The officer's desk: who may come here, and of which commune or province the page speaks."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import NotAllowed, NotFound
from marketplace.people.second_step import owes_second_step
from marketplace.places.models import Commune, Province
from marketplace.places.selectors import get_commune, get_province
from storefront.web import View, actor_of_request, page

QUIET = {"hide_search": True, "hide_basket": True}
P = ParamSpec("P")
StaffView = Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase]


def staff_page(*methods: str) -> Callable[[StaffView[P]], View[P]]:
    """A private page for staff of communes and provinces and the operator. Others sign in, or are told so."""

    def decorate(view: StaffView[P]) -> View[P]:
        @page(*methods, private=True)
        @wraps(view)
        def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            actor = actor_of_request(request)
            if not actor.is_authenticated:
                return redirect_to_login(request.get_full_path() if request.method in {"GET", "HEAD"} else "")
            if not (actor.commune_codes or actor.province_codes or actor.is_operator):
                if owes_second_step(request.user):
                    return redirect("second_step")
                raise NotAllowed(_("Trang này dành cho cán bộ xã, phường và tỉnh."))
            return view(request, actor, *args, **kwargs)

        return answer

    return decorate


def own_commune(actor: Actor) -> str | None:
    """The code of the first commune that the actor is staff of."""
    return min(actor.commune_codes, default=None)


def commune_asked(request: HttpRequest, actor: Actor) -> Commune:
    """The commune that `?commune=` names, else the actor's own. Raises `NotFound`, also for one they may not read."""
    commune = get_commune(request.GET.get("commune") or own_commune(actor) or "")
    if not actor.may_read_commune(commune.pk, commune.province_id):
        raise NotFound(_("Không có xã, phường này."))
    return commune


def province_asked(request: HttpRequest, actor: Actor) -> Province | None:
    """The province that `?province=` names, else the actor's own; None when an operator named none.

    Raises `NotFound`, also for one they may not read.
    """
    code = request.GET.get("province") or min(actor.province_codes, default=None)
    if code is None and actor.is_operator:
        return None
    province = get_province(code or "")
    if not actor.may_read_province(province.pk):
        raise NotFound(_("Không có tỉnh, thành phố này."))
    return province


def province_named(request: HttpRequest, actor: Actor) -> Province:
    """As `province_asked`, for addresses that an operator reaches with a province only. Raises `NotFound`."""
    province = province_asked(request, actor)
    if province is None:
        raise NotFound(_("Không có tỉnh, thành phố này."))
    return province
