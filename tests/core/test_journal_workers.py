"""The journal with several workers at once."""

import threading
from datetime import datetime

import pytest
from django.db import connection, transaction

from marketplace.core import journal
from marketplace.core.models import JournalDelivery, JournalEvent, SecurityCounter
from tests.core.listening import DONE, WAITING, count_once, effects, listen, name_of, record, states
from tests.plugins.database import at_once

WAIT_S_MAX = 30


@pytest.fixture(autouse=True)
def _no_other_subscribers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_subscriptions", {})


# --- Several workers ------------------------------------------------------------------------------

THINGS, EVENTS_A_THING = 5, 6


def test_four_workers_have_every_effect_once_and_in_order(committed_db: None, now: datetime) -> None:
    order: list[str] = []

    def handle(event: JournalEvent) -> None:
        count_once(name_of(event), now=now)
        order.append(name_of(event))

    listen(handle)
    for number in range(EVENTS_A_THING):
        for thing in range(THINGS):
            record(str(thing), number, now=now)

    tried = at_once([lambda: journal.drain(now=now)] * 4)

    expected = {f"{thing}/{number}" for thing in range(THINGS) for number in range(EVENTS_A_THING)}
    assert sum(number for number in tried if isinstance(number, int)) == len(expected), tried
    assert effects() == dict.fromkeys(expected, 1)
    for thing in range(THINGS):
        assert [name for name in order if name.startswith(f"{thing}/")] == [
            f"{thing}/{number}" for number in range(EVENTS_A_THING)
        ]
    assert set(states().values()) == {DONE}


def test_control_workers_that_read_and_then_write_without_a_lock_do_a_thing_twice(
    committed_db: None, now: datetime
) -> None:
    listen(lambda event: None)
    record("1", 1, now=now)
    both_have_read = threading.Barrier(2, timeout=WAIT_S_MAX)

    def careless_worker() -> None:
        delivery = JournalDelivery.objects.get(state=WAITING)
        both_have_read.wait()
        with transaction.atomic():
            count_once("1/1", now=now)
        JournalDelivery.objects.filter(pk=delivery.pk).update(state=DONE)

    count_once("1/1", now=now)  # the row is there before, so that nothing but the reading makes the difference
    SecurityCounter.objects.update(count=0)
    assert at_once([careless_worker] * 2) == [None, None]

    assert effects() == {"1/1": 2}


def test_a_slow_delivery_does_not_hold_up_a_second_worker(committed_db: None, now: datetime) -> None:
    """On PostgreSQL the second worker passes the locked one by; on SQLite, with one writer, it waits its turn."""
    passes_by = connection.features.has_select_for_update_skip_locked
    handled: list[str] = []
    begun, may_end = threading.Event(), threading.Event()

    def handle(event: JournalEvent) -> None:
        if name_of(event) == "slow/1":
            begun.set()
            assert may_end.wait(WAIT_S_MAX)
        handled.append(name_of(event))

    listen(handle)
    record("slow", 1, now=now)
    record("slow", 2, now=now)
    record("quick", 1, now=now)
    during: list[str] = []

    def second_worker() -> None:
        assert begun.wait(WAIT_S_MAX)
        if passes_by:
            journal.drain(now=now)
            during.extend(handled)
        may_end.set()

    assert at_once([lambda: journal.deliver_waiting(now=now, at_most=1), second_worker]) == [1, None]
    journal.drain(now=now)

    assert during == (["quick/1"] if passes_by else [])
    assert handled == (["quick/1", "slow/1", "slow/2"] if passes_by else ["slow/1", "slow/2", "quick/1"])


def test_a_batch_leaves_out_what_comes_after_a_delivery_that_another_worker_is_making(
    committed_db: None, now: datetime
) -> None:
    """On PostgreSQL; on SQLite there is one writer, and the second worker waits its turn."""
    passes_by = connection.features.has_select_for_update_skip_locked
    handled: list[str] = []
    begun, may_end = threading.Event(), threading.Event()

    def handle(event: JournalEvent) -> None:
        if name_of(event) == "slow/1":
            begun.set()
            assert may_end.wait(WAIT_S_MAX)
        handled.append(name_of(event))

    listen(handle)
    for aggregate, number in (("slow", 1), ("slow", 2), ("quick", 1), ("quick", 2), ("slow", 3)):
        record(aggregate, number, now=now)
    during: list[str] = []

    def second_worker() -> None:
        assert begun.wait(WAIT_S_MAX)
        if passes_by:
            assert journal.deliver_waiting(now=now) == 2
            during.extend(handled)
        may_end.set()

    assert at_once([lambda: journal.deliver_waiting(now=now, at_most=1), second_worker]) == [1, None]
    journal.drain(now=now)

    assert during == (["quick/1", "quick/2"] if passes_by else [])
    assert [name for name in handled if name.startswith("slow")] == ["slow/1", "slow/2", "slow/3"]
    assert set(states().values()) == {DONE}


def test_a_change_that_commits_late_is_not_skipped(committed_db: None, now: datetime) -> None:
    """Its event got its id before others that committed, and were handed on, earlier."""
    handled: list[str] = []
    listen(lambda event: handled.append(name_of(event)))
    one_after_the_other = not connection.features.has_select_for_update_skip_locked
    recorded, may_commit = threading.Event(), threading.Event()

    def slow_change() -> None:
        with transaction.atomic():
            record("late", 1, now=now)
            recorded.set()
            assert one_after_the_other or may_commit.wait(WAIT_S_MAX)

    def quick_change() -> None:
        assert recorded.wait(WAIT_S_MAX)
        record("early", 1, now=now)
        journal.drain(now=now)
        may_commit.set()

    assert at_once([slow_change, quick_change]) == [None, None]
    journal.drain(now=now)

    assert sorted(handled) == ["early/1", "late/1"]
    assert [event.aggregate_id for event in JournalEvent.objects.order_by("pk")] == ["late", "early"]
