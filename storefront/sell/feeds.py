"""The shop's feeds of bank notices: their forms, and secrets that are handed out once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import NotFound
from marketplace.core.requests_once import once
from payments.models import Feed
from payments.providers import PROVIDERS
from payments.selectors import feeds_of_vendor, problems_of_apis
from payments.services.feeds import (
    CLIENT_ID_CHARACTERS_MAX,
    PROVIDERS_WITH_CLIENT_ID,
    SECRET_CHARACTERS_MAX,
    NewFeed,
    close_feed,
    create_feed,
    notice_path,
    rotate_secret,
)
from storefront.fields import CHOOSE, REQUIRED
from storefront.sell.desk import Desk
from storefront.sell.feed_guides import GUIDES, FeedGuide
from storefront.settling import AskingForm
from vendors.access import require_owner

PASTED_SPACES_MAX = 10
"""What is copied out of another page often brings blanks along."""


def key_field(label: Any, *, hint: Any = None, required: bool = True) -> forms.CharField:
    """A secret to paste. It is never written back into a page."""
    return forms.CharField(
        label=label,
        help_text=hint or "",
        required=required,
        max_length=SECRET_CHARACTERS_MAX + PASTED_SPACES_MAX,
        error_messages=REQUIRED | {"max_length": _("Khóa này dài quá. Bạn chép lại giúp.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class FeedForm(AskingForm):
    """A new feed of one provider: how it proves its notices, and the secret where the provider makes that."""

    def __init__(self, data: Any = None, *, guide: FeedGuide) -> None:
        super().__init__(data)
        proofs = list(guide.proofs.items())
        if len(proofs) > 1:
            self.fields["auth"] = forms.ChoiceField(
                label=_("Chứng thực bằng cách nào?"),
                choices=proofs,
                initial=proofs[0][0],
                error_messages=CHOOSE,
                widget=forms.RadioSelect,
            )
        if guide.given_secret is not None:
            # Where one way of proving takes a secret of ours, the service says when theirs is missing.
            self.fields["secret"] = key_field(
                guide.given_secret, hint=guide.given_secret_hint, required=len(proofs) == 1
            )


class SecretForm(AskingForm):
    """Another secret for a feed: to be pasted where its provider makes it, else nothing to fill in."""

    def __init__(self, data: Any = None, *, feed: Feed) -> None:
        super().__init__(data)
        if feed.auth in PROVIDERS[feed.provider].auths_with_given_secret:
            self.fields["secret"] = key_field(GUIDES[feed.provider].given_secret)


class ApiForm(AskingForm):
    """What the market shows when it asks the provider for transfers."""

    def __init__(self, data: Any = None, *, feed: Feed) -> None:
        super().__init__(data)
        if feed.provider in PROVIDERS_WITH_CLIENT_ID:
            self.fields["client_id_at_provider"] = forms.CharField(
                label="Client ID",
                max_length=CLIENT_ID_CHARACTERS_MAX,
                error_messages=REQUIRED,
                widget=forms.TextInput(
                    attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
                ),
            )
        label = "API Token" if feed.provider == Feed.Provider.SEPAY else "API Key"
        self.fields["api_key"] = key_field(label)


@dataclass(frozen=True)
class FeedRow:
    """A feed as its owner sees it."""

    feed: Feed
    notice_url: str
    """What to paste at the provider."""
    api_problem: str | None = None
    """Why the market could not ask the provider last time; "" when it could, None when it never asks."""

    @property
    def guide(self) -> FeedGuide:
        """The provider, in words."""
        return GUIDES[self.feed.provider]

    @property
    def proof(self) -> str:
        """How its notices prove themselves, in words."""
        return str(self.guide.proofs[self.feed.auth])

    @property
    def is_asked(self) -> bool:
        """Whether the market asks the provider by itself, too."""
        return self.api_problem is not None

    @property
    def is_secret_ours(self) -> bool:
        """Whether the owner must paste the secret at the provider, and not the other way round."""
        return self.feed.auth not in PROVIDERS[self.feed.provider].auths_with_given_secret


def row_of(feed: Feed, *, api_problem: str | None = None) -> FeedRow:
    """The feed with its full public address."""
    address = f"{settings.MARKET_PUBLIC_URL}{notice_path(feed)}"
    # VietQR.vn puts its own paths behind a slash of its own.
    shown = address.rstrip("/") if feed.provider == Feed.Provider.VIETQRVN else address
    return FeedRow(feed, shown, api_problem)


def feed_rows(desk: Desk) -> list[FeedRow]:
    """The shop's feeds of notices, the open ones first. Raises `NotFound`, `NotAllowed` for all but its owner."""
    feeds = [feed for feed in feeds_of_vendor(actor=desk.actor, vendor=desk.vendor) if feed.provider in GUIDES]
    problems = problems_of_apis(feeds)
    return [
        row_of(feed, api_problem=problems.get(feed.pk)) for feed in sorted(feeds, key=lambda feed: not feed.is_active)
    ]


def own_feed(desk: Desk, feed_id: uuid.UUID) -> Feed:
    """An open feed of the shop. Raises `NotFound`, and `NotAllowed` for all but its owner."""
    for feed in feeds_of_vendor(actor=desk.actor, vendor=desk.vendor):
        if feed.pk == feed_id and feed.is_active and feed.provider in GUIDES:
            return feed
    raise NotFound(_("Không tìm thấy nguồn báo tiền này."))


def new_feed(
    desk: Desk, *, guide: FeedGuide, given: dict[str, Any], client_id: uuid.UUID, now: datetime
) -> NewFeed | None:
    """A feed of the shop; None when this form was sent before, since the secret is shown once."""
    auth = given.get("auth") or next(iter(guide.proofs))
    return _once(
        lambda: create_feed(
            actor=desk.actor, vendor=desk.vendor, provider=guide.provider, auth=auth, secret=_pasted(given), now=now
        ),
        desk=desk, action="sell.new_feed", client_id=client_id,
        asked={"provider": guide.provider, "auth": auth}, now=now,
    )  # fmt: skip


def new_secret(
    desk: Desk, *, feed: Feed, given: dict[str, Any], client_id: uuid.UUID, now: datetime
) -> NewFeed | None:
    """Another secret; None when this form was sent before, so that reloading does not end the old one's day."""
    return _once(
        lambda: rotate_secret(actor=desk.actor, feed=feed, secret=_pasted(given), now=now),
        desk=desk, action="sell.new_secret", client_id=client_id, asked={"feed": str(feed.pk)}, now=now,
    )  # fmt: skip


def closed_feed(desk: Desk, *, feed_id: uuid.UUID, client_id: uuid.UUID, now: datetime) -> None:
    """Close an open feed of the shop; the same form again changes nothing more. Raises as `own_feed` does."""
    require_owner(desk.actor, desk.vendor)

    def work() -> str:
        return str(close_feed(actor=desk.actor, feed=own_feed(desk, feed_id), now=now).pk)

    owner, asked = f"vendor:{desk.vendor.pk}", {"feed": str(feed_id)}
    once(work, action="sell.close_feed", owner=owner, client_id=client_id, asked=asked, now=now)


def _pasted(given: dict[str, Any]) -> str | None:
    return given.get("secret") or None


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
