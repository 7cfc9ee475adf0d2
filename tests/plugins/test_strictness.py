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
