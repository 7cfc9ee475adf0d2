"""Saleor's connections: keyset cursors (base64 of a JSON list of sort values), at most 100 a page."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from graphql import GraphQLError

from tests.saleor.played.world import Thing, key_of

PAGE_MAX = 100
SORTED_BY = "__sorted_by__"


class Sorted(list[Thing]):
    """Things in an order, with the fields that order them: the cursor is made of these."""

    def __init__(self, things: Sequence[Thing], *, by: Sequence[str] = (), descending: bool = False) -> None:
        self.by = tuple(by)
        self.descending = descending
        super().__init__(sorted(things, key=self.key, reverse=descending))

    def key(self, thing: Thing) -> tuple[Any, ...]:
        """What a thing is ordered by, its own id last."""
        return (*(_plain(thing.get(name)) for name in self.by), _key(thing))


def connection(
    things: list[Thing],
    *,
    name: str,
    first: int | None,
    last: int | None,
    before: str | None,
    after: str | None,
) -> dict[str, Any]:
    """One page. Raises `GraphQLError` as Saleor does, for a page without a size and for one too large."""
    if first is None and last is None:
        raise GraphQLError(
            f"You must provide a `first` or `last` value to properly paginate the `{name}` connection."
        )
    size = first if first is not None else last
    if size is not None and not 0 < size <= PAGE_MAX:
        raise GraphQLError(f"Requesting {size} records on the `{name}` connection exceeds the limit of 100 records.")
    kept = things if isinstance(things, Sorted) else None
    page = [one for one in things if _is_after(kept, things, one, after) and _is_before(kept, things, one, before)]
    chosen = page[:first] if first is not None else page[-(last or 0) :]
    edges = [{"node": one, "cursor": _cursor(kept, things, one)} for one in chosen]
    return {
        "edges": edges,
        "nodes": chosen,
        "totalCount": len(things),
        "pageInfo": {
            "hasNextPage": len(page) > len(chosen) if first is not None else before is not None,
            "hasPreviousPage": after is not None if first is not None else len(page) > len(chosen),
            "startCursor": edges[0]["cursor"] if edges else None,
            "endCursor": edges[-1]["cursor"] if edges else None,
        },
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _key(thing: Thing) -> tuple[int, str]:
    key = key_of(thing["id"])
    return (int(key), "") if key.isdigit() else (0, key)


def _place(kept: Sorted | None, things: list[Thing], thing: Thing) -> list[Any]:
    if kept is not None:
        *values, key = kept.key(thing)
        return [*values, *key]
    return [next(position for position, one in enumerate(things) if one is thing)]


def _cursor(kept: Sorted | None, things: list[Thing], thing: Thing) -> str:
    return base64.b64encode(json.dumps(_place(kept, things, thing)).encode()).decode()


def _read(cursor: str) -> list[Any]:
    try:
        read = json.loads(base64.b64decode(cursor))
    except ValueError as error:
        raise GraphQLError("Received cursor is invalid.") from error
    if not isinstance(read, list):
        raise GraphQLError("Received cursor is invalid.")
    return read


def _is_after(kept: Sorted | None, things: list[Thing], thing: Thing, cursor: str | None) -> bool:
    if cursor is None:
        return True
    place, border = _place(kept, things, thing), _read(cursor)
    return place < border if kept is not None and kept.descending else place > border


def _is_before(kept: Sorted | None, things: list[Thing], thing: Thing, cursor: str | None) -> bool:
    if cursor is None:
        return True
    place, border = _place(kept, things, thing), _read(cursor)
    return place > border if kept is not None and kept.descending else place < border
