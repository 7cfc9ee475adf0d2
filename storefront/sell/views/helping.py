"""An agent opens a shop for somebody who lets them help."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.errors import NotFound
from marketplace.core.requests_once import once
from storefront.commune.forms import HelpForm
from storefront.commune.visits import communes_with, shop_wanted, sites_in, villages_in
from storefront.sell.desk import help_person, person_who_consented, sign_in_first
from storefront.settling import settled
from storefront.web import actor_of_request, client_id_of, form_page, page
from vendors.onboarding import open_with_consent

QUIET = {"hide_search": True, "hide_basket": True}


@page("GET", "POST", private=True)
def open_for(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """The form of a new shop for one of the people who consented; then the agent goes on with its goods."""
    if (elsewhere := sign_in_first(request)) is not None:
        return elsewhere
    actor = actor_of_request(request)
    owner = person_who_consented(actor, person_id)
    if owner is None or not actor.agent_commune_codes:
        raise NotFound(_("Không tìm thấy người này, hoặc chưa có sự đồng ý của họ."))
    communes = communes_with(actor.agent_commune_codes)
    places: dict[str, Any] = {"communes": communes, "sites": sites_in(communes)}
    places["villages"] = villages_in(communes)
    form = HelpForm(request.POST, **places) if request.method == "POST" else HelpForm(**places)
    client_id = client_id_of(request) if request.method == "POST" else None

    def work(given: dict[str, Any]) -> None:
        wanted = shop_wanted(given)
        wanted["phone"] = wanted["phone"] or owner.phone or ""
        once(
            lambda: str(open_with_consent(actor=actor, owner=owner, now=clock.now(), **wanted).pk),
            action="sell.open_for",
            owner=f"user:{actor.user_id}",
            client_id=client_id,
            asked={"person": owner.pk, **given},
            now=clock.now(),
        )

    if not settled(form, work):
        one_commune = communes[0] if len(communes) == 1 else None
        context = {"form": form, "one_commune": one_commune, "helped": owner, **QUIET}
        return form_page(request, "storefront/commune/visit_new.html", context, error=form.refusal)
    help_person(request, owner.pk)
    messages.success(request, _("Đã mở gian hàng. Bạn đăng hàng giúp được rồi; xã xem giấy tờ xong thì bán được."))
    return redirect("sell_products")
