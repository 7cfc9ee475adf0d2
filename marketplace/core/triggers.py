"""What the database itself refuses: changing or deleting rows of an append-only table.

A table rebuild on SQLite drops a table's triggers without a word, so they are not a migration's business:
`ensure_triggers` runs after every `migrate`, and `missing_triggers` is asked by `market doctor`.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db import connection


@dataclass(frozen=True)
class AppendOnly:
    """A table whose rows are never deleted and change in no column but `may_change`."""

    model: str
    may_change: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        return str(apps.get_model(self.model)._meta.db_table)

    @property
    def guarded_columns(self) -> tuple[str, ...]:
        """Columns a trigger watches, in the table's order."""
        fields = apps.get_model(self.model)._meta.concrete_fields
        return tuple(field.column for field in fields if field.name not in self.may_change)


_tables: dict[str, AppendOnly] = {}


def keep_append_only(model: str, *, may_change: tuple[str, ...] = ()) -> None:
    """Declare a model append-only; called from its app's `AppConfig.ready`."""
    _tables[model] = AppendOnly(model, may_change)


def trigger_names() -> tuple[str, ...]:
    """The names of all triggers that must exist."""
    return tuple(name for rule in _tables.values() for name in _names(rule))


def all_tables() -> set[str]:
    """The names of all append-only tables."""
    return {rule.table for rule in _tables.values()}


def ensure_triggers() -> None:
    """Make every trigger anew. Needs the tables to exist."""
    drop_triggers()
    with connection.cursor() as cursor:
        for rule in _tables.values():
            for statement in _statements(rule):
                cursor.execute(statement)


def drop_triggers() -> None:
    """Remove every trigger: for tests that flush tables, and before making them anew."""
    with connection.cursor() as cursor:
        for rule in _tables.values():
            for name in _names(rule):
                on_table = f" ON {_quoted(rule.table)}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {_quoted(name)}{on_table}")


def missing_triggers() -> tuple[str, ...]:
    """Names of the triggers that the database lacks; empty when all is well."""
    catalogue = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        present = {row[0] for row in cursor.fetchall()}
    return tuple(name for name in trigger_names() if name not in present)


def _names(rule: AppendOnly) -> tuple[str, str]:
    return f"{rule.table}_no_update", f"{rule.table}_no_delete"


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _statements(rule: AppendOnly) -> list[str]:
    no_update, no_delete = (_quoted(name) for name in _names(rule))
    table = _quoted(rule.table)
    columns = ", ".join(_quoted(column) for column in rule.guarded_columns)
    if connection.vendor == "postgresql":
        return [
            "CREATE OR REPLACE FUNCTION market_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$",
            f"CREATE TRIGGER {no_update} BEFORE UPDATE OF {columns} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION market_append_only()",
            f"CREATE TRIGGER {no_delete} BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION market_append_only()",
        ]
    refusal = f"BEGIN SELECT RAISE(ABORT, '{rule.table} is append-only'); END"
    return [
        f"CREATE TRIGGER {no_update} BEFORE UPDATE OF {columns} ON {table} {refusal}",
        f"CREATE TRIGGER {no_delete} BEFORE DELETE ON {table} {refusal}",
    ]
