"""The benchmark of buying runs and places orders; how fast it is, nobody asserts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.source import ROOT

pytestmark = pytest.mark.faults
RUN_S_MAX = 300
STEPS = {"nine requests, as Saleor's storefront": 9, "five requests": 5}


def test_buyers_of_the_benchmark_place_orders_and_what_each_step_cost_is_kept(tmp_path: Path) -> None:
    asked = ["--database", "sqlite", "--shops", 2, "--clients", 2, "--seconds", 2, "--warm-up", 1, "--runs", 1]

    done = subprocess.run(
        [sys.executable, "-m", "tools.bench.api_sales", *map(str, asked), "--results", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=RUN_S_MAX,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    (kept,) = tmp_path.glob("*.json")
    rows = json.loads(kept.read_text(encoding="utf-8"))["rows"]
    assert {row["way"]: len(row["steps"]) for row in rows} == STEPS
    assert all(row["orders_a_second"] > 0 for row in rows)
    assert all(step["statements"] > 0 and step["cpu_ms"] > 0 for row in rows for step in row["steps"])
    assert "| nine requests | checkoutComplete |" in done.stdout
