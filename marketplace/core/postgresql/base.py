"""PostgreSQL, with connections that are looked at before they are used again, without a question to the server.

Before a kept connection serves another request Django asks `SELECT 1`, a message there and back for each request.
A server that went away has closed its side, and that can be seen on this one: an idle connection has nothing to
read unless it was closed or the server has something to say.

Statements that come again are planned once a connection (`prepare_threshold`). The driver counts the last
`PREPARED_MAX` texts for that; a savepoint has a new name each time, and some fifty of them would push all others out.
"""

from __future__ import annotations

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db.backends.postgresql import base

Database = base.Database  # type: ignore[attr-defined]  # Django's loader asks for it; the stubs lack it


PREPARED_MAX: Final = 200
"""A sale, its payment and the pages around it have some 150; each plan takes the server up to a tenth of a MiB."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL connection, but for how it knows that it is still open and what it plans once."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Django's, which remembers more plans."""
        fresh = super().get_new_connection(conn_params)
        fresh.prepared_max = PREPARED_MAX
        return fresh

    def _savepoint(self, sid: str) -> None:
        with self._planning_nothing():
            super()._savepoint(sid)  # type: ignore[misc]  # Django's own hook, missing in the stubs

    def _savepoint_commit(self, sid: str) -> None:
        with self._planning_nothing():
            super()._savepoint_commit(sid)  # type: ignore[misc]  # Django's own hook, missing in the stubs

    @contextmanager
    def _planning_nothing(self) -> Iterator[None]:
        connection: Any = self.connection
        usual = connection.prepare_threshold
        connection.prepare_threshold = None
        try:
            yield
        finally:
            connection.prepare_threshold = usual

    def end_statements_at(self, moment: float | None) -> None:
        """The server ends statements by itself (`statement_timeout`)."""

    def is_usable(self) -> bool:
        """Whether nobody closed the connection; asks the server only where there is something to read."""
        connection: Any = self.connection
        if connection is None or connection.closed:
            return False
        if not _has_something_to_read(connection.fileno()):
            return True
        return super().is_usable()


def _has_something_to_read(handle: int) -> bool:
    poll = select.poll()
    poll.register(handle, select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(poll.poll(0))
