"""Which column of a table means what: the layouts of banks, one that goes by usual names, and people's own.

A layout names columns by what their heads say, folded (small letters, no diacritics). A head like "Nợ/ Debit" or
"Ngày hiệu lực²" counts by each of its parts. Where the layouts of banks were seen: header rows and samples in
public repositories that read the banks' exports, in November 2026; no bank publishes its layout. Not seen with our
own eyes on a fresh export of each bank, so names may have changed: that is what the usual names and a person's own
mapping are for.

- vietcombank: "Ngày giao dịch, Số tham chiếu, Số tiền ghi nợ, Số tiền ghi có, Mô tả" (digital banking), and "STT No.,
  Ngày TNX Date / Số CT Doc No, Số tiền ghi nợ Debit, Số tiền ghi có Credit, Số dư Balance, Nội dung chi tiết
  Transactions in detail" (at the counter, CashUp), where day and document number share a column.
- bidv: "STT, Ngày hiệu lực, Ghi nợ, Ghi có, Số dư, Mô tả", and "STT, Ngày GD, Số tham chiếu, Mô tả, Phát sinh nợ,
  Phát sinh có, Số dư" (the second from one source only).
- vietinbank: eFAST "STT, Ngày phát sinh Transaction date, Ngày hạch toán Accounting date, Mô tả giao dịch
  Transaction description, Nợ Debit, Có Credit, Số dư TK Account balance, Số giao dịch Transaction number".
- agribank: "Ngày hạch toán (Ngày HT, Ngày GD), Ngày chứng từ, Số chứng từ (Số CT), Diễn giải, Ghi nợ, Ghi có, Số dư".
  Its exports called .xls are web pages or old Excel files and must be saved as .xlsx first.
- mb: "STT, Ngày giao dịch Transaction date, Ngày hạch toán Posting date, Số bút toán Transaction no, Phát sinh nợ
  Debit, Phát sinh có Credit, Số dư Balance, Nội dung Description".
- techcombank: "Ngày KH thực hiện Requesting date, Ngày giao dịch Transaction date, Số bút toán Reference number, …,
  Diễn giải Description, Nợ Debit (below 0), Có Credit, Phí/Lãi Fee/Interest, Thuế Transaction VAT, Số dư Running
  balance" (business), and "Ngày giao dịch Transaction date, Đối tác Remitter, …, Diễn giải Details, Số bút toán
  Transaction no, Nợ Debit, Có Credit, Số dư Balance" (personal, "SaoKeTK").
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from marketplace.core.text import fold
from payments.statements.cells import Cell
from payments.statements.tabular import COLUMNS_MAX, Row, Table

HEADER_SOUGHT_ROWS_MAX: Final = 45
"""Techcombank's table begins in row 33 or later."""
NAME_CHARACTERS_MAX: Final = 200
COLUMNS_MIN: Final = 3
"""When, what for and how much."""


class Column(StrEnum):
    """What a column may mean."""

    DATE = "date"
    CONTENT = "content"
    REFERENCE = "reference"
    DEBIT = "debit"
    """Money that left."""
    CREDIT = "credit"
    """Money that came in."""
    AMOUNT = "amount"
    """One column for both, with a sign or with `SIGN` beside it."""
    SIGN = "sign"
    BALANCE = "balance"
    CURRENCY = "currency"
    FEE = "fee"
    TAX = "tax"


Names = Mapping[Column, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Layout:
    """The heads of a bank's columns, the best first where several could mean the same."""

    kind: str
    names: Names


@dataclass(frozen=True, slots=True)
class Found:
    """A header row and the columns that a layout recognised in it."""

    layout: Layout
    header: Row
    columns: Mapping[Column, int]
    ends: Mapping[Column, int]
    """Where the next head stands: merged cells put a value a little to the right of its own."""
    currencies: tuple[tuple[int, int], ...] = ()
    """Where columns that name a currency begin and end, whatever the layout: no part of what tells sources apart."""

    def cell(self, row: Row, column: Column) -> Cell:
        """What a row says in a column: the first cell under its head that is not empty, up to the next head."""
        place = self.columns.get(column)
        if place is None:
            return None
        for cell in row.cells[place : self.ends[column]]:
            if cell not in (None, ""):
                return cell
        return None

    @property
    def source_key(self) -> str:
        """The layout with the columns that were there: two files with one key describe a line the same way."""
        heads = [f"{column}={fold(self.header.texts[place])}" for column, place in sorted(self.columns.items())]
        return f"{self.layout.kind}-{hashlib.sha256('|'.join(heads).encode()).hexdigest()[:12]}"


_DEBITS = ("so tien ghi no", "ghi no", "phat sinh no", "no", "debit", "debit amount", "phat sinh giam", "tien ra")
_CREDITS = ("so tien ghi co", "ghi co", "phat sinh co", "co", "credit", "credit amount", "phat sinh tang", "tien vao")
_BALANCES = ("so du", "so du tk", "so du cuoi", "so du sau gd", "so du luy ke", "balance", "account balance",
             "running balance")  # fmt: skip
_CONTENTS = ("noi dung chi tiet", "mo ta giao dich", "noi dung giao dich", "mo ta", "dien giai", "noi dung",
             "chi tiet", "transactions in detail", "transaction description", "transaction detail", "description",
             "details", "detail", "narrative", "remark")  # fmt: skip
_DATES = ("ngay giao dich", "thoi gian giao dich", "ngay gio giao dich", "ngay gd", "ngay phat sinh", "tnx date",
          "txn date", "transaction date", "transaction time", "ngay hach toan", "ngay ht", "posting date",
          "accounting date", "ngay hieu luc", "effective date", "value date", "ngay", "date")  # fmt: skip
CURRENCIES: Final = frozenset({"loai tien", "loai tien te", "don vi tien", "don vi tien te", "tien te", "nguyen te",
                              "ma tien te", "currency", "currency code", "ccy"})  # fmt: skip
_REFERENCES = ("so tham chieu", "so but toan", "so giao dich", "ma giao dich", "ma gd", "so chung tu", "so ct",
               "doc no", "reference number", "reference no", "reference", "transaction number", "transaction no",
               "trans no", "ma tham chieu", "ref no")  # fmt: skip

USUAL: Final = Layout(
    "theo-ten-cot",
    {
        Column.DATE: _DATES,
        Column.CONTENT: _CONTENTS,
        Column.REFERENCE: _REFERENCES,
        Column.DEBIT: _DEBITS,
        Column.CREDIT: _CREDITS,
        Column.AMOUNT: ("so tien", "so tien gd", "so tien giao dich", "amount", "transaction amount", "gia tri"),
        Column.SIGN: ("c d", "d c", "no co", "co no", "cr dr", "dr cr", "debit credit", "credit debit"),
        Column.BALANCE: _BALANCES,
        Column.CURRENCY: ("loai tien", "tien te", "currency", "ccy", "don vi tien te"),
        Column.FEE: ("phi lai", "phi", "fee interest", "fee"),
        Column.TAX: ("thue", "thue vat", "vat", "transaction vat"),
    },
)
"""Columns by the names that they usually have: what is left when no bank's layout fits."""

LAYOUTS: Final = (
    Layout(
        "techcombank",
        {
            Column.DATE: ("ngay giao dich", "transaction date"),
            Column.CONTENT: ("dien giai", "details", "description"),
            Column.REFERENCE: ("so but toan", "reference number", "transaction no"),
            Column.DEBIT: ("no", "no tcb"),
            Column.CREDIT: ("co", "co tcb"),
            Column.BALANCE: ("so du", "running balance", "balance"),
            Column.FEE: ("phi lai", "phi", "fee interest", "fee"),
            Column.TAX: ("thue", "transaction vat", "tax"),
        },
    ),
    Layout(
        "vietinbank",
        {
            Column.DATE: ("ngay phat sinh", "transaction date", "ngay hach toan", "accounting date"),
            Column.CONTENT: ("mo ta giao dich", "transaction description"),
            Column.REFERENCE: ("so giao dich", "transaction number"),
            Column.DEBIT: ("no",),
            Column.CREDIT: ("co",),
            Column.BALANCE: ("so du tk", "account balance", "so du"),
        },
    ),
    Layout(
        "mb",
        {
            Column.DATE: ("ngay giao dich", "transaction date"),
            Column.CONTENT: ("noi dung", "description"),
            Column.REFERENCE: ("so but toan", "transaction no", "transaction number"),
            Column.DEBIT: ("phat sinh no",),
            Column.CREDIT: ("phat sinh co",),
            Column.BALANCE: ("so du", "balance"),
        },
    ),
    Layout(
        "vietcombank",
        {
            Column.DATE: ("ngay giao dich", "tnx date", "ngay gd", "ngay"),
            Column.CONTENT: ("mo ta", "noi dung chi tiet", "transactions in detail"),
            Column.REFERENCE: ("so tham chieu", "so ct", "doc no"),
            Column.DEBIT: ("so tien ghi no",),
            Column.CREDIT: ("so tien ghi co",),
            Column.BALANCE: ("so du", "balance"),
        },
    ),
    Layout(
        "agribank",
        {
            Column.DATE: ("ngay hach toan", "ngay ht", "ngay gd", "ngay giao dich"),
            Column.CONTENT: ("dien giai", "noi dung", "noi dung giao dich"),
            Column.REFERENCE: ("so chung tu", "so ct", "ma gd", "ma giao dich"),
            Column.DEBIT: ("ghi no", "phat sinh no", "no"),
            Column.CREDIT: ("ghi co", "phat sinh co", "co"),
            Column.BALANCE: ("so du",),
        },
    ),
    Layout(
        "bidv",
        {
            Column.DATE: ("ngay hieu luc", "ngay gd", "ngay giao dich"),
            Column.CONTENT: ("mo ta",),
            Column.REFERENCE: ("so tham chieu",),
            Column.DEBIT: ("ghi no", "phat sinh no"),
            Column.CREDIT: ("ghi co", "phat sinh co"),
            Column.BALANCE: ("so du",),
        },
    ),
)
"""One for each bank; the one that recognises the most columns of a header is taken, the first of equals."""

NAMES: Final[Mapping[str, str]] = {
    "techcombank": "Techcombank",
    "vietinbank": "VietinBank",
    "mb": "MB",
    "vietcombank": "Vietcombank",
    "agribank": "Agribank",
    "bidv": "BIDV",
    "mt940": "MT940",
    "camt053": "camt.053",
}
"""What people call a layout, by its kind."""

_PARTS = re.compile(r"[/\n\r(),|]+")
_FOOTNOTE = re.compile(r"(?<=[^\W\d])\d+$")


def own_layout(kind: str, heads: Mapping[Column, str]) -> Layout:
    """A person's own layout: the head of each column as it stands in the file."""
    return Layout(kind, {column: (fold(head[:NAME_CHARACTERS_MAX]),) for column, head in heads.items()})


def is_enough(columns: Iterable[Column]) -> bool:
    """Whether these columns tell when, how much, which way and what for."""
    known = set(columns)
    both = {Column.DEBIT, Column.CREDIT} <= known
    return {Column.DATE, Column.CONTENT} <= known and both != (Column.AMOUNT in known)


def find_header(table: Table, *, own: Mapping[str, Layout], kind: str = "") -> Found | None:
    """The header row and its layout: a person's own first, then the banks', then the usual names; None without.

    `own` are layouts by the `signature` of the header that they were made for. With `kind`, only layouts of that
    kind are tried.
    """
    rows = table[:HEADER_SOUGHT_ROWS_MAX]
    owned = [(row, own[mark]) for row in rows if (mark := signature(row)) in own]
    for tried in (owned, [(row, one) for row in rows for one in LAYOUTS], [(row, USUAL) for row in rows]):
        wanted = [(row, layout) for row, layout in tried if kind in ("", layout.kind)]
        found = [one for row, layout in wanted if (one := recognise(layout, row)) is not None]
        if found:
            return max(found, key=lambda one: len(one.columns))
    return None


def recognise(layout: Layout, header: Row) -> Found | None:
    """The columns of `layout` in a row; None unless they are enough, and each is one column only."""
    heads = [_heads_of(text) for text in header.texts]
    columns: dict[Column, int] = {}
    for column, names in layout.names.items():
        places = _places(heads, names)
        if len(places) == 1:
            columns[column] = places[0]
        elif places:
            return None
    if columns.get(Column.DEBIT) == columns.get(Column.CREDIT):
        # One column headed "Nợ/Có" says which way the amount beside it went.
        for column in (Column.DEBIT, Column.CREDIT):
            columns.pop(column, None)
    if {Column.DEBIT, Column.CREDIT} <= columns.keys():
        columns.pop(Column.AMOUNT, None)
    if not is_enough(columns):
        return None
    others = {place for column, place in columns.items() if column is not Column.CURRENCY}
    return Found(
        layout,
        header,
        columns,
        ends={column: _next_head(header, place) for column, place in columns.items()},
        currencies=tuple(
            (place, _next_head(header, place))
            for place, head in enumerate(heads)
            if head & CURRENCIES and place not in others
        ),
    )


def _next_head(header: Row, place: int) -> int:
    heads = header.texts
    return next((later for later in range(place + 1, len(heads)) if heads[later]), COLUMNS_MAX)


def signature(header: Row) -> str:
    """What a person's own layout is found again by: the heads of all columns."""
    return hashlib.sha256("|".join(fold(text) for text in header.texts).encode()).hexdigest()


def likely_header(table: Table) -> Row | None:
    """The row that most looks like the heads of columns: the first with the most different texts and no number."""
    rows = [row for row in table[:HEADER_SOUGHT_ROWS_MAX] if len(_words(row)) >= COLUMNS_MIN]
    return max(rows, key=lambda row: len(_words(row)), default=None)


def _words(row: Row) -> set[str]:
    return {folded for text in row.texts if (folded := fold(text)) and not folded.replace(" ", "").isdigit()}


def _heads_of(text: str) -> frozenset[str]:
    """All that a head may be called: the whole, and its parts in two languages, without footnote numbers."""
    pieces = [text, *_PARTS.split(text)]
    return frozenset(fold(_FOOTNOTE.sub("", piece.strip())[:NAME_CHARACTERS_MAX]) for piece in pieces) - {""}


def _places(heads: list[frozenset[str]], names: tuple[str, ...]) -> list[int]:
    """Where the first name that stands anywhere stands."""
    for name in names:
        places = [place for place, head in enumerate(heads) if name in head]
        if places:
            return places
    return []
