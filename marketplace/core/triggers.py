"""The guards of every feature, put into the database and looked for there.

A table rebuild on SQLite drops a table's triggers without a word, so they are not a migration's business:
`ensure_triggers` runs after every `migrate`, and `missing_triggers` is asked by `market doctor`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.db.backends.utils import CursorWrapper

from marketplace.core.guards import NAME_PREFIX, POSTGRESQL, AppendOnly, Guard, Trigger

_guards: dict[str, Guard] = {}

_OLD_NAMES: Final = ("_no_update", "_no_delete")
"""How the triggers of the first version ended, which had no prefix."""

_PRESENT: Final = {
    # A trigger that somebody switched off ('D') guards nothing.
    POSTGRESQL: "SELECT t.tgname, c.relname, t.tgenabled <> 'D' FROM pg_trigger t"
    " JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)",
    "sqlite": "SELECT name, tbl_name, 1 FROM sqlite_master WHERE type = 'trigger'",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A trigger as it stands in the database."""

    name: str
    table: str
    works: bool
    """Whether it is switched on."""


def guard(*declared: Guard) -> None:
    """Declare guards; called from the `AppConfig.ready` of the feature whose rule it is."""
    for one in declared:
        _guards[one.key()] = one


def keep_append_only(model: str, *, may_change: tuple[str, ...] = (), fixed: tuple[str, ...] = ()) -> None:
    """Declare a model append-only but for the fields in `may_change`; or guard only the fields in `fixed`."""
    guard(AppendOnly(model=model, may_change=may_change, fixed=fixed))


def wanted_triggers() -> tuple[Trigger, ...]:
    """All triggers that must exist, in the words of this database."""
    return tuple(trigger for one in _guards.values() for trigger in one.triggers(connection.vendor))


def trigger_names() -> tuple[str, ...]:
    """The names of all triggers that must exist."""
    return tuple(trigger.name for trigger in wanted_triggers())


def all_tables() -> set[str]:
    """The names of all tables that are guarded."""
    return {table for one in _guards.values() for table in one.tables()}


def ensure_triggers() -> None:
    """Make every trigger anew. Needs the tables to exist."""
    drop_triggers()
    with connection.cursor() as cursor:
        for one in _guards.values():
            _run(cursor, one.helpers(connection.vendor))
        for statement in dict.fromkeys(text for trigger in wanted_triggers() for text in trigger.statements):
            _run(cursor, [statement])


def drop_triggers() -> None:
    """Remove every trigger of ours, also those of older versions: for migrations, and tests that empty tables."""
    for found in present_triggers():
        if found.name.startswith(NAME_PREFIX) or found.name.endswith(_OLD_NAMES):
            _drop(found.name, found.table)


def drop_guard(key: str) -> None:
    """Remove the triggers of one guard: for the control of its test."""
    for trigger in _guards[key].triggers(connection.vendor):
        _drop(trigger.name, trigger.table)


def missing_triggers() -> tuple[str, ...]:
    """Names of the triggers that the database lacks; empty when all is well."""
    present = {found.name for found in present_triggers() if found.works}
    return tuple(name for name in trigger_names() if name not in present)


def rows_owed() -> dict[str, int]:
    """How many rows stand in each of SQLite's tables of broken promises, where any do.

    None ever does after a commit, unless somebody wrote with foreign keys switched off.
    """
    if connection.vendor == POSTGRESQL:
        return {}
    owed = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'market_owed_%'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')  # noqa: S608 - a table of our own
            owed[str(table)] = int(cursor.fetchone()[0])
    return {table: count for table, count in owed.items() if count}


def present_triggers() -> list[Found]:
    """Every trigger that is in the database, whoever made it."""
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT[connection.vendor])
        return [Found(str(name), str(table), bool(works)) for name, table, works in cursor.fetchall()]


def _drop(name: str, table: str) -> None:
    on_table = f' ON "{table}"' if connection.vendor == POSTGRESQL else ""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on_table}')


def _run(cursor: CursorWrapper, statements: Iterable[str]) -> None:
    for statement in statements:
        # No parameters, so that a % in a text stays one.
        cursor.execute(statement, None)
