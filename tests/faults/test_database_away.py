"""The database goes away in the middle of a storm, connections are cut on both sides: nothing is lost or doubled."""

import time
from collections.abc import Callable, Iterator

import pytest

from tests.faults.bank import Banks
from tests.faults.expecting import assert_books_agree
from tests.faults.market import KillableMarket
from tests.faults.postgresql import OwnPostgreSQL

pytestmark = [pytest.mark.faults, pytest.mark.own_postgresql]
NOTICES = 3_000
RESTARTS = 6
CUTS_ON_EACH_SIDE = 220
RESTARTS_MIN, CUTS_MIN = 2, 30
CUT_AT_ONCE = 4
STORM_S_MAX = 600
BACK_S_MAX = 5.0


@pytest.fixture
def postgresql(unused_port: Callable[[], int]) -> Iterator[OwnPostgreSQL]:
    cluster = OwnPostgreSQL(unused_port())
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.remove()


@pytest.fixture
def market(server_environment: dict[str, str], postgresql: OwnPostgreSQL) -> Iterator[KillableMarket]:
    market = KillableMarket({**server_environment, "DATABASE_URL": postgresql.url})
    yield market
    market.kill()


def test_restarts_of_the_database_and_cut_connections_lose_and_double_nothing(
    market: KillableMarket,
    postgresql: OwnPostgreSQL,
    scaled: Callable[[int], int],
    record_property: Callable[[str, object], None],
) -> None:
    count, restarts = scaled(NOTICES), max(RESTARTS_MIN, scaled(RESTARTS))
    cuts = max(CUTS_MIN, scaled(CUTS_ON_EACH_SIDE))
    seeded = market.run("tests.faults.seed", str(count))
    banks = Banks(host="127.0.0.1", port=market.port, seeded=seeded, cuts=cuts)
    market.start()
    banks.start()

    steps = restarts + -(-cuts // CUT_AT_ONCE) * 2
    cut, back_s = 0, []
    for step in range(1, steps + 1):
        banks.wait_for(banks.postings * step // (steps + 1), seconds=STORM_S_MAX)
        if step % (steps // restarts) == 0 and len(back_s) < restarts:
            postgresql.restart_at_once()
            back_s.append(seconds_until_acknowledged(banks))
        else:
            cut += postgresql.cut(CUT_AT_ONCE)
    finished = banks.join(STORM_S_MAX)
    market.stop()
    found = market.run("tests.faults.verify")

    for name, value in {
        "notices": count, "postings": banks.postings, "restarts": len(back_s), "cut_database_connections": cut,
        "cut_bank_connections": banks.cut, "answers": dict(banks.statuses), "unanswered": banks.unanswered,
        "service_back_after_database_s": [round(seconds, 2) for seconds in back_s],
    }.items():  # fmt: skip
        record_property(name, value)
    assert finished
    assert set(banks.statuses) <= {200, 503}
    assert (len(back_s), cut >= cuts, banks.cut >= cuts - CUT_AT_ONCE) == (restarts, True, True)
    assert banks.statuses[503] > 0, "no notice met a database that was away: this storm proves nothing"
    assert banks.without_retry_after == 0
    assert max(back_s) <= BACK_S_MAX
    assert_books_agree(found, seeded)


def seconds_until_acknowledged(banks: Banks) -> float:
    """How long after now the next notice is acknowledged; 0 when there is none left to post."""
    back_at, before = time.monotonic(), banks.acknowledged
    banks.wait_for(min(before + 1, banks.postings), seconds=STORM_S_MAX)
    return max(0.0, banks.last_acknowledged_at - back_at)
