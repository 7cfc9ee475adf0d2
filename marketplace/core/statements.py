"""Statements whose text is made once and used again: for the few paths on which a whole country's money comes in.

Django makes the text of a statement anew each time, which costs ten times what the database takes to find or write a
row by its key. Here Django makes it once, out of an ordinary queryset or model, so that every database gets its own
and nothing is written by hand; what changes from one use to the next are places in it. Rows become the same
model instances as ever. Everything off those paths is better served by the ORM as it comes.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import count
from typing import Any, Final, Generic, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.models import (
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    Expression,
    Field,
    ForeignKey,
    Model,
    OneToOneField,
    PositiveSmallIntegerField,
    QuerySet,
)
from django.db.models.query import get_related_populators
from psycopg import RawCursor

Row = TypeVar("Row", bound=Model)


class Given(Expression):
    """A place in a queryset for a value that is given at each use: `filter(code=Given("code"))`."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """A parameter whose value is not known yet."""
        return "%s", [_Place(self.name)]


class _Place(str):
    """The name of a value in the list of parameters."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement with its places as Django writes them, and as the database's own driver does."""

    portable: str
    native: str

    @classmethod
    def of(cls, sql: str, vendor: str) -> _Text:
        """From Django's way of writing: `%s` is a place and `%%` a per cent sign."""
        numbers = count(1)

        def native(found: re.Match[str]) -> str:
            if found[0] == "%%":
                return "%"
            return f"${next(numbers)}" if vendor == "postgresql" else "?"

        return cls(sql, re.sub("%[s%]", native, sql))


class Kept(Generic[Row]):
    """A queryset whose text is kept. `make` says it, with `Given` wherever a value comes in."""

    def __init__(self, make: Callable[[], QuerySet[Row]]) -> None:
        self._make = make
        self._readers: dict[str, _Reader] = {}

    def all(self, **given: object) -> list[Row]:
        """The rows for these values, in the queryset's order."""
        database = connections[DEFAULT_DB_ALIAS]
        reader = self._readers.get(database.vendor)
        if reader is None:
            reader = self._readers[database.vendor] = _Reader(self._make())
        return cast("list[Row]", reader.read(given, database))

    def one(self, **given: object) -> Row | None:
        """The first row for these values, or None."""
        return next(iter(self.all(**given)), None)


class _Reader:
    """The text of a queryset on one kind of database, and how its rows become instances."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        compiler = rows.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, self._params = compiler.as_sql()
        self._text = _Text.of(sql, connections[DEFAULT_DB_ALIAS].vendor)
        chosen, about = compiler.select, compiler.klass_info
        columns = about["select_fields"]
        self._model = about["model"]
        self._own = slice(columns[0], columns[-1] + 1)
        self._names = [column[0].target.attname for column in chosen[self._own]]
        self._related = get_related_populators(about, chosen, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # Django 6
        converters = compiler.get_converters([column[0] for column in chosen])
        self._converters = [(place, *convert) for place, convert in converters.items()]

    def read(self, given: dict[str, object], database: Any) -> list[Any]:
        params = [adapted(given[one], database) if type(one) is _Place else one for one in self._params]
        return [self._instance(row, database) for row in _answer(database, self._text, params)]

    def _instance(self, row: Sequence[Any], database: Any) -> Any:
        values = list(row)
        for place, convert, column in self._converters:
            for one in convert:
                values[place] = one(values[place], column, database)
        instance = self._model.from_db(DEFAULT_DB_ALIAS, self._names, values[self._own])
        for related in self._related:
            related.populate(values, instance)
        return instance


def adapted(value: object, database: Any) -> Any:
    """A value as the database takes it: SQLite keeps moments, days and UUIDs as text."""
    if isinstance(value, datetime):
        return database.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return database.ops.adapt_datefield_value(value)
    if isinstance(value, uuid.UUID) and not database.features.has_native_uuid_field:
        return value.hex
    return value


def insert(*rows: Model) -> None:
    """Write new rows of one model in one statement, and give each the key that the database chose."""
    database = connections[DEFAULT_DB_ALIAS]
    keys = _answer(database, *_insertion(rows, database))
    for row, (key,) in zip(rows, keys, strict=True):
        _is_kept(row, key)


def insert_unless_known(row: Model, *, by: tuple[str, ...]) -> bool:
    """Write a new row unless one with the same unique columns `by` is there. Answers whether it was written.

    Waits for another transaction that is writing such a row. Any other constraint raises as ever.
    """
    database = connections[DEFAULT_DB_ALIAS]
    written = _answer(database, *_insertion((row,), database, by=by))
    for (key,) in written:
        _is_kept(row, key)
    return bool(written)


def update(row: Model, fields: tuple[str, ...]) -> None:
    """Write these fields of a row that is there. Raises `DatabaseError` where it is not, as Django's `save` does."""
    database = connections[DEFAULT_DB_ALIAS]
    text, written = _update_text(type(row), fields, database.vendor)
    if not _answer(database, text, [_saved(field, row, database) for field in written]):
        raise DatabaseError(f"no row of {type(row).__name__} was updated")


def _answer(database: Any, text: _Text, params: list[Any]) -> list[tuple[Any, ...]]:
    """The rows that a statement answers.

    Spoken to the driver directly, which halves the cost of a statement; as Django does it where somebody watches
    (wrappers, logged queries), so that every statement is seen and counted by those who count.
    """
    if database.queries_logged or database.execute_wrappers:
        with database.cursor() as cursor:
            cursor.execute(text.portable, params)
            return cast("list[tuple[Any, ...]]", cursor.fetchall())
    database.close_if_health_check_failed()
    database.ensure_connection()
    database.validate_thread_sharing()
    database.validate_no_broken_transaction()
    with database.wrap_database_errors:
        if database.vendor == "postgresql":
            return RawCursor(database.connection).execute(text.native, params).fetchall()
        return cast("list[tuple[Any, ...]]", database.connection.execute(text.native, params).fetchall())


def _insertion(rows: Sequence[Model], database: Any, *, by: tuple[str, ...] = ()) -> tuple[_Text, list[Any]]:
    text, fields = _insert_text(type(rows[0]), len(rows), by, database.vendor)
    return text, [_saved(field, row, database) for row in rows for field in fields]


def _is_kept(row: Model, key: object) -> None:
    row.pk = key
    row._state.adding = False
    row._state.db = DEFAULT_DB_ALIAS


def _saved(field: Field[Any, Any], row: Model, database: Any) -> Any:
    if type(field) in _PLAIN_FIELDS:
        value = getattr(row, field.attname)
        if type(value) in _PLAIN_VALUES:
            return value  # Django would answer the same after a dozen calls
    return field.get_db_prep_save(field.pre_save(row, row._state.adding), database)


_PLAIN_FIELDS: Final = frozenset(
    {
        *(CharField, BooleanField, BigAutoField, ForeignKey, OneToOneField),
        *(BigIntegerField, PositiveSmallIntegerField),
    }
)
_PLAIN_VALUES: Final = frozenset({int, str, bool, type(None)})


@cache
def _insert_text(
    model: type[Model], rows: int, by: tuple[str, ...], vendor: str
) -> tuple[_Text, tuple[Field[Any, Any], ...]]:
    fields = tuple(field for field in model._meta.concrete_fields if not field.db_returning)
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * rows)
    conflict = f" ON CONFLICT ({_names(_fields(model, by))}) DO NOTHING" if by else ""
    key = _names([model._meta.pk])
    # Only names of our own models go into the text; everything from outside is a parameter.
    sql = f"INSERT INTO {_quoted(model._meta.db_table)} ({_names(fields)}) VALUES {places}{conflict} RETURNING {key}"  # noqa: S608
    return _Text.of(sql, vendor), fields


@cache
def _update_text(
    model: type[Model], names: tuple[str, ...], vendor: str
) -> tuple[_Text, tuple[Field[Any, Any], ...]]:
    fields = _fields(model, names)
    sets = ", ".join(f"{_names([field])} = %s" for field in fields)
    key = model._meta.pk
    sql = f"UPDATE {_quoted(model._meta.db_table)} SET {sets} WHERE {_names([key])} = %s RETURNING {_names([key])}"  # noqa: S608
    return _Text.of(sql, vendor), (*fields, key)


def _fields(model: type[Model], names: tuple[str, ...]) -> tuple[Field[Any, Any], ...]:
    return tuple(cast("Field[Any, Any]", model._meta.get_field(name)) for name in names)


def _names(fields: Sequence[Field[Any, Any]]) -> str:
    return ", ".join(_quoted(str(field.column)) for field in fields)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
