"""Feeds of bank notices: the list, a new one, another secret, and closing one. The owner's alone."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from marketplace.core import clock
from payments.services.feeds import NewFeed, close_feed
from storefront.sell.desk import Desk, seller_page
from storefront.sell.feeds import FeedForm, feed_rows, new_feed, new_secret, own_feed, row_of
from storefront.settling import settled
from storefront.web import client_id_of, form_page

QUIET = {"hide_search": True, "hide_basket": True}


@seller_page("GET", "POST")
def feeds(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The shop's feeds; a POST makes one and shows its secret, this once."""
    if request.method != "POST":
        return _feeds_page(request, desk, form=FeedForm())
    form, client_id = FeedForm(request.POST), client_id_of(request)
    made: list[NewFeed | None] = []

    def work(given: dict[str, Any]) -> None:
        made.append(new_feed(desk, auth=given["auth"], client_id=client_id, now=clock.now()))

    if not settled(form, work):
        return _feeds_page(request, desk, form=form)
    return _secret_page(request, desk, made=made[0])


@seller_page("POST")
def rotate(request: HttpRequest, desk: Desk, feed_id: uuid.UUID) -> HttpResponseBase:
    """Another secret, shown this once; the one before counts for a day more."""
    feed = own_feed(desk, feed_id)
    made = new_secret(desk, feed=feed, client_id=client_id_of(request), now=clock.now())
    return _secret_page(request, desk, made=made)


@seller_page("POST")
def close(request: HttpRequest, desk: Desk, feed_id: uuid.UUID) -> HttpResponseBase:
    """Take no more notices from a feed."""
    close_feed(actor=desk.actor, feed=own_feed(desk, feed_id), now=clock.now())
    messages.success(request, _("Đã đóng nguồn báo tiền này."))
    return redirect("sell_feeds")


def _secret_page(request: HttpRequest, desk: Desk, *, made: NewFeed | None) -> HttpResponseBase:
    """The secret in the answer itself and nowhere else: neither in an address nor in the visit's cookie."""
    if made is None:
        messages.warning(request, _("Khóa đã hiện một lần rồi. Nếu chưa kịp chép, bạn đổi khóa mới."))
        return redirect("sell_feeds")
    return _feeds_page(request, desk, form=FeedForm(), shown=made)


def _feeds_page(request: HttpRequest, desk: Desk, *, form: FeedForm, shown: NewFeed | None = None) -> HttpResponse:
    context: dict[str, Any] = {"desk": desk, "rows": feed_rows(desk), "form": form, **QUIET}
    if shown is not None:
        context |= {"secret": shown.secret, "new": row_of(shown.feed)}
    return form_page(request, "storefront/sell/feeds.html", context, error=form.refusal)
