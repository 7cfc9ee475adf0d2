"""Sample statements: the files beside the tests, and spreadsheets made of the same rows."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from marketplace.core.clock import VIETNAM
from payments.statements.lines import ReadStatement, StatementLine

FOLDER = Path(__file__).resolve().parent.parent / "data" / "statements"
ENCODINGS = {"vietcombank.csv": "utf-8-sig", "vietinbank.csv": "utf-16"}
TONES = "\u0300\u0301\u0303\u0309\u0323"
Told = tuple[int, str, int, str, str, int | None]
"""Row, day with its time if given, đồng, the bank's reference, words, balance."""


def sample(name: str) -> bytes:
    """A file as its bank hands it out: the texts beside the tests are UTF-8 with plain line ends, these are not."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    if name == "mt940.txt":
        return text.replace("\n", "\r\n").encode()
    return in_cp1258(text) if name == "agribank.csv" else text.encode(ENCODINGS.get(name, "utf-8"))


def in_cp1258(text: str) -> bytes:
    """In Windows' Vietnamese code page, which keeps tones apart from their letters."""
    parted = []
    for letter in unicodedata.normalize("NFD", text):
        is_hat = letter not in TONES and unicodedata.combining(letter)
        if not is_hat:
            parted.append(letter)
        elif parted[-1] in TONES:
            parted[-2] = unicodedata.normalize("NFC", parted[-2] + letter)
        else:
            parted[-1] = unicodedata.normalize("NFC", parted[-1] + letter)
    return "".join(parted).encode("cp1258")


def told(read: ReadStatement) -> list[Told]:
    """The lines as a test writes them down."""
    return [
        (
            line.row,
            line.happened_at.strftime("%Y-%m-%d %H:%M:%S" if line.has_time else "%Y-%m-%d"),
            line.amount_vnd,
            line.bank_reference,
            line.content,
            line.balance_vnd,
        )
        for line in read.lines
    ]


def a_line(
    amount_vnd: int = 60_000,
    content: str = "chuyen tien",
    reference: str = "",
    *,
    day: str = "2026-11-20",
    balance_vnd: int | None = None,
    row: int = 1,
) -> StatementLine:
    when = datetime.fromisoformat(day).replace(tzinfo=VIETNAM)
    return StatementLine(
        row=row,
        happened_at=when,
        has_time=len(day) > len("2026-11-20"),
        amount_vnd=amount_vnd,
        is_whole=True,
        content=content,
        bank_reference=reference,
        balance_vnd=balance_vnd,
    )


def csv_of(rows: Iterable[Sequence[object]], *, delimiter: str = ";") -> bytes:
    return "\n".join(delimiter.join("" if cell is None else str(cell) for cell in row) for row in rows).encode()


def xlsx_of(rows: Iterable[Sequence[Any]], *, empty_sheets: int = 0) -> bytes:
    """A spreadsheet with these rows on the sheet behind `empty_sheets` empty ones."""
    workbook = Workbook()
    sheet = workbook.active
    for _ in range(empty_sheets):
        sheet = workbook.create_sheet()
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
