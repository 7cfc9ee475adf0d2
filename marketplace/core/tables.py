"""CSV and XLSX files as rows of cells: decoded, bounded, values only. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.styles import Font

from marketplace.core.errors import InvalidInput
from marketplace.core.text import nfc
from marketplace.core.workbooks import WorkbookTooLarge, check_bounds, load_workbook

TABLE_BYTES_MAX: Final = 10 * 1024 * 1024
CELL_CHARACTERS_MAX: Final = 25_000
COLUMNS_MAX: Final = 120
DELIMITERS: Final = (";", ",", "\t")
ENCODINGS: Final = ("utf-8-sig", "cp1258")
"""Excel in Vietnamese writes CSV in Windows' Vietnamese code page unless told otherwise."""

_ZIP_MARK: Final = b"PK\x03\x04"
_OLD_EXCEL_MARK: Final = b"\xd0\xcf\x11\xe0"
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_FORMULA_MARKS: Final = ("=", "+", "-", "@", "\t", "\r")
_DELIMITER_SAMPLE_LINES: Final = 20

Cell = str | int | Decimal | None


class UnreadableTable(InvalidInput):
    """The file is too large, or no table that can be read to its end."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds anything, without the empty cells at its end, and its number as a spreadsheet shows it."""

    number: int
    cells: tuple[Cell, ...]


def read_table(content: bytes, *, rows_max: int) -> tuple[Row, ...]:
    """The rows of a CSV file (usual encodings and delimiters) or of an XLSX file's first sheet that holds any.

    What it is, is decided by its content. Formulas count as what Excel last computed. Raises `UnreadableTable`,
    also beyond `TABLE_BYTES_MAX` and `rows_max`.
    """
    if len(content) > TABLE_BYTES_MAX:
        raise UnreadableTable(_("Tệp lớn quá 10 MB. Bạn chia ra nhiều tệp giúp."), field="content")
    if content.startswith(_OLD_EXCEL_MARK):
        raise UnreadableTable(_("Đây là Excel đời cũ (.xls). Bạn mở rồi lưu lại thành .xlsx giúp."), field="content")
    rows = _xlsx_rows(content, rows_max) if content.startswith(_ZIP_MARK) else _csv_rows(content)
    return _bounded(rows, rows_max)


def text_of(cell: Cell) -> str:
    """A cell as the text a person reads in it."""
    if isinstance(cell, Decimal):
        return str(int(cell)) if cell == cell.to_integral_value() else str(cell)
    return "" if cell is None else str(cell)


def decoded(content: bytes) -> str | None:
    """The text of a CSV file in whichever of the usual encodings it has; None for what is no text."""
    for encoding in ("utf-16",) if content.startswith(_UTF16_MARKS) else ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    return None


def delimiter_of(text: str, *, sample_lines: int, columns_max: int) -> str:
    """The delimiter that parts the first lines into the most cells; titles above the table hardly count."""
    sample = text.split("\n", sample_lines)[:sample_lines]
    return max(DELIMITERS, key=lambda one: sum(min(line.count(one), columns_max) for line in sample))


def write_csv(rows: Iterable[Iterable[Cell]]) -> bytes:
    """A CSV file that Excel opens with its letters intact; a text that Excel would compute is marked as text."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(sheets: Iterable[tuple[str, Iterable[Iterable[Cell]], Iterable[int]]]) -> bytes:
    """An XLSX file of sheets: each its name, its rows (the first is bold and stays in view), its column widths."""
    workbook = Workbook(write_only=False)
    workbook.remove(workbook.worksheets[0])
    for name, rows, widths in sheets:
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append([_harmless(cell) for cell in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "A2"
        for column, width in zip(sheet.columns, widths, strict=False):
            sheet.column_dimensions[column[0].column_letter].width = width
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def harmless(text: str) -> str:
    """A text for a table; one that a table program would take for a formula is marked as text."""
    return f"'{text}" if text.startswith(_FORMULA_MARKS) else text


def _harmless(cell: Cell) -> Cell:
    return harmless(cell) if isinstance(cell, str) else cell


def _csv_rows(content: bytes) -> Iterator[tuple[Cell, ...]]:
    text = decoded(content)
    if text is None:
        raise UnreadableTable(_("Tệp này không phải bảng CSV hay Excel đọc được."), field="content")
    delimiter = delimiter_of(text, sample_lines=_DELIMITER_SAMPLE_LINES, columns_max=COLUMNS_MAX)
    # Strict: a quotation mark that is never closed would swallow the rows behind it.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            yield tuple(_text(cell) for cell in row[: COLUMNS_MAX + 1])
    except csv.Error as error:
        sentence = _("Dòng {number} của tệp CSV bị hỏng: dấu ngoặc kép không khớp.")
        raise UnreadableTable(format_lazy(sentence, number=reader.line_num), field="content") from error


def _xlsx_rows(content: bytes, rows_max: int) -> Iterator[tuple[Cell, ...]]:
    try:
        check_bounds(content)
        workbook = load_workbook(content, characters_max=CELL_CHARACTERS_MAX, computed=True)
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()  # exporters often write a wrong size, by which rows would be left out
            rows = [
                tuple(_value(value) for value in row)
                for row in sheet.iter_rows(max_col=COLUMNS_MAX + 1, max_row=rows_max + 1, values_only=True)
            ]
            if any(any(cell not in (None, "") for cell in row) for row in rows):
                return iter(rows)
    except WorkbookTooLarge as error:
        sentence = _("Tệp Excel này giải nén ra lớn quá. Bạn chia ra nhiều tệp giúp.")
        raise UnreadableTable(sentence, field="content") from error
    except Exception as error:  # what a crafted or damaged file makes the reader raise is not documented
        sentence = _("Không mở được tệp Excel này: tệp hỏng hoặc tải chưa hết.")
        raise UnreadableTable(sentence, field="content") from error
    return iter(())


def _value(value: Any) -> Cell:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return _text(str(value))


def _text(text: str) -> str:
    """A cell's text; the mark by which a spreadsheet says "this is text" is no part of it."""
    return nfc(text[:CELL_CHARACTERS_MAX]).strip().removeprefix("'")


def _bounded(rows: Iterable[tuple[Cell, ...]], rows_max: int) -> tuple[Row, ...]:
    kept = []
    for number, cells in enumerate(rows, start=1):
        if number > rows_max:
            sentence = _("Nhiều nhất {most} dòng một lần. Bạn chia ra nhiều tệp giúp.")
            raise UnreadableTable(format_lazy(sentence, most=rows_max), field="content")
        if any(cell not in (None, "") for cell in cells[COLUMNS_MAX:]):
            raise UnreadableTable(_("Tệp có nhiều cột quá."), field="content")
        length = len(cells)
        while length and cells[length - 1] in (None, ""):
            length -= 1
        if length:
            kept.append(Row(number, cells[:length]))
    return tuple(kept)
