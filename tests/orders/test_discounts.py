"""What a voucher takes off, and how that falls on the lines: whole đồng, to the last one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.orders.discounts import (
    GOODS_LEFT_VND_MIN,
    VoucherState,
    amount_off,
    normal_code,
    shares,
    state_of,
    why_not,
)
from marketplace.orders.models import Voucher
from tests.orders.factories import NOW

DAY = timedelta(days=1)


def voucher(kind: str = "percentage", value: int = 10, **changes: object) -> Voucher:
    given: dict[str, object] = {"code": "TET", "start_date": NOW - DAY, "discount_value_type": kind}
    return Voucher(**{**given, "discount_value": value, **changes})


@pytest.mark.parametrize(
    ("kind", "value", "goods_vnd", "off_vnd"),
    [
        ("percentage", 10, 120_000, 12_000),
        ("percentage", 10, 120_009, 12_000),  # 12.000,9: down, never up
        ("percentage", 15, 99_999, 14_999),
        ("percentage", 100, 50_000, 49_000),  # 1.000 đồng stay, or there is nothing to pay
        ("percentage", 1, 99, 0),
        ("fixed", 20_000, 120_000, 20_000),
        ("fixed", 20_000, 20_500, 19_500),
        ("fixed", 20_000, 1_000, 0),
        ("fixed", 20_000, 400, 0),
    ],
)
def test_what_is_taken_off(kind: str, value: int, goods_vnd: int, off_vnd: int) -> None:
    assert amount_off(voucher(kind, value), subtotal_vnd=goods_vnd) == off_vnd


@given(st.lists(st.integers(1, 999_999_999), min_size=1, max_size=30), st.integers(0, 10_000))
def test_the_lines_shares_add_up_and_no_line_falls_below_nothing(lines: list[int], part: int) -> None:
    amount_vnd = max(0, sum(lines) - GOODS_LEFT_VND_MIN) * part // 10_000

    falls = shares(amount_vnd, of=lines)

    assert sum(falls) == amount_vnd
    assert all(0 <= share <= line for share, line in zip(falls, lines, strict=True))


def test_each_share_is_in_proportion_to_its_line() -> None:
    assert shares(10_000, of=[100_000, 50_000, 50_000]) == [5_000, 2_500, 2_500]
    assert shares(100, of=[1_000, 1_000, 1_000]) == [33, 33, 34]
    assert shares(0, of=[1_000]) == [0]
    assert shares(0, of=[]) == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("tet2027", "TET2027"), (" Tết 2027 ", "TET2027"), ("đồng-giá", "DONG-GIA"), ("tet–27", "TET27"), ("", "")],
)
def test_a_code_is_read_as_people_type_it(typed: str, kept: str) -> None:
    assert normal_code(typed) == kept


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, VoucherState.RUNNING),
        ({"start_date": NOW}, VoucherState.RUNNING),
        ({"start_date": NOW + DAY}, VoucherState.COMING),
        ({"usage_limit": 2, "used": 1}, VoucherState.RUNNING),
        ({"usage_limit": 2, "used": 2}, VoucherState.USED_UP),
        ({"end_date": NOW}, VoucherState.OVER),
        ({"end_date": NOW + DAY}, VoucherState.RUNNING),
        ({"ended_at": NOW, "usage_limit": 2, "used": 2}, VoucherState.OVER),
    ],
)
def test_where_a_voucher_stands(changes: dict[str, object], state: VoucherState) -> None:
    assert state_of(voucher(**changes), now=NOW) is state


@pytest.mark.parametrize(
    ("changes", "goods_vnd", "sentence"),
    [
        ({}, 120_000, None),
        ({"ended_at": NOW}, 120_000, "Mã TET đã hết hạn."),
        ({"usage_limit": 1, "used": 1}, 120_000, "Mã TET đã hết lượt dùng."),
        (
            {"start_date": datetime(2026, 11, 30, 17, tzinfo=UTC)},
            120_000,
            "Mã TET dùng được từ ngày 01/12/2026.",
        ),
        (
            {"min_spent_vnd": 200_000},
            120_000,
            "Mã TET dùng cho tiền hàng từ 200.000\u00a0₫. Bạn còn thiếu 80.000\u00a0₫.",
        ),
        ({}, 1_000, "Mã TET dùng cho tiền hàng từ 1.001\u00a0₫. Bạn còn thiếu 1\u00a0₫."),
        ({"discount_value": 1}, 1_001, None),
    ],
)
def test_why_a_code_is_refused_is_said(changes: dict[str, object], goods_vnd: int, sentence: str | None) -> None:
    said = why_not(voucher(**changes), subtotal_vnd=goods_vnd, now=NOW)

    assert (None if said is None else str(said)) == sentence
