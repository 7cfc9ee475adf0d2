"""The benchmark of bank notices runs and holds the books against what it paid; how fast it is, nobody asserts."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.source import ROOT

pytestmark = pytest.mark.faults
NOTICES = 60
SHOPS = 3
RUN_S_MAX = 300


def test_every_notice_of_the_benchmark_is_booked_once_and_what_it_cost_is_kept(tmp_path: Path) -> None:
    asked = ["--database", "sqlite", "--notices", NOTICES, "--shops", SHOPS, "--results", tmp_path]

    done = subprocess.run(
        [sys.executable, "-m", "tools.bench.notices", *map(str, asked)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=RUN_S_MAX,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "books: every notice booked exactly once" in done.stdout
    (kept,) = tmp_path.glob("*.json")
    (run,) = json.loads(kept.read_text(encoding="utf-8"))["runs"]
    assert run["statuses"] == {"200": NOTICES}
    assert (run["deliveries_open"], run["violations"]) == (0, [])
    assert run["booked"] == run["notices"] > NOTICES  # those of the warming up are among them
    assert run["statements_a_notice"] > 0
