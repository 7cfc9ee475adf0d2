"""How long the database may work for one request.

PostgreSQL ends a statement by itself (`statement_timeout`, marketplace.environment); SQLite knows no such limit and
looks at the clock every now and then while a statement runs. Both refuse to begin another statement once the request
had its time altogether. What is refused is an `OperationalError`: the transaction is rolled back, the answer is 503.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection
from django.db.utils import OperationalError

STATEMENT_S_MAX: Final = 5.0
REQUEST_S_MAX: Final = 15.0
"""All statements of a request with the waits between them; longer than a writer waits for its turn."""
ENDING_TRANSACTIONS: Final = ("ROLLBACK", "RELEASE")
TOO_LONG: Final = "statement timeout: this request had its time in the database"
SIGNS_OF_TOO_LONG: Final = ("statement timeout", "interrupted")


class Bounds:
    """What one request's statements are held to, from its beginning on.

    Django calls it round each statement, as it does every execute wrapper. Who speaks to the driver directly
    (`marketplace.core.statements`) calls `begin` before each statement instead, which is all there is to it.
    """

    def __init__(self) -> None:
        self._end = time.monotonic() + REQUEST_S_MAX

    def begin(self, sql: str, database: Any) -> None:
        """A statement begins. Raises `OperationalError` where the request had its time."""
        moment = time.monotonic()
        # How a transaction ends is never refused: it would stay open.
        if moment >= self._end and not sql.startswith(ENDING_TRANSACTIONS):
            raise OperationalError(TOO_LONG)
        database.end_statements_at(moment + STATEMENT_S_MAX)

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        """As Django's execute wrappers are called."""
        self.begin(sql, context["connection"])
        return execute(sql, params, many, context)


@contextmanager
def bounded_database_time() -> Iterator[None]:
    """Inside, no statement runs for more than 5 s and none begins after 15 s."""
    with connection.execute_wrapper(Bounds()):
        try:
            yield
        finally:
            connection.end_statements_at(None)  # type: ignore[attr-defined]  # both of our backends have it


def took_too_long(error: Exception | None) -> bool:
    """Whether the database gave up on a statement because of the time it took."""
    return isinstance(error, OperationalError) and any(sign in str(error) for sign in SIGNS_OF_TOO_LONG)
