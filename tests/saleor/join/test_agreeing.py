"""A Saleor has the webhooks that this version of ours wants, and each carries a key that only the two know."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings as SettingsWrapper

from marketplace.core import clock
from marketplace.saleor import agreeing
from marketplace.saleor.agreeing import NOT_AGREED, TOKEN_REFUSED, agree, take_back
from marketplace.saleor.manifest import at, webhooks
from marketplace.saleor.models import Installation
from marketplace.saleor.upkeep import agree_on_webhooks
from tests.saleor.join.conftest import Ears
from tests.saleor.join.small_saleor import SmallSaleor, answer_json, body_of, post

pytestmark = pytest.mark.django_db
EVENT = "order_updated"


def as_installed(saleor: SmallSaleor) -> None:
    """The webhooks as the installation made them out of the manifest: without a key."""
    saleor.webhooks = [{"id": f"hook {one['identifier']}", "customHeaders": None, **one} for one in webhooks()]


def key_there(saleor: SmallSaleor) -> str:
    """The one key that all of them carry."""
    [key] = {json.loads(one["customHeaders"])["x-market-key"] for one in saleor.webhooks}
    return str(key)


def mutations(saleor: SmallSaleor) -> list[str]:
    return [body["operationName"] for _path, body, _headers in saleor.asked if "operationName" in body]


def bring(saleor: SmallSaleor, moment: datetime, monkeypatch: pytest.MonkeyPatch, **headers: str) -> int:
    monkeypatch.setattr(clock, "now", lambda: moment)
    body = body_of(EVENT, issuedAt=moment.isoformat())
    return post(Client(), saleor.headers(EVENT, body) | {"X-Market-Key": ""} | headers, body)[0]


def test_every_webhook_of_the_manifest_is_given_the_key(
    small_saleor: SmallSaleor, joined: Installation, now: datetime
) -> None:
    as_installed(small_saleor)

    assert agree(joined, now=now)

    joined.refresh_from_db()
    assert key_there(small_saleor) == joined.webhook_key
    assert len(joined.webhook_key) >= 40
    assert set(mutations(small_saleor)) == {"WhoAmI", "OurWebhooks", "WebhookUpdate"}
    assert len(small_saleor.webhooks) == len(list(webhooks()))


def test_what_was_agreed_on_is_not_said_again(small_saleor: SmallSaleor, joined: Installation, now: datetime) -> None:
    as_installed(small_saleor)
    agree(joined, now=now)
    asked = len(small_saleor.asked)

    assert agree_on_webhooks(now + timedelta(minutes=1)) == 0
    assert agree(joined, now=now + timedelta(minutes=1))
    assert len(small_saleor.asked) == asked


def test_an_app_that_was_made_by_hand_gets_all_of_them(
    small_saleor: SmallSaleor, joined: Installation, now: datetime
) -> None:
    assert agree(joined, now=now)

    assert [one["identifier"] for one in small_saleor.webhooks] == [one["identifier"] for one in webhooks()]
    assert {one["targetUrl"] for one in small_saleor.webhooks} == {at("saleor-webhooks")}
    assert key_there(small_saleor)


def test_another_version_of_ours_has_other_webhooks_and_leaves_those_of_others_alone(
    small_saleor: SmallSaleor, joined: Installation, now: datetime
) -> None:
    as_installed(small_saleor)
    changed, gone, *_rest = small_saleor.webhooks
    changed["query"] = "subscription { event { ... on OrderPaid { order { id } } } }"
    small_saleor.webhooks.remove(gone)
    old = {**changed, "id": "old", "identifier": "gift_card_sent"}
    by_hand = {**changed, "id": "by hand", "identifier": None, "targetUrl": "https://somebody.example/"}
    small_saleor.webhooks += [old, by_hand]

    assert agree(joined, now=now)

    there = {one["id"] for one in small_saleor.webhooks}
    assert "by hand" in there
    assert "old" not in there
    assert {one["identifier"] for one in small_saleor.webhooks} == {None, *(one["identifier"] for one in webhooks())}
    assert changed["query"] == next(webhooks())["query"]


def test_another_address_of_ours_is_told(
    small_saleor: SmallSaleor, joined: Installation, settings: SettingsWrapper, now: datetime
) -> None:
    agree(joined, now=now)
    settings.MARKET_PUBLIC_URL = "https://new.example"

    assert agree_on_webhooks(now) == 1
    assert {one["targetUrl"] for one in small_saleor.webhooks} == {"https://new.example/saleor/webhooks/"}


def test_a_minute_after_saleor_has_the_key_a_webhook_without_it_is_refused(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another App of the same Saleor may send us whatever it likes, signed by the same key of Saleor's."""
    assert bring(small_saleor, now, monkeypatch) == 200
    agree(joined, now=now)
    key = key_there(small_saleor)

    assert bring(small_saleor, now + timedelta(seconds=59), monkeypatch) == 200
    later = now + timedelta(seconds=60)
    assert bring(small_saleor, later, monkeypatch) == 401
    for wrong in ("x", key[:-1], key + "x", key.upper(), "é"):
        assert bring(small_saleor, later, monkeypatch, **{"X-Market-Key": wrong}) == 401
    assert bring(small_saleor, later, monkeypatch, **{"X-Market-Key": key}) == 200
    assert len(ears.heard) == 3


def test_control_without_the_key_another_apps_subscription_is_taken_for_ours(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(joined, now=now)
    monkeypatch.setattr("marketplace.saleor.receiving._has_our_key", lambda *_, **__: True)

    assert bring(small_saleor, now + timedelta(hours=1), monkeypatch) == 200


@pytest.mark.parametrize(
    ("refusal", "problem"),
    [
        ({"field": "query", "message": "not valid", "code": "GRAPHQL_ERROR"}, NOT_AGREED),
        (None, TOKEN_REFUSED),
    ],
)
def test_what_saleor_refuses_is_named_until_it_takes_it(
    small_saleor: SmallSaleor, joined: Installation, now: datetime, refusal: dict[str, Any] | None, problem: str
) -> None:
    apps = small_saleor.apps
    small_saleor.refusal, small_saleor.apps = refusal, {} if refusal is None else apps

    assert agree_on_webhooks(now) == 0
    joined.refresh_from_db()
    assert (joined.problem, joined.webhooks_said, joined.webhook_key_demanded_from) == (problem, "", None)

    small_saleor.refusal, small_saleor.apps = None, apps
    assert agree_on_webhooks(now) == 1
    joined.refresh_from_db()
    assert (joined.problem, bool(joined.webhooks_said)) == ("", True)


def test_an_app_that_saleor_does_not_know_ends_in_the_same_name(
    small_saleor: SmallSaleor, joined: Installation, now: datetime
) -> None:
    small_saleor.lies["/graphql/"] = lambda handler: answer_json(handler, {"data": {"app": None}})

    assert not agree(joined, now=now)
    joined.refresh_from_db()
    assert joined.problem == TOKEN_REFUSED


def test_a_saleor_that_is_away_is_told_later_with_the_same_key(
    small_saleor: SmallSaleor, joined: Installation, now: datetime
) -> None:
    small_saleor.lies["/graphql/"] = lambda handler: answer_json(handler, {}, code=502)
    assert not agree(joined, now=now)
    key = Installation.objects.get().webhook_key

    del small_saleor.lies["/graphql/"]
    assert agree(joined, now=now)
    assert key_there(small_saleor) == key


def test_a_key_of_the_fields_that_is_missing_stops_nothing_else(
    small_saleor: SmallSaleor, joined: Installation, settings: SettingsWrapper, now: datetime
) -> None:
    settings.MARKET_FIELD_KEYS = ["MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="]

    assert agree_on_webhooks(now) == 0
    assert take_back(Installation.objects.defer("token").get()) is False


def test_headers_there_that_cannot_be_read_are_written_anew(
    small_saleor: SmallSaleor, joined: Installation, now: datetime
) -> None:
    as_installed(small_saleor)
    small_saleor.webhooks[0]["customHeaders"] = "{"
    small_saleor.webhooks[1]["customHeaders"] = "[]"

    assert agree(joined, now=now)
    assert key_there(small_saleor)


def test_switched_off_nobody_is_told(
    small_saleor: SmallSaleor, joined: Installation, settings: Any, now: datetime
) -> None:
    settings.SALEOR_API_URLS = ()
    asked = len(small_saleor.asked)

    assert agree_on_webhooks(now) == 0
    assert len(small_saleor.asked) == asked


def test_an_installation_that_was_replaced_meanwhile_is_not_marked_as_agreed(
    small_saleor: SmallSaleor, joined: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replaced(*_: object, **__: object) -> None:
        Installation.objects.update(app_id="QXBwOjk=", webhook_key="")

    monkeypatch.setattr(agreeing, "_bring_about", replaced)

    agree(joined, now=now)
    assert Installation.objects.get().webhooks_said == ""
