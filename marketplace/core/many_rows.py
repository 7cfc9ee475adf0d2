"""Rows of one model that are changed or deleted together, by kept statements (`marketplace.core.statements`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.models import Field, Model

from marketplace.core.statement_texts import Text, adapted, answer, columns_of, fields_of, quoted, saved
from marketplace.core.statements import update


def update_all(rows: Sequence[Model], fields: tuple[str, ...]) -> None:
    """Write these fields of rows of one model that are there, in one statement.

    Raises `DatabaseError` where one of them is not.
    """
    if not rows:
        return
    if len(rows) == 1:
        update(rows[0], fields)
        return
    database = connections[DEFAULT_DB_ALIAS]
    model = type(rows[0])
    text, given = _update_text(model, fields, len(rows), database.vendor)
    params = [saved(field, row, database) for row in rows for field in given]
    if len(answer(database, text, params)) != len(rows):
        raise DatabaseError(f"not every row of {model.__name__} was updated")


def delete_by(model: type[Model], name: str, value: object) -> int:
    """Delete the rows whose field `name` is `value`, or one of a list of numbers; how many there were.

    Nothing is read or done about what names them: whoever calls this knows what hangs on them.
    """
    database = connections[DEFAULT_DB_ALIAS]
    text = _delete_text(model, name, isinstance(value, list), database.vendor)
    return len(answer(database, text, [adapted(value, database)]))


def name_no_longer(model: type[Model], name: str, value: object) -> int:
    """Put null for the rows whose field `name` is `value`; how many there were."""
    database = connections[DEFAULT_DB_ALIAS]
    return len(answer(database, _null_text(model, name, database.vendor), [adapted(value, database)]))


# Only names of our own models go into the texts; everything from outside is a parameter.


@cache
def _update_text(
    model: type[Model], names: tuple[str, ...], rows: int, vendor: str
) -> tuple[Text, tuple[Field[Any, Any], ...]]:
    key = model._meta.pk
    fields = (key, *fields_of(model, names))
    typed = [f"%s::{_kind_of(field)}" for field in fields]
    first = ", ".join(typed if vendor == "postgresql" else ["%s"] * len(fields))
    others = f", ({', '.join(['%s'] * len(fields))})" * (rows - 1)
    sets = ", ".join(f"{columns_of([field])} = given.{columns_of([field])}" for field in fields[1:])
    table = quoted(model._meta.db_table)
    sql = (
        f"WITH given ({columns_of(fields)}) AS (VALUES ({first}){others}) UPDATE {table} SET {sets} FROM given "  # noqa: S608
        f"WHERE {table}.{columns_of([key])} = given.{columns_of([key])} RETURNING {table}.{columns_of([key])}"
    )
    return Text.of(sql, vendor), fields


def _kind_of(field: Field[Any, Any]) -> str:
    """A column's type without its size: a value that is too long must be refused, not cut."""
    return re.sub(r"\(.*?\)", "", str(field.db_type(connections[DEFAULT_DB_ALIAS])))


@cache
def _delete_text(model: type[Model], name: str, is_list: bool, vendor: str) -> Text:
    table, column, key = (
        quoted(model._meta.db_table),
        columns_of(fields_of(model, (name,))),
        columns_of([model._meta.pk]),
    )
    among = "= ANY(%s::bigint[])" if vendor == "postgresql" else "IN (SELECT value FROM json_each(%s))"
    return Text.of(f"DELETE FROM {table} WHERE {column} {among if is_list else '= %s'} RETURNING {key}", vendor)  # noqa: S608


@cache
def _null_text(model: type[Model], name: str, vendor: str) -> Text:
    table, column, key = (
        quoted(model._meta.db_table),
        columns_of(fields_of(model, (name,))),
        columns_of([model._meta.pk]),
    )
    return Text.of(f"UPDATE {table} SET {column} = NULL WHERE {column} = %s RETURNING {key}", vendor)  # noqa: S608
