"""The search table of each database: SQLite's FTS5 and PostgreSQL's tsvector under a GIN index.

The table `catalog_product_search` is made by a migration and is no Django model, since it is another thing on each
database. It holds the words of every product that was ever published, and as words of a kind that nobody can type its
province, commune, set and shop. Nothing in it decides who may see a product: that is joined in at query time.

Its rows stand in the order of newness (`newness`): the cost of a search follows the number of rows that are looked
at, and from the newest back a database can stop after as many as are wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from django.db import connection

TABLE = "catalog_product_search"
NEWNESS_BEGINS = datetime(2020, 1, 1, tzinfo=UTC)
_ID_BITS = 24
_FACT = "\ue000"
"""Begins the word of a fact: to the databases a letter, and to `fold` none, so that it stands in no text."""


def newness(product_id: int, published_at: datetime) -> int:
    """A number that grows with the second of first publication, and within it falls as the product's number grows.

    Unique as long as no two products whose numbers are 16,777,216 apart are published in the same second.
    """
    seconds = (published_at - NEWNESS_BEGINS).days * 86_400 + (published_at - NEWNESS_BEGINS).seconds
    return (seconds << _ID_BITS) | (~product_id & ((1 << _ID_BITS) - 1))


class Fact(StrEnum):
    """What a product can be found by beside its words: place of origin, set and shop."""

    PROVINCE = "p"
    COMMUNE = "c"
    OCOP_SET = "s"
    VENDOR = "v"

    def word(self, value: str | int) -> str:
        """The word under which products with this value are found."""
        return f"{_FACT}{self.value}{value}"


@dataclass(frozen=True)
class Shadow:
    """What the search knows of one product: folded words of its name, of all else, its facts, and its newness."""

    product_id: int
    newness: int
    name: str
    text: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """What a row must hold: all `words`, the last as a beginning, in its name or anywhere; and all `facts`."""

    words: tuple[str, ...]
    facts: tuple[str, ...] = ()
    in_name: bool = False

    @property
    def is_everything(self) -> bool:
        """Whether nothing is asked for: then there is nothing to look up."""
        return not self.words and not self.facts


class Match(NamedTuple):
    """A row that holds what was wanted."""

    newness: int
    product_id: int


class Engine(Protocol):
    """What the search asks of a database."""

    def put(self, shadows: Sequence[Shadow]) -> None:
        """Index products, in place of what was known of them before."""

    def forget_orphans(self) -> int:
        """Remove products that are no longer there; returns how many."""

    def newest(self, wanted: Wanted, *, at_most: int, below: int | None = None) -> list[Match]:
        """The matches, the newest first, of those older than `below`. One statement, whose cost follows `at_most`."""


class SqliteEngine:
    """An FTS5 table whose rowid is the newness."""

    def put(self, shadows: Sequence[Shadow]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"DELETE FROM {TABLE} WHERE rowid = %s",  # noqa: S608 - a constant of ours
                [(one.newness,) for one in shadows],
            )
            cursor.executemany(
                f"INSERT INTO {TABLE} (rowid, product_id, name, text, facts) VALUES (%s, %s, %s, %s, %s)",  # noqa: S608
                [(one.newness, one.product_id, one.name, one.text, " ".join(one.facts)) for one in shadows],
            )

    def forget_orphans(self) -> int:
        return _delete(f"DELETE FROM {TABLE} WHERE product_id NOT IN (SELECT id FROM catalog_product)")  # noqa: S608

    def newest(self, wanted: Wanted, *, at_most: int, below: int | None = None) -> list[Match]:
        # Words hold letters and digits only, so that nothing in the quotation marks can end them.
        columns = "name" if wanted.in_name else "{name text}"
        phrases = [f'{columns} : "{word}"' for word in wanted.words]
        if phrases:
            phrases[-1] += " *"
        phrases += [f'facts : "{fact}"' for fact in wanted.facts]
        older, more = ("", []) if below is None else (" AND rowid < %s", [below])
        return _found(
            f"SELECT rowid, product_id FROM {TABLE} WHERE {TABLE} MATCH %s{older}"  # noqa: S608
            " ORDER BY rowid DESC LIMIT %s",
            [" AND ".join(phrases), *more, at_most],
        )


class PostgresqlEngine:
    """A row a product with the words of its name and all its words, each under a GIN index, the facts among both.

    The words come ready made, as "simple" would make them; PostgreSQL's parser, which sees numbers, hosts and
    paths where we see words, is not asked. Where matches are many it walks the index of newness, else it sorts them.
    """

    def put(self, shadows: Sequence[Shadow]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {TABLE} (product_id, newness, name_words, all_words)"  # noqa: S608
                " VALUES (%s, %s, array_to_tsvector(%s::text[]), array_to_tsvector(%s::text[]))"
                " ON CONFLICT (product_id) DO UPDATE"
                " SET newness = excluded.newness, name_words = excluded.name_words, all_words = excluded.all_words",
                [
                    (
                        one.product_id,
                        one.newness,
                        [*one.name.split(), *one.facts],
                        [*one.name.split(), *one.text.split(), *one.facts],
                    )
                    for one in shadows
                ],
            )

    def forget_orphans(self) -> int:
        return _delete(
            f"DELETE FROM {TABLE} AS found WHERE NOT EXISTS"  # noqa: S608
            " (SELECT 1 FROM catalog_product WHERE id = found.product_id)"
        )

    def newest(self, wanted: Wanted, *, at_most: int, below: int | None = None) -> list[Match]:
        lexemes = [f"'{word}'" for word in wanted.words]
        if lexemes:
            lexemes[-1] += ":*"
        lexemes += [f"'{fact}'" for fact in wanted.facts]
        column = "name_words" if wanted.in_name else "all_words"
        older, more = ("", []) if below is None else (" AND newness < %s", [below])
        return _found(
            f"SELECT newness, product_id FROM {TABLE} WHERE {column} @@ %s::tsquery{older}"  # noqa: S608
            " ORDER BY newness DESC LIMIT %s",
            [" & ".join(lexemes), *more, at_most],
        )


def engine() -> Engine:
    """The engine of the database in use."""
    return PostgresqlEngine() if connection.vendor == "postgresql" else SqliteEngine()


def _found(statement: str, parameters: Sequence[str | int]) -> list[Match]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [Match(*row) for row in cursor.fetchall()]


def _delete(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)
