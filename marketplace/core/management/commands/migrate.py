"""Django's migrate, followed by the database's own guards.

The triggers of append-only tables are made anew each time, since rebuilding a table on SQLite drops them.
"""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connection

from marketplace.core.triggers import all_tables, drop_triggers, ensure_triggers


class Command(migrate.Command):
    """`migrate`, then the append-only triggers."""

    def handle(self, *args: Any, **options: Any) -> None:
        if options.get("plan") or options.get("check_unapplied"):
            super().handle(*args, **options)
            return
        if self._has_tables():
            drop_triggers()  # a data migration may touch guarded rows; nobody else is served meanwhile
        try:
            super().handle(*args, **options)
        finally:
            if self._has_tables():
                ensure_triggers()

    def _has_tables(self) -> bool:
        return all_tables() <= set(connection.introspection.table_names())
