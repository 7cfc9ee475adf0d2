"""Feeds and their secrets: who may open them, shown once, kept encrypted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from marketplace.core.actors import ANONYMOUS, SYSTEM, Actor
from marketplace.core.errors import MarketError, NotAllowed, NotFound
from marketplace.core.models import JournalEvent
from marketplace.places.models import MarketSite
from payments.models import Feed, FeedApi
from payments.selectors import problems_of_apis
from payments.services.feeds import (
    ACTIVE_FEEDS_MAX,
    BadClientId,
    BadSecret,
    NoApi,
    SecretIsProviders,
    TooManyFeeds,
    UnsupportedProvider,
    close_feed,
    create_feed,
    create_site_feed,
    notice_path,
    rotate_secret,
    set_feed_api,
)
from tests.payments.banks import KINDS, a_feed
from tests.payments.factories import NENH, NOW, SECRET, Shop, a_shop, journal

pytestmark = pytest.mark.django_db
OPERATOR = Actor(user_id=1, is_operator=True)


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


@pytest.fixture
def site(db: None) -> MarketSite:
    return MarketSite.objects.create(slug="cho-thu", name="Chợ thử", kind="market", commune_id=NENH)


def test_an_owner_opens_a_feed_and_is_shown_its_secret(shop: Shop) -> None:
    new = create_feed(actor=shop.owner, vendor=shop.vendor, now=NOW)

    kept = Feed.objects.get(pk=new.feed.pk)
    assert (kept.provider, kept.auth, kept.vendor_id, kept.is_active) == ("sepay", "hmac", shop.vendor.pk, True)
    assert kept.secret == new.secret
    assert len(new.secret) == 43
    assert notice_path(kept) == f"/payments/notices/sepay/{kept.pk}/"


def test_two_feeds_never_share_a_made_secret(shop: Shop) -> None:
    assert create_feed(actor=shop.owner, vendor=shop.vendor, now=NOW).secret != (
        create_feed(actor=shop.owner, vendor=shop.vendor, now=NOW).secret
    )


def test_a_secret_lies_encrypted_and_never_reaches_the_journal(shop: Shop) -> None:
    new = create_feed(actor=shop.owner, vendor=shop.vendor, secret="given-by-the-provider", now=NOW)

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM payments_feed")
        stored = [row[0] for row in cursor.fetchall()]
    assert not any("given-by-the-provider" in text for text in stored)
    assert "given-by-the-provider" not in str(list(JournalEvent.objects.values_list("data", flat=True)))
    assert journal("feed.created")[-1] == {
        "feed": str(new.feed.pk),
        "vendor": shop.vendor.pk,
        "market_site": None,
    }


@pytest.mark.parametrize(
    "secret", ["", "short", "x" * 15, "x" * 201, "with blanks inside it", "tiếng Việt có dấu", "x" * 20 + "\n"]
)
def test_a_secret_that_cannot_be_sent_in_a_header_or_guessed_too_easily_is_refused(shop: Shop, secret: str) -> None:
    before = Feed.objects.count()

    with pytest.raises(BadSecret):
        create_feed(actor=shop.owner, vendor=shop.vendor, secret=secret, now=NOW)
    with pytest.raises(BadSecret):
        rotate_secret(actor=shop.owner, feed=shop.feed, secret=secret, now=NOW)

    assert Feed.objects.count() == before


@pytest.mark.parametrize(
    ("provider", "auth"),
    [
        ("x", "hmac"), ("", ""), ("statement", "hmac"), ("sepay", "basic"), ("casso", "basic"), ("payos", "api_key"),
        ("vietqrvn", "hmac"),
    ],
)  # fmt: skip
def test_a_provider_that_is_not_read_or_not_so_gets_no_feed(shop: Shop, provider: str, auth: str) -> None:
    with pytest.raises(UnsupportedProvider):
        create_feed(actor=shop.owner, vendor=shop.vendor, provider=provider, auth=auth, now=NOW)


def test_only_the_owner_has_to_do_with_feeds(shop: Shop) -> None:
    stranger = a_shop("Hộ ông Páo").owner
    agent = replace(shop.seller, helped_user_id=shop.owner.user_id)

    for actor, error in ((ANONYMOUS, NotFound), (stranger, NotFound), (shop.seller, NotAllowed), (agent, NotAllowed)):
        with pytest.raises(error):
            create_feed(actor=actor, vendor=shop.vendor, now=NOW)
        with pytest.raises(error):
            rotate_secret(actor=actor, feed=shop.feed, now=NOW)
        with pytest.raises(error):
            close_feed(actor=actor, feed=shop.feed, now=NOW)

    shop.feed.refresh_from_db()
    assert (shop.feed.is_active, shop.feed.previous_secret) == (True, "")


def test_a_new_secret_leaves_the_old_one_a_day(shop: Shop) -> None:
    old = shop.feed.secret

    new = rotate_secret(actor=shop.owner, feed=shop.feed, now=NOW)

    kept = Feed.objects.get(pk=shop.feed.pk)
    assert (kept.secret, kept.previous_secret) == (new.secret, old)
    assert kept.previous_secret_until == NOW + timedelta(days=1)
    assert journal("feed.secret_rotated")[0]["feed"] == str(kept.pk)


def test_a_closed_feed_stays_on_record(shop: Shop) -> None:
    rotate_secret(actor=shop.owner, feed=shop.feed, now=NOW)

    closed = close_feed(actor=OPERATOR, feed=shop.feed, now=NOW)

    assert (closed.is_active, closed.previous_secret, closed.previous_secret_until) == (False, "", None)
    assert Feed.objects.filter(pk=shop.feed.pk).exists()


def test_a_shop_has_at_most_ten_feeds_at_a_time(shop: Shop) -> None:
    for _time in range(ACTIVE_FEEDS_MAX - 1):
        create_feed(actor=shop.owner, vendor=shop.vendor, now=NOW)

    with pytest.raises(TooManyFeeds):
        create_feed(actor=shop.owner, vendor=shop.vendor, now=NOW)
    close_feed(actor=shop.owner, feed=shop.feed, now=NOW)
    create_feed(actor=shop.owner, vendor=shop.vendor, now=NOW)


def test_no_feed_of_payos_is_opened_for_a_market_since_it_has_links_of_one_shop_only(site: MarketSite) -> None:
    with pytest.raises(UnsupportedProvider):
        create_site_feed(actor=OPERATOR, market_site=site, provider="payos", secret=SECRET, now=NOW)

    assert not Feed.objects.filter(market_site=site).exists()


def test_the_operator_opens_a_feed_for_a_market(site: MarketSite, shop: Shop) -> None:
    new = create_site_feed(actor=OPERATOR, market_site=site, auth="api_key", now=NOW)

    assert (new.feed.market_site_id, new.feed.vendor_id, new.feed.auth) == (site.pk, None, "api_key")
    for actor in (ANONYMOUS, shop.owner, Actor(user_id=1, commune_codes=frozenset({NENH}))):
        with pytest.raises(NotAllowed):
            create_site_feed(actor=actor, market_site=site, now=NOW)
    with pytest.raises(NotFound):
        rotate_secret(actor=shop.owner, feed=new.feed, now=NOW)
    assert rotate_secret(actor=SYSTEM, feed=new.feed, now=NOW).secret != new.secret


def test_a_feed_belongs_to_a_shop_or_a_market_and_the_database_holds_it(site: MarketSite, shop: Shop) -> None:
    for owner in ({}, {"vendor": shop.vendor, "market_site": site}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Feed.objects.create(provider="sepay", secret="x", made_at=NOW, **owner)


# --- Other providers ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_a_feed_of_every_kind_takes_the_secret_it_is_given(shop: Shop, kind: tuple[str, str]) -> None:
    feed = Feed.objects.get(pk=a_feed(shop.vendor, kind).pk)

    assert (feed.provider, feed.auth, feed.secret) == (*kind, SECRET)
    assert bool(feed.username) == (kind == ("vietqrvn", "basic"))


def test_a_user_name_is_made_with_the_password_and_is_each_feeds_own(shop: Shop) -> None:
    one, other = (
        create_feed(actor=shop.owner, vendor=shop.vendor, provider="vietqrvn", auth="basic", now=NOW)
        for _ in range(2)
    )

    assert one.feed.username.startswith("cho40-")
    assert (len(one.feed.username), len(one.secret)) == (14, 43)
    assert one.feed.username != other.feed.username


@pytest.mark.parametrize("kind", [("casso", "hmac"), ("payos", "hmac")], ids="-".join)
def test_a_secret_that_the_provider_makes_must_be_brought(shop: Shop, kind: tuple[str, str]) -> None:
    provider, auth = kind
    feed, before = a_feed(shop.vendor, kind), Feed.objects.count()

    with pytest.raises(SecretIsProviders):
        create_feed(actor=shop.owner, vendor=shop.vendor, provider=provider, auth=auth, now=NOW)
    with pytest.raises(SecretIsProviders):
        rotate_secret(actor=shop.owner, feed=feed, now=NOW)

    feed.refresh_from_db()
    assert (Feed.objects.count(), feed.secret, feed.previous_secret) == (before, SECRET, "")


def test_a_feed_of_statements_has_no_secret_to_replace(shop: Shop) -> None:
    feed = Feed.objects.create(provider="statement", vendor=shop.vendor, secret="", made_at=NOW)

    with pytest.raises(UnsupportedProvider):
        rotate_secret(actor=shop.owner, feed=feed, now=NOW)


# --- The key to ask by ----------------------------------------------------------------------------

API_KEY = "AK_CS.0123456789abcdef"


@pytest.mark.parametrize(
    ("kind", "client_id"), [(("sepay", "hmac"), ""), (("casso", "hmac"), ""), (("payos", "hmac"), "a-b")]
)
def test_an_owner_lets_the_market_ask_a_provider(shop: Shop, kind: tuple[str, str], client_id: str) -> None:
    feed = a_feed(shop.vendor, kind)

    set_feed_api(actor=shop.owner, feed=feed, client_id=client_id, api_key=API_KEY, now=NOW)

    kept = FeedApi.objects.get(feed=feed)
    assert (kept.client_id, kept.api_key, kept.next_poll_at, kept.is_polled) == (client_id, API_KEY, NOW, True)
    assert journal("feed.api_set") == [{"feed": str(feed.pk), "vendor": shop.vendor.pk, "market_site": None}]
    assert API_KEY not in str(list(JournalEvent.objects.values_list("data", flat=True)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT api_key FROM payments_feedapi")
        assert API_KEY not in cursor.fetchone()[0]


def test_a_new_key_takes_the_old_ones_place_and_reading_goes_on_where_it_was(shop: Shop) -> None:
    set_feed_api(actor=shop.owner, feed=shop.feed, client_id="", api_key=API_KEY, now=NOW)
    FeedApi.objects.update(cursor="77", problem="refused")
    assert problems_of_apis([shop.feed]) == {shop.feed.pk: "refused"}

    set_feed_api(actor=shop.owner, feed=shop.feed, client_id="", api_key=API_KEY + "2", now=NOW + timedelta(hours=1))

    kept = FeedApi.objects.get()
    assert (kept.api_key, kept.cursor, kept.problem) == (API_KEY + "2", "77", "")
    assert kept.next_poll_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("kind", "client_id", "api_key", "error"),
    [
        (("sepay", "hmac"), "x", API_KEY, BadClientId),
        (("casso", "hmac"), "x", API_KEY, BadClientId),
        (("payos", "hmac"), "", API_KEY, BadClientId),
        (("payos", "hmac"), "x" * 101, API_KEY, BadClientId),
        (("payos", "hmac"), "a b", API_KEY, BadClientId),
        (("payos", "hmac"), "x", "", BadSecret),
        (("sepay", "hmac"), "", "x" * 201, BadSecret),
        (("vietqrvn", "basic"), "", API_KEY, NoApi),
    ],
)
def test_a_key_that_cannot_be_is_refused(
    shop: Shop, kind: tuple[str, str], client_id: str, api_key: str, error: type[MarketError]
) -> None:
    feed = a_feed(shop.vendor, kind)

    with pytest.raises(error):
        set_feed_api(actor=shop.owner, feed=feed, client_id=client_id, api_key=api_key, now=NOW)

    assert (FeedApi.objects.count(), journal("feed.api_set")) == (0, [])


def test_only_the_owner_gives_a_key(shop: Shop) -> None:
    stranger = a_shop("Hộ ông Páo").owner

    for actor, error in ((ANONYMOUS, NotFound), (stranger, NotFound), (shop.seller, NotAllowed)):
        with pytest.raises(error):
            set_feed_api(actor=actor, feed=shop.feed, client_id="", api_key=API_KEY, now=NOW)

    assert FeedApi.objects.count() == 0


def test_a_closed_feed_is_asked_no_more(shop: Shop) -> None:
    set_feed_api(actor=shop.owner, feed=shop.feed, client_id="", api_key=API_KEY, now=NOW)

    closed = close_feed(actor=shop.owner, feed=shop.feed, now=NOW)

    assert FeedApi.objects.count() == 0
    with pytest.raises(NoApi):
        set_feed_api(actor=shop.owner, feed=closed, client_id="", api_key=API_KEY, now=NOW)


def test_refusals_are_all_the_markets_own() -> None:
    assert all(
        issubclass(error, MarketError) for error in (BadSecret, BadClientId, NoApi, TooManyFeeds, UnsupportedProvider)
    )
