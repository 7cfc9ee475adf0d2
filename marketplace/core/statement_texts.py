"""What kept statements are made of: texts with places, values as the database takes them, and asking the driver."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import Any, Final, cast

from django.db import connection
from django.db.models import (
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    Field,
    ForeignKey,
    Model,
    OneToOneField,
    PositiveSmallIntegerField,
)
from psycopg import RawCursor
from psycopg.types.numeric import Int8

from marketplace.core.database_time import Bounds

_PLAIN_FIELDS: Final = frozenset(
    {
        *(CharField, BooleanField, BigAutoField, ForeignKey, OneToOneField),
        *(BigIntegerField, PositiveSmallIntegerField),
    }
)
_PLAIN_VALUES: Final = frozenset({int, str, bool, type(None)})


@dataclass(frozen=True, slots=True)
class Text:
    """A statement with its places as Django writes them, and as the database's own driver does."""

    portable: str
    native: str

    @classmethod
    def of(cls, sql: str, vendor: str) -> Text:
        """From Django's way of writing: `%s` is a place and `%%` a per cent sign."""
        numbers = count(1)

        def native(found: re.Match[str]) -> str:
            if found[0] == "%%":
                return "%"
            return f"${next(numbers)}" if vendor == "postgresql" else "?"

        return cls(sql, re.sub("%[s%]", native, sql))


def answer(database: Any, text: Text, params: list[Any]) -> list[tuple[Any, ...]]:
    """The rows that a statement answers.

    Spoken to the driver directly, which halves the cost of a statement; as Django does it where somebody watches
    (wrappers, logged queries), so that every statement is seen and counted by those who count. The bounds of a
    request's time only want to know when a statement begins.
    """
    watchers = database.execute_wrappers
    if database.queries_logged or not all(type(one) is Bounds for one in watchers):
        with database.cursor() as cursor:
            cursor.execute(text.portable, params)
            return cast("list[tuple[Any, ...]]", cursor.fetchall())
    for bounds in watchers:
        bounds.begin(text.portable, database)
    database.close_if_health_check_failed()
    database.ensure_connection()
    database.validate_thread_sharing()
    database.validate_no_broken_transaction()
    with database.wrap_database_errors:
        if database.vendor == "postgresql":
            return RawCursor(database.connection).execute(text.native, params).fetchall()
        return cast("list[tuple[Any, ...]]", database.connection.execute(text.native, params).fetchall())


def adapted(value: object, database: Any) -> Any:
    """A value as the database takes it.

    SQLite keeps moments, days and UUIDs as text, and reads a list as JSON. To PostgreSQL all whole numbers are of one
    type: the driver would give each the smallest that holds it, and plan the statement anew for each mixture of them.
    """
    if type(value) is int:
        return Int8(value) if database.vendor == "postgresql" else value
    if isinstance(value, list):
        return json.dumps(value) if database.vendor == "sqlite" else value
    if isinstance(value, datetime):
        return database.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return database.ops.adapt_datefield_value(value)
    if isinstance(value, uuid.UUID) and not database.features.has_native_uuid_field:
        return value.hex
    return value


def saved(field: Field[Any, Any], row: Model, database: Any) -> Any:
    """A row's value of a field, as the database keeps it."""
    if type(field) in _PLAIN_FIELDS:
        value = getattr(row, field.attname)
        if type(value) in _PLAIN_VALUES:
            # Django would answer the same after a dozen calls.
            return adapted(value, database) if type(value) is int else value
    return field.get_db_prep_save(field.pre_save(row, row._state.adding), database)


def fields_of(model: type[Model], names: tuple[str, ...]) -> tuple[Field[Any, Any], ...]:
    """A model's fields of these names."""
    return tuple(cast("Field[Any, Any]", model._meta.get_field(name)) for name in names)


def columns_of(fields: Sequence[Field[Any, Any]]) -> str:
    """The columns of fields, as a statement names them."""
    return ", ".join(quoted(str(field.column)) for field in fields)


def quoted(name: str) -> str:
    """A name of ours as a statement writes it."""
    return connection.ops.quote_name(name)
