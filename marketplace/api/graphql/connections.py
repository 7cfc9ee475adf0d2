"""Relay connections over sorted rows: pages by cursor, forwards and backwards.

A cursor is base64 of a JSON array with the row's sort values, as Saleor's are. A page is found by comparing those
values, never by counting rows, so that it costs the same wherever it lies and does not shift when rows come or go.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from graphql import GraphQLError

from marketplace.api.graphql.limits import ROWS_A_PAGE_MAX

CURSOR_CHARACTERS_MAX = 2000
TEXT_CHARACTERS_MAX = 400
NUMBER_MAX = 2**63 - 1
MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECONDS_MAX = (datetime(9000, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND

Row = TypeVar("Row")
ModelRow = TypeVar("ModelRow", bound=Model)


class BadCursor(GraphQLError):
    """A cursor that no page of this list gave."""

    def __init__(self) -> None:
        super().__init__("Received cursor is invalid.")


class SortKind(Enum):
    """What a sort value is, and how it stands in a cursor."""

    TEXT = "text"
    NUMBER = "number"
    MOMENT = "moment"
    """In microseconds since 1970."""


@dataclass(frozen=True)
class SortKey:
    """One column that a list is sorted by; the last one of a list is unique."""

    column: str
    kind: SortKind = SortKind.TEXT
    descending: bool = False

    def ordering(self, *, backwards: bool) -> str:
        """As Django's `order_by` wants it."""
        return f"-{self.column}" if self.descending is not backwards else self.column

    def compared(self, value: object, *, backwards: bool) -> Q:
        """The rows beyond `value` in the direction of reading."""
        sign = "lt" if self.descending is not backwards else "gt"
        return Q(**{f"{self.column}__{sign}": value})


ID_KEY = SortKey("pk", SortKind.NUMBER)
KEY_AT_HAND = SortKey("key")
PLACE_AT_HAND = SortKey("place", SortKind.NUMBER)


@dataclass(frozen=True)
class Slice:
    """Which part of a list is asked for: `first` rows `after` a cursor, or the `last` ones `before` one."""

    first: int | None = None
    last: int | None = None
    after: str | None = None
    before: str | None = None

    @property
    def rows(self) -> int:
        """How many rows at most."""
        return self.first or self.last or 0

    @property
    def cursor(self) -> str | None:
        """Where the page begins, or None for an end of the list; an empty cursor is none, as in Saleor."""
        return (self.after if self.first else self.before) or None

    @property
    def is_backwards(self) -> bool:
        """Whether the page is read from the list's end."""
        return not self.first

    def check(self, name: str) -> None:
        """Refuse, in Saleor's words, what is no bounded page of the connection `name`."""
        if self.first is None and self.last is None:
            raise GraphQLError(
                f"You must provide a `first` or `last` value to properly paginate the `{name}` connection."
            )
        for argument, value in (("first", self.first), ("last", self.last)):
            if value is not None and value < 1:
                raise GraphQLError(f"Argument `{argument}` must be a positive integer.")
            if value is not None and value > ROWS_A_PAGE_MAX:
                raise GraphQLError(
                    f"Requesting {value} records on the `{name}` connection exceeds the `{argument}` limit of "
                    f"{ROWS_A_PAGE_MAX} records."
                )
        _refuse_together("last", "first", self.last, self.first)
        _refuse_together("first", "before", self.first, self.before or None)
        _refuse_together("last", "after", self.last, self.after or None)


def _refuse_together(name: str, other: str, value: object, other_value: object) -> None:
    if value is not None and other_value is not None:
        raise GraphQLError(f"Argument `{name}` cannot be combined with `{other}`.")


@dataclass(frozen=True)
class Edge(Generic[Row]):
    """A row and where it stands."""

    node: Row
    cursor: str


@dataclass(frozen=True)
class PageInfo:
    """What lies beside a page."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True)
class Connection(Generic[Row]):
    """A page of a list. `count` asks for the length of the whole list, only when it is wanted."""

    edges: Sequence[Edge[Row]]
    page_info: PageInfo
    count: Callable[[], int]

    @property
    def nodes(self) -> Iterator[Row]:
        """The rows of the page."""
        return (edge.node for edge in self.edges)

    @property
    def total_count(self) -> int:
        """How many rows the whole list has."""
        return self.count()


def page_of_rows(
    rows: QuerySet[ModelRow], *, keys: Sequence[SortKey], asked: Slice, name: str
) -> Connection[ModelRow]:
    """A page of database rows sorted by `keys`; one statement, and one more for the count where it is asked.

    Raises `GraphQLError` for an unbounded or impossible page, `BadCursor`.
    """
    asked.check(name)
    found = rows_of_page(rows, keys=keys, asked=asked, beyond=values_of_cursor(asked, keys))
    return page_of_found(list(found), keys=keys, asked=asked, count=rows.count)


def rows_of_page(
    rows: QuerySet[ModelRow], *, keys: Sequence[SortKey], asked: Slice, beyond: Sequence[object] | None
) -> QuerySet[ModelRow]:
    """The rows of a page and one more, which says that there is more; `beyond` are the sort values of its cursor."""
    backwards = asked.is_backwards
    wanted = rows.order_by(*(key.ordering(backwards=backwards) for key in keys))
    if beyond is not None:
        wanted = wanted.filter(_beyond(beyond, keys, backwards=backwards))
    return wanted[: asked.rows + 1]


def page_of_found(
    found: Sequence[ModelRow], *, keys: Sequence[SortKey], asked: Slice, count: Callable[[], int]
) -> Connection[ModelRow]:
    """The page out of what `rows_of_page` gave."""
    edges = [Edge(row, _cursor_of(row, keys)) for row in found[: asked.rows]]
    if asked.is_backwards:
        edges.reverse()
    return _connection(edges, asked=asked, is_more=len(found) > asked.rows, count=count)


def values_of_cursor(asked: Slice, keys: Sequence[SortKey]) -> list[object] | None:
    """The sort values where a page begins, or None for an end of the list. Raises `BadCursor`."""
    return None if asked.cursor is None else _values(asked.cursor, keys)


def page_of_list(rows: Sequence[Row], *, key: Callable[[Row], object], asked: Slice, name: str) -> Connection[Row]:
    """A page of rows that are at hand, in their order; `key` names each of them in its cursor.

    A cursor also says where its row stood, so that reading goes on from there when the row is gone. Raises as
    `page_of_rows`.
    """
    asked.check(name)
    start, end = 0, len(rows)
    if asked.cursor is not None:
        place, is_there = _place_of(asked.cursor, [str(key(row)) for row in rows])
        start, end = (0, place) if asked.is_backwards else (place + is_there, end)
    is_more = end - start > asked.rows
    start, end = (max(start, end - asked.rows), end) if asked.is_backwards else (start, min(end, start + asked.rows))
    kept = [Edge(rows[place], encoded([str(key(rows[place])), str(place)])) for place in range(start, end)]
    return _connection(kept, asked=asked, is_more=is_more, count=lambda: len(rows))


def nothing(*, asked: Slice, name: str) -> Connection[Any]:
    """The page of an empty list. Raises as `page_of_rows`."""
    return page_of_list([], key=str, asked=asked, name=name)


def encoded(values: Sequence[object]) -> str:
    """A cursor that holds these sort values."""
    return base64.b64encode(json.dumps(values, ensure_ascii=False).encode()).decode("ascii")


def _connection(
    edges: Sequence[Edge[Row]], *, asked: Slice, is_more: bool, count: Callable[[], int]
) -> Connection[Row]:
    came_from_cursor = asked.cursor is not None
    info = PageInfo(
        has_next_page=came_from_cursor if asked.is_backwards else is_more,
        has_previous_page=is_more if asked.is_backwards else came_from_cursor,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return Connection(edges, info, count)


def _place_of(cursor: str, keys: Sequence[str]) -> tuple[int, bool]:
    """Where the row of a cursor stands, and whether it is still there; else where it stood. Raises `BadCursor`."""
    key, place = _values(cursor, (KEY_AT_HAND, PLACE_AT_HAND))
    if key in keys:
        return keys.index(str(key)), True
    return min(int(str(place)), len(keys)), False


def _cursor_of(row: Model, keys: Sequence[SortKey]) -> str:
    return encoded([_shown(getattr(row, key.column), key.kind) for key in keys])


def _shown(value: Any, kind: SortKind) -> str:
    return str((value - EPOCH) // MICROSECOND) if kind is SortKind.MOMENT else str(value)


def _values(cursor: str, keys: Sequence[SortKey]) -> list[object]:
    """The sort values in a cursor. Raises `BadCursor`."""
    try:
        decoded = json.loads(base64.b64decode(cursor[:CURSOR_CHARACTERS_MAX], validate=True).decode("utf-8"))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise BadCursor from error
    if not isinstance(decoded, list) or len(decoded) != len(keys):
        raise BadCursor
    return [_read(value, key.kind) for value, key in zip(decoded, keys, strict=True)]


def _read(value: object, kind: SortKind) -> object:
    if not isinstance(value, str) or len(value) > TEXT_CHARACTERS_MAX or not _is_text(value):
        raise BadCursor
    if kind is SortKind.TEXT:
        return value
    most = MICROSECONDS_MAX if kind is SortKind.MOMENT else NUMBER_MAX
    if not (value.isascii() and value.isdigit() and int(value) <= most):
        raise BadCursor
    return EPOCH + int(value) * MICROSECOND if kind is SortKind.MOMENT else int(value)


def _is_text(value: str) -> bool:
    """Whether a database takes it: no NUL and no half of a surrogate pair."""
    return "\x00" not in value and not any("\ud800" <= character <= "\udfff" for character in value)


def _beyond(values: Sequence[object], keys: Sequence[SortKey], *, backwards: bool) -> Q:
    """(k1 beyond v1) or (k1 = v1 and k2 beyond v2) or …"""
    beyond, equal = Q(), Q()
    for key, value in zip(keys, values, strict=True):
        beyond |= equal & key.compared(value, backwards=backwards)
        equal &= Q(**{key.column: value})
    return beyond
