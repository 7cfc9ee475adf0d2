"""Taking the database's guards off, for the controls of tests: to show what would get in."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db import connection

from marketplace.core.triggers import drop_guard


def take_off(guards: Iterable[str]) -> None:
    """Remove guards until the test's transaction is taken back: triggers, CHECKs and unique indexes."""
    connection.check_constraints()  # PostgreSQL changes no table whose checks are pending
    for name in guards:
        kind, _, which = name.partition(":")
        if kind == "check":
            _take_off_check(which)
        elif kind == "unique":
            with connection.cursor() as cursor:
                cursor.execute(f"DROP INDEX {which}")
        else:
            drop_guard(name)


def _take_off_check(which: str) -> None:
    model, name = which.split()
    statement = (
        f"ALTER TABLE {apps.get_model(model)._meta.db_table} DROP CONSTRAINT {name}"
        if connection.vendor == "postgresql"
        else "PRAGMA ignore_check_constraints = ON"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)


def put_checks_on_again() -> None:
    """Undo what `take_off` did to SQLite's connection; all else ends with the test's transaction."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
