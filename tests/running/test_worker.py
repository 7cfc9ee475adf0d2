"""The worker hands on the journal and does what is due, one process at a time."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from marketplace.core import journal, tasks
from marketplace.core.actors import SYSTEM
from marketplace.core.journal import Subscription
from marketplace.core.models import JournalDelivery, JournalEvent, Lease
from marketplace.running.worker import LEASE_NAME, LEASE_S, Worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []

    def hear(event: JournalEvent) -> None:
        names.append(event.kind)

    subscription = Subscription("test", frozenset({"test.happened"}), hear)
    monkeypatch.setattr(journal, "_subscriptions", {"test": subscription})
    monkeypatch.setattr(tasks, "_periodic", {})
    return names


def happen(now: datetime) -> None:
    with transaction.atomic():
        journal.record(kind="test.happened", aggregate_type="t", aggregate_id=1, actor=SYSTEM, now=now, data={})


def test_a_turn_delivers_what_waits_and_says_whether_there_was_anything(heard: list[str], now: datetime) -> None:
    happen(now)
    worker = Worker()
    assert worker.turn(now) is True
    assert worker.turn(now) is False
    assert heard == ["test.happened"]
    assert JournalDelivery.objects.get().state == "done"


def test_a_second_worker_does_nothing_until_the_first_is_gone(heard: list[str], now: datetime) -> None:
    first, second = Worker(), Worker()
    first.turn(now)
    happen(now)
    assert second.turn(now + timedelta(seconds=LEASE_S)) is False
    assert heard == []
    assert second.turn(now + timedelta(seconds=LEASE_S + 1)) is True
    assert heard == ["test.happened"]


def test_a_task_is_done_when_it_is_due_and_a_failing_one_does_not_stop_the_others(
    heard: list[str], now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[datetime] = []

    def work(moment: datetime) -> int:
        done.append(moment)
        return 1

    def fail(_: datetime) -> int:
        raise ValueError("broken")

    tasks.periodic("a-broken-one", every_s=10)(fail)
    tasks.periodic("work", every_s=10)(work)
    worker = Worker()

    for seconds in (0, 5, 10, 12):
        worker.turn(now + timedelta(seconds=seconds))

    assert done == [now, now + timedelta(seconds=10)]
    assert "a-broken-one" in caplog.text


def test_a_slow_task_runs_beside_and_never_twice_at_once(heard: list[str], now: datetime) -> None:
    begun, may_end = threading.Semaphore(0), threading.Event()

    def wait(_: datetime) -> int:
        begun.release()
        may_end.wait(30)
        return 0

    tasks.periodic("slow", every_s=10, is_slow=True)(wait)
    happen(now)
    worker = Worker()

    assert worker.turn(now) is True
    assert heard == ["test.happened"]
    assert begun.acquire(timeout=30)
    worker.turn(now + timedelta(seconds=10))
    may_end.set()
    worker.join_slow(30)
    worker.turn(now + timedelta(seconds=20))
    worker.join_slow(30)

    assert begun.acquire(blocking=False)
    assert not begun.acquire(blocking=False)


def test_control_a_task_that_is_not_slow_holds_the_turn_up(heard: list[str], now: datetime) -> None:
    done: list[str] = []
    tasks.periodic("quick", every_s=10)(lambda _: done.append(threading.current_thread().name) or 0)

    Worker().turn(now)

    assert done == [threading.current_thread().name]


def test_a_slow_task_that_fails_is_logged_and_done_again_when_it_is_due(
    heard: list[str], now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[datetime] = []

    def fail(moment: datetime) -> int:
        tries.append(moment)
        raise ValueError("broken")

    tasks.periodic("slow-and-broken", every_s=10, is_slow=True)(fail)
    worker = Worker()

    for seconds in (0, 5, 10):
        worker.turn(now + timedelta(seconds=seconds))
        worker.join_slow(30)

    assert tries == [now, now + timedelta(seconds=10)]
    assert "slow-and-broken" in caplog.text


def test_a_stopped_worker_gives_its_lease_up(
    heard: list[str], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = Worker()
    worker.turn(now)
    assert Lease.objects.filter(name=LEASE_NAME).exists()
    worker.stop()
    monkeypatch.setattr("marketplace.running.worker.connection.close", lambda: None)
    worker.run()
    assert not Lease.objects.filter(name=LEASE_NAME).exists()
