"""One table of a commune's month on a page of its own: put in order by any column, with its sum, and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from marketplace.core.errors import NotFound
from marketplace.core.money import in_groups
from marketplace.reporting.exports import Table, Value
from marketplace.reporting.selectors import MonthReport
from storefront.commune.tables import NONE, report_tables

MAKES_THE_WHOLE = frozenset({"days", "confirmed", "kinds", "sites", "villages"})
"""Tables whose rows add up to the commune's own figures. An order over two OCOP sets stands in both."""
PERCENT = "(%)"
ROWS_A_PAGE = 25
DAYS_A_PAGE = 31
CELLS_STACKED_MAX = 150
"""On a phone each row becomes a card that names its columns again, while that keeps the page small."""


@dataclass(frozen=True)
class Shown:
    """A table as its page shows it: texts in the order asked for, and the sum of its columns, if they make one."""

    title: str
    columns: Sequence[str]
    rows: list[list[tuple[str, str]]]
    """Each cell after the name of its column."""
    total: list[tuple[str, str]] | None
    sort: int
    """The column that it is ordered by; the first is the table's own order."""
    pages: int

    @property
    def is_stacked(self) -> bool:
        """Whether a phone shows each row as a card."""
        return len(self.rows) * len(self.columns) <= CELLS_STACKED_MAX


def part_of(report: MonthReport, name: str, *, sort: int, page: int = 1) -> tuple[Table, Shown]:
    """The table of this name in the order of the column `sort`, as a file holds it and as a page of it shows it.

    Raises `NotFound` for another name.
    """
    table = report_tables(report).get(name)
    if table is None:
        raise NotFound(_("Không có bảng số liệu này."))
    sort = sort if 0 < sort < len(table.columns) else 0
    ordered = replace(table, rows=_ordered(table.rows, column=sort)) if sort else table
    rows_a_page = DAYS_A_PAGE if name == "days" else ROWS_A_PAGE
    rows = ordered.rows[(page - 1) * rows_a_page : page * rows_a_page]
    total = _total(table) if name in MAKES_THE_WHOLE and len(table.rows) > 1 else None
    return ordered, Shown(
        title=table.title,
        columns=table.columns,
        rows=[list(zip(table.columns, map(said, row), strict=True)) for row in rows],
        total=list(zip(table.columns, total, strict=True)) if total else None,
        sort=sort,
        pages=max(1, -(-len(table.rows) // rows_a_page)),
    )


def said(value: Value) -> str:
    """A cell as people read it."""
    if value is None:
        return NONE
    if isinstance(value, date):
        return date_format(value, "d/m/Y")
    return in_groups(value) if isinstance(value, int) else value


def _ordered(rows: Sequence[Sequence[Value]], *, column: int) -> list[Sequence[Value]]:
    """The most first, an empty field last; rows alike stay as they were."""

    def place(row: Sequence[Value]) -> tuple[bool, int]:
        amount = row[column]
        return (False, -amount) if isinstance(amount, int) else (True, 0)

    return sorted(rows, key=place)


def _total(table: Table) -> list[str]:
    sums = [_("Cộng")]
    for number, column in enumerate(table.columns[1:], start=1):
        amounts = [amount for row in table.rows if isinstance(amount := row[number], int)]
        sums.append(NONE if column.endswith(PERCENT) else in_groups(sum(amounts)))
    return sums
