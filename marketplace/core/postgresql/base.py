"""PostgreSQL, with connections that are looked at before they are used again, without a question to the server.

Before a kept connection serves another request Django asks `SELECT 1`, a message there and back for each request.
A server that went away has closed its side, and that can be seen on this one: an idle connection has nothing to
read unless it was closed or the server has something to say.
"""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base

Database = base.Database  # type: ignore[attr-defined]  # Django's loader asks for it; the stubs lack it


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL connection, but for how it knows that it is still open."""

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
