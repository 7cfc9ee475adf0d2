"""The server is killed in the middle of a storm of notices: none is lost, none is booked twice."""

import itertools
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import Any

import pytest

from payments.pretend_bank import SignedNotice, sepay_notice
from tests.faults.market import KillableMarket, post
from tests.source import ROOT

pytestmark = pytest.mark.faults
NOTICES = 500
POSTERS = 8
KILLS = 5
REPEATS_ONE_IN = 3
BUSY = 503
STORM_S_MAX = 300


@pytest.fixture
def market(server_environment: dict[str, str]) -> Iterator[KillableMarket]:
    market = KillableMarket(server_environment)
    yield market
    market.kill()


def notice(payment: dict[str, Any], *, secret: str, number: int) -> SignedNotice:
    return sepay_notice(
        secret=secret,
        auth="hmac",
        account_number=payment["account"],
        amount_vnd=payment["amount"],
        content=payment["code"],
        notice_id=number,
        now=datetime.now(UTC),
    )


class Bank:
    """Posts every notice until it was acknowledged, as banks do; a third of them once more after that."""

    def __init__(self, market: KillableMarket, seeded: dict[str, Any]) -> None:
        self._market = market
        self._secret = seeded["secret"]
        self._work: SimpleQueue[tuple[int, dict[str, Any]]] = SimpleQueue()
        for numbered in enumerate(seeded["payments"], start=1):
            self._work.put(numbered)
        self.acknowledged = 0
        self.unanswered = 0
        self._guard = threading.Lock()

    def post_all(self) -> None:
        """Work until there is nothing left to post."""
        while True:
            try:
                number, payment = self._work.get_nowait()
            except Empty:
                return
            for time_around in itertools.count():
                if self._post(number, payment) and (number % REPEATS_ONE_IN or time_around):
                    break

    def _post(self, number: int, payment: dict[str, Any]) -> bool:
        signed = notice(payment, secret=self._secret, number=number)
        url = f"{self._market.base_url}/payments/notices/sepay/{payment['feed']}/"
        while True:
            status = post(url, signed.body, dict(signed.headers))
            if status is not None and status != BUSY:
                assert status == 200
                with self._guard:
                    self.acknowledged += 1
                return True
            with self._guard:
                self.unanswered += 1
            time.sleep(0.05)


def test_no_notice_is_lost_or_booked_twice_when_the_server_is_killed(
    market: KillableMarket, scaled: Callable[[int], int], record_property: Callable[[str, object], None]
) -> None:
    count, kills = scaled(NOTICES), max(2, scaled(KILLS))
    seeded = market.run("tests.faults.seed", str(count))
    expected_vnd = sum(payment["amount"] for payment in seeded["payments"])
    bank = Bank(market, seeded)
    posters = [threading.Thread(target=bank.post_all) for _ in range(POSTERS)]
    market.start()
    for poster in posters:
        poster.start()

    killed = 0
    for part in range(1, kills + 1):
        end = time.monotonic() + STORM_S_MAX
        while bank.acknowledged < count * part // (kills + 1) and time.monotonic() < end:
            time.sleep(0.002)
        market.kill()
        killed += 1
        market.start()
    for poster in posters:
        poster.join(STORM_S_MAX)
    market.stop()
    found = market.run("tests.faults.verify")

    record_property("notices", count)
    record_property("kills", killed)
    record_property("posts_without_an_answer", bank.unanswered)
    assert not any(poster.is_alive() for poster in posters)
    assert bank.unanswered > 0, "no post met a dead server: this storm proves nothing"
    assert found["notices"] == found["provider_ids"] == found["booked"] == found["charges"] == count
    assert found["orders_full"] == count
    assert found["charged_vnd"] == found["orders_charged_vnd"] == found["takings_vnd"] == expected_vnd
    assert found["takings_rebuilt_vnd"] == expected_vnd
    assert (found["deliveries_open"], found["differences"], found["violations"]) == (0, [], [])


def test_recorded_first_and_booked_later_the_same_kill_leaves_a_notice_unbooked(market: KillableMarket) -> None:
    """The control: two transactions without a sweeper, killed in between, lose what was acknowledged."""
    seeded = market.run("tests.faults.seed", "3")
    payments = seeded["payments"]
    arguments = [market.environment["PORT"], seeded["secret"]]
    for payment in payments:
        arguments += [payment["feed"], payment["account"], payment["code"], str(payment["amount"])]

    broken = subprocess.run(
        [sys.executable, "-m", "tests.faults.two_transactions", *arguments],
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
