"""What tests of places share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.places.models import Commune, Province

QueryCounter = Callable[[], CaptureQueriesContext]


@pytest.fixture
def count_queries() -> QueryCounter:
    """A context that keeps the SQL statements made in it."""
    return lambda: CaptureQueriesContext(connection)


@pytest.fixture
def cao_bang(db: None) -> Province:
    return Province.objects.get(code="04")


@pytest.fixture
def nenh(db: None) -> Commune:
    """Phường Nếnh, Bắc Ninh, whose market takes QR payments."""
    return Commune.objects.get(code="07795")
