"""No bytes make anything but lines or a refusal with a sentence."""

from __future__ import annotations

import random
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.core.errors import MarketError
from payments.statements.reading import read_statement, read_table
from tests.payments.statements.samples import csv_of, sample, xlsx_of

NAMES = ("vietcombank.csv", "vietinbank.csv", "agribank.csv", "mt940.txt", "camt053.xml")
SAMPLES = [*map(sample, NAMES), xlsx_of([["Ngày", "Nội dung", "Số tiền"], ["20/11/2026", "x", 60_000]])]
CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["20/11/2026", "1.000", "-5", "Ngày", "Nội dung", "Số tiền", "USD", "Tổng", "()", "Số tài khoản:"]
    ),
)


def is_answered(content: bytes) -> bool:
    """Whether both ways of reading these bytes answer, or refuse with a sentence."""
    return all(answered(read, content) for read in (read_statement, read_table))


def answered(read: Callable[[bytes], object], content: bytes) -> bool:
    try:
        read(content)
    except MarketError as refused:
        return bool(str(refused))
    return True


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(content: bytes) -> None:
    assert is_answered(content)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SAMPLES), st.randoms(), st.binary(max_size=8))
def test_samples_with_bytes_put_in_taken_out_and_turned(content: bytes, chance: random.Random, put: bytes) -> None:
    broken = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(broken) + 1)
        broken[at : at + chance.randint(0, 6)] = put
    assert is_answered(bytes(broken))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=6), max_size=8))
def test_any_table(rows: list[list[str]]) -> None:
    heads = ["Ngày", "Nội dung", "Số tiền"]
    assert is_answered(csv_of([heads, *rows]))


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.sampled_from(":0123456789CDRVN/,\n20F61865-{}"), max_size=200))
def test_any_mt940(text: str) -> None:
    assert is_answered(f":20:A\n:25:1\n{text}".encode())
