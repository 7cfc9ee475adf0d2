"""Feeds of bank notices: the list, a new one, another secret, the key to ask by, and closing. The owner's alone."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.errors import NotFound
from payments.models import Feed
from payments.services.feeds import PROVIDERS_WITH_API, NewFeed, set_feed_api
from storefront.sell.desk import Desk, seller_page
from storefront.sell.feed_guides import GUIDES, FeedGuide
from storefront.sell.feeds import (
    ApiForm,
    FeedForm,
    SecretForm,
    closed_feed,
    feed_rows,
    new_feed,
    new_secret,
    own_feed,
    row_of,
)
from storefront.settling import answered_once, settled
from storefront.web import client_id_of, form_page
from vendors.access import require_owner

QUIET = {"hide_search": True, "hide_basket": True}


@seller_page("GET", "POST")
def feeds(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The shop's feeds; with a provider the form of a new one, whose POST shows the secret, this once."""
    require_owner(desk.actor, desk.vendor)
    if request.method != "POST":
        wanted = GUIDES.get(request.GET.get("provider", ""))
        return _new_page(request, desk, FeedForm(guide=wanted), wanted) if wanted else _list_page(request, desk)
    guide = _guide(request.POST.get("provider") or Feed.Provider.SEPAY.value)
    form, client_id = FeedForm(request.POST, guide=guide), client_id_of(request)
    made: list[NewFeed | None] = []

    def work(given: dict[str, Any]) -> None:
        made.append(new_feed(desk, guide=guide, given=given, client_id=client_id, now=clock.now()))

    if not settled(form, work):
        return _new_page(request, desk, form, guide)
    return _secret_page(request, desk, made=made[0])


@seller_page("GET", "POST")
def rotate(request: HttpRequest, desk: Desk, feed_id: uuid.UUID) -> HttpResponseBase:
    """Another secret, shown this once if it is ours; the one before counts for a day more."""
    feed = own_feed(desk, feed_id)
    if request.method != "POST":
        return _rotate_page(request, desk, SecretForm(feed=feed), feed)
    form, client_id = SecretForm(request.POST, feed=feed), client_id_of(request)
    made: list[NewFeed | None] = []

    def work(given: dict[str, Any]) -> None:
        made.append(new_secret(desk, feed=feed, given=given, client_id=client_id, now=clock.now()))

    if not settled(form, work):
        return _rotate_page(request, desk, form, feed)
    return _secret_page(request, desk, made=made[0])


@seller_page("GET", "POST")
def api(request: HttpRequest, desk: Desk, feed_id: uuid.UUID) -> HttpResponseBase:
    """The key with which the market asks the feed's provider. Kept, and never shown again."""
    feed = own_feed(desk, feed_id)
    if feed.provider not in PROVIDERS_WITH_API:
        raise NotFound(_("Không tìm thấy nguồn báo tiền này."))
    form = ApiForm(request.POST if request.method == "POST" else None, feed=feed)

    def work(given: dict[str, Any]) -> None:
        client_id = given.get("client_id_at_provider", "")
        set_feed_api(actor=desk.actor, feed=feed, client_id=client_id, api_key=given["api_key"], now=clock.now())

    if request.method != "POST" or not settled(form, lambda given: answered_once(request, given, work)):
        context = {"desk": desk, "row": row_of(feed), "form": form, **QUIET}
        return form_page(request, "storefront/sell/feed_api.html", context, error=form.refusal)
    messages.success(request, _("Đã lưu khóa. Từ nay chợ tự hỏi lại để không sót khoản nào."))
    return redirect("sell_feeds")


@seller_page("POST")
def close(request: HttpRequest, desk: Desk, feed_id: uuid.UUID) -> HttpResponseBase:
    """Take no more notices from a feed. Sent twice it is closed once."""
    closed_feed(desk, feed_id=feed_id, client_id=client_id_of(request), now=clock.now())
    messages.success(request, _("Đã đóng nguồn báo tiền này."))
    return redirect("sell_feeds")


def _guide(provider: str) -> FeedGuide:
    if provider not in GUIDES:
        raise NotFound(_("Chợ chưa nhận thông báo kiểu này."))
    return GUIDES[provider]


def _secret_page(request: HttpRequest, desk: Desk, *, made: NewFeed | None) -> HttpResponseBase:
    """The secret in the answer itself and nowhere else: neither in an address nor in the visit's cookie."""
    if made is None:
        messages.warning(request, _("Khóa đã hiện một lần rồi. Nếu chưa kịp chép, bạn đổi khóa mới."))
        return redirect("sell_feeds")
    new = row_of(made.feed)
    context = {"desk": desk, "new": new, "secret": made.secret if new.is_secret_ours else "", **QUIET}
    return form_page(request, "storefront/sell/feed_made.html", context)


def _rotate_page(request: HttpRequest, desk: Desk, form: SecretForm, feed: Feed) -> HttpResponse:
    context = {"desk": desk, "form": form, "row": row_of(feed), **QUIET}
    return form_page(request, "storefront/sell/feed_secret.html", context, error=form.refusal)


def _new_page(request: HttpRequest, desk: Desk, form: FeedForm, guide: FeedGuide) -> HttpResponse:
    context = {"desk": desk, "form": form, "guide": guide, **QUIET}
    return form_page(request, "storefront/sell/feed_new.html", context, error=form.refusal)


def _list_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    context = {"desk": desk, "rows": feed_rows(desk), "guides": GUIDES.values(), **QUIET}
    return form_page(request, "storefront/sell/feeds.html", context)
