"""Fixtures for every test; what they stand on is in tests/plugins/, one concern a file."""

import os
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

pytest_plugins = [
    "tests.plugins.strictness",
    "tests.plugins.network",
    "tests.plugins.rendered",
    "tests.plugins.results",
    "tests.plugins.notes",
    "tests.plugins.operators",
    "tests.plugins.database",
    "tests.plugins.cards",
    "tests.plugins.pictures",
    "tests.plugins.servers",
]

STORM_MARKERS = ("browser", "faults")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Under xdist one worker takes all of these: two storms at once on two cores only wait for each other.
    for item in items:
        if any(map(item.get_closest_marker, STORM_MARKERS)) or "committed_db" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("storms"))


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
