from __future__ import annotations

from datetime import datetime

import pytest

from marketplace.core import clock


@pytest.fixture
def still_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> datetime:
    """The faces read the clock at the tests' own moment, so that nothing expires while the years pass."""
    monkeypatch.setattr(clock, "now", lambda: now)
    return now
