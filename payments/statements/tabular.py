"""CSV and XLSX files as rows of cells: decoded, bounded, values only. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from openpyxl.cell.read_only import EMPTY_CELL

from marketplace.core.tables import decoded, delimiter_of
from marketplace.core.text import nfc
from marketplace.core.workbooks import WorkbookTooLarge, check_bounds, load_workbook
from payments.statements.cells import Cell, text_of
from payments.statements.errors import StatementRefused, StatementTooLarge, UnreadableStatement
from payments.statements.lines import STATEMENT_LINES_MAX

STATEMENT_BYTES_MAX: Final = 10 * 1024 * 1024
ROWS_MAX: Final = STATEMENT_LINES_MAX + 2_000
"""Lines, and what stands above, between and below them."""
COLUMNS_MAX: Final = 100
"""Techcombank spreads eight columns over sixty, by merging cells."""
CELL_CHARACTERS_MAX: Final = 8_000

_FORMULA = "f"
_FAULT = "e"
_DELIMITER_SAMPLE_ROWS: Final = 60
"""Titles stand above the table."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with at least one cell that is not empty, and its number as a spreadsheet shows it."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """All cells as text."""
        return tuple(map(text_of, self.cells))


Table = tuple[Row, ...]


def read_csv(content: bytes) -> Table:
    """The rows of a CSV file, whichever of the usual encodings and delimiters it has.

    Raises `UnreadableStatement`, `StatementTooLarge`.
    """
    found = decoded(content)
    if found is None:
        raise UnreadableStatement(_("Tệp này không phải văn bản CSV đọc được."))
    text = nfc(found)
    delimiter = delimiter_of(text, sample_lines=_DELIMITER_SAMPLE_ROWS, columns_max=COLUMNS_MAX)
    return _bounded(enumerate(_csv_rows(text, delimiter), start=1))


def read_xlsx(content: bytes) -> Table:
    """The rows of an XLSX file's first sheet that holds any: values, never formulas.

    Raises `UnreadableStatement`, `StatementTooLarge`.
    """
    try:
        check_bounds(content)
        workbook = load_workbook(content, characters_max=CELL_CHARACTERS_MAX)
        for sheet in workbook.worksheets:
            if rows := _bounded(enumerate(_sheet_rows(sheet), start=1)):
                return rows
    except StatementRefused:
        raise
    except WorkbookTooLarge as error:
        sentence = _("Tệp Excel này giải nén ra lớn quá. Bạn tải sao kê theo từng tháng.")
        raise StatementTooLarge(sentence) from error
    except Exception as error:  # what a crafted or damaged file makes the reader raise is not documented
        raise UnreadableStatement(_("Không mở được tệp Excel này: tệp hỏng hoặc tải chưa hết.")) from error
    return ()


def _csv_rows(text: str, delimiter: str) -> Iterator[tuple[Cell, ...]]:
    # Strict: a quotation mark that is never closed would swallow the lines behind it.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            yield tuple(cell[:CELL_CHARACTERS_MAX].strip() for cell in row)
    except csv.Error as error:
        raise UnreadableStatement(
            _("Dấu ngoặc kép trong tệp CSV không khớp. Bạn tải lại tệp từ ngân hàng."), row=reader.line_num
        ) from error


def _sheet_rows(sheet: Any) -> Iterator[tuple[Cell, ...]]:
    # Exporters of banks often write a wrong size of the sheet, by which rows would be left out.
    sheet.reset_dimensions()
    cleaned: dict[str, str] = {}
    for number, row in enumerate(sheet.iter_rows(max_col=COLUMNS_MAX), start=1):
        yield tuple(None if cell is EMPTY_CELL else _value(cell, row=number, cleaned=cleaned) for cell in row)


def _value(cell: Any, *, row: int, cleaned: dict[str, str]) -> Cell:
    """What a cell holds; `cleaned` are the texts that were seen before, so that a thousand equal ones are one."""
    value = cell.value
    if cell.data_type == _FORMULA:
        raise UnreadableStatement(_("có công thức. Bạn dùng đúng tệp ngân hàng xuất ra, chưa sửa."), row=row)
    if cell.data_type == _FAULT or isinstance(value, bool | timedelta):
        return str(value)
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, str) and value not in cleaned:
        cleaned[value] = nfc(value[:CELL_CHARACTERS_MAX]).strip()
    return cleaned[value] if isinstance(value, str) else value


def _bounded(numbered: Iterable[tuple[int, tuple[Cell, ...]]]) -> Table:
    """The rows that hold anything, without the empty cells at their ends."""
    rows = []
    for number, cells in numbered:
        if number > ROWS_MAX:
            sentence = _("Sao kê dài quá {count} dòng. Bạn tải theo từng tháng hoặc từng tuần.")
            raise StatementTooLarge(format_lazy(sentence, count=STATEMENT_LINES_MAX))
        kept = len(cells)
        while kept and cells[kept - 1] in (None, ""):
            kept -= 1
        if kept > COLUMNS_MAX:
            raise StatementTooLarge(_("có nhiều cột quá."), row=number)
        if kept:
            rows.append(Row(number, cells[:kept]))
    return tuple(rows)
