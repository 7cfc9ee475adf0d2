"""What is wanted of a Saleor is fetched once, taken over with its row's end, and lost by no outage of either side."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from marketplace.core.errors import Conflict
from marketplace.saleor import rounds
from marketplace.saleor.client import SaleorAway, SaleorRefuses, TokenRefused
from marketplace.saleor.fetching import Taker, fetch_due, want
from marketplace.saleor.models import Installation, SaleorObject, ToFetch
from marketplace.saleor.rounds import ATTEMPTS_MAX, CLAIM_S, PAUSE_S_MAX, PAUSE_S_MIN, ROUND_S_MAX, pause_s
from tests.saleor.fetching.conftest import Told

ORDER = ToFetch.Kind.ORDER
taken: list[str] = []


@pytest.fixture(autouse=True)
def nothing_taken_yet() -> None:
    taken.clear()


def take(installation: Installation, saleor_id: str, told: Mapping[str, Any], now: datetime) -> None:
    assert connection.in_atomic_block
    SaleorObject.objects.create(installation=installation, kind="product", our_id=saleor_id)
    if "refuse" in told["order"]:
        raise Conflict(told["order"]["refuse"])
    if "fault" in told["order"]:
        raise told["order"]["fault"]
    taken.append(saleor_id)


def fetch(now: datetime, *, at_most: int = 100) -> int:
    return fetch_due(takers={ORDER: Taker("Order", take)}, now=now, at_most=at_most)


def wanted(installation: Installation, *saleor_ids: str, now: datetime) -> None:
    for saleor_id in saleor_ids:
        want(installation=installation, kind=ORDER, saleor_id=saleor_id, now=now)


def test_what_is_wanted_is_asked_for_once_taken_over_and_gone(
    installation: Installation, saleor: Told, now: datetime
) -> None:
    wanted(installation, "a", "b", "a", "a", now=now)

    assert fetch(now) == 2
    assert (saleor.asked, taken, ToFetch.objects.count()) == (["a", "b"], ["a", "b"], 0)
    assert fetch(now) == 0


def test_at_most_so_many_are_fetched_in_a_round(installation: Installation, saleor: Told, now: datetime) -> None:
    wanted(installation, *"abcde", now=now)

    assert [fetch(now, at_most=2) for _round in range(4)] == [2, 2, 1, 0]


def test_saleor_is_asked_outside_of_any_transaction_of_the_row(
    installation: Installation, saleor: Told, now: datetime
) -> None:
    """A slow Saleor must not hold a writer's turn: inside the test's own transaction there is no second one."""
    depths: list[int] = []

    def answer(saleor_id: str) -> Mapping[str, Any]:
        depths.append(len(connection.savepoint_ids))
        return {"order": {"id": saleor_id}}

    saleor.answer = answer
    wanted(installation, "a", now=now)
    before = len(connection.savepoint_ids)

    fetch(now)

    assert depths == [before]


@pytest.mark.parametrize("spent_s", [0, 50])
def test_a_row_is_claimed_from_its_own_turn_and_not_from_the_beginning_of_its_round(
    spent_s: int, installation: Installation, saleor: Told, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a first row that took long, when the claims of the round's beginning are over, the second is nobody's."""
    passed_s = [0]
    monkeypatch.setattr(rounds, "monotonic", lambda: float(passed_s[0]))
    others: list[int] = []

    def answer(saleor_id: str) -> Mapping[str, Any]:
        if saleor_id == "a":
            passed_s[0] += spent_s
        elif not others:
            others.append(-1)
            others.append(fetch(now + timedelta(seconds=spent_s + CLAIM_S - 1)))
        return {"order": {"id": saleor_id}}

    saleor.answer = answer
    wanted(installation, "a", "b", now=now)

    assert fetch(now) == 2
    assert others == [-1, 0]
    assert taken == ["a", "b"]


def test_a_round_ends_long_before_its_claims(
    installation: Installation, saleor: Told, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed_s = [0.0]
    monkeypatch.setattr(rounds, "monotonic", lambda: passed_s[0])

    def answer(saleor_id: str) -> Mapping[str, Any]:
        passed_s[0] += ROUND_S_MAX / 2
        return {"order": {"id": saleor_id}}

    saleor.answer = answer
    wanted(installation, *"abc", now=now)

    assert fetch(now) == 2
    assert (saleor.asked, ToFetch.objects.get().attempts) == (["a", "b"], 0)
    assert fetch(now + timedelta(seconds=ROUND_S_MAX)) == 1


def test_what_could_not_be_taken_waits_from_then_on_and_not_from_the_beginning_of_its_round(
    installation: Installation, saleor: Told, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed_s = [0.0]
    monkeypatch.setattr(rounds, "monotonic", lambda: passed_s[0])

    def answer(_saleor_id: str) -> Mapping[str, Any]:
        passed_s[0] += 40
        raise SaleorRefuses("no")

    saleor.answer = answer
    wanted(installation, "a", now=now)

    assert fetch(now) == 0
    assert ToFetch.objects.get().not_before >= now + timedelta(seconds=40 + PAUSE_S_MIN)


def test_what_changes_while_it_is_fetched_is_fetched_once_more(
    installation: Installation, saleor: Told, now: datetime
) -> None:
    def answer(saleor_id: str) -> Mapping[str, Any]:
        if len(saleor.asked) == 1:  # its next event arrives just now
            wanted(installation, saleor_id, now=now)
        return {"order": {"id": saleor_id}}

    saleor.answer = answer
    wanted(installation, "a", now=now)

    assert fetch(now, at_most=1) == 1
    assert ToFetch.objects.get().wanted == 2
    SaleorObject.objects.all().delete()
    assert fetch(now) == 1
    assert (saleor.asked, ToFetch.objects.count()) == (["a", "a"], 0)


def test_what_cannot_be_taken_changes_nothing_and_is_given_up_after_eight_tries(
    installation: Installation, saleor: Told, now: datetime
) -> None:
    saleor.answer = lambda _id: {"order": {"refuse": "Gian hàng đang tạm ngừng."}}
    wanted(installation, "a", now=now)
    moment = now
    for attempt in range(1, ATTEMPTS_MAX + 1):
        assert fetch(moment) == 0
        row = ToFetch.objects.get()
        assert (row.attempts, row.problem, row.is_given_up) == (
            attempt,
            "Gian hàng đang tạm ngừng.",
            attempt == ATTEMPTS_MAX,
        )
        assert row.not_before > moment
        moment = row.not_before
    assert not SaleorObject.objects.exists()

    assert fetch(moment + timedelta(days=1)) == 0
    assert len(saleor.asked) == ATTEMPTS_MAX

    saleor.answer = lambda saleor_id: {"order": {"id": saleor_id}}
    wanted(installation, "a", now=moment)
    assert fetch(moment) == 1


def test_an_outage_of_hours_uses_up_no_try_and_loses_nothing(
    installation: Installation, saleor: Told, now: datetime
) -> None:
    """One thing a round finds that Saleor is away, and waits longer each time; then all come."""

    def away(_id: str) -> Mapping[str, Any]:
        raise SaleorAway("Unreachable")

    saleor.answer = away
    wanted(installation, *(str(number) for number in range(50)), now=now)
    for minute in range(240):
        assert fetch(now + timedelta(minutes=minute)) == 0
    assert len(saleor.asked) == 240
    assert not ToFetch.objects.exclude(attempts=0, is_given_up=False).exists()
    assert ToFetch.objects.exclude(problem="").first().problem == "Saleor chưa trả lời."  # type: ignore[union-attr]  # there is one

    saleor.answer = lambda saleor_id: {"order": {"id": saleor_id}}
    assert fetch(now + timedelta(minutes=240, seconds=PAUSE_S_MAX)) == 50
    assert not ToFetch.objects.exists()


def test_a_saleor_that_is_away_does_not_hold_up_another(
    installation: Installation, saleor: Told, now: datetime
) -> None:
    other = Installation.objects.create(api_url="https://other.example/graphql/", token="b" * 30, installed_at=now)

    def answer(saleor_id: str) -> Mapping[str, Any]:
        if saleor_id.startswith("here"):
            raise SaleorAway("Unreachable")
        return {"order": {"id": saleor_id}}

    saleor.answer = answer
    wanted(installation, "here 1", "here 2", now=now)
    wanted(other, "there 1", "there 2", now=now)

    assert fetch(now) == 2
    assert saleor.asked == ["here 1", "there 1", "there 2"]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (TokenRefused("Signature has expired"), "Saleor không nhận mã truy cập của chợ nữa."),
        (SaleorAway("Unreachable"), "Saleor chưa trả lời."),
    ],
)
def test_a_token_that_is_taken_no_more_is_no_fault_of_the_thing(
    error: Exception, sentence: str, installation: Installation, saleor: Told, now: datetime
) -> None:
    def answer(_id: str) -> Mapping[str, Any]:
        raise error

    saleor.answer = answer
    wanted(installation, "a", now=now)

    fetch(now)

    row = ToFetch.objects.get()
    assert (row.attempts, row.problem) == (0, sentence)
    assert now < row.not_before <= now + timedelta(seconds=PAUSE_S_MIN)


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (KeyError("lines"), "Không hiểu câu trả lời của Saleor: KeyError"),
        (
            SaleorRefuses("To access this path, you need MANAGE_ORDERS"),
            "Saleor từ chối: To access this path, you need MANAGE_ORDERS",
        ),
    ],
)
def test_an_answer_that_is_not_understood_is_a_try_with_its_reason(
    fault: Exception, problem: str, installation: Installation, saleor: Told, now: datetime
) -> None:
    saleor.answer = lambda _id: {"order": {"fault": fault}}
    wanted(installation, "a", "b", now=now)

    assert fetch(now) == 0

    assert [(row.attempts, row.problem) for row in ToFetch.objects.all()] == [(1, problem)] * 2


def test_a_busy_database_uses_up_no_try_and_the_claim_ends_by_itself(
    installation: Installation, saleor: Told, now: datetime
) -> None:
    saleor.answer = lambda _id: {"order": {"fault": OperationalError("database is locked")}}
    wanted(installation, "a", now=now)

    assert fetch(now) == 0

    row = ToFetch.objects.get()
    assert (row.attempts, row.problem, row.not_before) == (0, "", now + timedelta(seconds=CLAIM_S))


def test_without_a_listed_saleor_or_once_it_is_left_nothing_is_asked(
    installation: Installation, saleor: Told, now: datetime, settings: Any
) -> None:
    wanted(installation, "a", now=now)
    settings.SALEOR_API_URLS = ()
    assert fetch(now) == 0

    settings.SALEOR_API_URLS = (installation.api_url,)
    Installation.objects.update(state="left", token="", left_at=now)
    assert fetch(now) == 0
    assert (saleor.asked, ToFetch.objects.count()) == ([], 1)


def test_tries_are_twice_as_far_apart_each_time_and_half_of_that_is_chance() -> None:
    assert all(PAUSE_S_MIN <= pause_s(1) <= 2 * PAUSE_S_MIN for _try in range(50))
    assert all(PAUSE_S_MAX / 2 <= pause_s(30) <= PAUSE_S_MAX for _try in range(50))
    assert len({pause_s(3) for _try in range(50)}) > 1
