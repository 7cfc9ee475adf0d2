"""What kind of file it is, and what is refused at the door: old Excel, PDF, web pages, damaged and swollen files."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl.reader.excel import SHARED_STRINGS

from marketplace.core import workbooks
from marketplace.core.errors import MarketError
from payments.statements import reading, tabular
from payments.statements.errors import BadRow, StatementTooLarge, UnreadableStatement, UnsupportedFile
from payments.statements.reading import TooManyReadsAtOnce, read_statement, read_table
from payments.statements.tabular import COLUMNS_MAX, ROWS_MAX, STATEMENT_BYTES_MAX
from tests.payments.statements.samples import csv_of, in_cp1258, sample, xlsx_of

HEADS = ["Ngày", "Nội dung", "Số tiền"]
ROWS = [HEADS, ["20/11/2026", "Đặng Thị Hằng trả tiền", "60.000"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_is_read_in_the_usual_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    content = csv_of(ROWS, delimiter=delimiter).decode().encode(encoding)
    assert read_statement(content).lines[0].content == "Đặng Thị Hằng trả tiền"


def test_windows_vietnamese_code_page_gives_composed_letters() -> None:
    content = in_cp1258(csv_of(ROWS).decode())
    assert content != csv_of(ROWS)
    assert read_statement(content).lines[0].content == "Đặng Thị Hằng trả tiền"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 100, ".xlsx"),
        (b"%PDF-1.7 x", "PDF"),
        (b"\n<HTML><body><table><tr><td>1</td></tr></table>", ".xlsx"),
        (b"<table><tr><td>1", ".xlsx"),
    ],
)
def test_other_kinds_of_files_are_refused_with_what_to_do(content: bytes, words: str) -> None:
    with pytest.raises(UnsupportedFile) as refused:
        read_statement(content)
    assert words in str(refused.value)
    with pytest.raises(UnsupportedFile):
        read_table(content)


def test_a_file_of_more_than_ten_megabytes_is_refused_unread() -> None:
    with pytest.raises(StatementTooLarge):
        read_statement(b"a" * (STATEMENT_BYTES_MAX + 1))


def test_a_csv_of_too_many_rows_or_columns_is_refused() -> None:
    with pytest.raises(StatementTooLarge):
        read_table(b"a;b\n" * (ROWS_MAX + 1))
    assert len(read_table(b"a;b\n" * ROWS_MAX)) == ROWS_MAX
    with pytest.raises(StatementTooLarge) as refused:
        read_table(b"a;b\n" + b"c;" * COLUMNS_MAX + b"d")
    assert refused.value.row == 2


def test_too_many_lines_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payments.statements.rows.STATEMENT_LINES_MAX", 2)
    line = ["20/11/2026", "x", "1.000"]
    assert len(read_statement(csv_of([HEADS, line, line])).lines) == 2
    with pytest.raises(StatementTooLarge):
        read_statement(csv_of([HEADS, line, line, line]))


def test_a_quotation_mark_that_is_never_closed_would_swallow_lines_and_is_refused() -> None:
    with pytest.raises(UnreadableStatement) as refused:
        read_statement(csv_of([*ROWS, ['"20/11/2026', "y", "1.000"]]))
    assert refused.value.row == 3


@pytest.mark.parametrize("content", [b"\xff\xfea", b"\xff\xfe\x00\xd8", b"a;b\x00;c", b"a\xd2\xd5\x81;b"])
def test_bytes_that_are_no_text_are_refused(content: bytes) -> None:
    with pytest.raises((UnreadableStatement, MarketError)):
        read_statement(content)


def test_a_formula_is_refused_with_its_row() -> None:
    with pytest.raises(UnreadableStatement) as refused:
        read_statement(xlsx_of([HEADS, ["20/11/2026", "x", "=1+1"]]))
    assert refused.value.row == 2
    assert "công thức" in str(refused.value)


def test_a_cell_that_says_it_is_wrong_is_text() -> None:
    (row,) = read_table(xlsx_of([["#N/A", "x"]]))
    assert row.cells == ("#N/A", "x")


def test_a_damaged_spreadsheet_is_refused() -> None:
    good = xlsx_of(ROWS)
    for content in (b"PK\x03\x04", good[: len(good) // 2], good[:-30]):
        with pytest.raises(UnreadableStatement):
            read_statement(content)


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_zip_that_is_no_spreadsheet_is_refused() -> None:
    with pytest.raises(UnreadableStatement):
        read_statement(zipped({"a.txt": b"a"}))


def test_a_small_file_that_unpacks_to_much_is_refused_unopened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabular, "load_workbook", lambda *_, **__: pytest.fail("it was opened"))
    bomb = zipped({"xl/worksheets/sheet1.xml": b"\x00" * (workbooks.UNPACKED_BYTES_MAX + 1)})
    assert len(bomb) < 100_000
    with pytest.raises(StatementTooLarge):
        read_statement(bomb)
    with pytest.raises(StatementTooLarge):
        read_statement(zipped({f"{number}": b"" for number in range(workbooks.ZIP_MEMBERS_MAX + 1)}))


def test_control_without_the_bound_the_bomb_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr(tabular, "load_workbook", lambda *_, **__: opened.append(1) or 1 / 0)
    monkeypatch.setattr(tabular, "check_bounds", lambda _content: None)
    with pytest.raises(UnreadableStatement):
        read_statement(zipped({"xl/worksheets/sheet1.xml": b"\x00" * (workbooks.UNPACKED_BYTES_MAX + 1)}))
    assert opened


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_strings(strings: str) -> dict[str, bytes]:
    """A workbook of one cell, which is the first of these strings."""
    members = unzipped(xlsx_of([["x"]]))
    cell = b'<c r="A1" t="inlineStr"><is><t>x</t></is></c>'
    sheet = members["xl/worksheets/sheet1.xml"]
    assert cell in sheet
    members["xl/worksheets/sheet1.xml"] = sheet.replace(cell, b'<c r="A1" t="s"><v>0</v></c>')
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    members["xl/sharedStrings.xml"] = f'<sst xmlns="{namespace}">{strings}</sst>'.encode()
    override = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % SHARED_STRINGS.encode()
    types = members["[Content_Types].xml"]
    members["[Content_Types].xml"] = types.replace(b"</Types>", override)
    return members


BOMBS = {
    "strings": ("xl/sharedStrings.xml", b"</sst>", b"<si/>" * 400_000),
    "cells": ("xl/worksheets/sheet1.xml", b"</sheetData>", b"<row>" + b"<c/>" * 400_000 + b"</row>"),
    "junk": ("xl/worksheets/sheet1.xml", b"<sheetData>", b"<a/>" * 400_000),
    "styles": ("xl/styles.xml", b"</cellXfs>", b"<xf/>" * 25_000),
    "sheets": ("xl/workbook.xml", b"</sheets>", b'<sheet name="b" sheetId="2" r:id="rId1"/>' * 25_000),
}


@pytest.mark.parametrize("which", BOMBS)
def test_a_small_file_of_many_elements_is_refused_before_it_is_parsed(
    which: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, before, much = BOMBS[which]
    members = with_strings("<si><t>x</t></si>")
    assert before in members[member]
    members[member] = members[member].replace(before, much + before)
    monkeypatch.setattr(tabular, "load_workbook", lambda *_, **__: pytest.fail("it was opened"))

    bomb = zipped(members)

    assert len(bomb) < 20_000
    with pytest.raises(StatementTooLarge):
        read_statement(bomb)


def test_one_member_of_too_many_bytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MEMBER_BYTES_MAX", 10)
    with pytest.raises(StatementTooLarge):
        read_statement(xlsx_of(ROWS))


def test_one_sheet_under_many_names_is_read_once_and_charts_and_missing_ones_never() -> None:
    members = unzipped(xlsx_of([]))
    book, rels = members["xl/workbook.xml"], members["xl/_rels/workbook.xml.rels"]
    namespace = b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    sheets = b"".join(b'<sheet %s name="%d" sheetId="%d" r:id="rId1"/>' % (namespace, n, n) for n in range(2, 60))
    members["xl/workbook.xml"] = book.replace(b"</sheets>", sheets + b"</sheets>")
    assert len(workbooks.load_workbook(zipped(members), characters_max=10).worksheets) == 1
    members["xl/_rels/workbook.xml.rels"] = rels.replace(b"relationships/worksheet", b"relationships/chartsheet")
    assert workbooks.load_workbook(zipped(members), characters_max=10).worksheets == []
    members["xl/_rels/workbook.xml.rels"] = rels.replace(b"sheet1.xml", b"sheet9.xml")
    assert workbooks.load_workbook(zipped(members), characters_max=10).worksheets == []


def test_a_workbook_where_a_sheet_should_be_is_refused() -> None:
    members = unzipped(xlsx_of(ROWS))
    for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        moved = name.replace("xl/", "xl/worksheets/")
        members[moved] = members.pop(name)
    types = members["[Content_Types].xml"]
    members["[Content_Types].xml"] = types.replace(b"/xl/workbook.xml", b"/xl/worksheets/workbook.xml")
    with pytest.raises(UnreadableStatement):
        read_statement(zipped(members))


def test_a_text_in_several_looks_is_one_text_without_how_it_is_pronounced() -> None:
    parts = "<si><r><t>Đặng Thị </t></r><r><t>Hằng</t></r><r/><rPh><t>dang</t></rPh></si>"
    (row,) = read_table(zipped(with_strings(parts)))
    assert row.cells == ("Đặng Thị Hằng",)
    (row,) = read_table(zipped(with_strings("<si><t>trả <!-- x -->tiền</t></si>")))
    assert row.cells == ("trả tiền",)


def test_a_row_far_below_is_beyond_the_bound_and_not_waited_for() -> None:
    rows = xlsx_of(ROWS)
    with zipfile.ZipFile(io.BytesIO(rows)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    members["xl/worksheets/sheet1.xml"] = sheet.replace(b'<row r="2">', b'<row r="1048576">')
    with pytest.raises(StatementTooLarge):
        read_statement(zipped(members))


def test_a_size_of_the_sheet_that_is_written_wrongly_hides_no_rows() -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx_of(ROWS))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    members["xl/worksheets/sheet1.xml"] = sheet.replace(b'ref="A1:C2"', b'ref="A1"')
    assert members["xl/worksheets/sheet1.xml"] != sheet
    assert len(read_statement(zipped(members)).lines) == 1


def test_entities_in_a_spreadsheet_are_not_expanded() -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx_of(ROWS))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    laughs = b'<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    sheet = members["xl/worksheets/sheet1.xml"]
    members["xl/worksheets/sheet1.xml"] = laughs + sheet.replace(b"<t>", b"<t>&b;", 1)
    assert b"<t>&b;" in members["xl/worksheets/sheet1.xml"]
    with pytest.raises(UnreadableStatement):
        read_statement(zipped(members))


def test_a_workbook_without_a_filled_sheet_is_empty() -> None:
    with pytest.raises(MarketError, match="trống"):
        read_statement(xlsx_of([]))


def test_only_two_files_are_read_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "READ_WAIT_S_MAX", 0)
    monkeypatch.setattr(reading._places, "acquire", lambda timeout: False)
    with pytest.raises(TooManyReadsAtOnce) as refused:
        read_statement(sample("bidv.csv"))
    assert refused.value.status == 429


def test_sums_beyond_what_a_column_holds_cannot_be_brought() -> None:
    most = ["20/11/2026", "x", "9" * 13]
    read = read_statement(csv_of([HEADS, *[most] * 900]))
    assert read.in_vnd == 900 * (10**13 - 1)
    assert 20_000 * read.lines[0].amount_vnd < 2**63
    with pytest.raises(BadRow) as refused:
        read_statement(csv_of([HEADS, most, ["20/11/2026", "x", "9" * 18]]))
    assert refused.value.row == 3
