"""`market site-feed`: the operator opens, changes and closes the feed of a whole market site."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from click.testing import CliRunner, Result

from marketplace.cli.group import market
from marketplace.core.errors import MarketError, NotFound
from marketplace.places.models import MarketSite
from payments.models import Feed, FeedApi
from payments.services.feeds import BadSecret, UnsupportedProvider, create_feed, notice_path
from tests.payments.factories import NENH, NOW, SECRET, a_shop

pytestmark = pytest.mark.django_db
GIVEN = "1a54716c8f0efb2744fb28b6e38b25da"


@pytest.fixture(autouse=True)
def _site(db: None) -> None:
    MarketSite.objects.create(slug="cho-thu", name="Chợ thử", kind="market", commune_id=NENH)


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(market, ["site-feed", *arguments], input=typed)


def printed(*arguments: str, typed: str = "") -> dict[str, Any]:
    result = run(*arguments, typed=typed)
    assert result.exit_code == 0, result.output
    shown: dict[str, Any] = json.loads(result.output)
    return shown


def refused(*arguments: str, typed: str = "") -> BaseException | None:
    before = Feed.objects.count()
    result = run(*arguments, typed=typed)
    assert result.exit_code == 1
    assert Feed.objects.count() == before
    return result.exception


def test_a_feed_s_address_and_secret_are_printed_once() -> None:
    shown = printed("add", "cho-thu")

    feed = Feed.objects.get()
    assert (feed.provider, feed.auth, feed.market_site.slug if feed.market_site else "") == (
        "sepay",
        "hmac",
        "cho-thu",
    )
    assert shown["url"].endswith(notice_path(feed))
    assert (shown["feed"], shown["username"], shown["secret"]) == (str(feed.pk), None, feed.secret)


def test_a_user_name_goes_with_a_password() -> None:
    shown = printed("add", "cho-thu", "--provider", "vietqrvn", "--auth", "basic")

    assert (shown["username"], shown["secret"]) == (Feed.objects.get().username, Feed.objects.get().secret)


def test_a_secret_of_the_providers_is_read_and_not_printed() -> None:
    shown = printed("add", "cho-thu", "--provider", "casso", typed=f"{GIVEN}\n")

    assert Feed.objects.get().secret == GIVEN
    assert shown["secret"] is None


def test_a_secret_is_replaced_with_an_overlap() -> None:
    ours, theirs = printed("add", "cho-thu"), printed("add", "cho-thu", "--provider", "casso", typed=f"{GIVEN}\n")

    rotated = printed("rotate", ours["feed"])
    printed("rotate", theirs["feed"], typed=f"{SECRET}\n")

    kept = {str(feed.pk): (feed.secret, feed.previous_secret) for feed in Feed.objects.all()}
    assert kept == {ours["feed"]: (rotated["secret"], ours["secret"]), theirs["feed"]: (SECRET, GIVEN)}


def test_a_feed_is_asked_and_closed() -> None:
    feed = printed("add", "cho-thu", "--provider", "casso", typed=f"{GIVEN}\n")["feed"]

    assert run("api", feed, typed=f"{SECRET}\n").exit_code == 0
    kept = FeedApi.objects.get()
    assert (kept.client_id, kept.api_key) == ("", SECRET)

    assert run("close", feed).exit_code == 0
    assert (Feed.objects.get().is_active, FeedApi.objects.count()) == (False, 0)
    for step in ("rotate", "close", "api"):
        assert isinstance(refused(step, feed, typed=f"{SECRET}\n"), NotFound)


@pytest.mark.parametrize(
    ("arguments", "typed", "error"),
    [
        (("add", "nowhere"), "", NotFound),
        (("add", "cho-thu", "--provider", "vietqrvn"), "", UnsupportedProvider),
        (("add", "cho-thu", "--provider", "casso"), "short\n", BadSecret),
        (("add", "cho-thu", "--provider", "casso"), "", BadSecret),
        (("rotate", str(uuid.UUID(int=1))), "", NotFound),
    ],
)
def test_what_cannot_be_is_refused(arguments: tuple[str, ...], typed: str, error: type[MarketError]) -> None:
    assert isinstance(refused(*arguments, typed=typed), error)


def test_payos_is_refused_for_a_site_and_the_sentence_says_whose_feed_it_must_be() -> None:
    error = refused("add", "cho-thu", "--provider", "payos", typed=f"{GIVEN}\n")

    assert isinstance(error, UnsupportedProvider)
    assert str(error) == (
        "payOS chỉ nhận tiền qua liên kết của từng gian hàng. Chủ gian hàng tự mở nguồn này ở trang /sell/feeds/."
    )


def test_control_a_shop_opens_a_feed_of_payos() -> None:
    shop = a_shop()

    made = create_feed(actor=shop.owner, vendor=shop.vendor, provider="payos", secret=GIVEN, now=NOW)

    assert (made.feed.provider, made.feed.vendor_id) == ("payos", shop.vendor.pk)


def test_a_shop_s_own_feed_is_its_owner_s() -> None:
    shop = a_shop()

    assert isinstance(refused("close", str(shop.feed.pk)), NotFound)
    shop.feed.refresh_from_db()
    assert shop.feed.is_active
