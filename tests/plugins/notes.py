"""Lines that a passing test wants a reader to see: `note("...")` shows them at the end of the run."""

from collections.abc import Callable

import pytest

PROPERTY = "note"
NOTES = pytest.StashKey[list[str]]()


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """A function that adds one line to the notes of the run."""
    return lambda line: record_property(PROPERTY, line)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[NOTES] = []
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Collector(config.stash[NOTES]))


class Collector:
    """Picks the notes out of the reports; those of xdist's workers come here too."""

    def __init__(self, notes: list[str]) -> None:
        self._notes = notes

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self._notes += [str(value) for name, value in report.user_properties if name == PROPERTY]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    notes = config.stash[NOTES]
    if notes:
        terminalreporter.section("noted")
        for line in sorted(notes):
            terminalreporter.write_line(line)
