"""Opening a feed of bank notices, its secret (shown once, replaced with an overlap), its API key, and closing it."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core import journal
from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketplace.places.models import MarketSite
from payments.models import Feed, FeedApi
from payments.providers import PROVIDERS
from vendors.access import require_owner
from vendors.models import Vendor

SECRET_BYTES: Final = 32
SECRET_CHARACTERS_MIN: Final = 16
SECRET_CHARACTERS_MAX: Final = 200
SECRET_OVERLAP_S: Final = 24 * 3600
"""How long the old secret still counts after a change: time enough to put the new one in at the provider."""
ACTIVE_FEEDS_MAX: Final = 10
USERNAME_START: Final = "cho40-"
USERNAME_RANDOM_BYTES: Final = 4
CLIENT_ID_CHARACTERS_MAX: Final = 100
PROVIDERS_WITH_API: Final = frozenset(
    {Feed.Provider.SEPAY.value, Feed.Provider.CASSO.value, Feed.Provider.PAYOS.value}
)
"""Those whom the market can ask for transfers that it was not told of."""
PROVIDERS_WITH_CLIENT_ID: Final = frozenset({Feed.Provider.PAYOS.value})
PROVIDERS_WITH_LINKS: Final = frozenset({Feed.Provider.PAYOS.value})
"""Those that take money only through links, which are made for one vendor's orders with that vendor's own keys."""

_SECRET = re.compile(f"[!-~]{{{SECRET_CHARACTERS_MIN},{SECRET_CHARACTERS_MAX}}}")
_CLIENT_ID = re.compile(f"[!-~]{{1,{CLIENT_ID_CHARACTERS_MAX}}}")


class UnsupportedProvider(InvalidInput):
    """The market does not read this provider's notices, or not with this way of proving them."""


class BadSecret(InvalidInput):
    """A secret is 16 to 200 printable ASCII characters without blanks."""


class SecretIsProviders(BadSecret):
    """The provider makes this secret, so it must be brought from there; one of ours would prove nothing."""


class BadClientId(InvalidInput):
    """payOS asks for a client id of 1 to 100 printable ASCII characters without blanks, the others for none."""


class NoApi(InvalidInput):
    """This provider has no list of transfers to ask for."""


class TooManyFeeds(Conflict):
    """The vendor or site has as many feeds as one may have."""


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed and its secret, to be shown to its owner once. A name that goes with it is `feed.username`."""

    feed: Feed
    secret: str


def create_feed(
    *,
    actor: Actor,
    vendor: Vendor,
    now: datetime,
    provider: str = "sepay",
    auth: str = "hmac",
    secret: str | None = None,
) -> NewFeed:
    """A feed about one vendor's accounts. Owner only; the secret is made here, unless the provider makes it.

    Raises `NotFound`, `NotAllowed`, `UnsupportedProvider`, `BadSecret`, `SecretIsProviders`, `TooManyFeeds`.
    """
    require_owner(actor, vendor)
    feed = Feed(vendor=vendor, provider=provider, auth=auth, made_at=now)
    return _create(feed, secret, owner=vendor, actor=actor, now=now)


def create_site_feed(
    *,
    actor: Actor,
    market_site: MarketSite,
    now: datetime,
    provider: str = "sepay",
    auth: str = "hmac",
    secret: str | None = None,
) -> NewFeed:
    """A feed about the accounts of all vendors of one market site. Operator only.

    Raises `NotAllowed`, `UnsupportedProvider` (also for payOS), `BadSecret`, `SecretIsProviders`, `TooManyFeeds`.
    """
    if not (actor.is_operator or actor.is_system):
        raise NotAllowed(_("Chỉ người vận hành chợ làm được việc này."))
    require_for_site(provider)
    feed = Feed(market_site=market_site, provider=provider, auth=auth, made_at=now)
    return _create(feed, secret, owner=market_site, actor=actor, now=now)


def require_for_site(provider: str) -> None:
    """Raises `UnsupportedProvider` for a provider that only a vendor's own feed can be of."""
    if provider in PROVIDERS_WITH_LINKS:
        words = _(
            "payOS chỉ nhận tiền qua liên kết của từng gian hàng. Chủ gian hàng tự mở nguồn này ở trang /sell/feeds/."
        )
        raise UnsupportedProvider(words, field="provider")


def rotate_secret(*, actor: Actor, feed: Feed, now: datetime, secret: str | None = None) -> NewFeed:
    """Give the feed a new secret; the one before stays valid for `SECRET_OVERLAP_S` seconds.

    Raises `NotFound`, `NotAllowed`, `UnsupportedProvider`, `BadSecret`, `SecretIsProviders`.
    """
    _require_feeds_owner(actor, feed)
    new = _secret(feed, secret)
    with transaction.atomic():
        locked = Feed.objects.select_for_update(no_key=True).get(pk=feed.pk)
        locked.previous_secret = locked.secret
        locked.previous_secret_until = now + timedelta(seconds=SECRET_OVERLAP_S)
        locked.secret = new
        locked.save(update_fields=["secret", "previous_secret", "previous_secret_until"])
        _journal("feed.secret_rotated", locked, actor=actor, now=now)
    return NewFeed(locked, new)


def close_feed(*, actor: Actor, feed: Feed, now: datetime) -> Feed:
    """Take no more notices from this feed and ask it for nothing more; what came stays.

    Raises `NotFound`, `NotAllowed`.
    """
    _require_feeds_owner(actor, feed)
    with transaction.atomic():
        locked = Feed.objects.select_for_update(no_key=True).get(pk=feed.pk)
        locked.is_active = False
        locked.previous_secret = ""
        locked.previous_secret_until = None
        locked.save(update_fields=["is_active", "previous_secret", "previous_secret_until"])
        FeedApi.objects.filter(feed=locked).delete()
        _journal("feed.closed", locked, actor=actor, now=now)
    return locked


def set_feed_api(*, actor: Actor, feed: Feed, client_id: str, api_key: str, now: datetime) -> FeedApi:
    """Keep the key with which the market asks the feed's provider for transfers and, of payOS, for payment links.

    Again: the new key takes the old one's place, and reading goes on where it was. Raises `NotFound`,
    `NotAllowed`, `NoApi`, `BadClientId`, `BadSecret`.
    """
    _require_feeds_owner(actor, feed)
    if feed.provider not in PROVIDERS_WITH_API or not feed.is_active:
        raise NoApi(_("Chợ không hỏi được danh sách giao dịch của nguồn này."), field="api_key")
    _check_client_id(feed, client_id)
    key = _checked(api_key, field="api_key")
    with transaction.atomic():
        api, _made = FeedApi.objects.update_or_create(
            feed=feed, defaults={"client_id": client_id, "api_key": key, "next_poll_at": now, "problem": ""}
        )
        _journal("feed.api_set", feed, actor=actor, now=now)
    return api


def notice_path(feed: Feed) -> str:
    """Where the provider sends this feed's notices, below the market's public address."""
    return f"/payments/notices/{feed.provider}/{feed.pk}/"


def _create(feed: Feed, secret: str | None, *, owner: Vendor | MarketSite, actor: Actor, now: datetime) -> NewFeed:
    feed.secret = _secret(feed, secret)
    if feed.auth == Feed.Auth.BASIC:
        feed.username = USERNAME_START + secrets.token_hex(USERNAME_RANDOM_BYTES)
    with transaction.atomic():
        # So that two requests at once do not both find room for the last feed.
        type(owner)._default_manager.select_for_update(no_key=True).get(pk=owner.pk)
        others = Feed.objects.filter(vendor=feed.vendor, market_site=feed.market_site, is_active=True)
        if others.count() >= ACTIVE_FEEDS_MAX:
            raise TooManyFeeds(_("Đã có đủ số nguồn báo tiền. Hãy đóng bớt nguồn không dùng."))
        feed.save(force_insert=True)
        _journal("feed.created", feed, actor=actor, now=now)
    return NewFeed(feed, feed.secret)


def _require_feeds_owner(actor: Actor, feed: Feed) -> None:
    if actor.is_operator or actor.is_system:
        return
    if feed.vendor is None:
        raise NotFound(_("Không tìm thấy."))
    require_owner(actor, feed.vendor)


def _secret(feed: Feed, given: str | None) -> str:
    """The secret as it was given, or one made here where the provider takes ours."""
    adapter = PROVIDERS.get(feed.provider)
    if adapter is None or feed.auth not in adapter.auths:
        raise UnsupportedProvider(_("Chợ chưa nhận thông báo kiểu này."), field="provider")
    if given is not None:
        return _checked(given, field="secret")
    if feed.auth in adapter.auths_with_given_secret:
        raise SecretIsProviders(_("Khóa này do bên báo tiền tạo. Bạn chép khóa từ đó sang đây."), field="secret")
    return secrets.token_urlsafe(SECRET_BYTES)


def _checked(secret: str, *, field: str) -> str:
    if _SECRET.fullmatch(secret) is None:
        raise BadSecret(
            _("Khóa bí mật gồm 16 đến 200 chữ không dấu, chữ số hoặc ký hiệu, không có dấu cách."), field=field
        )
    return secret


def _check_client_id(feed: Feed, client_id: str) -> None:
    if feed.provider in PROVIDERS_WITH_CLIENT_ID:
        if _CLIENT_ID.fullmatch(client_id) is None:
            raise BadClientId(_("Client ID gồm 1 đến 100 chữ không dấu, chữ số hoặc ký hiệu."), field="client_id")
    elif client_id:
        raise BadClientId(_("Nguồn này không dùng Client ID."), field="client_id")


def _journal(kind: str, feed: Feed, *, actor: Actor, now: datetime) -> None:
    journal.record(
        kind=kind,
        aggregate_type="feed",
        aggregate_id=feed.pk,
        actor=actor,
        now=now,
        data={"feed": str(feed.pk), "vendor": feed.vendor_id, "market_site": feed.market_site_id},
    )
