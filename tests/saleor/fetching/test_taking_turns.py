"""A round's time is shared evenly between Saleors, and no thing that fails ends the round for those behind it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from marketplace.saleor import rounds
from marketplace.saleor.client import SaleorRefuses
from marketplace.saleor.fetching import Taker, fetch_due, want
from marketplace.saleor.models import Installation, ToFetch
from marketplace.saleor.rounds import PAUSE_S_MAX, ROUND_S_MAX
from tests.saleor.fetching.conftest import Told

ORDER = ToFetch.Kind.ORDER


@pytest.fixture
def other(installation: Installation, now: datetime) -> Installation:
    return Installation.objects.create(api_url="https://other.example/graphql/", token="b" * 30, installed_at=now)


@pytest.fixture
def passed_s(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock by which rounds measure how long something took."""
    passed = [0.0]
    monkeypatch.setattr(rounds, "monotonic", lambda: passed[0])
    return passed


def fetch(now: datetime, *, at_most: int = 100) -> int:
    return fetch_due(takers={ORDER: Taker("Order", lambda *_: None)}, now=now, at_most=at_most)


def wanted(installation: Installation, name: str, count: int, now: datetime) -> None:
    for number in range(count):
        want(installation=installation, kind=ORDER, saleor_id=f"{name}{number}", now=now)


def test_a_slow_saleor_with_much_to_tell_holds_up_no_other(
    installation: Installation, other: Installation, saleor: Told, now: datetime, passed_s: list[float]
) -> None:
    def answer(saleor_id: str) -> Mapping[str, Any]:
        passed_s[0] += 20 if saleor_id.startswith("slow") else 1
        return {"order": {"id": saleor_id}}

    saleor.answer = answer
    wanted(installation, "slow", 50, now - timedelta(hours=1))
    wanted(other, "quick", 5, now)

    assert fetch(now) == 3 + 5
    assert saleor.asked == ["slow0", "quick0", "quick1", "quick2", "quick3", "quick4", "slow1", "slow2"]
    assert passed_s[0] >= ROUND_S_MAX


def test_two_saleors_with_much_to_tell_take_turns(
    installation: Installation, other: Installation, saleor: Told, now: datetime, passed_s: list[float]
) -> None:
    def answer(saleor_id: str) -> Mapping[str, Any]:
        passed_s[0] += 1
        return {"order": {"id": saleor_id}}

    saleor.answer = answer
    wanted(installation, "a", 50, now - timedelta(hours=1))
    wanted(other, "b", 50, now)

    assert fetch(now, at_most=6) == 6
    assert sorted(saleor.asked) == ["a0", "a1", "a2", "b0", "b1", "b2"]


@pytest.mark.parametrize("words", ["\ud800", "\u0000"])
def test_what_is_refused_in_words_that_no_row_keeps_used_up_a_try(
    words: str, installation: Installation, other: Installation, saleor: Told, now: datetime
) -> None:
    def answer(saleor_id: str) -> Mapping[str, Any]:
        if saleor_id == "odd0":
            raise SaleorRefuses(words)
        return {"order": {"id": saleor_id}}

    saleor.answer = answer
    wanted(installation, "odd", 1, now)
    wanted(other, "good", 1, now)

    assert fetch(now) == 1
    row = ToFetch.objects.get()
    assert (row.saleor_id, row.attempts, row.problem) == ("odd0", 1, "Saleor từ chối: \ufffd")


@pytest.mark.django_db(transaction=True)
def test_what_cannot_even_be_put_off_with_its_reason_is_put_off_without(
    installation: Installation, other: Installation, saleor: Told, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentence = rounds._sentence

    def in_words(error: Exception) -> str:
        return "\ud800" if isinstance(error, SaleorRefuses) else sentence(error)

    def answer(saleor_id: str) -> Mapping[str, Any]:
        if saleor_id == "odd0":
            raise SaleorRefuses("no")
        return {"order": {"id": saleor_id}}

    monkeypatch.setattr(rounds, "_sentence", in_words)
    saleor.answer = answer
    wanted(installation, "odd", 1, now)
    wanted(other, "good", 1, now)

    assert fetch(now) == 1
    row = ToFetch.objects.get()
    assert (row.attempts, row.problem) == (1, "Không hiểu câu trả lời của Saleor: UnicodeEncodeError")
    assert now < row.not_before <= now + timedelta(seconds=PAUSE_S_MAX)
