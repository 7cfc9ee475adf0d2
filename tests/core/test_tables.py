"""Tables out of files as people have them: whatever Excel wrote, bounded, values only."""

import io
import zipfile
from decimal import Decimal

import pytest
from openpyxl import Workbook

from marketplace.core import tables, workbooks
from marketplace.core.tables import COLUMNS_MAX, UnreadableTable, read_table, text_of, write_csv, write_xlsx


def cells(content: bytes) -> list[tuple[object, ...]]:
    return [row.cells for row in read_table(content, rows_max=10)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_is_read_in_its_usual_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    content = f"tên{delimiter}giá\n\nMật ong{delimiter} 125k \n".encode(encoding)

    assert [(row.number, row.cells) for row in read_table(content, rows_max=10)] == [
        (1, ("tên", "giá")),
        (3, ("Mật ong", "125k")),
    ]


def test_csv_of_windows_in_vietnamese_is_read_composed() -> None:
    assert cells("Chè dây".replace("è", "e\u0300").encode("cp1258"))[0] == ("Chè dây",)


def test_excel_s_values_are_read_and_empty_sheets_passed_over() -> None:
    book = Workbook()
    sheet = book.create_sheet("Hàng")
    sheet.append(["Chè", 45000, 1.5, None, True, "'=1"])
    out = io.BytesIO()
    book.save(out)

    assert cells(out.getvalue()) == [("Chè", 45_000, Decimal("1.5"), None, "True", "=1")]


@pytest.mark.parametrize(("cell", "text"), [(None, ""), (5, "5"), (Decimal("5.0"), "5"), (Decimal("5.5"), "5.5")])
def test_a_cell_is_read_as_it_looks(cell: tables.Cell, text: str) -> None:
    assert text_of(cell) == text


def test_what_is_written_is_read_again_and_computes_nothing() -> None:
    rows = [["tên", "giá"], ["=1+1", 5], ["-x", None]]

    assert cells(write_csv(rows))[1:] == [("=1+1", "5"), ("-x",)]
    assert cells(write_xlsx([("Hàng", rows, (20, 10))]))[1:] == [("=1+1", 5), ("-x",)]
    assert b"'=1+1" in write_csv(rows)


def test_a_zip_that_unpacks_to_too_much_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 2_000_000)
    monkeypatch.setattr(workbooks, "UNPACKED_BYTES_MAX", 1_000_000)

    with pytest.raises(UnreadableTable, match="giải nén ra lớn quá"):
        cells(out.getvalue())


def swollen() -> bytes:
    """A small file whose one sheet unpacks to so many cells that each costs time, though none says anything."""
    book, out, bomb = Workbook(), io.BytesIO(), io.BytesIO()
    book.worksheets[0].append(["x"])
    book.save(out)
    with zipfile.ZipFile(out) as honest, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in honest.namelist():
            nothing = b"<row>" + b"<c/>" * 200_000 + b"</row></sheetData>"
            archive.writestr(name, honest.read(name).replace(b"</sheetData>", nothing))
    return bomb.getvalue()


def test_a_small_file_of_many_cells_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr(tables, "load_workbook", lambda *_, **__: opened.append(1) or 1 / 0)

    assert len(swollen()) < 20_000
    with pytest.raises(UnreadableTable, match="giải nén ra lớn quá"):
        cells(swollen())
    assert not opened

    monkeypatch.setattr(tables, "check_bounds", lambda _content: None)  # the control: without the bound it is opened
    with pytest.raises(UnreadableTable, match="hỏng"):
        cells(swollen())
    assert opened


def test_rows_and_columns_are_bounded() -> None:
    assert len(cells(b"a\n" * 10)) == 10
    with pytest.raises(UnreadableTable, match="Nhiều nhất 10 dòng"):
        cells(b"a\n" * 11)
    assert len(cells(b"a," * COLUMNS_MAX)[0]) == COLUMNS_MAX
    with pytest.raises(UnreadableTable, match="nhiều cột quá"):
        cells(b"a," * COLUMNS_MAX + b"b")
