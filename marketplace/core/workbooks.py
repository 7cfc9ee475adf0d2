"""Opening an XLSX file that anybody may have made: bounded before it is parsed, and only what is needed is. Pure.

An XLSX file is a ZIP of XML. Bytes alone do not bound the work: thirteen kilobytes unpack to a million elements, and
each costs the spreadsheet library some ten microseconds. So the marks that begin elements are counted first.
"""

from __future__ import annotations

import io
import zipfile
from itertools import islice
from typing import Any, Final

from defusedxml.ElementTree import iterparse
from openpyxl.reader.excel import SHARED_STRINGS, ExcelReader, _find_workbook_part  # type: ignore[attr-defined]  # stubs
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.xml.constants import SHEET_MAIN_NS

UNPACKED_BYTES_MAX: Final = 64 * 1024 * 1024
"""What all members together say they unpack to, which Python's reader never exceeds."""
MEMBER_BYTES_MAX: Final = 40 * 1024 * 1024
ZIP_MEMBERS_MAX: Final = 500
MARKS_MAX: Final = 2_000_000
"""Beginnings and ends of elements in the whole file: 20,000 lines of a dozen cells have one million."""
MARKS_A_FILE_MAX: Final = 50_000
MARKS_A_BYTE_MAX: Final = 10
"""A file may have so many, and so many more for each byte that was sent. Honest ones have one or two a byte."""
MARKS_A_MEMBER_MAX: Final = 20_000
"""In any member that is neither a sheet nor a table of strings: styles of thousands of cells have some thousands."""
SHEETS_MAX: Final = 50

_CHUNK_BYTES: Final = 1024 * 1024
_MARK: Final = b"<"
_SHEETS: Final = "xl/worksheets/"
_STRINGS: Final = "xl/sharedStrings.xml"
_STRING: Final = f"{{{SHEET_MAIN_NS}}}si"
_TEXTS: Final = (f"{{{SHEET_MAIN_NS}}}t", f"{{{SHEET_MAIN_NS}}}r/{{{SHEET_MAIN_NS}}}t")
"""Plain, and in parts of different looks; how it is pronounced is no part of it."""


class WorkbookTooLarge(Exception):
    """It would take long to read."""


class NoWorkbook(Exception):
    """It is no ZIP, or a damaged one."""


def check_bounds(content: bytes) -> None:
    """Raises `WorkbookTooLarge` and `NoWorkbook`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            sizes = [member.file_size for member in members]
            is_large = len(members) > ZIP_MEMBERS_MAX or sum(sizes) > UNPACKED_BYTES_MAX
            marks = {} if is_large else {member: _marks(archive, member) for member in members}
    except Exception as error:  # zipfile raises more than its own errors on crafted directories
        raise NoWorkbook from error
    most = min(MARKS_MAX, MARKS_A_FILE_MAX + MARKS_A_BYTE_MAX * len(content))
    others = [count for member, count in marks.items() if not _may_be_long(member.filename)]
    is_large = is_large or max(sizes, default=0) > MEMBER_BYTES_MAX
    if is_large or sum(marks.values()) > most or max(others, default=0) > MARKS_A_MEMBER_MAX:
        raise WorkbookTooLarge


def load_workbook(content: bytes, *, characters_max: int, computed: bool = False) -> Any:
    """The workbook of a file within its bounds, its sheets to be read row by row.

    A shared text is cut after `characters_max` characters. A formula is itself, or, `computed`, what Excel made of it
    last. What a crafted or damaged file makes the library raise is not documented.
    """
    reader = _Reader(io.BytesIO(content), read_only=True, data_only=computed, keep_links=False)
    reader.characters_max = characters_max
    reader.read()
    return reader.wb


def _may_be_long(name: str) -> bool:
    return name.startswith(_SHEETS) or name == _STRINGS


def _marks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    count = 0
    with archive.open(member) as unpacked:
        while chunk := unpacked.read(_CHUNK_BYTES):
            count += chunk.count(_MARK)
    return count


class _Reader(ExcelReader):
    """openpyxl's reader without what no table needs, and with strings that are read without objects."""

    characters_max: int

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]  # openpyxl's stubs
        if part is None:
            return
        strings: list[str] = []
        with self.archive.open(part.PartName[1:]) as source:
            for _event, node in iterparse(source, forbid_dtd=True):
                if node.tag == _STRING:
                    found = (text.text or "" for path in _TEXTS for text in node.findall(path))
                    strings.append("".join(found)[: self.characters_max].replace("x005F_", ""))
                    node.clear()
        self.shared_strings = strings

    def read_workbook(self) -> None:
        # What is a sheet by its name may be longer than a workbook is read in.
        if _may_be_long(_find_workbook_part(self.package).PartName[1:]):
            raise ValueError("a workbook where sheets are")
        super().read_workbook()

    def read_properties(self) -> None:
        """Who made it is nobody's business."""

    def read_custom(self) -> None:
        """The same."""

    def read_theme(self) -> None:
        """Its colours neither."""

    def read_worksheets(self) -> None:
        targets: set[str] = set()
        for sheet, relation in islice(self.parser.find_sheets(), SHEETS_MAX):
            target = relation.target
            # One member under many names would be read as often.
            if target in targets or target not in self.valid_files or "chartsheet" in relation.Type:
                continue
            targets.add(target)
            read = ReadOnlyWorksheet(self.wb, sheet.name, target, self.shared_strings)
            self.wb._sheets.append(read)  # type: ignore[attr-defined]  # openpyxl's stubs
