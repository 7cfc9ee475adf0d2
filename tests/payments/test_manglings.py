"""What banks do to a memo: fourteen ways, and the code is found again in every one."""

from __future__ import annotations

import pytest

from marketplace.core.payment_codes import code_from_number, find_codes, memo
from payments.manglings import MANGLINGS, UnknownMangling, mangle

NAMES = (
    "as_is",
    "lower_case",
    "vietcombank",
    "napas",
    "momo",
    "mb_trace",
    "mb_wrapped",
    "acb",
    "no_spaces",
    "space_inside",
    "dashes",
    "digits_glued_before",
    "digits_glued_after",
    "payers_words",
)
CODES = [code_from_number(number) for number in (0, 1, 23, 12_345, 40_000_000_000, 78_310_985_280)]
CODE = CODES[4]


def test_there_are_fourteen_manglings() -> None:
    assert tuple(MANGLINGS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_mangled_code_is_found_and_no_other(name: str) -> None:
    for code in CODES:
        for seed in range(50):
            assert find_codes(mangle(name, code, seed=seed)) == (code,)
            assert find_codes(mangle(name, memo(code, "SEVQR"), seed=seed)) == (code,)


@pytest.mark.parametrize("name", NAMES)
def test_a_mangled_mistyped_code_is_never_found(name: str) -> None:
    mistyped = CODE[:-1] + ("2" if CODE[-1] != "2" else "3")
    assert all(find_codes(mangle(name, mistyped, seed=seed)) == () for seed in range(50))


@pytest.mark.parametrize("name", NAMES)
def test_a_seed_always_gives_the_same_content(name: str) -> None:
    assert mangle(name, CODE, seed=7) == mangle(name, CODE, seed=7)


def test_control_looking_for_whole_words_would_miss_the_code_in_most_manglings() -> None:
    missed = {name for name in NAMES if CODE not in mangle(name, CODE).split()}
    assert missed == set(NAMES) - {"as_is", "mb_trace", "payers_words"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("as_is", "OCZHQ6P95PRP9"),
        ("lower_case", "oczhq6p95prp9"),
        ("no_spaces", "CHUYENTIENCHOOCZHQ6P95PRP9MUAHANG"),
        ("dashes", "OCZH-Q6P9-5PRP-9"),
        ("payers_words", "Chuyển tiền đặt mua mật ong OCZHQ6P95PRP9 giao cho em chiều nay nhé"),
    ],
)
def test_a_mangling_without_made_up_numbers_is_always_this(name: str, content: str) -> None:
    assert mangle(name, CODE) == content


def test_a_mangling_nobody_knows_is_refused() -> None:
    with pytest.raises(UnknownMangling) as refusal:
        mangle("telepathy", CODE)
    assert refusal.value.field == "mangle"
