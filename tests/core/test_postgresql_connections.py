"""A kept connection to PostgreSQL is used again without a question, and never after it was closed."""

from __future__ import annotations

import select
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections

from marketplace.core.postgresql.base import PREPARED_MAX

pytestmark = pytest.mark.usefixtures("committed_db")
WAIT_MS_MAX = 30_000


@pytest.fixture
def kept() -> Iterator[Any]:
    """A second connection, open and idle, of the kind that the market uses."""
    if connection.vendor != "postgresql":
        yield None
        return
    second = connections.create_connection("default")
    second.ensure_connection()
    yield second
    second.close()


def asked(kept: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each time that the server is asked anything from now on."""
    questions: list[str] = []
    open_cursor = kept.connection.cursor

    def cursor(*given: Any) -> Any:
        questions.append("asked")
        return open_cursor(*given)

    monkeypatch.setattr(kept.connection, "cursor", cursor)
    return questions


def test_an_idle_connection_is_usable_without_a_question(kept: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    if kept is None:
        return  # SQLite has no server that could go away
    questions = asked(kept, monkeypatch)

    assert kept.is_usable() is True
    assert questions == []


def test_a_connection_that_the_server_ended_is_not_usable_and_the_next_one_is_fresh(kept: Any) -> None:
    if kept is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [kept.connection.info.backend_pid])

    assert kept.is_usable() is False
    kept.close()
    assert kept.is_usable() is False
    kept.ensure_connection()
    assert kept.is_usable() is True


def test_a_server_that_only_says_something_is_asked(kept: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    if kept is None:
        return
    kept.connection.execute("LISTEN something")
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY something")
    arrived = select.poll()
    arrived.register(kept.connection.fileno(), select.POLLIN)
    assert arrived.poll(WAIT_MS_MAX)
    questions = asked(kept, monkeypatch)

    assert kept.is_usable() is True
    assert questions == ["asked"]


def test_savepoints_do_not_push_out_what_is_planned_once(kept: Any) -> None:
    if kept is None:
        return  # SQLite plans each statement anew
    with kept.cursor() as cursor:
        for _time in range(3):
            cursor.execute("SELECT count(*) FROM places_province")
    kept.set_autocommit(False)
    for number in range(PREPARED_MAX):
        kept._savepoint(f"s{number}")
        kept._savepoint_commit(f"s{number}")
    kept.commit()
    kept.set_autocommit(True)

    prepared = kept.connection._prepared
    assert [sql for sql, _types in prepared._names] == [b"SELECT count(*) FROM places_province"]
    assert kept.connection.prepare_threshold == 2
    assert not [sql for sql, _types in prepared._counts if b"SAVEPOINT" in sql]
