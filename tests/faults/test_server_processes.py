"""The processes that serve: replaced when they die, however often, and never left behind."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.market import KillableMarket

WAIT_S_MAX = 120
LOOK_S = 0.05

pytestmark = pytest.mark.faults


@pytest.fixture
def market(server_environment: dict[str, str]) -> Iterator[KillableMarket]:
    market = KillableMarket(server_environment)
    try:
        market.start()
        yield market
    finally:
        market.kill()


def comes_true(what: Callable[[], bool]) -> bool:
    """Whether it comes true before we give up."""
    end = time.monotonic() + WAIT_S_MAX
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(LOOK_S)
    return True


def lives(process: int) -> bool:
    """Whether the process is there and did not end."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_processes_that_serve_end_with_the_one_that_started_them(market: KillableMarket) -> None:
    first, *others = market.processes()

    os.kill(first, signal.SIGKILL)

    assert others
    assert comes_true(lambda: not any(lives(process) for process in others))


def test_a_process_that_dies_again_and_again_is_replaced_each_time(market: KillableMarket) -> None:
    for _ in range(3):
        before = market.processes()[1:]
        for process in before:
            market.kill_one(process)

        assert comes_true(lambda before=before: bool(set(market.processes()[1:]) - set(before)))  # type: ignore[misc]
        assert comes_true(market.answers)
