"""Amounts and days as banks write them; what can be read in two ways is not read."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from payments.statements.cells import (
    Amount,
    Cell,
    NotADate,
    NotAnAmount,
    names_foreign_currency,
    read_amount,
    read_when,
    text_of,
)


@pytest.mark.parametrize(
    ("cell", "vnd", "is_whole"),
    [
        ("1.234.567", 1_234_567, True),
        ("1,234,567", 1_234_567, True),
        ("1,234,567.00", 1_234_567, True),
        ("1.234.567,00", 1_234_567, True),
        ("1.234", 1_234, True),
        ("1234567", 1_234_567, True),
        ("+50,000 VND", 50_000, True),
        ("-50.000đ", -50_000, True),
        ("50,000-", -50_000, True),
        ("(50.000)", -50_000, True),
        ("50 000 ₫", 50_000, True),
        ("\u00a050.000\u00a0", 50_000, True),
        ("0", 0, True),
        ("0,00", 0, True),
        ("123,45", 123, False),
        ("1,234.5", 1_234, False),
        ("-0.5", 0, False),
        (1_000, 1_000, True),
        (Decimal("-12.5"), -12, False),
    ],
)
def test_an_amount_is_read(cell: Cell, vnd: int, is_whole: bool) -> None:
    assert read_amount(cell) == Amount(vnd, is_whole)


@pytest.mark.parametrize("cell", [None, "", "  ", "-", "–", "VND", "đ"])
def test_an_empty_cell_is_no_amount_and_no_fault(cell: Cell) -> None:
    assert read_amount(cell) is None


@pytest.mark.parametrize(
    "cell",
    ["1.23.456", "1,234.567", "0.500", "12 USD", "abc", "+5-", "1..2", ".", ".50", "1.234,56.7", "1,2345", "--5",
     "9" * 14, "9" * 400, 10**13, Decimal("NaN"), Decimal("1e400"),
     datetime.fromisoformat("2026-11-20"), "٣٤",
     "1.234." + "000." * 20]
)  # fmt: skip
def test_what_is_no_amount_or_could_be_two_is_refused(cell: Cell) -> None:
    with pytest.raises(NotAnAmount):
        read_amount(cell)


@pytest.mark.parametrize(
    ("cell", "moment", "has_time", "rest"),
    [
        ("20/11/2026", "2026-11-20T00:00:00+07:00", False, ""),
        ("1/2/26", "2026-02-01T00:00:00+07:00", False, ""),
        ("20-11-2026 08:15:30", "2026-11-20T08:15:30+07:00", True, ""),
        ("20.11.2026 8:15", "2026-11-20T08:15:00+07:00", True, ""),
        ("20/11/2026 08:15:30 PM", "2026-11-20T20:15:30+07:00", True, ""),
        ("20/11/2026 12:15 AM", "2026-11-20T00:15:00+07:00", True, ""),
        ("08:15:30 20/11/2026", "2026-11-20T08:15:30+07:00", True, ""),
        ("2026-11-20 03:11:16.5", "2026-11-20T03:11:16+07:00", True, ""),
        ("2026-11-20T03:11:16", "2026-11-20T03:11:16+07:00", True, ""),
        ("20/11/2026\n5243.65937", "2026-11-20T00:00:00+07:00", False, "5243.65937"),
        ("20/11/2026 08:15 GD 77", "2026-11-20T08:15:00+07:00", True, "GD 77"),
        (datetime.fromisoformat("2026-11-20 09:30:00.000999"), "2026-11-20T09:30:00+07:00", True, ""),
        (datetime.fromisoformat("2026-11-20"), "2026-11-20T00:00:00+07:00", False, ""),
        (date(2026, 11, 20), "2026-11-20T00:00:00+07:00", False, ""),
        (46346, "2026-11-20T00:00:00+07:00", False, ""),
        (Decimal("46346.5"), "2026-11-20T12:00:00+07:00", True, ""),
    ],
)
def test_a_day_is_read_the_way_vietnam_writes_it(cell: Cell, moment: str, has_time: bool, rest: str) -> None:
    when = read_when(cell)
    assert when is not None
    assert (when.moment.isoformat(), when.has_time, when.rest) == (moment, has_time, rest)


@pytest.mark.parametrize("cell", [None, "", " \n"])
def test_an_empty_cell_is_no_day_and_no_fault(cell: Cell) -> None:
    assert read_when(cell) is None


@pytest.mark.parametrize(
    "cell",
    ["11/20/2026", "31/02/2026", "20/11/1999", "20/11/9999", "ngày 20/11/2026", "hôm nay", "20/11",
     "20/11/2026 25:00", 1, 10**9, Decimal("NaN"), time(9, 30), date(1999, 1, 1),
     datetime.fromisoformat("9999-01-01"), "20/11/20261"]
)  # fmt: skip
def test_what_is_no_day_of_this_century_is_refused(cell: Cell) -> None:
    with pytest.raises(NotADate):
        read_when(cell)


def test_cells_as_text() -> None:
    assert [text_of(cell) for cell in (None, 5, datetime.fromisoformat("2026-11-20 09:00:00"), "ă")] == [
        "", "5", "2026-11-20 09:00:00", "ă",
    ]  # fmt: skip
    assert names_foreign_currency("100 usd")
    assert not names_foreign_currency("SUSDAN VND")
