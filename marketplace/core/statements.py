"""Statements whose text is made once and used again: for the few paths on which a whole country's money comes in.

Django makes the text of a statement anew each time, which costs ten times what the database takes to find or write a
row by its key. Here Django makes it once, out of an ordinary queryset or model, so that every database gets its own
and nothing is written by hand; what changes from one use to the next are places in it. Rows become the same
model instances as ever. Everything off those paths is better served by the ORM as it comes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Generic, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.models import BooleanField, Expression, F, Field, Func, Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import ValuesListIterable

from marketplace.core.statement_texts import Text, adapted, answer, columns_of, fields_of, quoted, saved

Row = TypeVar("Row")


class Given(Expression):
    """A place in a queryset for a value that is given at each use: `filter(code=Given("code"))`."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """A parameter whose value is not known yet."""
        return "%s", [_Place(self.name)]


class Among(Func):
    """The condition that a number is one of `numbers`: `filter(Among("pk", [1, 2]))`.

    Django's own `in` writes a place for each of them, which takes longer than finding the rows. Here they are one
    value however many they are, so that the text stays the same; a `Given` list comes at each use.
    """

    output_field = BooleanField()
    list_type = "bigint[]"

    def __init__(self, column: str, numbers: Sequence[int] | Sequence[str] | Given) -> None:
        super().__init__(F(column))
        self.numbers = numbers

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """As SQLite reads a list."""
        sql, params = compiler.compile(self.source_expressions[0])
        return f"{sql} IN (SELECT value FROM json_each(%s))", (*params, self._value(connection))  # noqa: S608 - a column of ours

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """As PostgreSQL reads a list."""
        sql, params = compiler.compile(self.source_expressions[0])
        return f"{sql} = ANY(%s::{self.list_type})", (*params, self._value(connection))

    def _value(self, connection: Any) -> Any:
        if isinstance(self.numbers, Given):
            return _Place(self.numbers.name)
        return adapted(list(self.numbers), connection)


class AmongTexts(Among):
    """The same of texts."""

    list_type = "text[]"


class _Place(str):
    """The name of a value in the list of parameters."""

    __slots__ = ()


class Kept(Generic[Row]):
    """A queryset whose text is kept. `make` says it, with `Given` wherever a value comes in.

    Its rows are instances, or tuples where it asks for a list of values.
    """

    def __init__(self, make: Callable[[], QuerySet[Any, Row]]) -> None:
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


class Plain:
    """A statement of constant text without places, which both databases read alike."""

    def __init__(self, sql: str) -> None:
        self._text = Text(sql, sql)

    def rows(self) -> list[tuple[Any, ...]]:
        """What it answers."""
        return answer(connections[DEFAULT_DB_ALIAS], self._text, [])


class _Reader:
    """The text of a queryset on one kind of database, and how its rows become instances."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        compiler = rows.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, self._params = compiler.as_sql()
        self._text = Text.of(sql, connections[DEFAULT_DB_ALIAS].vendor)
        chosen = compiler.select
        are_values = issubclass(rows._iterable_class, ValuesListIterable)
        self._maker = None if are_values else _Maker(compiler.klass_info, chosen)
        self._annotations = tuple(compiler.annotation_col_map.items())
        converters = compiler.get_converters([column[0] for column in chosen])
        self._converters = [(place, *convert) for place, convert in converters.items()]

    def read(self, given: dict[str, object], database: Any) -> list[Any]:
        params = [adapted(given[one], database) if type(one) is _Place else one for one in self._params]
        return [self._instance(row, database) for row in answer(database, self._text, params)]

    def _instance(self, row: Sequence[Any], database: Any) -> Any:
        if self._converters:
            values = list(row)
            for place, convert, column in self._converters:
                for one in convert:
                    values[place] = one(values[place], column, database)
            row = values
        if self._maker is None:
            return tuple(row)
        made = self._maker.made(row)
        for name, place in self._annotations:
            setattr(made, name, row[place])
        return made


class _Maker:
    """How a row of the database becomes an instance of its model, with those that it refers to.

    As when an instance is copied or unpickled, its `__init__` is not called: what it does for values from a
    database is to put them where they are put here, four times as slowly. Columns that were not read are read
    when they are asked for, as ever.
    """

    def __init__(self, about: Any, chosen: Any) -> None:
        columns = about["select_fields"]
        self._model = about["model"]
        self._own = slice(columns[0], columns[-1] + 1)
        self._names = tuple(column[0].target.attname for column in chosen[self._own])
        self._key = columns[0] + self._names.index(self._model._meta.pk.attname)
        self._links = [
            (_Maker(one, chosen), one["local_setter"], one["remote_setter"])
            for one in about.get("related_klass_infos", ())
        ]

    def made(self, row: Sequence[Any]) -> Any:
        """The instance; None where an outer join found nothing."""
        if row[self._key] is None:
            return None
        made = self._model.__new__(self._model)
        made._state = state = ModelState()
        state.adding, state.db = False, DEFAULT_DB_ALIAS
        made.__dict__.update(zip(self._names, row[self._own], strict=True))
        for maker, set_here, set_there in self._links:
            other = maker.made(row)
            set_here(made, other)
            if other is not None:
                set_there(other, made)
        return made


def insert(*rows: Model) -> None:
    """Write new rows of one model in one statement, and give each the key that the database chose."""
    database = connections[DEFAULT_DB_ALIAS]
    keys = answer(database, *_insertion(rows, database))
    for row, (key,) in zip(rows, keys, strict=True):
        _is_kept(row, key)


def insert_unless_known(row: Model, *, by: tuple[str, ...]) -> bool:
    """Write a new row unless one with the same unique columns `by` is there. Answers whether it was written.

    Waits for another transaction that is writing such a row. Any other constraint raises as ever.
    """
    database = connections[DEFAULT_DB_ALIAS]
    written = answer(database, *_insertion((row,), database, by=by))
    for (key,) in written:
        _is_kept(row, key)
    return bool(written)


def update(row: Model, fields: tuple[str, ...]) -> None:
    """Write these fields of a row that is there. Raises `DatabaseError` where it is not, as Django's `save` does."""
    database = connections[DEFAULT_DB_ALIAS]
    text, written = _update_text(type(row), fields, database.vendor)
    if not answer(database, text, [saved(field, row, database) for field in written]):
        raise DatabaseError(f"no row of {type(row).__name__} was updated")


def _insertion(rows: Sequence[Model], database: Any, *, by: tuple[str, ...] = ()) -> tuple[Text, list[Any]]:
    text, fields = _insert_text(type(rows[0]), len(rows), by, database.vendor)
    return text, [saved(field, row, database) for row in rows for field in fields]


def _is_kept(row: Model, key: object) -> None:
    if row.pk is None:
        row.pk = key  # a key that was made here, such as a UUID, is known; SQLite would answer it as text
    row._state.adding = False
    row._state.db = DEFAULT_DB_ALIAS


@cache
def _insert_text(
    model: type[Model], rows: int, by: tuple[str, ...], vendor: str
) -> tuple[Text, tuple[Field[Any, Any], ...]]:
    fields = tuple(field for field in model._meta.concrete_fields if not field.db_returning)
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * rows)
    conflict = f" ON CONFLICT ({columns_of(fields_of(model, by))}) DO NOTHING" if by else ""
    key = columns_of([model._meta.pk])
    # Only names of our own models go into the text; everything from outside is a parameter.
    sql = (
        f"INSERT INTO {quoted(model._meta.db_table)} ({columns_of(fields)}) VALUES {places}{conflict} RETURNING {key}"  # noqa: S608
    )
    return Text.of(sql, vendor), fields


@cache
def _update_text(model: type[Model], names: tuple[str, ...], vendor: str) -> tuple[Text, tuple[Field[Any, Any], ...]]:
    fields = fields_of(model, names)
    sets = ", ".join(f"{columns_of([field])} = %s" for field in fields)
    table, key = quoted(model._meta.db_table), columns_of([model._meta.pk])
    sql = f"UPDATE {table} SET {sets} WHERE {key} = %s RETURNING {key}"  # noqa: S608
    return Text.of(sql, vendor), (*fields, model._meta.pk)
