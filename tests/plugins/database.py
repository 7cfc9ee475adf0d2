"""The test database: a copy of the furnished one, and wiped cheaply after tests that commit.

What migrations and the shipped places put there is the furniture (furniture.py) and stays. Whatever a test commits
besides is deleted after it, also from append-only tables, whose triggers are taken off for that moment. Django's own
way (flush, then load the furniture again) costs seconds a test and stops at the triggers.
"""

import os
import re
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection, connections, transaction
from django.test import TransactionTestCase, override_settings
from django.test.utils import CaptureQueriesContext

from marketplace.api.graphql.answers import answers
from marketplace.core import database_time
from marketplace.core.triggers import drop_triggers, ensure_triggers
from tests.plugins.furniture import begin_to_furnish, drop_database, is_postgresql, put_furnished

THREAD_S_MAX = 120
WAITED_S = re.compile(r"((?:lock|statement)_timeout=)(\d+)s")
Answer = TypeVar("Answer")


FURNISHING = pytest.StashKey[subprocess.Popen[bytes] | None]()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Where workers will need the furniture, it is made while they collect."""
    option = session.config.option
    if getattr(option, "numprocesses", None) and not option.collectonly:
        session.config.stash[FURNISHING] = begin_to_furnish()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run that ends before anybody needed the furniture still waits for it: half of it is nothing."""
    if begun := session.config.stash.get(FURNISHING, None):
        begun.wait()


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
def django_db_keepdb() -> bool:
    """Django finds the database as `_furnished_copy` left it, and makes none itself."""
    return True


@pytest.fixture(scope="session")
def _furnished_copy(django_db_modify_db_settings: None, django_db_blocker: Any) -> Iterator[None]:
    given = os.environ.get("DATABASE_URL", "")
    name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]  # the stubs lack it
    if not is_postgresql(given):
        put_furnished(f"sqlite:///{name}")  # in the home of this run, which is removed with it
        yield
        return
    url = urlsplit(given)._replace(path=f"/{name}").geturl()
    put_furnished(url)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    drop_database(url)


@pytest.fixture(scope="session")
def django_db_setup(_furnished_copy: None, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database after migrations, with the places in it; wiped instead of flushed."""
    with django_db_blocker.unblock():
        furniture = row_counts()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: wipe(furniture=furniture))
        yield


@pytest.fixture
def committed_db(transactional_db: None) -> None:
    """A database whose transactions are real, for tests with threads: what they commit is wiped afterwards."""


@pytest.fixture(autouse=True, scope="session")
def _time_for_a_busy_machine() -> Iterator[None]:
    # What a request may take of the database: ten times as long, as with locks; tests about it set it themselves.
    with pytest.MonkeyPatch.context() as patch:
        for limit in ("STATEMENT_S_MAX", "REQUEST_S_MAX"):
            patch.setattr(database_time, limit, 10 * getattr(database_time, limit))
        yield


@pytest.fixture(autouse=True, scope="session")
def _quick_passwords(django_test_environment: None) -> Iterator[None]:
    # The real hasher takes a tenth of a second by design; tests about it set it themselves.
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    yield
    cache.clear()
    answers().clear()  # rows are wiped with the triggers off, which raise what answers hold for


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


def waits(work: Callable[[], object]) -> bool:
    """Whether `work`, in a transaction of another connection, meets a lock. What it writes stays. PostgreSQL only."""
    waited: list[bool | Exception] = []

    def run() -> None:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '100ms'")
                work()
            waited.append(False)
        except OperationalError:
            waited.append(True)
        except Exception as error:
            waited.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(THREAD_S_MAX)
    (answer,) = waited
    if isinstance(answer, Exception):
        raise answer
    return answer
