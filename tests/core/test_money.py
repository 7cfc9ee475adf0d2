"""Amounts are whole đồng: shown with a no-break space, said as the north says them, read as people type."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import (
    AMOUNT_TEXT_CHARACTERS_MAX,
    AMOUNT_VND_MAX,
    AmbiguousAmount,
    BadAmount,
    amount_in_words,
    format_vnd,
    parse_vnd,
)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (0, "0\u00a0₫"),
        (999, "999\u00a0₫"),
        (125_000, "125.000\u00a0₫"),
        (1_250_000, "1.250.000\u00a0₫"),
        (-5_000, "-5.000\u00a0₫"),
    ],
)
def test_an_amount_is_shown_in_groups_that_never_part_from_the_sign(amount: int, shown: str) -> None:
    assert format_vnd(amount) == shown


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "không đồng"),
        (4, "bốn đồng"),
        (10, "mười đồng"),
        (15, "mười lăm đồng"),
        (20, "hai mươi đồng"),
        (21, "hai mươi mốt đồng"),
        (24, "hai mươi tư đồng"),
        (55, "năm mươi lăm đồng"),
        (100, "một trăm đồng"),
        (104, "một trăm linh bốn đồng"),
        (111, "một trăm mười một đồng"),
        (60_000, "sáu mươi nghìn đồng"),
        (125_000, "một trăm hai mươi lăm nghìn đồng"),
        (205_005, "hai trăm linh năm nghìn không trăm linh năm đồng"),
        (1_005_000, "một triệu không trăm linh năm nghìn đồng"),
        (1_000_005, "một triệu không trăm linh năm đồng"),
        (1_000_000_000, "một tỷ đồng"),
        (
            1_234_567_891,
            "một tỷ hai trăm ba mươi tư triệu năm trăm sáu mươi bảy nghìn tám trăm chín mươi mốt đồng",
        ),
        (2_000_000_000_050, "hai nghìn tỷ không trăm năm mươi đồng"),
        (-5_000, "âm năm nghìn đồng"),
    ],
)
def test_an_amount_is_said_as_the_north_says_it(amount: int, words: str) -> None:
    assert amount_in_words(amount) == words


def test_a_receipt_begins_with_a_capital() -> None:
    assert amount_in_words(1_005_000, capitalised=True) == "Một triệu không trăm linh năm nghìn đồng"
    assert amount_in_words(-5_000, capitalised=True) == "Âm năm nghìn đồng"


@given(st.integers(min_value=0, max_value=AMOUNT_VND_MAX), st.integers(min_value=0, max_value=AMOUNT_VND_MAX))
def test_two_amounts_never_sound_alike(one: int, other: int) -> None:
    assert (amount_in_words(one) == amount_in_words(other)) == (one == other)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("125000", 125_000),
        ("125.000", 125_000),
        ("125,000", 125_000),
        ("125 000", 125_000),
        ("1.250.000", 1_250_000),
        ("125.000\u00a0₫", 125_000),
        ("125.000đ", 125_000),
        ("125000 VND", 125_000),
        ("50.000 vnđ", 50_000),
        ("50.000 đồng", 50_000),
        ("  500 ", 500),
        ("0", 0),
        ("125k", 125_000),
        ("125K", 125_000),
        ("50 nghìn", 50_000),
        ("50 ngàn đồng", 50_000),
        ("2k5", 2_500),
        ("0,5k", 500),
        ("12,5k", 12_500),
        ("1tr2", 1_200_000),
        ("1tr25", 1_250_000),
        ("1tr250", 1_250_000),
        ("1tr05", 1_050_000),
        ("1,5tr", 1_500_000),
        ("1.5 triệu", 1_500_000),
        ("1,25tr", 1_250_000),
        ("2 triệu", 2_000_000),
        ("1 triệu 200 nghìn", 1_200_000),
        ("1tr200k", 1_200_000),
        ("1 tỷ 200 triệu", 1_200_000_000),
        ("1.250.000k", 1_250_000_000),
        ("999.999.999.999", AMOUNT_VND_MAX),
    ],
)
def test_people_type_amounts_in_many_ways(typed: str, amount: int) -> None:
    assert parse_vnd(typed) == amount
    assert parse_vnd(unicodedata.normalize("NFD", typed)) == amount


@pytest.mark.parametrize(
    "typed",
    ["1.250k", "1,250 triệu", "125.000 nghìn", "12.50", "1.5", "0.125", "0912345678", "1.2500"],
)
def test_an_amount_that_may_mean_two_things_is_refused(typed: str) -> None:
    with pytest.raises(AmbiguousAmount):
        parse_vnd(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "đ",
        "k",
        "một trăm",
        "-5000",
        "+5000",
        "1e5",
        "１２５",
        "0x10",
        "1.250,000",
        "1,250.000",
        "125.00.000",
        "100.000,00",
        "1tr2000",
        "1tr2000k",
        "5k2tr",
        "1k1k",
        "1tr,",
        "1tr2,5k",
        "0,0005k",
        "10 củ",
        "125k nhé",
        "125\x00000",
        "1000 tỷ",
        "1.000.000.000.000",
        "9" * AMOUNT_TEXT_CHARACTERS_MAX,
        "9" * 10_000,
    ],
    ids=lambda typed: ascii(typed)[:20],
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(BadAmount) as refusal:
        parse_vnd(typed)
    assert not isinstance(refusal.value, AmbiguousAmount)
    assert refusal.value.status == 400


@given(st.integers(min_value=0, max_value=AMOUNT_VND_MAX))
def test_what_is_shown_is_read_back(amount: int) -> None:
    assert parse_vnd(format_vnd(amount)) == amount
    assert parse_vnd(str(amount)) == amount


@given(st.text(alphabet="0123456789., ktrđnghìu-", max_size=12))
def test_any_text_is_an_amount_within_bounds_or_refused(typed: str) -> None:
    try:
        amount = parse_vnd(typed)
    except BadAmount:
        return
    assert 0 <= amount <= AMOUNT_VND_MAX
