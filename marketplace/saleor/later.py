"""Answers whose last step must not run inside a transaction, since another machine may have to be asked for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Later:
    """The rest of an answer, once all that was written for it is in the database.

    Whoever answers so writes the same again by itself as nothing: a webhook that comes again before it was answered
    is done again from the start.
    """

    finish: Callable[[], dict[str, Any]]
