"""Say loudly what a run leaves out; where CI is set, leave nothing out.

Tests that need a tool this machine lacks are deselected, and the closing banner names them. With CI=true a
missing tool and a skipped test are failures. Tests of what only PostgreSQL does are left out on SQLite. How many
tests a run leaves out, for whatever reason, is said at its end: `.ci/run` reads it there, for spread over processes
pytest's own closing line counts none of them.
"""

import os
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import pytest

from tests.plugins.furniture import is_postgresql

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
DEBIANS_POSTGRESQL = Path("/usr/lib/postgresql")
GRAPHQL_JS = Path(__file__).parents[1] / "node" / "node_modules" / "graphql"
LEFT_OUT = pytest.StashKey[list[str]]()
NOT_ASKED = pytest.StashKey[int]()


def in_ci() -> bool:
    """Whether this run must leave nothing out."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def chromium() -> str | None:
    """The path of this machine's Chromium, or None."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def postgresql_programs() -> Path | None:
    """The folder of this machine's newest `initdb` and `pg_ctl`, which Debian leaves off the path, or None."""
    on_path = shutil.which("initdb")
    folders = sorted(DEBIANS_POSTGRESQL.glob("*/bin"), key=lambda folder: float(folder.parent.name))
    found = [folder for folder in folders if (folder / "initdb").exists()]
    return found[-1] if found else Path(on_path).parent if on_path else None


def missing_tools() -> dict[str, str]:
    """Marker of the tests that cannot run here -> the tool they lack."""
    missing = {}
    if chromium() is None:
        missing["browser"] = "chromium"
    if shutil.which("node") is None or not GRAPHQL_JS.is_dir():
        missing["node"] = "node with what tests/node/package-lock.json lists (npm)"
    if postgresql_programs() is None:
        missing["own_postgresql"] = "postgresql"
    return missing


def refuse_what_is_missing(missing: dict[str, str]) -> None:
    """Raise `pytest.UsageError` when CI is set and a tool is missing."""
    if missing and in_ci():
        raise pytest.UsageError(f"CI must test everything, but this machine lacks: {', '.join(missing.values())}")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[LEFT_OUT] = []
    config.stash[NOT_ASKED] = 0
    refuse_what_is_missing(missing_tools())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not is_postgresql(os.environ.get("DATABASE_URL", "")):
        others = [item for item in items if item.get_closest_marker("postgresql")]
        if others:
            items[:] = [item for item in items if item not in others]
            config.hook.pytest_deselected(items=others)
    missing = missing_tools()
    lacking = [item for item in items if any(item.get_closest_marker(marker) for marker in missing)]
    if lacking:
        items[:] = [item for item in items if item not in lacking]
        config.hook.pytest_deselected(items=lacking)
        config.stash[LEFT_OUT] += [item.nodeid for item in lacking]


def pytest_deselected(items: list[pytest.Item]) -> None:
    if items:
        items[0].config.stash[NOT_ASKED] += len(items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    return fail_if_skipped(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    return fail_if_skipped(report)


def fail_if_skipped(report: Report) -> Report:
    """In CI, turn a skip into a failure that gives the reason of the skip."""
    if in_ci() and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and CI must test everything: {report.longrepr}"
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object, error: object | None) -> None:
    worker_output = getattr(node, "workeroutput", {})
    stash = node.config.stash  # type: ignore[attr-defined]  # xdist's controller node
    left_out = stash[LEFT_OUT]
    left_out += [name for name in worker_output.get("left_out", []) if name not in left_out]
    # Every worker collects everything, so that each leaves out the same.
    stash[NOT_ASKED] = max(stash[NOT_ASKED], worker_output.get("not_asked", 0))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash[LEFT_OUT]
        session.config.workeroutput["not_asked"] = session.config.stash[NOT_ASKED]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    terminalreporter.write_line(f"Tests left out of this run: {config.stash[NOT_ASKED]}")
    left_out = config.stash[LEFT_OUT]
    if not left_out:
        return
    tools = ", ".join(missing_tools().values())
    terminalreporter.section(f"NOT TESTED: {len(left_out)} tests, for want of: {tools}", sep="!", red=True, bold=True)
    for name in sorted(left_out):
        terminalreporter.write_line(f"NOT TESTED  {name}", red=True)
    terminalreporter.write_line(f"To test them too, install: {tools}", red=True, bold=True)
