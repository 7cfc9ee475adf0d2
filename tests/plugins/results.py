"""Keep what fault tests measured: `--keep-results DIR` writes a JSON and a text file for each run.

A test says what it measured with pytest's `record_property(name, value)`.
"""

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

REPORTS = pytest.StashKey[list[dict[str, Any]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--keep-results", metavar="DIR", help="write what tests measured into DIR (JSON and text)")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[REPORTS] = []


class Keeper:
    """Gathers the reports of one session; they come here from the workers too."""

    def __init__(self, config: pytest.Config, folder: Path) -> None:
        self._config = config
        self._folder = folder
        self._started = datetime.now(UTC)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.failed:
            self._config.stash[REPORTS].append(
                {
                    "test": report.nodeid.partition("@")[0],
                    "outcome": report.outcome,
                    "seconds": round(report.duration, 3),
                    "measured": dict(report.user_properties),
                }
            )

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for path in write_results(self._folder, self._config.stash[REPORTS], started=self._started):
            terminalreporter.write_line(f"results kept in {path}")


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    folder = session.config.getoption("keep_results")
    if folder and not hasattr(session.config, "workerinput"):
        session.config.pluginmanager.register(Keeper(session.config, Path(folder)))


def write_results(folder: Path, tests: list[dict[str, Any]], *, started: datetime) -> tuple[Path, Path]:
    """Write `tests` to `folder` as JSON and as text, named after the time the run started."""
    folder.mkdir(parents=True, exist_ok=True)
    base = folder / f"{started:%Y%m%dT%H%M%SZ}-{os.getpid()}"
    run = {
        "started": started.isoformat(timespec="seconds"),
        "scale": float(os.environ.get("FAULT_SCALE", "0.1")),
        "database": os.environ.get("DATABASE_URL", "sqlite").partition(":")[0],
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "tests": tests,
    }
    as_json, as_text = base.with_suffix(".json"), base.with_suffix(".txt")
    as_json.write_text(json.dumps(run, ensure_ascii=False, indent=2, default=str) + "\n", encoding="utf-8")
    as_text.write_text(as_lines(run), encoding="utf-8")
    return as_json, as_text


def as_lines(run: dict[str, Any]) -> str:
    """The same run for a reader."""
    lines = [f"{name}: {value}" for name, value in run.items() if name != "tests"]
    for test in run["tests"]:
        lines.append(f"\n{test['outcome'].upper()}  {test['test']}  ({test['seconds']} s)")
        lines += [f"    {name}: {value}" for name, value in test["measured"].items()]
    return "\n".join(lines) + "\n"
