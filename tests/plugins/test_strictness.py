import os
import subprocess
import sys

import pytest

from tests.plugins.environment import own_redis_database
from tests.plugins.strictness import fail_if_skipped, refuse_what_is_missing


def skipped_report() -> pytest.CollectReport:
    return pytest.CollectReport("tests/test_x.py", "skipped", "no chromium here", [])


def test_in_ci_a_skip_is_a_failure_that_keeps_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    report = fail_if_skipped(skipped_report())

    assert (report.failed, report.longrepr) == (True, "skipped, and CI must test everything: no chromium here")


def test_control_outside_ci_a_skip_stays_a_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)

    assert fail_if_skipped(skipped_report()).skipped


def test_in_ci_a_missing_tool_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.UsageError, match="lacks: chromium"):
        refuse_what_is_missing({"browser": "chromium"})


def test_control_outside_ci_a_missing_tool_does_not_stop_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)

    refuse_what_is_missing({"browser": "chromium"})


@pytest.mark.parametrize(
    ("url", "worker", "own"),
    [
        ("redis://127.0.0.1:6391/0", "", "redis://127.0.0.1:6391/0"),
        ("redis://127.0.0.1:6391/0", "gw0", "redis://127.0.0.1:6391/1"),
        ("redis://127.0.0.1:6391", "gw3", "redis://127.0.0.1:6391/4"),
        ("redis://:secret@localhost/", "gw1", "redis://:secret@localhost/2"),
    ],
)
def test_every_worker_has_a_redis_database_of_its_own(url: str, worker: str, own: str) -> None:
    assert own_redis_database(url, worker=worker) == own


@pytest.mark.parametrize("processes", ["0", "1"])
def test_a_run_says_how_many_tests_it_left_out_also_when_other_processes_run_them(processes: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", processes, "-k", "redis_database", __file__],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    # Of the ten tests of this file.
    assert "Tests left out of this run: 6\n" in run.stdout
    assert "4 passed" in run.stdout
