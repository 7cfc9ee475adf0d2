"""Which rows of the search table are looked at: the newest matches, as many as are needed and never too many.

What decides who sees a product, and filters that are no fact in the search table, are joined in here. Where they
leave too little of the first matches, more are looked at, at most `MATCHES_MAX` in all: of a word that a hundred
thousand products have, nobody can wait for all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from catalog.search.engines import Fact, Match, Wanted, engine
from catalog.search.wanted import SearchFilters

MATCHES_FIRST = 1300
"""Enough for `CANDIDATES_MAX` where nearly everything that was published may be seen."""
MATCHES_MAX = 6000

Row = TypeVar("Row")


@dataclass(frozen=True)
class Matching(Generic[Row]):
    """Rows in the order asked for. `is_all` is False where older matches were not looked at."""

    rows: list[Row]
    is_all: bool


class Matches:
    """What the search table answered one asker, so that a list and its facets look for the same words once."""

    def __init__(self) -> None:
        self._known: dict[tuple[Wanted, int | None], tuple[int, list[Match]]] = {}

    def newest(self, wanted: Wanted, *, at_most: int, below: int | None = None) -> list[Match]:
        """As the database's engine answers it; no statement for what was asked before."""
        asked, found = self._known.get((wanted, below), (0, []))
        if asked < at_most:
            found = engine().newest(wanted, at_most=at_most, below=below)
            self._known[wanted, below] = at_most, found
        return found[:at_most]


def newest_matching(
    wanted: Wanted,
    *,
    rows_max: int,
    first: int | None = None,
    matches: Matches | None = None,
    read: Callable[[list[int]], Sequence[Row]],
) -> Matching[Row]:
    """What `read` gives of the products that hold what is wanted, the newest first; at most `rows_max` rows.

    `read` gets the ids of a step, reads those that may be seen and orders them by newness itself. Two statements for
    the `first` matches (`MATCHES_FIRST`), and two more where those left fewer than `rows_max`.
    """
    rows: list[Row] = []
    below = None
    first, known = first or MATCHES_FIRST, matches or Matches()
    for at_most in (first, MATCHES_MAX - first):
        found = known.newest(wanted, at_most=at_most, below=below)
        if found:
            rows += read([match.product_id for match in found])
            below = found[-1].newness
        is_all = len(found) < at_most
        if is_all or len(rows) >= rows_max:
            break
    return Matching(rows[:rows_max], is_all and len(rows) <= rows_max)


def ids_matching(wanted: Wanted) -> Matching[int]:
    """The newest `MATCHES_MAX` products that hold what is wanted; one statement."""
    matches = engine().newest(wanted, at_most=MATCHES_MAX + 1)
    return Matching([match.product_id for match in matches[:MATCHES_MAX]], len(matches) <= MATCHES_MAX)


def facts_of(filters: SearchFilters) -> tuple[str, ...]:
    """The filters that the search table knows by itself."""
    known = {
        Fact.PROVINCE: filters.province_code,
        Fact.COMMUNE: filters.commune_code,
        Fact.OCOP_SET: filters.ocop_set,
        Fact.VENDOR: filters.vendor_id,
    }
    return tuple(fact.word(value) for fact, value in known.items() if value is not None)
