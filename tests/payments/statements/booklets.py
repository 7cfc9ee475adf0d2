"""Statements about a shop's own account, as files of one layout, for tests that import them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.payments.factories import PRICE_VND, Shop
from tests.payments.statements.samples import csv_of

HEADS = ["Ngày giao dịch", "Số tham chiếu", "Số tiền ghi nợ", "Số tiền ghi có", "Mô tả"]
PLAIN_HEADS = ["Ngày", "Nội dung", "Tiền ra", "Tiền vào"]


@dataclass(frozen=True)
class Entry:
    """A line of a bank's statement, as the bank knows it."""

    content: str
    amount_vnd: int = PRICE_VND
    reference: str = ""
    day: str = "20/11/2026"

    @property
    def row(self) -> list[str]:
        """In Vietcombank's layout."""
        amount = str(abs(self.amount_vnd))
        out, came_in = (amount, "") if self.amount_vnd < 0 else ("", amount)
        return [self.day, self.reference, out, came_in, self.content]


def entries(count: int, **changes: object) -> list[Entry]:
    return [replace(Entry(f"khach {number}", reference=f"5078.{number}"), **changes) for number in range(count)]  # type: ignore[arg-type]  # the changes are an entry's own fields


def vietcombank(shop: Shop, lines: Sequence[Entry]) -> bytes:
    """Vietcombank's file of these lines."""
    return csv_of([["Số tài khoản:", shop.account], HEADS, *(line.row for line in lines)])


def plain(shop: Shop, lines: Sequence[Entry]) -> bytes:
    """The same lines in a file without references."""
    rows = [[line.row[0], line.content, line.row[2], line.row[3]] for line in lines]
    return csv_of([["Số tài khoản:", shop.account], PLAIN_HEADS, *rows])


def shuffled(lines: Sequence[Entry], seed: int) -> list[Entry]:
    return random.Random(seed).sample(list(lines), len(lines))
