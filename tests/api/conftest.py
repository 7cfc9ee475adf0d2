from __future__ import annotations

from datetime import datetime

import pytest

from catalog.models import Product
from marketplace.core import clock
from tests.api.goods import three_goods


@pytest.fixture
def still_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> datetime:
    """The faces read the clock at the tests' own moment, so that nothing expires while the years pass."""
    monkeypatch.setattr(clock, "now", lambda: now)
    return now


@pytest.fixture
def goods(db: None) -> dict[str, Product]:
    """Three products on sale that differ in everything lists are narrowed by, by name."""
    return three_goods()
