"""Whose turn it is to be polled, by whom, for how long; and what the operator hears of it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from marketplace.core.tasks import periodic_tasks
from marketplace.running.doctor import examine
from payments.invariants import violations
from payments.models import BankNotice, Feed, FeedApi
from payments.services import polling
from payments.services.feeds import close_feed
from payments.services.polling import JITTER, POLL_SOON_S
from payments.tasks import poll_feeds
from tests.payments.banks import a_feed, told
from tests.payments.factories import NOW, PRICE_VND, Shop, a_shop, an_order, code_of, moved, send
from tests.payments.listing import an_api, casso_row, later, poll, poll_again, sepay_row
from tests.payments.provider_server import (
    Asked,
    ProviderServer,
)
from tests.plugins.database import at_once

PAID_ONCE = [("charge_success", PRICE_VND, "bank")]
Row = Callable[..., dict[str, Any]]
numbers = count(5_000_000)


@pytest.fixture
def shop(money_adds_up: None) -> Shop:
    return a_shop()


def add_row(provider: ProviderServer, feed: Feed, number: int, account: str, content: str, **more: Any) -> None:
    """The feed's provider knows of a transfer."""
    if feed.provider == Feed.Provider.CASSO:
        provider.casso_rows.append(casso_row(number, account, content, **more))
    else:
        provider.sepay_rows.append(sepay_row(number, account, content, **more))


def give_notice(feed: Feed, number: int, account: str, content: str) -> None:
    """The feed's provider tells of the same transfer by its notice."""
    assert send(feed, told(feed, account, content, notice_id=number)).status == 200


@pytest.fixture(params=["sepay", "casso"])
def feed(request: pytest.FixtureRequest, shop: Shop) -> Feed:
    """A feed of each provider that has a list."""
    made = shop.feed if request.param == "sepay" else a_feed(shop.vendor, ("casso", "hmac"))
    an_api(made)
    return made


# --- Whose turn it is -----------------------------------------------------------------------------------


def test_only_feeds_that_are_due_open_and_to_be_polled_are_asked(provider: ProviderServer, shop: Shop) -> None:
    early, stopped, closed, unknown = (a_shop().feed for _ in range(4))
    for feed in (early, stopped, closed, unknown):
        an_api(feed)
    FeedApi.objects.filter(feed=early).update(next_poll_at=later(1))
    FeedApi.objects.filter(feed=stopped).update(is_polled=False)
    Feed.objects.filter(pk=closed.pk).update(is_active=False)
    Feed.objects.filter(pk=unknown.pk).update(provider="vietqrvn")

    assert poll() == 0

    assert provider.asked == []


def test_a_list_too_long_for_one_poll_is_gone_on_with_soon(
    provider: ProviderServer, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "PAGES_A_POLL_MAX", 1)
    monkeypatch.setattr(polling.casso, "ROWS_A_PAGE", 2)
    feed = a_feed(shop.vendor, ("casso", "hmac"))
    an_api(feed)
    for number in range(1, 6):
        add_row(provider, feed, number, shop.account, "x")

    first = poll_again(feed)
    assert (first.next_poll_at - NOW).total_seconds() <= POLL_SOON_S * (1 + JITTER)
    assert BankNotice.objects.count() == 2
    for minute in (1, 2):
        poll_again(feed, now=later(minute))

    assert BankNotice.objects.count() == 5
    assert [asked.query["page"] for asked in provider.asked] == ["1", "2", "3"]


def test_a_run_ends_in_time_and_goes_on_soon(
    provider: ProviderServer, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = count(0, polling.RUN_S_MAX // 2)
    monkeypatch.setattr(polling, "monotonic", lambda: next(seconds))
    monkeypatch.setattr(polling.casso, "ROWS_A_PAGE", 2)
    feed = a_feed(shop.vendor, ("casso", "hmac"))
    an_api(feed)
    an_api(shop.feed, now=later(0.1))
    for number in range(1, 6):
        add_row(provider, feed, number, shop.account, "x")

    assert poll(later(1)) == 1

    assert provider.paths() == ["GET /v2/transactions"]
    assert (FeedApi.objects.get(feed=feed).next_poll_at - later(1)).total_seconds() <= POLL_SOON_S * (1 + JITTER)


def test_a_feed_that_another_took_over_is_left_to_it(
    provider: ProviderServer, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling.casso, "ROWS_A_PAGE", 2)
    feed = a_feed(shop.vendor, ("casso", "hmac"))
    an_api(feed)
    for number in range(1, 6):
        add_row(provider, feed, number, shop.account, "x")
    theirs = later(77)
    keep = polling._keep

    def keep_and_lose(*arguments: Any, **named: Any) -> None:
        keep(*arguments, **named)
        FeedApi.objects.filter(feed=feed).update(next_poll_at=theirs, cursor="theirs")

    monkeypatch.setattr(polling, "_keep", keep_and_lose)

    poll()

    api = FeedApi.objects.get(feed=feed)
    assert (api.next_poll_at, api.cursor) == (theirs, "theirs")
    assert len(provider.asked) == 1
    assert BankNotice.objects.count() == 2


@pytest.mark.usefixtures("committed_db")
def test_two_workers_at_once_poll_once(provider: ProviderServer) -> None:
    shop = a_shop()
    an_api(shop.feed)
    order = an_order(shop)
    provider.sepay_rows.append(sepay_row(7, shop.account, code_of(order)))

    answers = at_once([poll] * 4)

    assert sorted(answers, key=str) == [0, 0, 0, 1]
    assert len(provider.asked) == 1
    assert moved(order) == PAID_ONCE
    assert violations() == []


@pytest.mark.usefixtures("committed_db")
def test_control_without_the_claim_two_workers_poll_twice_and_still_book_once(
    provider: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = a_shop()
    an_api(shop.feed)
    order = an_order(shop)
    provider.sepay_rows.append(sepay_row(7, shop.account, code_of(order)))
    claim = polling._claim(NOW, away=())
    assert claim is not None
    monkeypatch.setattr(polling, "_claim", lambda *_args, **_named: claim)

    at_once([lambda: polling.poll_due(now=NOW, at_most=1) for _ in range(2)])

    assert len(provider.asked) == 2
    assert moved(order) == PAID_ONCE
    assert violations() == []


@pytest.mark.usefixtures("committed_db")
def test_the_provider_is_asked_outside_any_transaction(provider: ProviderServer) -> None:
    """While the provider thinks, another may change what the poll is about."""
    shop = a_shop()
    an_api(shop.feed)

    def change(_: Asked) -> None:
        at_once([lambda: Feed.objects.filter(pk=shop.feed.pk).update(last_notice_at=NOW)])

    provider.before_answer = change

    assert poll() == 1
    assert Feed.objects.get(pk=shop.feed.pk).last_notice_at == NOW


# --- The task and the doctor ------------------------------------------------------------------------------


def test_feeds_are_polled_by_a_task_that_waits_for_nobody(provider: ProviderServer, shop: Shop, feed: Feed) -> None:
    (task,) = [one for one in periodic_tasks() if one.name == "payments.poll_feeds"]

    assert (task.is_slow, task.every_s) == (True, 30)
    assert poll_feeds(NOW) == 1


def findings(subject: str) -> list[tuple[bool, str]]:
    return [(one.well, one.sentence) for one in examine(now=NOW) if one.subject.startswith(subject)]


def test_the_doctor_names_every_feed_that_cannot_be_polled(provider: ProviderServer, shop: Shop) -> None:
    for feed in (shop.feed, a_shop().feed):
        an_api(feed)
    assert findings("poll") == [(True, "2 feeds are asked for what was missed, no problem")]

    FeedApi.objects.filter(feed=shop.feed).update(problem="refused")
    assert findings("poll") == [(False, "refused, last well never: put in the provider's key anew")]

    FeedApi.objects.update(problem="unreadable_secret", polled_at=NOW)
    assert len(findings("poll of feed")) == 2
    assert all("MARKET_FIELD_KEYS" in sentence for _, sentence in findings("poll"))

    FeedApi.objects.update(problem="unreachable")
    assert all("reachable" in sentence for _, sentence in findings("poll"))
    close_feed(actor=shop.owner, feed=shop.feed, now=NOW)
    assert len(findings("poll of feed")) == 1
