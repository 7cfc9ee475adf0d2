"""Telephone numbers are kept in one form, shown as people read them, masked for those who need not call."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.phone import InvalidPhone, format_phone, mask_email, mask_phone, parse_phone


@pytest.mark.parametrize(
    "typed",
    [
        "0912345678",
        "0912 345 678",
        "0912.345.678",
        "(0912) 345-678",
        "+84912345678",
        "+84 912 345 678",
        "84912345678",
        "0084912345678",
        "912345678",
    ],
)
def test_every_way_of_writing_a_mobile_number_is_one_number(typed: str) -> None:
    assert parse_phone(typed) == "+84912345678"


def test_landlines_and_foreign_numbers_are_taken() -> None:
    assert parse_phone("024 3825 1234") == "+842438251234"
    assert parse_phone("+1 650-253-0000") == "+16502530000"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "+",
        "123",
        "113",
        "0912345678901",
        "01621234567",
        "0912-ABC-DEF",
        "tel:0912345678",
        "0912345678;ext=1",
        "０９１２３４５６７８",
        "0912\x00345678",
        "0" * 1_000,
    ],
    ids=lambda typed: ascii(typed)[:20],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(InvalidPhone) as refusal:
        parse_phone(typed)
    assert refusal.value.status == 400


@pytest.mark.parametrize(
    ("kept", "shown", "masked"),
    [
        ("+84912345678", "0912 345 678", "0912 *** 678"),
        ("+842438251234", "024 3825 1234", "0243 *** 234"),
        ("+8419001234", "1900 1234", "*** 234"),
        ("+16502530000", "+1 650-253-0000", "+1 *** 000"),
        ("", "", "***"),
        ("no number", "no number", "***"),
    ],
)
def test_a_kept_number_is_shown_or_masked(kept: str, shown: str, masked: str) -> None:
    assert format_phone(kept) == shown
    assert mask_phone(kept) == masked


@given(st.integers(min_value=900_000_000, max_value=989_999_999))
def test_a_mask_hides_at_least_three_digits(national: int) -> None:
    try:
        kept = parse_phone(f"0{national}")
    except InvalidPhone:
        return
    assert parse_phone(format_phone(kept)) == kept
    assert sum(character.isdigit() for character in mask_phone(kept)) == 7


@pytest.mark.parametrize(
    ("email", "masked"),
    [
        ("nguyen.an@gmail.com", "n***@gmail.com"),
        ("a@b.vn", "a***@b.vn"),
        ("no address", "***"),
        ("@b.vn", "***"),
        ("", "***"),
    ],
)
def test_an_address_shows_its_first_letter_and_its_host(email: str, masked: str) -> None:
    assert mask_email(email) == masked
