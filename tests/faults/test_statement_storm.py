"""A month's statement in overlapping shuffled files, two at once, some killed -9: every line kept once."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Sum

from payments.models import BankNotice
from payments.services.importing import import_statement
from payments.statements import identity
from tests.faults.market import KillableMarket
from tests.payments.factories import NOW, Shop, a_shop
from tests.payments.statements.booklets import Entry, entries, shuffled, vietcombank
from tests.source import ROOT

pytestmark = pytest.mark.faults
LINES = 10_000
GROWING_PAIRS = 5
"""Overlapping parts of the month, two at once, the first of them killed in the middle of its new lines."""
WHOLE_FILES = 20
"""The whole month, each time in another order, two at once."""
IMPORT_S_MAX = 600


class Import:
    """One import in a process of its own, which says how far it is."""

    def __init__(self, market: KillableMarket, slug: str, file: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.import_statement", slug, file],
            cwd=ROOT,
            env=market.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def kill_after(self, lines: int) -> bool:
        """kill -9 once it is past so many lines. Answers whether it was still at work."""
        assert self._process.stdout is not None
        for said in self._process.stdout:
            done, _, of = said.partition(" ")
            if of and int(done) > lines:
                self._process.send_signal(signal.SIGKILL)
                break
        self._process.stdout.close()
        return self._process.wait(IMPORT_S_MAX) == -signal.SIGKILL

    def finish(self) -> str:
        """Wait for the end; answers the last word: the statement's state, or what the program died of."""
        said, _nothing = self._process.communicate(timeout=IMPORT_S_MAX)
        return said.strip().rpartition("\n")[2]


def storm(market: KillableMarket, seeded: dict[str, Any]) -> Counter[str]:
    """All files, two at a time; of the growing ones one is killed in the middle and brought again."""
    counted: Counter[str] = Counter()

    def begin(file: str) -> Import:
        counted["imports"] += 1
        return Import(market, seeded["slug"], file)

    for pair in seeded["growing"]:
        one, other = map(begin, pair["files"])
        counted["kills"] += one.kill_after(pair["middle"])
        counted[other.finish()] += 1
        counted[begin(pair["files"][0]).finish()] += 1
    for first in range(0, len(seeded["whole"]), 2):
        for whole in [begin(file) for file in seeded["whole"][first : first + 2]]:
            counted[whole.finish()] += 1
    return counted


def test_every_line_is_kept_once_however_often_it_is_brought(
    server_environment: dict[str, str],
    tmp_path: Path,
    scaled: Callable[[int], int],
    record_property: Callable[[str, object], None],
) -> None:
    market = KillableMarket(server_environment)
    seeded = market.run(
        "tests.faults.seed_statements", *map(str, (scaled(LINES), GROWING_PAIRS, scaled(WHOLE_FILES), tmp_path))
    )
    started = time.monotonic()

    counted = storm(market, seeded)
    spent_s = time.monotonic() - started
    found = market.run("tests.faults.verify_statements")

    for name in ("imports", "kills", "done"):
        record_property(name, counted[name])
    record_property("files_of_the_whole_month", len(seeded["whole"]))
    for name in ("lines", "told"):
        record_property(name, seeded[name])
    record_property("storm_s", round(spent_s, 1))
    for name in ("swept", "by_state", "linked"):
        record_property(name, found[name])
    files = 2 * GROWING_PAIRS + len(seeded["whole"])
    assert counted["kills"] > 0, "no import was killed in the middle: this storm proves nothing"
    assert found["lines"] == found["new"] == seeded["lines"]
    assert sum(found["by_state"].values()) == found["widest_vnd"] == seeded["in_vnd"]
    assert found["out_vnd"] == seeded["out_vnd"]
    assert found["linked"] == seeded["told"] > 0
    assert found["statements"] == {"done": files}
    assert found["imported_events"] == files
    assert found["charged_vnd"] == found["orders_charged_vnd"]
    assert (found["differences"], found["violations"]) == ([], [])


def brought_thrice(shop: Shop) -> tuple[int, int]:
    """What the shop's statement says came in, and what was kept after three files of it; đồng."""
    lines = [*entries(30), *[Entry("NGUYEN VAN THU chuyen tien", 20_000)] * 3]
    for number in range(3):
        content = vietcombank(shop, shuffled(lines, number))
        import_statement(actor=shop.owner, vendor=shop.vendor, content=content, now=NOW)
    kept = BankNotice.objects.filter(feed__provider="statement").aggregate(all=Sum("amount_vnd"))["all"]
    return sum(line.amount_vnd for line in lines), kept


def test_ids_by_content_and_place_among_equals_keep_the_total(committed_db: None) -> None:
    told, kept = brought_thrice(a_shop())
    assert kept == told


def test_control_ids_by_row_count_shuffled_lines_again(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def by_row(account: str, lines: Any) -> list[str]:
        return [f"{identity._key(account, line)}.{line.row}" for line in lines]

    monkeypatch.setattr(identity, "ids_of", by_row)
    told, kept = brought_thrice(a_shop())
    assert kept > told


def test_control_ids_by_content_alone_lose_honest_equal_transfers(
    committed_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def by_content(account: str, lines: Any) -> list[str]:
        return [f"{identity._key(account, line)}.0" for line in lines]

    monkeypatch.setattr(identity, "ids_of", by_content)
    # The database itself does not let such a statement be called done: its lines do not add up.
    told, kept = brought_thrice(a_shop())
    assert kept == told - 2 * 20_000
