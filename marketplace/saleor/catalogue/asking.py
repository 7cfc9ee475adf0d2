"""Asking a Saleor patiently: not too fast, and again after a pause where it is short of time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from marketplace.saleor.client import Saleor, SaleorAway
from payments.apis.calling import RateLimited

TRIES_MAX: Final = 5
CALL_PAUSE_S: Final = 0.05
"""Between two questions: a first sync must not take all of a Saleor from its shoppers."""
FIRST_WAIT_S: Final = 1
WAIT_S_MAX: Final = 60

Wait = Callable[[float], None]
Found = TypeVar("Found")


class Patient:
    """One Saleor, asked at a bearable pace; `calls` counts what was asked of it."""

    def __init__(self, saleor: Saleor, *, wait: Wait) -> None:
        self._saleor = saleor
        self._wait = wait
        self.calls = 0

    def ask(self, name: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a question; asked again, after pauses, while Saleor is away. Raises as `Saleor.ask`."""
        return self._patiently(lambda: self._saleor.ask(name, variables))

    def change(self, name: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The answer of a mutation that may be sent twice without harm. Raises as `Saleor.change`."""
        return self._patiently(lambda: self._saleor.change(name, variables))

    def find_or_make(
        self, *, find: Callable[[], Found | None], make: Callable[[], Found], was_asked_before: bool
    ) -> Found:
        """What `find` answers, or else what `make` makes, which must happen once.

        Nobody knows whether a mutation without an answer was done, so that what it was to make is looked for before
        it is sent again; also at first, where an earlier run `was_asked_before` and may have died over it.
        """
        must_look = was_asked_before
        for attempt in range(TRIES_MAX):
            if must_look and (found := find()) is not None:
                return found
            try:
                self._count()
                return make()
            except SaleorAway as error:
                if attempt == TRIES_MAX - 1:
                    raise
                self._wait(_pause_s(error, attempt))
                must_look = True
        raise AssertionError("the last try returns or raises")

    def make(self, name: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Send a mutation that makes something, once; for `find_or_make`, which counts it."""
        return self._saleor.change(name, variables)

    def make_counted(self, name: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Send a mutation that makes something, once and at the same pace. Raises as `Saleor.change`."""
        self._count()
        return self.make(name, variables)

    def _patiently(self, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        for attempt in range(TRIES_MAX):
            try:
                self._count()
                return act()
            except SaleorAway as error:
                if attempt == TRIES_MAX - 1:
                    raise
                self._wait(_pause_s(error, attempt))
        raise AssertionError("the last try returns or raises")

    def _count(self) -> None:
        self.calls += 1
        if self.calls > 1:
            self._wait(CALL_PAUSE_S)


def _pause_s(error: SaleorAway, attempt: int) -> float:
    """As long as Saleor itself asks for; otherwise twice as long each time."""
    cause = error.__cause__
    wanted = cause.retry_after_s if isinstance(cause, RateLimited) else FIRST_WAIT_S * 2**attempt
    return min(wanted, WAIT_S_MAX)
