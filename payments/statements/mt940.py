"""SWIFT's MT940 statements, by the `mt-940` library; what the library does not say is decided here. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from mt940.models import Balance, Transactions  # type: ignore[import-untyped]  # mt-940 ships no types

from marketplace.core.clock import VIETNAM
from marketplace.core.payment_codes import CONTENT_CHARACTERS_MAX
from payments.models import BANK_REFERENCE_CHARACTERS_MAX
from payments.providers import reading
from payments.providers.reading import AMOUNT_DIGITS_MAX
from payments.statements.cells import NEWEST_YEAR, OLDEST_YEAR
from payments.statements.errors import (
    BadRow,
    EmptyStatement,
    ForeignCurrency,
    SeveralAccounts,
    StatementRefused,
    StatementTooLarge,
    UnreadableStatement,
)
from payments.statements.lines import STATEMENT_LINES_MAX, ReadStatement, StatementLine

KIND: Final = "mt940"

_SNIFFED_BYTES: Final = 4096
_SNIFFED_LINES: Final = 6
"""A `:25:` stands at most so many lines below its `:20:`."""
_MESSAGE = re.compile(r"^:20:", re.MULTILINE)
_ENVELOPE_END = re.compile(r"^-\}?.*$|^\{[0-9]:.*$", re.MULTILINE)
MESSAGES_MAX: Final = 2_000
TEXT_LINES_MAX: Final = 10 * STATEMENT_LINES_MAX
"""A line's `:61:`, its `:86:` and what runs on below it."""
DETAILS_OF_LINE_MAX: Final = 20
"""So many `:86:` behind one `:61:`; the library copies all of them for each one more."""
_LINE_MARK: Final = ":61:"
_DETAIL_MARK: Final = ":86:"
_LINE = re.compile(r":61:[0-9]{6}(?:[0-9]{4})?R?[CD]D?(?=[0-9,]{2,15}[A-Z])([0-9]+),([0-9]{0,2})[A-Z][A-Z0-9]{3}.*")
"""`6!n[4!n]2a[1!a]15d1!a3!c…`, its funds code the last letter of VND, its amount with a comma and up to its type. The
library takes more, and writes what it half understood over the line before: such a line must never reach it."""
_IN: Final = frozenset({"C", "RD"})
"""Credits, and debits that were taken back."""
_NO_REFERENCE: Final = frozenset({"NONREF", "NOREF", ""})


@dataclass(frozen=True, slots=True)
class _Message:
    account: str
    lines: tuple[StatementLine, ...]
    opening_vnd: int | None
    closing_vnd: int | None


def is_mt940(content: bytes) -> bool:
    """Whether this looks like MT940: a `:20:` with a `:25:` close behind it."""
    # Line by line: a pattern that may begin anywhere is tried from everywhere, which is how a short file takes hours.
    lines = [line for line in content[:_SNIFFED_BYTES].splitlines() if line.strip()]
    starts = (place for place, line in enumerate(lines) if line.startswith(b":20:"))
    return any(line.startswith(b":25:") for place in starts for line in lines[place + 1 : place + 1 + _SNIFFED_LINES])


def read_mt940(content: bytes) -> ReadStatement:
    """The statement in an MT940 file of one or several messages about one account.

    Raises `UnreadableStatement`, `BadRow`, `ForeignCurrency`, `SeveralAccounts`, `StatementTooLarge`,
    `EmptyStatement`.
    """
    text = content.decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    amounts = _written_amounts(text)
    starts = [found.start() for found in _MESSAGE.finditer(text)]
    if len(amounts) > STATEMENT_LINES_MAX or len(starts) > MESSAGES_MAX:
        raise _too_large()
    messages: list[_Message] = []
    count = 0
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        messages.append(_message(_ENVELOPE_END.sub("", text[start:end]), first_line=count + 1))
        count += len(messages[-1].lines)
    lines = tuple(line for message in messages for line in message.lines)
    if [(abs(line.amount_vnd), line.is_whole) for line in lines] != amounts:
        raise _misread()
    if not count:
        raise EmptyStatement(_("Tệp này không có dòng giao dịch nào."))
    if len({message.account for message in messages}) > 1:
        raise SeveralAccounts(_("Tệp này có nhiều tài khoản. Bạn tải sao kê từng tài khoản một."))
    return ReadStatement(
        kind=KIND,
        source_key=KIND,
        account_number=messages[0].account,
        lines=lines,
        opening_vnd=messages[0].opening_vnd,
        closing_vnd=messages[-1].closing_vnd,
    )


def _message(text: str, *, first_line: int) -> _Message:
    try:
        # Never the library's own `parse`: it takes a text that is the name of a file for that file.
        parsed = Transactions(processors={"post_transaction_details": []})
        parsed.parse(text)
        _refuse_foreign(parsed)
        entries = [one.data for one in parsed.transactions if one.data.get("amount") is not None]
        lines = tuple(_line(entry, row=row) for row, entry in enumerate(entries, start=first_line))
        return _Message(
            account=reading.account(str(parsed.data.get("account_identification") or "").rpartition("/")[2]),
            lines=lines,
            opening_vnd=_balance(parsed, "final_opening_balance", "intermediate_opening_balance"),
            closing_vnd=_balance(parsed, "final_closing_balance", "intermediate_closing_balance"),
        )
    except StatementRefused:
        raise
    except Exception as error:  # the library asserts and raises what it pleases on a text that is not MT940
        raise _misread() from error


def _misread() -> UnreadableStatement:
    return UnreadableStatement(_("Tệp MT940 này không đúng mẫu."))


def _too_large() -> StatementTooLarge:
    return StatementTooLarge(_("Sao kê dài quá. Bạn tải theo từng tháng hoặc từng tuần."))


def _written_amounts(text: str) -> list[tuple[int, bool]]:
    """The đồng of every `:61:` as the file writes it, and whether they are whole; also of one that is indented.

    What was read is compared with it, so that no line is left out and none has another's amount. Raises `BadRow`
    where a line is not wholly as SWIFT writes one, and `StatementTooLarge`.
    """
    rows = text.split("\n")
    if len(rows) > TEXT_LINES_MAX:
        raise _too_large()
    amounts: list[tuple[int, bool]] = []
    details = 0
    for row, line in enumerate(rows, start=1):
        details += line.startswith(_DETAIL_MARK)
        if details > DETAILS_OF_LINE_MAX:
            raise BadRow(_("có nhiều dòng :86: quá."), row=row)
        if not line.lstrip().startswith(_LINE_MARK):
            continue
        found = _LINE.fullmatch(line.rstrip())
        if found is None:
            raise BadRow(_("dòng :61: không đúng mẫu MT940, chợ không đọc để khỏi lẫn tiền."), row=row)
        amounts.append((int(found[1]), not found[2].strip("0")))
        details = 0
    return amounts


def _refuse_foreign(parsed: Transactions) -> None:
    balances = [one.amount for one in parsed.data.values() if isinstance(one, Balance)]
    if any(str(amount.currency).upper() != "VND" for amount in balances):
        raise ForeignCurrency(_("Tài khoản này là ngoại tệ; chợ chỉ đọc tài khoản tiền đồng."))


def _line(entry: dict[str, Any], *, row: int) -> StatementLine:
    number = abs(Decimal(entry["amount"].amount))
    if not number.is_finite() or (number and number.adjusted() >= AMOUNT_DIGITS_MAX):
        raise BadRow(_("số tiền không đọc được."), row=row)
    whole = int(number)
    return StatementLine(
        row=row,
        happened_at=_day(entry.get("guessed_entry_date") or entry["date"], row=row),
        has_time=False,
        amount_vnd=whole if str(entry["status"]) in _IN else -whole,
        is_whole=whole == number,
        content=reading.text(_content(entry), characters_max=CONTENT_CHARACTERS_MAX),
        bank_reference=_reference(entry),
    )


def _day(day: date, *, row: int) -> datetime:
    if not OLDEST_YEAR <= day.year <= NEWEST_YEAR:
        raise BadRow(_("ngày không đọc được."), row=row)
    return datetime.combine(date(day.year, day.month, day.day), time.min, VIETNAM)


def _content(entry: dict[str, Any]) -> str:
    parts = [entry.get("transaction_details"), entry.get("extra_details"), entry.get("customer_reference")]
    texts = [str(part).strip() for part in parts if part]
    return " ".join(text for text in texts if text.upper() not in _NO_REFERENCE)


def _reference(entry: dict[str, Any]) -> str:
    bank = reading.text(entry.get("bank_reference"), characters_max=BANK_REFERENCE_CHARACTERS_MAX)
    return "" if bank.upper() in _NO_REFERENCE else bank


def _balance(parsed: Transactions, *names: str) -> int | None:
    found = next((parsed.data[name] for name in names if name in parsed.data), None)
    return None if found is None else int(found.amount.amount)
