"""How long the database works for one request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from marketplace import environment
from marketplace.core import database_time
from marketplace.core.database_time import REQUEST_S_MAX, STATEMENT_S_MAX, bounded_database_time, took_too_long
from marketplace.core.middleware import is_busy

pytestmark = pytest.mark.django_db

COUNTING = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s) SELECT count(*) FROM n"
FOR_EVER = 10**12
A_MOMENT = 200_000
"""Rows that take some tenths of a second to count."""


def counted(rows: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COUNTING, [rows])
        return int(cursor.fetchone()[0])


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A statement may take 20 ms."""
    monkeypatch.setattr(database_time, "STATEMENT_S_MAX", 0.02)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '20ms'")
    yield
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '5s'")


@pytest.mark.usefixtures("short")
def test_a_statement_that_would_run_for_ever_ends_and_the_connection_lives_on() -> None:
    with bounded_database_time(), pytest.raises(OperationalError) as caught:
        counted(FOR_EVER)

    assert (took_too_long(caught.value), is_busy(caught.value)) == (True, True)
    with bounded_database_time():
        assert counted(10) == 10


def test_control_without_the_bound_a_longer_statement_runs_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_time, "STATEMENT_S_MAX", 0.02)

    assert counted(A_MOMENT) == A_MOMENT


@pytest.mark.usefixtures("short")
def test_rows_that_come_slowly_are_bounded_too() -> None:
    """SQLite answers a statement with its first row and works on while the others are fetched."""
    rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i % 1000000000 = 1"

    def fetched() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(rows)
            cursor.fetchall()

    with bounded_database_time(), pytest.raises(OperationalError):
        fetched()


def test_when_the_request_had_its_time_no_statement_begins_and_transactions_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moments = iter([0.0, 1.0])
    last = [20.0]
    monkeypatch.setattr(database_time, "REQUEST_S_MAX", REQUEST_S_MAX)  # as outside the tests
    monkeypatch.setattr(database_time.time, "monotonic", lambda: next(moments, last[0]))
    done: list[Any] = []

    with bounded_database_time():
        with pytest.raises(OperationalError, match="had its time"):
            counted(10)
        done.append("rolled back")

    monkeypatch.undo()
    assert done == ["rolled back"]
    assert counted(10) == 10


def test_both_databases_have_the_same_time() -> None:
    assert STATEMENT_S_MAX == environment.STATEMENT_S_MAX


@pytest.mark.parametrize(
    ("problem", "too_long"),
    [
        (OperationalError("interrupted"), True),
        (OperationalError("canceling statement due to statement timeout"), True),
        (OperationalError("database is locked"), False),
        (ValueError("interrupted"), False),
        (None, False),
    ],
)
def test_what_took_too_long_is_told_from_what_is_busy(problem: Exception | None, too_long: bool) -> None:
    assert took_too_long(problem) is too_long


@pytest.mark.parametrize(
    ("problem", "busy"),
    [
        (OperationalError("database is locked"), True),
        (OperationalError("server closed the connection unexpectedly"), True),
        (OperationalError("no such column: x"), False),
        (OperationalError("Expression tree is too large (maximum depth 1000)"), False),
        (OperationalError("too many SQL variables"), False),
        (OperationalError("parser stack overflow"), False),
        (None, False),
    ],
)
def test_what_no_time_mends_is_no_busy_database(problem: Exception | None, busy: bool) -> None:
    assert is_busy(problem) is busy
