"""The search table of each database: SQLite's FTS5 and PostgreSQL's tsvector under a GIN index.

The table `catalog_product_search` is made by a migration and is no Django model, since it is another thing on each
database. It holds a product's words and nothing that decides who may see it: that is joined in at query time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

TABLE = "catalog_product_search"


@dataclass(frozen=True)
class Shadow:
    """The folded words of one product: of its name, and of all else it may be found by."""

    product_id: int
    name: str
    text: str


class Engine(Protocol):
    """What the search asks of a database."""

    def put(self, shadows: Sequence[Shadow]) -> None:
        """Index products, in place of what was known of them before."""

    def forget_orphans(self) -> int:
        """Remove products that are no longer there; returns how many."""

    def has_words(self, words: Sequence[str], *, in_name: bool) -> RawSQL:
        """A condition on `Product`: all `words` are there, the last as a beginning; at least one word."""


class SqliteEngine:
    """An FTS5 table whose rowid is the product's id."""

    def put(self, shadows: Sequence[Shadow]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"DELETE FROM {TABLE} WHERE rowid = %s",  # noqa: S608 - a constant of ours
                [(one.product_id,) for one in shadows],
            )
            cursor.executemany(
                f"INSERT INTO {TABLE} (rowid, name, text) VALUES (%s, %s, %s)",  # noqa: S608
                [(one.product_id, one.name, one.text) for one in shadows],
            )

    def forget_orphans(self) -> int:
        return _delete(f"DELETE FROM {TABLE} WHERE rowid NOT IN (SELECT id FROM catalog_product)")  # noqa: S608

    def has_words(self, words: Sequence[str], *, in_name: bool) -> RawSQL:
        # Words hold letters and digits only, so that nothing in the quotation marks can end them.
        column = "name : " if in_name else ""
        phrases = [f'{column}"{word}"' for word in words]
        query = " AND ".join(phrases) + " *"
        return _condition(f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s", query)  # noqa: S608


class PostgresqlEngine:
    """A row a product with the words of its name and all its words, each under a GIN index.

    The words come ready made, as "simple" would make them; PostgreSQL's parser, which sees numbers, hosts and
    paths where we see words, is not asked.
    """

    def put(self, shadows: Sequence[Shadow]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {TABLE} (product_id, name_words, all_words)"  # noqa: S608
                " VALUES (%s, array_to_tsvector(%s::text[]), array_to_tsvector(%s::text[]))"
                " ON CONFLICT (product_id) DO UPDATE"
                " SET name_words = excluded.name_words, all_words = excluded.all_words",
                [(one.product_id, one.name.split(), f"{one.name} {one.text}".split()) for one in shadows],
            )

    def forget_orphans(self) -> int:
        return _delete(
            f"DELETE FROM {TABLE} AS found WHERE NOT EXISTS"  # noqa: S608
            " (SELECT 1 FROM catalog_product WHERE id = found.product_id)"
        )

    def has_words(self, words: Sequence[str], *, in_name: bool) -> RawSQL:
        query = " & ".join(f"'{word}'" for word in words) + ":*"
        column = "name_words" if in_name else "all_words"
        return _condition(f"SELECT product_id FROM {TABLE} WHERE {column} @@ %s::tsquery", query)  # noqa: S608


def engine() -> Engine:
    """The engine of the database in use."""
    return PostgresqlEngine() if connection.vendor == "postgresql" else SqliteEngine()


def _condition(ids: str, query: str) -> RawSQL:
    return RawSQL(  # noqa: S611 - the text is ours, what people typed is a parameter
        f'"catalog_product"."id" IN ({ids})', [query], output_field=BooleanField()
    )


def _delete(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)
