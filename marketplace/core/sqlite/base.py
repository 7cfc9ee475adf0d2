"""SQLite with writers that take turns.

SQLite lets one connection write at a time and makes the others sleep and retry, which starves some of them
(measured: p99 of about one second at 16 clients). Here every transaction is immediate and takes a ticket first:
threads of one process queue in order, and processes take turns by a lock on a file beside the database.
After `SQLITE_WRITER_WAIT_S_MAX` seconds a waiter gives up with `OperationalError`, which the faces answer as 503.
"""

from __future__ import annotations

import time
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from marketplace.core.sqlite.turns import TurnsOfWriters, WaitedTooLong, turns_for

STEPS_BETWEEN_LOOKS_AT_THE_CLOCK = 50_000
"""Of SQLite's machine: about a millisecond."""

Database = base.Database  # type: ignore[attr-defined]  # Django's loader asks for it; the stubs lack it


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite connection, with a turn held from BEGIN IMMEDIATE to the end of the transaction."""

    _turn: TurnsOfWriters | None = None
    _statements_end_at: float | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Django's, which also looks at the clock while a statement runs."""
        fresh = super().get_new_connection(conn_params)
        fresh.set_progress_handler(self._is_over, STEPS_BETWEEN_LOOKS_AT_THE_CLOCK)
        return fresh

    def end_statements_at(self, moment: float | None) -> None:
        """Statements that run at this moment of the monotonic clock end with `OperationalError`; None lets them."""
        self._statements_end_at = moment

    def _is_over(self) -> bool:
        return self._statements_end_at is not None and time.monotonic() > self._statements_end_at

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # Django's own hook, missing in the stubs
        except BaseException:
            self._end_turn()
            raise

    def _take_turn(self) -> None:
        if self._turn is not None or self.is_in_memory_db():
            return
        turns = turns_for(str(self.settings_dict["NAME"]))
        try:
            turns.take(wait_s_max=float(self.settings_dict["OPTIONS"].get("timeout", 10)))
        except WaitedTooLong as error:
            raise OperationalError("database is locked: the queue of writers did not move in time") from error
        self._turn = turns

    def _end_turn(self) -> None:
        if self._turn is not None:
            turns, self._turn = self._turn, None
            turns.end()

    def _commit(self) -> None:
        # A COMMIT that fails leaves the transaction open: the turn ends with the ROLLBACK that follows.
        super()._commit()  # type: ignore[misc]  # Django's own hook, missing in the stubs
        self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # Django's own hook, missing in the stubs
        finally:
            self._end_turn()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]  # Django's own hook, missing in the stubs
        finally:
            self._end_turn()

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # Django's own hook, missing in the stubs
        if autocommit:
            self._end_turn()
