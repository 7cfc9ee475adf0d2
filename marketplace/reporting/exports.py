"""Figures as files: CSV for any table program, XLSX for Excel. Sums of communes only, nobody's name in them. Pure."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from marketplace.core.tables import harmless, write_csv

COLUMN_CHARACTERS_MIN, COLUMN_CHARACTERS_MAX = 8, 48
SHEET_TITLE_CHARACTERS_MAX = 31
NOT_IN_A_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\", " "))

Value = str | int | date | None


@dataclass(frozen=True)
class Table:
    """A table with its heading; amounts are whole numbers, days are dates, None is an empty field."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]


def table_csv(table: Table) -> bytes:
    """The table as CSV in UTF-8 with the mark by which Excel knows it; days as 22/11/2026."""
    return write_csv([table.columns, *([_in_csv(value) for value in row] for row in table.rows)])


def tables_xlsx(tables: Sequence[Table]) -> bytes:
    """The tables as an Excel file, each on a sheet of its own; numbers stay numbers that can be summed."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.title.translate(NOT_IN_A_TITLE)[:SHEET_TITLE_CHARACTERS_MAX])
        for number, width in enumerate(_widths(table), 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.freeze_panes = "A2"
        sheet.append([_head(sheet, name) for name in table.columns])
        for row in table.rows:
            sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _in_csv(value: Value) -> str | int | None:
    return value.strftime("%d/%m/%Y") if isinstance(value, date) else value


def _head(sheet: Any, name: str) -> Any:
    cell = WriteOnlyCell(sheet, value=harmless(name))
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: Value) -> Any:
    shown: Any = harmless(value) if isinstance(value, str) else value
    cell = WriteOnlyCell(sheet, value=shown)
    if isinstance(value, date):
        cell.number_format = "dd/mm/yyyy"
    elif isinstance(value, int):
        cell.number_format = "#,##0"
    return cell


def _widths(table: Table) -> list[int]:
    columns = zip(table.columns, *table.rows, strict=True)
    return [
        min(COLUMN_CHARACTERS_MAX, max(COLUMN_CHARACTERS_MIN, *(len(str(value)) + 2 for value in column)))
        for column in columns
    ]
