"""Figures as files: a table program reads them as they are, and takes nothing in them for a formula."""

from __future__ import annotations

import csv
import io
from datetime import date

from openpyxl import load_workbook

from marketplace.reporting.exports import Table, table_csv, tables_xlsx

DAYS = Table(
    "Từng ngày", ["Ngày", "Tiền bán (₫)", "Chợ"], [[date(2026, 11, 22), 1_250_000, "Chợ Nếnh"], [None, 0, ""]]
)


def test_csv_is_utf8_with_the_mark_that_excel_knows_and_days_as_people_write_them() -> None:
    content = table_csv(DAYS)

    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) == [
        ["Ngày", "Tiền bán (₫)", "Chợ"],
        ["22/11/2026", "1250000", "Chợ Nếnh"],
        ["", "0", ""],
    ]


def test_excel_gets_a_sheet_a_table_with_numbers_that_are_numbers_and_days_that_are_days() -> None:
    book = load_workbook(io.BytesIO(tables_xlsx([DAYS, Table("Giờ [1]: a/b", ["A"], [])])))

    assert book.sheetnames == ["Từng ngày", "Giờ  1   a b"]
    sheet = book["Từng ngày"]
    day, amount, site = (cell for cell in sheet[2])
    assert (day.value.date(), day.number_format) == (date(2026, 11, 22), "dd/mm/yyyy")  # type: ignore[union-attr]  # a day
    assert (amount.value, amount.number_format, site.value) == (1_250_000, "#,##0", "Chợ Nếnh")
    assert (sheet["A1"].font.bold, sheet.freeze_panes) == (True, "A2")


def test_a_name_that_looks_like_a_formula_stays_a_name() -> None:
    trap = Table("Chợ", ["Chợ"], [['=HYPERLINK("http://x")'], ["+84"], ["-1"], ["@a"], ["Chợ"]])

    in_csv = [row[0] for row in csv.reader(io.StringIO(table_csv(trap).decode("utf-8-sig")))][1:]
    sheet = load_workbook(io.BytesIO(tables_xlsx([trap]))).active

    assert in_csv == ['\'=HYPERLINK("http://x")', "'+84", "'-1", "'@a", "Chợ"]
    assert sheet is not None
    assert [(cell.value, cell.data_type) for (cell,) in sheet.iter_rows(min_row=2)] == [
        (text, "s") for text in in_csv
    ]
