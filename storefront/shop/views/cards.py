"""A buyer abroad pays by card: from the order's page to Stripe's, by a plain link.

The form is answered with a page of ours and not with a redirect to Stripe: browsers hold a redirect of a form to
the policy's `form-action`, and that is ourselves alone.
"""

from __future__ import annotations

import uuid
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from marketplace.core import clock
from payments.cards.api import CardServiceAway
from payments.services.cards.paying import open_card_session, start_card_payment
from storefront.web import client_id_of, page

RETRY_AFTER_S = 60


@page("GET", "POST", private=True)
def card(request: HttpRequest, token: uuid.UUID) -> HttpResponseBase:
    """A POST opens Stripe's page for the order, or finds it open; a GET shows the way there."""
    now = clock.now()
    if request.method != "POST":
        session = open_card_session(token=token, now=now)
        context = {"session": session, "order": session.order, "hide_search": True}
        return render(request, "storefront/shop/card.html", context)
    client_id_of(request)  # a form that was cut off on the way asks for nothing
    try:
        start_card_payment(token=token, now=now)
    except CardServiceAway as away:
        return _away(request, token, away)
    return redirect("order_card", token)


def _away(request: HttpRequest, token: uuid.UUID, away: CardServiceAway) -> HttpResponse:
    context = {"token": token, "sentence": str(away), "hide_search": True}
    response = render(request, "storefront/shop/card_away.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = str(RETRY_AFTER_S)
    return response
