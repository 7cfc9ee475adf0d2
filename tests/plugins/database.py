"""The test database: furnished once, and wiped cheaply after tests that commit.

Migrations and the shipped places are the furniture: they stay. Whatever a test commits besides is deleted after
it, also from append-only tables, whose triggers are taken off for that moment. Django's own way (flush, then
load the furniture again) costs seconds a test and stops at the triggers.
"""

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.test import TransactionTestCase, override_settings
from django.test.utils import CaptureQueriesContext

from marketplace.core.triggers import drop_triggers, ensure_triggers
from marketplace.legal.services import publish_first_versions
from marketplace.places.loading import load_places

THREAD_S_MAX = 120
FURNISHED_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""Before anything that a test lets happen."""
WAITED_S = re.compile(r"((?:lock|statement)_timeout=)(\d+)s")
Answer = TypeVar("Answer")


class FurnitureChanged(AssertionError):
    """A test added to or removed from what every other test relies on."""


def row_counts() -> dict[str, int]:
    """Every table of the test database that holds rows, with their number."""
    tables = set(connection.introspection.table_names()) - _insides_of_virtual_tables()
    counts = " UNION ALL ".join(
        f"SELECT '{table}', COUNT(*) FROM {connection.ops.quote_name(table)}" for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(counts)
        return {table: count for table, count in cursor.fetchall() if count}


def _insides_of_virtual_tables() -> set[str]:
    """The tables in which SQLite's full-text search keeps itself: they change with it and are not touched alone."""
    if connection.vendor != "sqlite":
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pragma_table_list WHERE type = 'shadow'")
        return {name for (name,) in cursor.fetchall()}


def wipe(*, furniture: dict[str, int]) -> None:
    """Delete the rows of every table outside `furniture`. Raises `FurnitureChanged` where that cannot restore it."""
    counts = row_counts()
    changed = [table for table, count in furniture.items() if counts.get(table, 0) != count]
    with transaction.atomic():
        drop_triggers()
        with connection.cursor() as cursor:
            for table in counts.keys() - furniture.keys():
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
        if connection.vendor == "postgresql":
            connection.check_constraints()  # a table with pending checks takes no trigger
        ensure_triggers()
    if changed:
        raise FurnitureChanged(f"this test changed the number of rows in {', '.join(changed)}, which are never wiped")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Wait ten times as long for a lock: a machine that runs tests is busy, and storms are not about the waiting."""
    options = connections.settings["default"]["OPTIONS"]
    if "timeout" in options:
        options["timeout"] *= 10
    else:
        options["options"] = WAITED_S.sub(lambda found: f"{found[1]}{int(found[2]) * 10}s", options["options"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database after migrations, with the places in it; wiped instead of flushed."""
    with django_db_blocker.unblock():
        load_places()
        publish_first_versions(now=FURNISHED_AT)
        furniture = row_counts()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: wipe(furniture=furniture))
        yield


@pytest.fixture
def committed_db(transactional_db: None) -> None:
    """A database whose transactions are real, for tests with threads: what they commit is wiped afterwards."""


@pytest.fixture(autouse=True, scope="session")
def _quick_passwords(django_test_environment: None) -> Iterator[None]:
    # The real hasher takes a tenth of a second by design; tests about it set it themselves.
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    yield
    cache.clear()


def count_statements(call: Callable[[], object]) -> int:
    """How many SQL statements `call` makes."""
    with CaptureQueriesContext(connection) as queries:
        call()
    return len(queries)


def at_once(calls: Sequence[Callable[[], Answer]], *, seconds_max: int = THREAD_S_MAX) -> list[Answer | Exception]:
    """Run all `calls` in threads that start together; answer their results, or what they raised, in order."""
    start = threading.Barrier(len(calls))
    answers: list[Any] = [None] * len(calls)

    def run(position: int, call: Callable[[], Answer]) -> None:
        try:
            start.wait(THREAD_S_MAX)
            answers[position] = call()
        except Exception as error:
            answers[position] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds_max)
    if any(thread.is_alive() for thread in threads):
        raise TimeoutError(f"a call did not come back within {seconds_max} s")
    return answers
