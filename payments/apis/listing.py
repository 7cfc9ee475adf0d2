"""A provider's list of transactions, read page by page: what a page says, and how its cursor is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from payments.providers.base import NotItsShape, Provider, Reported

CURSOR_CHARACTERS_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of a list: as it stood there, and the transfers it tells of, as the provider's notice would."""

    raw: bytes
    reported: tuple[Reported, ...]


def _nothing() -> None:
    """Most lists need nothing done when a page is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer of a list. `cursor` goes on from here, and counts only when `rows` are kept."""

    rows: tuple[Listed, ...]
    cursor: str
    is_last: bool
    """Whether there is nothing more to read for now."""
    unreadable: int = 0
    """Rows that do not say what moved; they are left out, so that nothing waits behind them for ever."""
    when_kept: Callable[[], None] = _nothing


class Listing(Protocol):
    """A provider's list, opened with its key."""

    def page(self, cursor: str, *, now: datetime) -> Page:
        """The page behind `cursor`; "" is the beginning. Raises `CallFailed` and `NotItsShape`."""
        ...


def listed(
    rows: Sequence[object],
    *,
    notice_of: Callable[[Mapping[str, object]], Mapping[str, object]],
    provider: Provider,
    now: datetime,
) -> tuple[tuple[Listed, ...], int]:
    """Every row as its notice would tell it, and how many could not be read.

    `notice_of` writes a row as the body of the provider's notice, which the reader of notices then reads: so a
    transfer is the same one, with the same id, by whichever way it came first.
    """
    found: list[Listed] = []
    for row in rows:
        try:
            if not isinstance(row, dict):
                raise NotItsShape("no row")
            body = as_bytes(notice_of(row))
            found.append(Listed(as_bytes(row), provider.read(body, now=now)))
        except (NotItsShape, RecursionError):
            continue
    return tuple(found), len(rows) - len(found)


def as_bytes(fields: Mapping[str, object]) -> bytes:
    """An object as JSON; numbers with a fraction, which are read as decimals, become texts of the same digits."""
    return json.dumps(fields, default=str, ensure_ascii=True, separators=(",", ":")).encode()


def written(state: Mapping[str, object]) -> str:
    """A cursor that keeps `state`."""
    return json.dumps(state, separators=(",", ":"))


def state_in(cursor: str) -> dict[str, object]:
    """What a cursor keeps; nothing where it is empty or was written by another version of this program.

    To begin anew is always right: what was read before is known.
    """
    try:
        state: object = json.loads(cursor)
    except ValueError:
        return {}
    return state if isinstance(state, dict) else {}


def number_in(state: Mapping[str, object], name: str) -> int:
    """A whole number of a cursor's state, 0 where there is none."""
    value = state.get(name)
    return value if type(value) is int else 0


def text_in(state: Mapping[str, object], name: str) -> str:
    """A text of a cursor's state, "" where there is none."""
    value = state.get(name)
    return value if isinstance(value, str) else ""
