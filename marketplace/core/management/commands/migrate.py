"""Django's migrate, followed by the database's own guards.

The triggers are made anew each time, since rebuilding a table on SQLite drops them.
"""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connection

from marketplace.core.generations import raise_all
from marketplace.core.triggers import all_tables, drop_triggers, ensure_triggers


class Command(migrate.Command):
    """`migrate`, then the guards."""

    def handle(self, *args: Any, **options: Any) -> None:
        if options.get("plan") or options.get("check_unapplied"):
            super().handle(*args, **options)
            return
        # A data migration may touch guarded rows, and SQLite renames no table that a trigger of another one reads;
        # nobody else is served meanwhile.
        drop_triggers()
        try:
            super().handle(*args, **options)
        finally:
            if self._has_tables():
                ensure_triggers()
                raise_all()  # what was written while they were off, by this or by a server that went on serving

    def _has_tables(self) -> bool:
        return all_tables() <= set(connection.introspection.table_names())
