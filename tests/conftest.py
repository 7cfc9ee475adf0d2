"""Fixtures for every test; what they stand on is in tests/plugins/, one concern a file."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from xdist.scheduler import LoadGroupScheduling

pytest_plugins = [
    "tests.plugins.memory",
    "tests.plugins.strictness",
    "tests.plugins.network",
    "tests.plugins.rendered",
    "tests.plugins.results",
    "tests.plugins.notes",
    "tests.plugins.operators",
    "tests.plugins.database",
    "tests.plugins.cards",
    "tests.plugins.pictures",
    "tests.plugins.static_files",
    "tests.plugins.servers",
]

STORMS = ("tests/browser/", "tests/faults/")


class StormsOnOneWorker(LoadGroupScheduling):
    """One worker takes the storms and all that needs a browser: two at once on two cores only wait for each other,
    and what a folder shares (a market, a browser, a round through all pages) is made once.

    By their place and not by a mark: a mark's group was lost on the way to this process with pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "storms" if nodeid.startswith(STORMS) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> StormsOnOneWorker:
    """Share the tests out so."""
    return StormsOnOneWorker(config, log)


@pytest.fixture
def now() -> datetime:
    """The moment tests happen at: 10:00 in Vietnam on 22 November 2026."""
    return datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def fault_scale() -> float:
    """How large storms are: 1 is full size, a tenth unless FAULT_SCALE says otherwise."""
    return float(os.environ.get("FAULT_SCALE", "0.1"))


@pytest.fixture(scope="session")
def scaled(fault_scale: float) -> Callable[[int], int]:
    """A function that brings a full-size count to the scale of this run, never below 1."""
    return lambda full_size: max(1, round(full_size * fault_scale))
