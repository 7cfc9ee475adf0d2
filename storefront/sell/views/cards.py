"""Taking cards of buyers abroad, and giving money back to them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from marketplace.core import clock
from marketplace.core.errors import MarketError
from marketplace.orders.selectors import order_for_member
from payments.cards.configuration import require_cards
from payments.models import CardRefund
from payments.services.cards.accounts import refresh_account, start_onboarding
from payments.services.cards.refunds import refund_card
from storefront.sell.cards import ConnectForm, card_desk, refund_in_words
from storefront.sell.desk import Desk, seller_page
from storefront.sell.money import CardRefundForm
from storefront.sell.views.orders import QUIET, order_page
from storefront.settling import settled
from storefront.web import client_id_of, form_page


@seller_page("GET", "POST")
def cards(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Whether the shop takes cards; a POST shows the way to Stripe, by a plain link that is good for minutes.

    The owner's alone, and there only where the market takes cards.
    """
    sight = card_desk(desk)
    if request.method != "POST":
        return _cards_page(request, desk, form=ConnectForm())
    client_id_of(request)  # the account is the shop's only one, so the id itself is not needed
    form, urls = ConnectForm(request.POST), list[str]()

    def work(_given: dict[str, Any]) -> None:
        back, again = (settings.MARKET_PUBLIC_URL + reverse(name) for name in ("sell_cards_back", "sell_cards"))
        url = start_onboarding(
            actor=desk.actor, vendor=desk.vendor, return_url=back, refresh_url=again, now=clock.now()
        )
        urls.append(url)

    if sight.takes_cards or not settled(form, work):
        return _cards_page(request, desk, form=form)
    return _cards_page(request, desk, form=form, url=urls[0])


@seller_page("GET")
def back(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The owner comes back from Stripe: what may the account do now?"""
    try:
        refresh_account(actor=desk.actor, vendor=desk.vendor, now=clock.now())
    except MarketError as error:
        if error.status < 500:
            raise
        messages.warning(request, str(error))
    return redirect("sell_cards")


@seller_page("POST")
def refund(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponseBase:
    """Money goes back to the card that paid the order."""
    require_cards()
    found = order_for_member(actor=desk.actor, order_id=order_id)
    client_id, made = client_id_of(request), list[CardRefund]()

    def work(given: dict[str, Any]) -> None:
        made.append(
            refund_card(
                actor=desk.actor, order=found, amount_vnd=given["amount"], now=clock.now(), client_id=client_id
            )
        )

    form = CardRefundForm(request.POST, auto_id="refund_card_%s")
    if not settled(form, work):
        return order_page(request, desk, found, failing=form, which="refund_card")
    is_bad = made[0].state in (CardRefund.State.FAILED, CardRefund.State.ASKED)
    messages.add_message(request, messages.WARNING if is_bad else messages.SUCCESS, refund_in_words(made[0]))
    return redirect("sell_order", found.pk)


def _cards_page(request: HttpRequest, desk: Desk, *, form: ConnectForm, url: str = "") -> HttpResponse:
    context = {"desk": desk, "sight": card_desk(desk), "form": form, "url": url, **QUIET}
    return form_page(request, "storefront/sell/cards.html", context, error=form.refusal)
