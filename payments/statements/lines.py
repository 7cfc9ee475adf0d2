"""What a statement says, however its file was made: lines, and the balances around them."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from marketplace.core.clock import VIETNAM, vietnam_date

STATEMENT_LINES_MAX: Final = 20_000
"""What a large shop has in a month; a longer statement is brought in parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One line: money that came into an account or left it."""

    row: int
    """Where it stands, as a spreadsheet numbers rows; in files without rows, which line it is."""
    happened_at: datetime
    """In Vietnam's zone; midnight where the bank gives only the day."""
    has_time: bool
    amount_vnd: int
    """Whole đồng, below 0 when money left; a fraction is cut off."""
    is_whole: bool
    """Whether no fraction of a đồng was cut off."""
    content: str
    bank_reference: str
    balance_vnd: int | None = None
    """The account's balance after this line, where the bank gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadStatement:
    """A file that was understood."""

    kind: str
    """Which layout it was read by, for people: "vietcombank", "mt940"."""
    source_key: str
    """The layout and the columns that were really there. Files with the same key describe a line the same way."""
    account_number: str
    """As accounts are compared; "" when the file does not say."""
    lines: tuple[StatementLine, ...]
    opening_vnd: int | None = None
    closing_vnd: int | None = None
    extras_vnd: int = 0
    """Fees and taxes that stand in columns of their own, beside the lines' amounts."""

    @property
    def in_vnd(self) -> int:
        """All that came in."""
        return sum(line.amount_vnd for line in self.lines if line.amount_vnd > 0)

    @property
    def out_vnd(self) -> int:
        """All that left, as a positive number."""
        return -sum(line.amount_vnd for line in self.lines if line.amount_vnd < 0)

    @property
    def gap_vnd(self) -> int | None:
        """How far the closing balance is from the opening one and the lines between; None without both balances.

        Anything but 0 says that lines are missing, or were read wrongly.
        """
        if self.opening_vnd is None or self.closing_vnd is None:
            return None
        return self.closing_vnd - (self.opening_vnd + self.in_vnd - self.out_vnd + self.extras_vnd)

    @property
    def days(self) -> tuple[datetime, datetime]:
        """The first and the last moment of its lines; there is at least one line."""
        moments = [line.happened_at for line in self.lines]
        return min(moments), max(moments)


def pack(lines: tuple[StatementLine, ...]) -> bytes:
    """The lines as compressed JSON, to be kept until they are imported and for quarrels afterwards."""
    rows = [
        (
            line.row,
            line.happened_at.isoformat(),
            line.has_time,
            line.amount_vnd,
            line.is_whole,
            line.content,
            line.bank_reference,
            line.balance_vnd,
        )
        for line in lines
    ]
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode())


def unpack(packed: bytes) -> tuple[StatementLine, ...]:
    """The lines that `pack` packed."""
    return tuple(_unpacked(*row) for row in json.loads(zlib.decompress(packed)))


def _unpacked(
    row: int,
    happened_at: str,
    has_time: bool,
    amount_vnd: int,
    is_whole: bool,
    content: str,
    bank_reference: str,
    balance_vnd: int | None,
) -> StatementLine:
    return StatementLine(
        row=row,
        happened_at=datetime.fromisoformat(happened_at).astimezone(VIETNAM),
        has_time=has_time,
        amount_vnd=amount_vnd,
        is_whole=is_whole,
        content=content,
        bank_reference=bank_reference,
        balance_vnd=balance_vnd,
    )


def as_text(line: StatementLine) -> str:
    """A line as one row of text: what is kept of it beside its notice, as raw bytes of other notices are."""
    day = vietnam_date(line.happened_at).isoformat()
    return "\t".join([str(line.row), day, str(line.amount_vnd), line.bank_reference, line.content])
