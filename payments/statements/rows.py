"""The lines of a table whose columns are known, and what stands around them: account, currency, balances. Pure.

A row with a day and an amount is a line. A row with an amount and no day must be a total or a balance by its own
words; anything else that moved money and cannot be read refuses the whole file, so that no line is ever left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from marketplace.core.payment_codes import CONTENT_CHARACTERS_MAX
from marketplace.core.text import fold
from payments.models import BANK_REFERENCE_CHARACTERS_MAX
from payments.providers import reading
from payments.statements.cells import (
    Amount,
    Cell,
    NotADate,
    NotAnAmount,
    When,
    names_foreign_currency,
    read_amount,
    read_when,
    text_of,
)
from payments.statements.errors import BadRow, EmptyStatement, ForeignCurrency, StatementTooLarge
from payments.statements.layouts import Column, Found
from payments.statements.lines import STATEMENT_LINES_MAX, ReadStatement, StatementLine
from payments.statements.tabular import Row, Table

LABEL_CHARACTERS_MAX: Final = 200
_OPENING = ("so du dau", "du dau", "opening balance", "open balance")
_CLOSING = ("so du cuoi", "du cuoi", "closing balance", "ending balance")
_TOTAL = re.compile(
    r"(?!cong (?:no|co)\b)(?:tong|cong|tong cong|tong so|luy ke|doanh so|total|grand total|sub ?total)"
    r"(?: (?:so )?(?:phat sinh|tien|giao dich|amount|transactions?))?"
    r"(?: (?:ghi )?(?:no|co)| tien (?:vao|ra)| debits?| credits?)?"
    r"(?: (?:trong|cuoi) (?:ky|ngay|thang|trang))?"
)
_STATED_BALANCE = re.compile(
    r"so du(?: kha dung| hien tai)?|(?:so )?du (?:dau|cuoi)(?: (?:ky|ngay|thang))?"
    r"|(?:(?:opening|open|beginning|closing|ending|available|current) )?balance(?: (?:brought|carried) forward)?"
)
"""Labels, folded, of rows that are no transfers. Only as a whole: "CÔNG TY" is a payer, and her money."""
_BEHIND_LABEL = re.compile(r"(?: (?:vnd|dong|tai|tu|den|ngay|[0-9]{1,20}))+$")
_ACCOUNTS = ("so tai khoan", "account number", "account no", "tai khoan account", "so tk", "tai khoan", "account")
_NOT_THE_ACCOUNT = ("doi ung", "thu huong", "nguoi gui", "remitter", "beneficiary", "ten tai khoan", "account name",
                    "loai tai khoan", "type of account", "chu tai khoan", "old", "cu")  # fmt: skip
_CURRENCIES = ("loai tien", "don vi tien", "currency", "ccy", "tien te", "nguyen te")
_DONG: Final = frozenset({"vnd", "dong", "d", "vn dong", "viet nam dong", "dong viet nam", "704"})
_MONEY = (Column.AMOUNT, Column.DEBIT, Column.CREDIT, Column.BALANCE, Column.FEE, Column.TAX)
CURRENCY_WORDS_MAX: Final = 8
"""The label itself, in two languages, and what it says."""
LABELLED_CELLS_MAX: Final = 5
"""What belongs to a label stands in one of so many filled cells behind it."""
_ACCOUNT_NUMBER = re.compile(r"(?=[0-9A-Z]*[0-9])[0-9A-Z]{6,30}")
_CREDIT_SIGNS: Final = frozenset({"c", "cr", "co", "ghi co", "credit", "crdt", "in", "vao", "tien vao"})
_DEBIT_SIGNS: Final = frozenset({"d", "dr", "no", "ghi no", "debit", "dbit", "out", "ra", "tien ra"})


Labels = list[tuple[str, list[Cell]]]


@dataclass(frozen=True, slots=True)
class _Around:
    """What the rows beside the lines say."""

    account_number: str = ""
    opening_vnd: int | None = None
    closing_vnd: int | None = None


def read_rows(table: Table, found: Found) -> ReadStatement:
    """The statement in a table whose header was found.

    Raises `BadRow`, `ForeignCurrency`, `StatementTooLarge`, `EmptyStatement`.
    """
    if any(names_foreign_currency(found.header.texts[found.columns[one]]) for one in _MONEY if one in found.columns):
        raise ForeignCurrency(_("Tài khoản này là ngoại tệ; chợ chỉ đọc tài khoản tiền đồng."))
    lines: list[StatementLine] = []
    others = [row for row in table if row.number < found.header.number]
    extras = 0
    for row in (row for row in table if row.number > found.header.number):
        line, extra = _line(row, found)
        if line is None:
            others.append(row)
            continue
        lines.append(line)
        extras += extra
    if len(lines) > STATEMENT_LINES_MAX:
        raise StatementTooLarge(_("Sao kê dài quá. Bạn tải theo từng tháng hoặc từng tuần."))
    if not lines:
        raise EmptyStatement(_("Tệp này không có dòng giao dịch nào."))
    around = _around(others, found)
    return ReadStatement(
        kind=found.layout.kind,
        source_key=found.source_key,
        account_number=around.account_number,
        lines=tuple(lines),
        opening_vnd=around.opening_vnd,
        closing_vnd=around.closing_vnd,
        extras_vnd=extras,
    )


def _line(row: Row, found: Found) -> tuple[StatementLine | None, int]:
    """The line that a row is, if it is one, and the fees and taxes beside its amount."""
    if row.cells == found.header.cells:
        return None, 0  # the heads again, at the top of a printed page
    moved, extra = _moved(row, found)
    if moved is None:
        return None, 0
    when = _when(row, found)
    if when is None:
        if _is_total(row, found):
            return None, 0
        raise BadRow(_("có số tiền mà không có ngày đọc được."), row=row.number)
    _refuse_foreign(row, found)
    balance = _balance(row, found)
    line = StatementLine(
        row=row.number,
        happened_at=when.moment,
        has_time=when.has_time,
        amount_vnd=moved.vnd,
        is_whole=moved.is_whole,
        content=reading.text(_text(row, found, Column.CONTENT), characters_max=CONTENT_CHARACTERS_MAX),
        bank_reference=_reference(row, found, when),
        balance_vnd=balance.vnd if balance else None,
    )
    return line, extra


def _moved(row: Row, found: Found) -> tuple[Amount | None, int]:
    """What a row moved, below 0 for money that left; None where nothing did. The second: fees and taxes besides."""
    try:
        amount = _signed(row, found) if Column.AMOUNT in found.columns else _debit_or_credit(row, found)
        extras = [read_amount(found.cell(row, column)) for column in (Column.FEE, Column.TAX)]
    except NotAnAmount:
        if _is_total(row, found) or _is_title(row, found):
            return None, 0
        if names_foreign_currency(" ".join(row.texts)):
            raise ForeignCurrency(_("có tiền ngoại tệ; chợ chỉ đọc tài khoản tiền đồng."), row=row.number) from None
        raise BadRow(_("số tiền không đọc được."), row=row.number) from None
    extra = sum(one.vnd for one in extras if one)
    if amount is None or not amount.vnd:
        # Interest and fees of some banks stand in a column of their own and are the whole line.
        return (Amount(extra), 0) if extra and amount is None else (None, 0)
    return amount, extra


def _debit_or_credit(row: Row, found: Found) -> Amount | None:
    debit, credit = read_amount(found.cell(row, Column.DEBIT)), read_amount(found.cell(row, Column.CREDIT))
    if debit and debit.vnd and credit and credit.vnd:
        if _is_total(row, found):
            return None
        raise BadRow(_("có cả tiền vào lẫn tiền ra."), row=row.number)
    if credit and credit.vnd:
        return credit
    # Some banks write what left as a negative number, others as a positive one.
    return Amount(-abs(debit.vnd), debit.is_whole) if debit else credit


def _signed(row: Row, found: Found) -> Amount | None:
    amount = read_amount(found.cell(row, Column.AMOUNT))
    if amount is None or Column.SIGN not in found.columns:
        return amount
    written = text_of(found.cell(row, Column.SIGN)).strip()
    sign = fold(written)
    if sign in _CREDIT_SIGNS or written == "+":
        return Amount(abs(amount.vnd), amount.is_whole)
    if sign in _DEBIT_SIGNS or written == "-":
        return Amount(-abs(amount.vnd), amount.is_whole)
    if _is_total(row, found):
        return None
    raise BadRow(_("không rõ là tiền vào hay tiền ra."), row=row.number)


def _when(row: Row, found: Found) -> When | None:
    try:
        return read_when(found.cell(row, Column.DATE))
    except NotADate:
        return None


def _reference(row: Row, found: Found, when: When) -> str:
    shares_the_days_column = found.columns.get(Column.REFERENCE) == found.columns[Column.DATE]
    written = when.rest if shares_the_days_column else _text(row, found, Column.REFERENCE)
    return reading.text(written, characters_max=BANK_REFERENCE_CHARACTERS_MAX)


def _balance(row: Row, found: Found) -> Amount | None:
    try:
        return read_amount(found.cell(row, Column.BALANCE))
    except NotAnAmount:
        raise BadRow(_("số dư không đọc được."), row=row.number) from None


def _refuse_foreign(row: Row, found: Found) -> None:
    """Raises `ForeignCurrency` where a column of currencies, or a cell of its own beside an amount, names another."""
    named = (text_of(cell) for place, end in found.currencies for cell in row.cells[place:end])
    beside = (
        text_of(cell)
        for column in _MONEY
        if column in found.columns
        for cell in row.cells[found.columns[column] : found.ends[column]]
        if isinstance(cell, str) and len(cell) == len("USD")
    )
    if any(fold(text) not in _DONG for text in named if text.strip()) or any(map(names_foreign_currency, beside)):
        raise ForeignCurrency(_("có tiền ngoại tệ; chợ chỉ đọc tài khoản tiền đồng."), row=row.number)


def _text(row: Row, found: Found, column: Column) -> str:
    return text_of(found.cell(row, column))


def _is_total(row: Row, found: Found) -> bool:
    """Whether a row's first words, as a whole, say that it sums up or states a balance; never where a day stands."""
    if _day_or_numbers(row, found):
        return False
    words = (text for text in row.texts if (folded := fold(text[:LABEL_CHARACTERS_MAX])) and not _is_number(folded))
    label = next(words, "")[:LABEL_CHARACTERS_MAX].partition(":")[0]
    parts = [_BEHIND_LABEL.sub("", fold(part)) for part in (label, *re.split(r"[/\n(|]", label))]
    return any(_TOTAL.fullmatch(part) or _STATED_BALANCE.fullmatch(part) for part in parts)


def _day_or_numbers(row: Row, found: Found) -> bool:
    """Whether the column of days has a day, or what should have been one."""
    return _when(row, found) is not None or _is_number(fold(_text(row, found, Column.DATE)[:LABEL_CHARACTERS_MAX]))


def _is_number(folded: str) -> bool:
    return folded.replace(" ", "").isdigit()


def _is_title(row: Row, found: Found) -> bool:
    """Whether a row is words only, without a day: a second row of heads, or a remark."""
    return _when(row, found) is None and not any(re.search("[0-9]{4}", text) for text in row.texts)


# --- What stands around the lines ------------------------------------------------------------------


def _around(rows: Iterable[Row], found: Found) -> _Around:
    account, opening, closing = "", None, None
    for row in rows:
        labels = _labels(row)
        _refuse_foreign_account(labels)
        account = account or _labelled_account(labels)
        below = [found.cell(row, Column.BALANCE)] if row.number > found.header.number else []
        opening = _labelled_amount(labels, _OPENING, below) if opening is None else opening
        last = _labelled_amount(labels, _CLOSING, below)
        closing = closing if last is None else last
    return _Around(account, opening, closing)


def _labels(row: Row) -> Labels:
    """Each cell folded up to its first colon, and what follows: in the cell itself, then in the cells behind it."""
    filled: list[Cell] = [cell for cell in row.cells if cell not in (None, "")]
    labels: Labels = []
    for place, cell in enumerate(filled):
        text = text_of(cell)
        label, colon, value = text.partition(":")
        follows = [value if colon else text, *filled[place + 1 : place + 1 + LABELLED_CELLS_MAX]]
        labels.append((f" {fold(label[:LABEL_CHARACTERS_MAX])} ", follows))
    return labels


def _words(follows: Iterable[Cell]) -> str:
    return " ".join(text_of(cell)[:LABEL_CHARACTERS_MAX] for cell in follows)


def _has(label: str, names: Iterable[str]) -> bool:
    return any(f" {name} " in label for name in names)


def _labelled_account(labels: Labels) -> str:
    for label, follows in labels:
        if not _has(label, _ACCOUNTS) or _has(label, _NOT_THE_ACCOUNT):
            continue
        words = re.split(r"[\s,;:|()]+", _words(follows).upper())
        for word in words:
            plain = re.sub("[.-]", "", word)
            if _ACCOUNT_NUMBER.fullmatch(plain) and not _is_day(word):
                return reading.account(plain)
    return ""


def _is_day(word: str) -> bool:
    try:
        return read_when(word) is not None
    except NotADate:
        return False


def _labelled_amount(labels: Labels, names: tuple[str, ...], below: list[Cell]) -> int | None:
    """The amount behind a label: in the column of balances below the heads, else the first; None without."""
    for label, follows in labels:
        if not _has(label, names):
            continue
        for cell in (*below, *follows):
            try:
                amount = read_amount(cell)
            except NotAnAmount:
                continue
            if amount is not None:
                return amount.vnd
    return None


def _refuse_foreign_account(labels: Labels) -> None:
    for label, follows in labels:
        words = _words(follows).split() if _has(label, _CURRENCIES) else []
        if any(map(names_foreign_currency, words[:CURRENCY_WORDS_MAX])):
            raise ForeignCurrency(_("Tài khoản này là ngoại tệ; chợ chỉ đọc tài khoản tiền đồng."))
