"""SQLite's writers take turns in the order they came, and give up in time."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.utils import OperationalError

from marketplace.core.models import SecurityCounter
from marketplace.core.sqlite.turns import TurnsOfWriters, WaitedTooLong
from tests.source import ROOT


def test_waiting_threads_are_let_in_in_the_order_they_came(tmp_path: Path) -> None:
    turns = TurnsOfWriters(str(tmp_path / "db"))
    order: list[int] = []
    turns.take(wait_s_max=1)
    threads = []
    for number in range(5):
        thread = threading.Thread(target=lambda n=number: (turns.take(wait_s_max=10), order.append(n), turns.end()))
        thread.start()
        threads.append(thread)
        while turns.waiting < number + 1:
            pass
    turns.end()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_a_waiter_gives_up_in_time_and_leaves_the_queue_as_it_was(tmp_path: Path) -> None:
    turns = TurnsOfWriters(str(tmp_path / "db"))
    turns.take(wait_s_max=1)
    with pytest.raises(WaitedTooLong):
        turns.take(wait_s_max=0.01)
    turns.end()
    turns.take(wait_s_max=0.01)
    turns.end()


HOLDER = """
import sys
from marketplace.core.sqlite.turns import TurnsOfWriters
turns = TurnsOfWriters(sys.argv[1])
turns.take(wait_s_max=5)
print("held", flush=True)
sys.stdin.readline()
turns.end()
"""


def test_another_process_waits_for_its_turn_too(tmp_path: Path) -> None:
    path = str(tmp_path / "db")
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDER, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    turns = TurnsOfWriters(path)
    with pytest.raises(WaitedTooLong):
        turns.take(wait_s_max=0.02)

    other.communicate("end\n", timeout=20)

    turns.take(wait_s_max=20)
    turns.end()
    assert other.returncode == 0


def write_and_fail() -> None:
    with transaction.atomic():
        SecurityCounter.objects.create(kind="a", subject="b", day="2026-11-22")
        raise ZeroDivisionError


@pytest.mark.usefixtures("committed_db")
def test_a_transaction_that_fails_ends_its_turn() -> None:
    if connection.vendor != "sqlite":
        return  # PostgreSQL has row locks instead of turns
    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    done = threading.Event()

    def write() -> None:
        try:
            with transaction.atomic():
                SecurityCounter.objects.create(kind="c", subject="d", day="2026-11-22")
            done.set()
        finally:
            connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    thread.join(20)
    assert done.is_set()
    assert SecurityCounter.objects.count() == 1


@pytest.mark.usefixtures("committed_db")
def test_a_writer_that_waits_too_long_gets_the_error_that_is_answered_503(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        return  # PostgreSQL's lock_timeout does this
    problems: list[Exception] = []
    # All connections of the process share these options, so they must be put back.
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)

    def write() -> None:
        try:
            with transaction.atomic():
                SecurityCounter.objects.create(kind="c", subject="d", day="2026-11-22")
        except OperationalError as error:
            problems.append(error)
        finally:
            connection.close()

    with transaction.atomic():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join(20)
    assert [type(problem) for problem in problems] == [OperationalError]
    assert not SecurityCounter.objects.exists()
