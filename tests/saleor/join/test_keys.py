"""The keys of a Saleor: kept, renewed when another is named, replaced as a whole, and never taken from a webhook."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings as SettingsWrapper

from marketplace.core import clock
from marketplace.core.models import SecurityCounter
from marketplace.saleor import keys
from marketplace.saleor.keys import KeysAway, fetch_keys, renew_keys, usable_keys
from marketplace.saleor.models import Installation
from marketplace.saleor.upkeep import renew_old_keys
from tests.saleor.join.conftest import Ears
from tests.saleor.join.small_saleor import (
    SmallSaleor,
    answer_json,
    body_of,
    header_of,
    jwk,
    key_number,
    post,
    signature,
)

pytestmark = pytest.mark.django_db
JWKS = "/.well-known/jwks.json"
EVENT = "order_updated"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch, now: datetime) -> datetime:
    """Two minutes after the joining."""
    moment = now + timedelta(minutes=2)
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment


def rotate(saleor: SmallSaleor, kid: str = "second", number: int = 2) -> None:
    saleor.keys = {kid: key_number(number)}


def bring(saleor: SmallSaleor, *, kid: str | None = None, key: Any = None, **fields: Any) -> int:
    body = body_of(EVENT, **fields)
    name, own = next(iter(saleor.keys.items()))
    signed = signature(body, key or own, header_of(kid or name))
    return post(Client(), {**saleor.headers(EVENT, body), "Saleor-Signature": signed}, body)[0]


def asked(saleor: SmallSaleor) -> int:
    """How often its keys were asked for since the joining."""
    return saleor.paths().count(JWKS) - 1


def test_a_key_that_is_known_is_asked_for_never(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, later: datetime
) -> None:
    assert [bring(small_saleor, number=number) for number in range(5)] == [200] * 5
    assert asked(small_saleor) == 0


def test_a_saleor_that_changed_its_key_is_understood_and_its_old_key_counts_no_more(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, later: datetime
) -> None:
    old = small_saleor.keys["first"]
    rotate(small_saleor)

    assert bring(small_saleor) == 200

    joined.refresh_from_db()
    assert [one["kid"] for one in joined.jwks["keys"]] == ["second"]
    assert joined.jwks_fetched_at == later
    assert bring(small_saleor, kid="first", key=old, number=2) == 401
    assert asked(small_saleor) == 1


def test_while_both_keys_are_shown_both_are_understood(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, later: datetime
) -> None:
    small_saleor.keys["second"] = key_number(2)

    assert bring(small_saleor, kid="second", key=key_number(2)) == 200
    assert bring(small_saleor, number=2) == 200


def test_names_of_keys_that_nobody_has_cost_one_question_a_minute(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, later: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for minute in range(3):
        monkeypatch.setattr(clock, "now", lambda minute=minute: later + timedelta(seconds=60 * minute))
        statuses = [bring(small_saleor, kid=f"made up {number}", number=number) for number in range(20)]
        assert statuses == [401] * 20
        assert asked(small_saleor) == minute + 1


def test_keys_that_cannot_be_fetched_leave_the_old_ones_and_an_unknown_one_undecided(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, later: datetime
) -> None:
    """It may be the Saleor's new key: refused for good, the event would never be sent again."""
    small_saleor.lies[JWKS] = lambda handler: answer_json(handler, {}, code=500)

    assert [bring(small_saleor, kid="second", key=key_number(2), number=number) for number in range(3)] == [503] * 3
    assert bring(small_saleor) == 200
    assert (asked(small_saleor), SecurityCounter.objects.count()) == (1, 0)


def test_once_they_can_be_fetched_again_the_new_key_is_understood(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, later: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    rotate(small_saleor)
    small_saleor.lies[JWKS] = lambda handler: answer_json(handler, {"keys": []})
    assert bring(small_saleor) == 503

    del small_saleor.lies[JWKS]
    assert bring(small_saleor) == 503
    monkeypatch.setattr(clock, "now", lambda: later + timedelta(seconds=60))
    assert bring(small_saleor) == 200


def test_who_waits_too_long_for_somebody_elses_question_is_told_to_come_again(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, later: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "WAITED_FOR_ASKER_S_MAX", 0.001)
    rotate(small_saleor)

    with keys._one_asks:
        assert bring(small_saleor) == 503
    assert asked(small_saleor) == 0
    assert bring(small_saleor) == 200


def test_a_process_that_lost_the_race_finds_the_key_in_the_row(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, later: datetime
) -> None:
    stale = Installation.objects.get(pk=joined.pk)
    rotate(small_saleor)
    assert renew_keys(joined, now=later)

    assert keys.key_of(stale, "second", now=later) is not None
    assert asked(small_saleor) == 1


def test_two_processes_claim_one_question(small_saleor: SmallSaleor, joined: Installation, later: datetime) -> None:
    other = Installation.objects.get(pk=joined.pk)

    assert [renew_keys(joined, now=later), renew_keys(other, now=later)] == [True, False]
    assert renew_keys(Installation.objects.get(pk=joined.pk), now=later) is False
    assert asked(small_saleor) == 1


def test_keys_fetched_while_another_app_was_installed_are_not_written(
    small_saleor: SmallSaleor, joined: Installation, later: datetime
) -> None:
    Installation.objects.filter(pk=joined.pk).update(app_id="QXBwOjk=", jwks={"keys": []})

    renew_keys(joined, now=later)

    assert Installation.objects.get().jwks == {"keys": []}


def test_the_keys_are_fetched_once_a_day_so_that_a_withdrawn_one_ends(
    small_saleor: SmallSaleor, joined: Installation, now: datetime
) -> None:
    rotate(small_saleor)

    assert renew_old_keys(now + timedelta(hours=23)) == 0
    assert renew_old_keys(now + timedelta(hours=25)) == 1
    assert [one["kid"] for one in Installation.objects.get().jwks["keys"]] == ["second"]


def test_switched_off_or_left_nothing_is_fetched(
    small_saleor: SmallSaleor, joined: Installation, settings: SettingsWrapper, now: datetime
) -> None:
    Installation.objects.update(state="left", token="", left_at=now)
    assert renew_old_keys(now + timedelta(days=9)) == 0
    settings.SALEOR_API_URLS = ()
    assert renew_old_keys(now + timedelta(days=9)) == 0
    assert asked(small_saleor) == 0


def test_a_saleor_that_is_away_has_no_keys(small_saleor: SmallSaleor) -> None:
    small_saleor.lies[JWKS] = lambda handler: answer_json(handler, {}, code=429)

    with pytest.raises(KeysAway):
        fetch_keys(small_saleor.api_url)


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b'{"keys": 5}', b'{"keys": [5, null]}', b"[" * 60_000])
def test_what_is_no_set_of_keys_holds_none(body: bytes) -> None:
    assert usable_keys(body) == []


@pytest.mark.parametrize("kid", ["a\u0000", "\ud800", "", 7, ["first"], None])
def test_a_key_whose_name_no_row_keeps_is_none(kid: object) -> None:
    told = {"keys": [jwk(key_number(1), "first"), jwk(key_number(2), "x") | {"kid": kid}]}

    assert [one["kid"] for one in usable_keys(json.dumps(told).encode())] == ["first"]
