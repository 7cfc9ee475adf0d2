"""`market site-feed`: feeds about the accounts of all shops of one market site, which only the operator opens."""

from __future__ import annotations

import json
import sys
import uuid

import click
from django.conf import settings

from marketplace.core import clock
from marketplace.core.actors import SYSTEM
from marketplace.core.errors import NotFound
from marketplace.places.models import MarketSite
from payments.models import Feed
from payments.providers import PROVIDERS
from payments.services.feeds import (
    NewFeed,
    close_feed,
    create_site_feed,
    notice_path,
    require_for_site,
    rotate_secret,
    set_feed_api,
)


@click.group("site-feed")
def site_feed() -> None:
    """Bank notices about the accounts of a market site's shops: add, rotate, close a feed, or let it be asked.

    A secret that the provider makes (Casso's HMAC key) is asked for, or read as one line from standard input; one
    of ours is printed this once. payOS is for a shop's own feed only: it takes money through the shop's links.
    """


@site_feed.command("add")
@click.argument("site")
@click.option("--provider", type=click.Choice(sorted(PROVIDERS)), default="sepay", show_default=True)
@click.option("--auth", type=click.Choice(Feed.Auth.values), default="hmac", show_default=True)
def add(site: str, provider: str, auth: str) -> None:
    """Open a feed for the market site with the slug SITE; prints what to paste at the provider."""
    require_for_site(provider)
    market_site = MarketSite.objects.filter(slug=site).first()
    if market_site is None:
        raise NotFound(f"không có điểm chợ {site}")
    secret = _given_secret(provider, auth)
    new = create_site_feed(
        actor=SYSTEM, market_site=market_site, provider=provider, auth=auth, secret=secret, now=clock.now()
    )
    _print(new, is_ours=secret is None)


@site_feed.command("rotate")
@click.argument("feed", type=click.UUID)
def rotate(feed: uuid.UUID) -> None:
    """Give FEED another secret; the one before counts for a day more."""
    known = _site_feed(feed)
    secret = _given_secret(known.provider, known.auth)
    _print(rotate_secret(actor=SYSTEM, feed=known, secret=secret, now=clock.now()), is_ours=secret is None)


@site_feed.command("close")
@click.argument("feed", type=click.UUID)
def close(feed: uuid.UUID) -> None:
    """Take no more notices from FEED."""
    close_feed(actor=SYSTEM, feed=_site_feed(feed), now=clock.now())


@site_feed.command("api")
@click.argument("feed", type=click.UUID)
def api(feed: uuid.UUID) -> None:
    """Keep the key with which the market asks FEED's provider for transfers it was not told of."""
    key = _read_secret("API Key")
    set_feed_api(actor=SYSTEM, feed=_site_feed(feed), client_id="", api_key=key, now=clock.now())


def _site_feed(feed_id: uuid.UUID) -> Feed:
    feed = Feed.objects.filter(pk=feed_id, market_site__isnull=False, is_active=True).first()
    if feed is None:
        raise NotFound(f"không có nguồn báo tiền {feed_id} của điểm chợ nào")
    return feed


def _given_secret(provider: str, auth: str) -> str | None:
    return _read_secret("Khóa bí mật") if auth in PROVIDERS[provider].auths_with_given_secret else None


def _read_secret(what: str) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return str(click.prompt(what, hide_input=True))


def _print(new: NewFeed, *, is_ours: bool) -> None:
    shown = {
        "feed": str(new.feed.pk),
        "url": f"{settings.MARKET_PUBLIC_URL}{notice_path(new.feed)}",
        "username": new.feed.username or None,
        "secret": new.secret if is_ours else None,
    }
    click.echo(json.dumps(shown, indent=2))
