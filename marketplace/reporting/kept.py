"""The figures as they are kept: adding to a row, reading a period's rows, putting a period right."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, models

from marketplace.reporting.models import ProductMonth, SalesDay, TakingsDay
from marketplace.reporting.tally import COLUMNS, Cells, Figure

ROWS_A_STATEMENT_MAX = 500


@dataclass(frozen=True)
class Table:
    """Where a figure is kept: its model and the attributes its rows are found by, the period second."""

    figure: Figure
    model: type[models.Model]
    key: tuple[str, ...]

    @property
    def period(self) -> str:
        """The attribute with the day, or the first day of the month."""
        return self.key[1]

    @property
    def name(self) -> str:
        """The table's name, quoted for SQL."""
        return connection.ops.quote_name(self.model._meta.db_table)

    def rows(self) -> models.QuerySet[Any]:
        """All rows of the figure."""
        return self.model._default_manager.all()


TABLES = {
    table.figure: table
    for table in (
        Table(Figure.TAKINGS, TakingsDay, ("commune_id", "day")),
        Table(Figure.SALES, SalesDay, ("province_id", "day", "channel", "ocop_set")),
        Table(Figure.PRODUCTS, ProductMonth, ("province_id", "month", "product_number")),
    )
}


def add(figure: Figure, cells: Cells) -> None:
    """Add to the figure's rows, making those that are not there yet: one statement for `ROWS_A_STATEMENT_MAX` rows.

    Rows are taken in the order of their keys, so that two workers never wait for each other in a circle.
    Must run in the transaction that marks the events as delivered.
    """
    table, keys = TABLES[figure], sorted(cells)
    columns = [column for column in COLUMNS[figure] if any(cells[key][column] for key in keys)]
    with connection.cursor() as cursor:
        for first in range(0, len(keys), ROWS_A_STATEMENT_MAX):
            some = keys[first : first + ROWS_A_STATEMENT_MAX]
            values = [[*map(_as_parameter, key), *(cells[key][column] for column in columns)] for key in some]
            cursor.execute(_upsert(table, columns, rows=len(some)), [value for row in values for value in row])


def cells_of(figure: Figure, period: date) -> Cells:
    """What is kept of the figure for one day (of products: for the month that begins on that day)."""
    table, columns = TABLES[figure], COLUMNS[figure]
    rows = table.rows().filter(**{table.period: period}).values_list(*table.key, *columns)
    width = len(table.key)
    return {row[:width]: _filled(columns, row[width:]) for row in rows.iterator()}


def replace(figure: Figure, period: date, cells: Cells) -> None:
    """Put the cells in the place of what is kept for one period. Must run after `hold_still`."""
    table = TABLES[figure]
    table.rows().filter(**{table.period: period}).delete()
    table.model._default_manager.bulk_create(
        (table.model(**dict(zip(table.key, key, strict=True)), **amounts) for key, amounts in cells.items()),
        batch_size=ROWS_A_STATEMENT_MAX,
    )


def periods(figure: Figure) -> set[date]:
    """Every day (of products: first day of a month) for which something is kept."""
    period = TABLES[figure].period
    return set(TABLES[figure].rows().order_by(period).values_list(period, flat=True).distinct())


def hold_still() -> None:
    """Let no figure move until the transaction ends; sales go on, their events wait, and reading goes on.

    On SQLite the transaction, being immediate, already does that.
    """
    if connection.vendor == "postgresql":
        tables = ", ".join(table.name for table in TABLES.values())
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")


def _as_parameter(part: str | int | date) -> Any:
    return connection.ops.adapt_datefield_value(part) if isinstance(part, date) else part


def _filled(columns: tuple[str, ...], amounts: tuple[int, ...]) -> Counter[str]:
    return Counter({column: amount for column, amount in zip(columns, amounts, strict=True) if amount})


def _upsert(table: Table, columns: list[str], *, rows: int) -> str:
    """`INSERT … ON CONFLICT … DO UPDATE` that adds, since Django's own upsert can only overwrite."""
    quote = connection.ops.quote_name
    key = ", ".join(map(quote, table.key))
    names = ", ".join(map(quote, [*table.key, *columns]))
    row = ", ".join(["%s"] * (len(table.key) + len(columns)))
    places = ", ".join([f"({row})"] * rows)
    sums = ", ".join(
        f"{quote(column)} = {table.name}.{quote(column)} + EXCLUDED.{quote(column)}" for column in columns
    )
    # Only names of our own models go into the text; everything from outside is a parameter.
    return f"INSERT INTO {table.name} ({names}) VALUES {places} ON CONFLICT ({key}) DO UPDATE SET {sums}"  # noqa: S608
