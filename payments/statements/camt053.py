"""ISO 20022's camt.053 statements, versions 001.02 to 001.13: parsed with defusedxml. Pure.

Only what was booked is read. An entry that tells of several transfers, each with its amount, becomes as many lines;
otherwise it is one line with all that was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Final
from xml.etree.ElementTree import Element  # nosec - the type only; defusedxml parses

from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext_lazy as _

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
    StatementTooLarge,
    UnreadableStatement,
)
from payments.statements.lines import STATEMENT_LINES_MAX, ReadStatement, StatementLine

KIND: Final = "camt053"

_NAMESPACE = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.[0-9]{2}\}Document")
_BOOKED: Final = frozenset({"BOOK", ""})
_AMOUNT = re.compile(rf"[0-9]{{1,{AMOUNT_DIGITS_MAX}}}(\.[0-9]{{1,5}})?")
_NO_REFERENCE: Final = frozenset({"NOTPROVIDED", "NONREF", "NOREF", ""})


@dataclass(frozen=True, slots=True)
class _Entry:
    """One `Ntry`, and which it is."""

    element: Element
    row: int


def read_camt053(content: bytes) -> ReadStatement:
    """The statement in a camt.053 file about one account.

    Raises `UnreadableStatement`, `BadRow`, `ForeignCurrency`, `SeveralAccounts`, `StatementTooLarge`,
    `EmptyStatement`.
    """
    statements = _statements(content)
    accounts = {_account(statement) for statement in statements}
    if len(accounts) > 1:
        raise SeveralAccounts(_("Tệp này có nhiều tài khoản. Bạn tải sao kê từng tài khoản một."))
    lines: list[StatementLine] = []
    row = 0
    for statement in statements:
        _refuse_foreign(_text(statement, "Acct/Ccy"))
        for element in statement.findall("{*}Ntry"):
            row += 1
            lines += _lines(_Entry(element, row))
            if len(lines) > STATEMENT_LINES_MAX:
                raise StatementTooLarge(_("Sao kê dài quá. Bạn tải theo từng tháng hoặc từng tuần."))
    if not lines:
        raise EmptyStatement(_("Tệp này không có dòng giao dịch nào."))
    return ReadStatement(
        kind=KIND,
        source_key=KIND,
        account_number=accounts.pop(),
        lines=tuple(lines),
        opening_vnd=_balance(statements[0], {"OPBD", "PRCD"}),
        closing_vnd=_balance(statements[-1], {"CLBD"}),
    )


def _statements(content: bytes) -> list[Element]:
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except Exception as error:  # expat, defusedxml and the codecs each raise their own
        raise UnreadableStatement(_("Tệp XML này hỏng hoặc không phải sao kê.")) from error
    if _NAMESPACE.fullmatch(root.tag) is None:
        raise UnreadableStatement(_("Tệp XML này không phải sao kê camt.053."))
    statements = root.findall("{*}BkToCstmrStmt/{*}Stmt")
    if not statements:
        raise EmptyStatement(_("Tệp này không có dòng giao dịch nào."))
    return statements


def _lines(entry: _Entry) -> Iterator[StatementLine]:
    if (_text(entry.element, "Sts/Cd") or _text(entry.element, "Sts")) not in _BOOKED:
        return
    whole = _amount(entry.element.find("{*}Amt"), row=entry.row)
    sign = _sign(entry)
    details = entry.element.findall("{*}NtryDtls/{*}TxDtls")
    parts = [_part(detail, row=entry.row) for detail in details]
    if len(parts) > 1 and None not in parts and sum(part for part in parts if part is not None) == whole:
        for detail, part in zip(details, parts, strict=True):
            if part:
                yield _line(entry, sign * part, [detail])
    elif whole:
        yield _line(entry, sign * whole, details)


def _line(entry: _Entry, amount: Decimal, details: list[Element]) -> StatementLine:
    moment, has_time = _moment(entry)
    number = int(amount)
    return StatementLine(
        row=entry.row,
        happened_at=moment,
        has_time=has_time,
        amount_vnd=number,
        is_whole=number == amount,
        content=reading.text(_content(entry, details), characters_max=CONTENT_CHARACTERS_MAX),
        bank_reference=_reference(entry, details),
    )


def _sign(entry: _Entry) -> int:
    """+1 for money that came in. A reversal of a credit is already marked as a debit by the standard."""
    marks = {"CRDT": 1, "DBIT": -1}
    mark = _text(entry.element, "CdtDbtInd")
    if mark not in marks:
        raise BadRow(_("không rõ là tiền vào hay tiền ra."), row=entry.row)
    return marks[mark]


def _part(detail: Element, *, row: int) -> Decimal | None:
    amount = detail.find("{*}Amt")
    if amount is None:
        amount = detail.find("{*}AmtDtls/{*}TxAmt/{*}Amt")
    return None if amount is None else _amount(amount, row=row)


def _amount(element: Element | None, *, row: int) -> Decimal:
    written = (element.text or "").strip() if element is not None else ""
    if element is None or _AMOUNT.fullmatch(written) is None:
        raise BadRow(_("số tiền không đọc được."), row=row)
    _refuse_foreign(element.get("Ccy", ""))
    return Decimal(written)


def _refuse_foreign(currency: str) -> None:
    if currency.strip().upper() not in {"", "VND"}:
        raise ForeignCurrency(_("Tài khoản này là ngoại tệ; chợ chỉ đọc tài khoản tiền đồng."))


def _moment(entry: _Entry) -> tuple[datetime, bool]:
    """The day of booking, else of value; with its time where the bank gives one."""
    for path in ("BookgDt/DtTm", "BookgDt/Dt", "ValDt/DtTm", "ValDt/Dt"):
        if written := _text(entry.element, path):
            break
    try:
        read = datetime.fromisoformat(written)
        moment = read.astimezone(VIETNAM) if read.tzinfo else read.replace(tzinfo=VIETNAM)
    except (ValueError, OverflowError):
        raise BadRow(_("ngày không đọc được."), row=entry.row) from None
    if not OLDEST_YEAR <= moment.year <= NEWEST_YEAR:
        raise BadRow(_("ngày không đọc được."), row=entry.row)
    has_time = path.endswith("DtTm")
    return (
        moment.replace(microsecond=0) if has_time else datetime.combine(moment.date(), time.min, VIETNAM)
    ), has_time


def _content(entry: _Entry, details: list[Element]) -> str:
    words = [text for detail in details for text in _texts(detail, "RmtInf/Ustrd", "AddtlTxInf", "Refs/EndToEndId")]
    words += _texts(entry.element, "AddtlNtryInf")
    return " ".join(word for word in dict.fromkeys(words) if word.upper() not in _NO_REFERENCE)


def _reference(entry: _Entry, details: list[Element]) -> str:
    own = _texts(details[0], "Refs/AcctSvcrRef", "Refs/TxId") if len(details) == 1 else []
    # Not NtryRef: some banks number the entries of each statement anew there.
    found = [*own, _text(entry.element, "AcctSvcrRef")]
    kept = next((one for one in found if one.upper() not in _NO_REFERENCE), "")
    return reading.text(kept, characters_max=BANK_REFERENCE_CHARACTERS_MAX)


def _account(statement: Element) -> str:
    return reading.account(_text(statement, "Acct/Id/Othr/Id") or _text(statement, "Acct/Id/IBAN"))


def _balance(statement: Element, codes: set[str]) -> int | None:
    for balance in statement.findall("{*}Bal"):
        written = _text(balance, "Amt")
        if _text(balance, "Tp/CdOrPrtry/Cd") in codes and _AMOUNT.fullmatch(written):
            return int(Decimal(written)) * (-1 if _text(balance, "CdtDbtInd") == "DBIT" else 1)
    return None


def _texts(element: Element, *paths: str) -> list[str]:
    """Every text at these paths, in their order."""
    wanted = ("/".join(f"{{*}}{name}" for name in path.split("/")) for path in paths)
    return [(found.text or "").strip() for path in wanted for found in element.findall(path)]


def _text(element: Element, path: str) -> str:
    return next(iter(_texts(element, path)), "")
