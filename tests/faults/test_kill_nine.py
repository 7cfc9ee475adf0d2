"""Processes of the server are killed in the middle of a storm of notices: none is lost, none is booked twice."""

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from tests.faults.bank import SEED, Banks
from tests.faults.expecting import assert_books_agree
from tests.faults.market import KillableMarket
from tests.source import ROOT

pytestmark = pytest.mark.faults
NOTICES, NOTICES_SQLITE = 10_000, 3_000
KILLS, KILLS_SQLITE = 120, 40
KILLS_MIN = 3
STORM_S_MAX = 900


@pytest.fixture
def market(server_environment: dict[str, str]) -> Iterator[KillableMarket]:
    market = KillableMarket(server_environment)
    yield market
    market.kill()


def test_no_notice_is_lost_or_booked_twice_when_processes_of_the_server_are_killed(
    market: KillableMarket, scaled: Callable[[int], int], record_property: Callable[[str, object], None]
) -> None:
    on_postgresql = market.environment["DATABASE_URL"].startswith("postgres")
    count = scaled(NOTICES if on_postgresql else NOTICES_SQLITE)
    kills = max(KILLS_MIN, scaled(KILLS if on_postgresql else KILLS_SQLITE))
    seeded = market.run("tests.faults.seed", str(count))
    banks = Banks(host="127.0.0.1", port=market.port, seeded=seeded)
    chance = random.Random(SEED)
    market.start()
    banks.start()

    begun, killed, killed_whole = time.monotonic(), 0, 0
    for part in range(1, kills + 1):
        banks.wait_for(banks.postings * part // (kills + 1), seconds=STORM_S_MAX)
        processes = market.processes()
        victim = chance.choice(processes)
        market.kill_one(victim)
        killed += 1
        if victim == processes[0]:
            killed_whole += 1
            market.start()
    finished = banks.join(STORM_S_MAX)
    storm_s = time.monotonic() - begun
    market.stop()
    found = market.run("tests.faults.verify")

    for name, value in {
        "notices": count, "postings": banks.postings, "kills": killed, "kills_of_the_whole_server": killed_whole,
        "posts_without_an_answer": banks.unanswered, "answers": dict(banks.statuses), "storm_s": round(storm_s, 1),
        "swept": found["swept"],
    }.items():  # fmt: skip
        record_property(name, value)
    assert finished
    assert banks.unanswered > 0, "no post met a dead process: this storm proves nothing"
    assert set(banks.statuses) <= {200, 503}
    assert killed == kills
    assert_books_agree(found, seeded)


def test_recorded_first_and_booked_later_the_same_kill_leaves_a_notice_unbooked(market: KillableMarket) -> None:
    """The control: two transactions without a sweeper, killed in between, lose what was acknowledged."""
    seeded = market.run("tests.faults.seed", "3")

    broken = subprocess.run(
        [sys.executable, "-m", "tests.faults.two_transactions", json.dumps(seeded["payments"])],
        cwd=ROOT,
        env=market.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert broken.returncode == -signal.SIGKILL, broken.stderr[-2000:]
    assert broken.stdout.splitlines() == ["acknowledged 1", "acknowledged 2", "acknowledged 3"]
    found = market.run("tests.faults.verify_without_sweeping")
    assert found == {"notices": 3, "booked": 2, "orders_full": 2}
