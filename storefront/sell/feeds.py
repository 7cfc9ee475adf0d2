"""The shop's feeds of bank notices: the form of a new one, and secrets that are handed out once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import NotFound
from marketplace.core.requests_once import once
from payments.models import Feed
from payments.selectors import feeds_of_vendor
from payments.services.feeds import NewFeed, create_feed, notice_path, rotate_secret
from storefront.fields import CHOOSE
from storefront.sell.desk import Desk
from storefront.settling import AskingForm

AUTHS = {
    Feed.Auth.HMAC.value: _("Ký từng thông báo (HMAC-SHA256)"),
    Feed.Auth.API_KEY.value: _("Gửi kèm khóa (API Key)"),
}


class FeedForm(AskingForm):
    """How the provider proves that a notice is from it."""

    auth = forms.ChoiceField(
        label=_("SePay chứng thực bằng cách nào?"),
        choices=list(AUTHS.items()),
        initial=Feed.Auth.HMAC.value,
        error_messages=CHOOSE,
        widget=forms.RadioSelect,
    )


@dataclass(frozen=True)
class FeedRow:
    """A feed as its owner sees it."""

    feed: Feed
    notice_url: str
    """What to paste at the provider."""

    @property
    def proof(self) -> str:
        """How its notices prove themselves, in words."""
        return str(AUTHS[self.feed.auth])


def row_of(feed: Feed) -> FeedRow:
    """The feed with its full public address."""
    return FeedRow(feed, f"{settings.MARKET_PUBLIC_URL}{notice_path(feed)}")


def feed_rows(desk: Desk) -> list[FeedRow]:
    """The shop's own feeds, those that are open first. Raises `NotFound`, `NotAllowed` for all but its owner."""
    feeds = feeds_of_vendor(actor=desk.actor, vendor=desk.vendor)
    return [row_of(feed) for feed in sorted(feeds, key=lambda feed: not feed.is_active)]


def own_feed(desk: Desk, feed_id: uuid.UUID) -> Feed:
    """An open feed of the shop. Raises `NotFound`, and `NotAllowed` for all but its owner."""
    for feed in feeds_of_vendor(actor=desk.actor, vendor=desk.vendor):
        if feed.pk == feed_id and feed.is_active:
            return feed
    raise NotFound(_("Không tìm thấy nguồn báo tiền này."))


def new_feed(desk: Desk, *, auth: str, client_id: uuid.UUID, now: datetime) -> NewFeed | None:
    """A feed of the shop; None when this form was sent before, since the secret is shown once."""
    return _once(
        lambda: create_feed(actor=desk.actor, vendor=desk.vendor, auth=auth, now=now),
        desk=desk, action="sell.new_feed", client_id=client_id, asked={"auth": auth}, now=now,
    )  # fmt: skip


def new_secret(desk: Desk, *, feed: Feed, client_id: uuid.UUID, now: datetime) -> NewFeed | None:
    """Another secret; None when this form was sent before, so that reloading does not end the old one's day."""
    return _once(
        lambda: rotate_secret(actor=desk.actor, feed=feed, now=now),
        desk=desk, action="sell.new_secret", client_id=client_id, asked={"feed": str(feed.pk)}, now=now,
    )  # fmt: skip


def _once(
    make: Callable[[], NewFeed],
    *,
    desk: Desk,
    action: str,
    client_id: uuid.UUID,
    asked: dict[str, str],
    now: datetime,
) -> NewFeed | None:
    made: list[NewFeed] = []

    def work() -> str:
        made.append(make())
        return str(made[0].feed.pk)

    owner = f"vendor:{desk.vendor.pk}"
    once(work, action=action, owner=owner, client_id=client_id, asked=asked, now=now)
    return made[0] if made else None
