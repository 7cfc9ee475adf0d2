import json
from datetime import UTC, datetime
from pathlib import Path

from tests.plugins.results import write_results

MEASURED = {"test": "tests/faults/test_x.py::test_kill", "outcome": "passed", "seconds": 1.5, "measured": {"lost": 0}}


def test_what_a_run_measured_is_kept_as_json_and_as_text(tmp_path: Path, now: datetime) -> None:
    as_json, as_text = write_results(tmp_path / "results", [MEASURED], started=now)

    assert json.loads(as_json.read_text("utf-8"))["tests"] == [MEASURED]
    assert "PASSED  tests/faults/test_x.py::test_kill  (1.5 s)\n    lost: 0\n" in as_text.read_text("utf-8")


def test_two_runs_do_not_write_over_each_other(tmp_path: Path) -> None:
    first = write_results(tmp_path, [MEASURED], started=datetime(2026, 11, 22, 3, 0, 0, tzinfo=UTC))
    second = write_results(tmp_path, [], started=datetime(2026, 11, 22, 3, 0, 1, tzinfo=UTC))

    assert len({*first, *second}) == len(list(tmp_path.iterdir())) == 4
