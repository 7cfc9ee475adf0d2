"""Polling: what notices missed is read from the providers' lists, and the books are the same in any order."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import OperationalError
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from marketplace.core import secrets
from payments.models import BankNotice, Feed, FeedApi, NoticeDelivery
from payments.services import polling
from payments.services.keeping import NotKept
from payments.services.polling import BACKOFF_S_MAX, JITTER, LEASE_S, POLL_EVERY_S
from tests.payments.banks import a_feed, told
from tests.payments.factories import NOW, PRICE_VND, Shop, a_shop, an_order, code_of, moved, send, waiting
from tests.payments.listing import HASTY, an_api, casso_row, later, poll, poll_again, sepay_row
from tests.payments.provider_server import (
    Play,
    ProviderServer,
    half_a_body,
    held,
    html,
    json_body,
    nothing_at_all,
    status,
)
from tests.payments.unguarded import take_off

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


# --- The same books ---------------------------------------------------------------------------------


def test_a_transfer_whose_notice_was_lost_is_booked_by_the_poll(
    provider: ProviderServer, shop: Shop, feed: Feed
) -> None:
    order = an_order(shop)
    add_row(provider, feed, 7, shop.account, code_of(order))

    assert poll() == 1

    assert moved(order) == PAID_ONCE
    api = FeedApi.objects.get(feed=feed)
    assert (api.problem, api.polled_at) == ("", NOW)
    pause = timedelta(seconds=POLL_EVERY_S)
    assert NOW + pause * (1 - JITTER) <= api.next_poll_at <= NOW + pause * (1 + JITTER)


def test_a_notice_first_and_then_the_poll_book_once(provider: ProviderServer, shop: Shop, feed: Feed) -> None:
    order = an_order(shop)
    add_row(provider, feed, 7, shop.account, code_of(order))
    give_notice(feed, 7, shop.account, code_of(order))

    poll()

    assert moved(order) == PAID_ONCE
    assert (BankNotice.objects.count(), NoticeDelivery.objects.count()) == (1, 1)


def test_the_poll_first_and_then_the_notice_book_once(provider: ProviderServer, shop: Shop, feed: Feed) -> None:
    order = an_order(shop)
    add_row(provider, feed, 7, shop.account, code_of(order))
    poll()

    give_notice(feed, 7, shop.account, code_of(order))

    assert moved(order) == PAID_ONCE
    assert BankNotice.objects.count() == 1


@hypothesis_settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(deeds=st.lists(st.sampled_from(["poll", "poll", 0, 1, 2, 3]), min_size=1, max_size=10))
def test_notices_and_polls_in_any_order_and_any_number_make_the_same_books(
    provider: ProviderServer, feed: Feed, deeds: list[Any]
) -> None:
    """Four transfers: paid in full, in part, without a code, and out of the account. Duplicated and shuffled rows."""
    shop = a_shop()
    take_off(["feed_keeps_its_owner"])  # one feed for all examples, which told of money for another shop by now
    Feed.objects.filter(pk=feed.pk).update(vendor=shop.vendor)
    feed.vendor = shop.vendor
    FeedApi.objects.filter(feed=feed).update(cursor="")
    full, part = an_order(shop), an_order(shop, quantity=2)
    contents = [code_of(full), code_of(part), "khong co ma", code_of(full).lower() + " tien ra"]
    ids = [next(numbers) for _ in contents]
    provider.sepay_rows.clear()
    provider.casso_rows.clear()
    for number, content in zip(ids, contents, strict=True):
        way: dict[str, Any] = {}
        if content.endswith("ra"):
            way = (
                {"amount": -PRICE_VND} if feed.provider == "casso" else {"amount_in": "0.00", "amount_out": PRICE_VND}
            )
        add_row(provider, feed, number, shop.account, content, **way)
    provider.sepay_rows *= 2
    provider.casso_rows *= 2

    for deed in deeds:
        if deed == "poll":
            poll_again(feed)
        else:
            notice = told(feed, shop.account, contents[deed], notice_id=ids[deed], is_incoming=deed != 3)
            assert send(feed, notice).status == 200
    poll_again(feed)

    assert moved(full) == PAID_ONCE
    assert moved(part) == PAID_ONCE
    assert sorted(waiting(shop)) == [("partial", PRICE_VND), ("unmatched", PRICE_VND)]
    kept = BankNotice.objects.filter(feed=feed, provider_tx_id__in=map(str, ids))
    assert sorted(kept.values_list("state", "why")) == [
        ("booked", ""),
        ("booked", ""),
        ("ignored", "outgoing"),
        ("review", "no_code"),
    ]


def test_a_row_that_appears_late_with_a_lower_id_is_booked(provider: ProviderServer, shop: Shop, feed: Feed) -> None:
    order = an_order(shop)
    for number, minute in ((500, 0), (600, 40), (700, 80)):
        add_row(provider, feed, number, shop.account, "x", at=later(minute))
        poll_again(feed, now=later(minute))
    add_row(provider, feed, 650, shop.account, code_of(order), at=later(79))

    for minute in (85, 145):
        poll_again(feed, now=later(minute))

    assert moved(order) == PAID_ONCE


def test_an_empty_list_changes_nothing(provider: ProviderServer, shop: Shop, feed: Feed) -> None:
    assert poll() == 1

    assert NoticeDelivery.objects.count() == 0


def test_rows_that_are_known_are_not_kept_again_and_what_is_new_is_kept_as_it_stood_there(
    provider: ProviderServer, shop: Shop, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "ROWS_KEPT_AT_ONCE", 2)
    for number in range(1, 6):
        add_row(provider, feed, number, shop.account, f"x{number}")

    poll_again(feed)
    poll_again(feed)

    bodies = [json.loads(bytes(one.raw_body or b"")) for one in NoticeDelivery.objects.order_by("pk")]
    rows = provider.casso_rows or provider.sepay_rows
    assert [len(body) for body in bodies] == [2, 2, 1]
    assert sorted((row for body in bodies for row in body), key=lambda row: int(row["id"])) == rows
    assert BankNotice.objects.count() == 5


# --- What goes wrong ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plays", "problem"),
    [
        ([status(500), status(502)], "unreachable"),
        ([nothing_at_all, nothing_at_all], "unreachable"),
        ([half_a_body], "unreachable"),
        ([status(302, headers={"Location": "/"})], "unreachable"),
        ([status(401)], "refused"),
        ([status(403)], "refused"),
        ([status(429, headers={"Retry-After": "120"})], "rate_limited"),
        ([html], "not_its_shape"),
        ([json_body([])], "not_its_shape"),
        ([json_body({"error": 0, "status": 200, "transactions": 5, "data": 5})], "not_its_shape"),
        ([status(404, body=b"gone")], "not_its_shape"),
    ],
)
def test_a_poll_that_fails_says_why_loses_nothing_and_is_tried_again(
    provider: ProviderServer, shop: Shop, feed: Feed, plays: list[Play], problem: str
) -> None:
    order = an_order(shop)
    add_row(provider, feed, 7, shop.account, code_of(order))
    provider.faults.extend(plays)

    assert poll() == 0

    failed = FeedApi.objects.get(feed=feed)
    assert (failed.problem, failed.polled_at, failed.cursor) == (problem, None, "")
    assert NOW < failed.next_poll_at <= NOW + timedelta(seconds=POLL_EVERY_S) * (1 + JITTER)
    assert moved(order) == []

    assert poll(later(10)) == 1
    assert FeedApi.objects.get(feed=feed).problem == ""
    assert moved(order) == PAID_ONCE


def test_a_provider_that_does_not_answer_in_time_is_asked_again_later(
    provider: ProviderServer, shop: Shop, feed: Feed
) -> None:
    provider.faults.append(held)

    assert poll(limits=HASTY) == 0

    assert FeedApi.objects.get(feed=feed).problem == "unreachable"


def test_a_provider_that_asks_for_patience_is_given_it(provider: ProviderServer, shop: Shop, feed: Feed) -> None:
    provider.faults.append(status(429, headers={"Retry-After": "1000"}))

    poll()

    again = FeedApi.objects.get(feed=feed).next_poll_at
    assert timedelta(seconds=1000) * (1 - JITTER) <= again - NOW <= timedelta(seconds=1000) * (1 + JITTER)


def test_the_longer_a_problem_lasts_the_more_rarely_is_it_tried_and_once_an_hour_at_least(
    provider: ProviderServer, shop: Shop, feed: Feed
) -> None:
    poll_again(feed)
    pauses = []
    for minutes in (5, 20, 600):
        provider.faults.append(status(401))
        api = poll_again(feed, now=later(minutes))
        pauses.append((api.next_poll_at - later(minutes)).total_seconds())

    for pause, wanted in zip(pauses, (300, 1200, BACKOFF_S_MAX), strict=True):
        assert wanted * (1 - JITTER) <= pause <= wanted * (1 + JITTER)


def test_a_crash_between_keeping_a_page_and_moving_the_cursor_changes_nothing(
    provider: ProviderServer, shop: Shop, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order(shop)
    add_row(provider, feed, 7, shop.account, code_of(order))

    def die(*_: object) -> bool:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(polling, "_advance", die)
        with pytest.raises(SystemExit):
            poll()

    claimed = FeedApi.objects.get(feed=feed)
    assert (claimed.cursor, moved(order)) == ("", PAID_ONCE)
    assert poll(NOW) == 0
    assert poll(NOW + timedelta(seconds=LEASE_S + 1)) == 1
    assert moved(order) == PAID_ONCE
    assert BankNotice.objects.count() == 1


def test_control_what_lies_below_the_overlap_is_not_read_again(provider: ProviderServer, shop: Shop) -> None:
    api = an_api(shop.feed)
    order = an_order(shop)
    for number, minute in ((500, 0), (600, 40), (700, 80)):
        add_row(provider, shop.feed, number, shop.account, "x", at=later(minute))
        poll_again(shop.feed, now=later(minute))
    add_row(provider, shop.feed, 400, shop.account, code_of(order), at=later(80))

    poll_again(shop.feed, now=later(85))

    api.refresh_from_db()
    assert json.loads(api.cursor)["floor"] > 400
    assert moved(order) == []


def test_a_page_that_the_database_could_not_keep_is_read_again(
    provider: ProviderServer, shop: Shop, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order(shop)
    add_row(provider, feed, 7, shop.account, code_of(order))

    def busy(*_: object, **__: object) -> None:
        raise NotKept("busy")

    with monkeypatch.context() as patch:
        patch.setattr(polling, "take_in", busy)
        assert poll() == 0

    assert FeedApi.objects.get(feed=feed).problem == "not_kept"
    assert FeedApi.objects.get(feed=feed).cursor == ""
    poll(later(10))
    assert moved(order) == PAID_ONCE


def test_rows_that_cannot_be_read_are_told_of_and_hold_nothing_up(
    provider: ProviderServer, shop: Shop, feed: Feed, caplog: pytest.LogCaptureFixture
) -> None:
    order = an_order(shop)
    add_row(provider, feed, 6, "", "a secret of somebody's")
    add_row(provider, feed, 7, shop.account, code_of(order))

    assert poll() == 0

    assert FeedApi.objects.get(feed=feed).problem == "unreadable_rows"
    assert moved(order) == PAID_ONCE
    assert "1 rows of feed" in caplog.text
    assert "somebody" not in caplog.text


def test_whatever_else_goes_wrong_stays_in_its_feed_and_says_nothing_personal(
    provider: ProviderServer, shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    an_api(shop.feed)
    other = a_shop()
    an_api(a_feed(other.vendor, ("casso", "hmac")))
    order = an_order(other)
    provider.casso_rows.append(casso_row(1, other.account, code_of(order)))

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("NGUYEN VAN A 0987654321")

    monkeypatch.setattr(polling.sepay, "SePayList", fail)

    assert poll() == 1

    assert FeedApi.objects.get(feed=shop.feed).problem == "failed"
    assert moved(order) == PAID_ONCE
    assert "RuntimeError" in caplog.text
    assert "NGUYEN" not in caplog.text


def test_a_feed_whose_secret_cannot_be_read_holds_up_nobody_else(
    provider: ProviderServer, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_api(shop.feed)
    FeedApi.objects.filter(feed=shop.feed).update(next_poll_at=NOW - timedelta(days=1))
    other = a_shop()
    an_api(other.feed)
    order = an_order(other)
    provider.sepay_rows.append(sepay_row(1, other.account, code_of(order)))
    readable = secrets.decrypt

    def decrypt(stored: str) -> str:
        if stored == unreadable:
            raise secrets.UnreadableSecret("gone")
        return readable(stored)

    with monkeypatch.context() as patch:
        patch.setattr(secrets, "decrypt", lambda stored: stored)
        unreadable = FeedApi.objects.values_list("api_key", flat=True).get(feed=shop.feed)
    monkeypatch.setattr(secrets, "decrypt", decrypt)

    assert poll() == 1

    problems = FeedApi.objects.filter(feed=shop.feed).values_list("problem", flat=True)
    assert list(problems) == ["unreadable_secret"]
    assert moved(order) == PAID_ONCE


@pytest.mark.parametrize("play", [status(429), nothing_at_all])
def test_a_provider_that_is_away_is_left_alone_for_the_rest_of_the_run(
    provider: ProviderServer, shop: Shop, play: Play
) -> None:
    for feed in (shop.feed, a_shop().feed, a_shop().feed, a_feed(shop.vendor, ("casso", "hmac"))):
        an_api(feed)
    provider.broken["/userapi/transactions/list"] = play
    FeedApi.objects.filter(feed=shop.feed).update(next_poll_at=NOW - timedelta(days=1))

    assert poll() == 1

    assert sorted(set(provider.paths())) == ["GET /userapi/transactions/list", "GET /v2/transactions"]
    assert sorted(FeedApi.objects.exclude(problem="").values_list("feed", flat=True)) == [shop.feed.pk]
    assert FeedApi.objects.filter(next_poll_at=NOW).count() == 2


def test_a_database_that_is_away_is_waited_for(
    provider: ProviderServer, shop: Shop, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("away")

    with monkeypatch.context() as patch:
        patch.setattr(polling, "lock_if_free", away)
        assert poll() == 0

    assert provider.asked == []
    assert poll() == 1
