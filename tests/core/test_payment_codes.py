"""The order code: written as its vectors say, found in what banks make of it, never misread."""

from __future__ import annotations

import random
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.core.payment_codes import (
    ALPHABET,
    CODE_CHARACTERS,
    CODES_MAX,
    CONTENT_CHARACTERS_MAX,
    MEMO_CHARACTERS_MAX,
    NEAR_CHARACTERS_MIN,
    InvalidMemoPrefix,
    InvalidPaymentCode,
    code_from_number,
    cut_code,
    find_codes,
    is_valid_code,
    memo,
    near_codes,
    new_code,
)

VECTORS = {
    0: "OCZ2222222222",
    1: "OCZ22222223W3",
    22: "OCZ2222222X4X",
    23: "OCZ22222232V4",
    12345: "OCZ2222329QDJ",
    40000000000: "OCZHQ6P95PRP9",
    78310985280: "OCZXXXXXXXXWF",
}
CODE = VECTORS[40000000000]
OTHER_CODE = VECTORS[12345]
THIRD_CODE = VECTORS[78310985280]

REAL_CONTENTS = [
    "MBVCB.2452601815.174242.{code}.CT tu 1090830166 toi 28131860 (ACB) A Chau GD 174242-090822 15:45:46",
    "MBVCB.1491390996.{code}.CT tu 0203082462819 toi0048219935181",
    "MBVCB.4190937865.047334.{broken} CT tu 9079754323",
    "121948757491-{code}-CHUYEN TIEN-OQCH000BMyrx-MOMO120189555979MOMO",
    "BankAPINotify {code}  SEPAY6747 1  107114710497-DH952915-CHUYEN TIEN-",
    "CUSTOMER QR   {broken}   Ma giao dich  Trace2 23979 Trace 223979",
    "114650752917 0903423667 {code}   Ma giao dich  Trace783586 Trace 78358",
    "QR{code} VRCysDQYbqPH0- Ma GD ACSP/ 0m483714 NG CHUYEN:CUSTOMER",
    "{code} FT25632122330792 Ma giao dich Trace866229",
    "CHUYEN TIEN {code}-Ma GD ACSP/ A3817592",
    "{code} GD 789604-040125 00:05:38",
]

numbers = st.integers(min_value=0, max_value=CODES_MAX - 1)


@pytest.mark.parametrize(("number", "code"), VECTORS.items())
def test_a_code_is_written_as_its_vector_says(number: int, code: str) -> None:
    assert code_from_number(number) == code
    assert is_valid_code(code)


@pytest.mark.parametrize("number", [-1, CODES_MAX])
def test_a_number_outside_the_codes_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match=r"0\.\.78310985280"):
        code_from_number(number)


def test_there_are_23_to_the_power_of_8_codes_of_13_characters() -> None:
    assert CODES_MAX == 78_310_985_281
    assert CODE_CHARACTERS == 13


@settings(deadline=None, derandomize=True)
@given(numbers)
def test_every_number_makes_a_valid_code_that_is_found(number: int) -> None:
    code = code_from_number(number)
    assert re.fullmatch("OCZ[23456789CDFHJKMNPQRTVWX]{10}", code)
    assert is_valid_code(code)
    assert find_codes(code) == (code,)


def test_new_codes_are_valid_and_differ() -> None:
    codes = [new_code() for _ in range(200)]
    assert all(is_valid_code(code) for code in codes)
    assert len(set(codes)) == 200


@pytest.mark.parametrize(
    "text",
    [
        "",
        "OCZ",
        CODE.lower(),
        CODE[:-1],
        f"{CODE}2",
        f" {CODE}",
        f"{CODE}\n",
        CODE.replace("OCZ", "0CZ"),
        "OCZHQ6P95PRP0",
        "OCZ２222222222",
    ],
)
def test_what_is_not_exactly_a_code_is_not_valid(text: str) -> None:
    assert not is_valid_code(text)


def _substitutions(code: str) -> set[str]:
    return {
        code[:place] + symbol + code[place + 1 :]
        for place in range(3, CODE_CHARACTERS)
        for symbol in ALPHABET
        if symbol != code[place]
    }


def _swaps(code: str) -> set[str]:
    swapped = set()
    for first in range(3, CODE_CHARACTERS):
        for second in range(first + 1, CODE_CHARACTERS):
            symbols = list(code)
            symbols[first], symbols[second] = symbols[second], symbols[first]
            swapped.add("".join(symbols))
    return swapped - {code}


def _sample_codes() -> list[str]:
    source = random.Random(8)
    return [*VECTORS.values(), *(code_from_number(source.randrange(CODES_MAX)) for _ in range(60))]


def test_no_single_substitution_and_no_swap_of_two_places_passes() -> None:
    for code in _sample_codes():
        wrong = _substitutions(code) | _swaps(code)
        assert [text for text in wrong if is_valid_code(text)] == []
        assert [text for text in wrong if find_codes(text)] == []


def test_no_two_substitutions_pass() -> None:
    wrong = {text for once in _substitutions(CODE) for text in _substitutions(once)} - {CODE}
    assert len(wrong) == 21_780 + 220
    assert [text for text in wrong if is_valid_code(text)] == []


def test_control_without_the_check_symbols_a_mistyped_code_would_name_another_order() -> None:
    shape_alone = re.compile(f"OCZ[{ALPHABET}]{{10}}")
    assert all(shape_alone.fullmatch(text) for text in _substitutions(CODE))


def test_control_one_check_sum_alone_would_let_swaps_pass() -> None:
    def plain_sum_fits(text: str) -> bool:
        return sum(ALPHABET.index(symbol) for symbol in text[3:]) % 23 == 0

    assert all(plain_sum_fits(text) for text in _swaps(CODE))


@pytest.mark.parametrize("content", REAL_CONTENTS)
@pytest.mark.parametrize("code", VECTORS.values())
def test_a_code_is_found_in_contents_as_banks_write_them(content: str, code: str) -> None:
    broken = f"{code[:7]} {code[7:]}"
    assert find_codes(content.format(code=code, broken=broken)) == (code,)
    assert find_codes(content.format(code=code, broken=broken).lower()) == (code,)


@pytest.mark.parametrize("content", REAL_CONTENTS)
def test_no_code_is_seen_where_there_is_none(content: str) -> None:
    assert find_codes(content.format(code="TS2618625276", broken="VRCbC2btHF anN")) == ()


def test_two_codes_are_found_in_order_and_each_once() -> None:
    content = f"{OTHER_CODE} {CODE.lower()} {OTHER_CODE}"
    assert find_codes(content) == (OTHER_CODE, CODE)


def test_codes_glued_together_are_both_found() -> None:
    assert find_codes(CODE + OTHER_CODE) == (CODE, OTHER_CODE)


def test_a_cut_code_does_not_hide_the_whole_one_behind_it() -> None:
    assert find_codes(OTHER_CODE[:9] + CODE) == (CODE,)


@pytest.mark.parametrize("cut", range(1, CODE_CHARACTERS))
def test_a_cut_code_is_never_read_as_another(cut: int) -> None:
    assert find_codes(f"CHUYEN TIEN {CODE[:cut]}") == ()
    assert find_codes(f"{CODE[cut:]} CHUYEN TIEN") == ()


BEHIND_THE_WORDS = [
    "",
    "   Ma giao dich  Trace783586 Trace 78358",
    " Trace2 23979 Trace 223979",
    "- Ma GD ACSP/ 0m483714 NG CHUYEN:CUSTOMER",
    " FT25632122330792 Ma giao dich Trace866229",
    " GD 789604-040125 00:05:38",
    ".CT tu 0203082462819 toi0048219935181",
]


@pytest.mark.parametrize("behind", BEHIND_THE_WORDS)
@pytest.mark.parametrize("code", [CODE, "OCZHFT3456T22", OTHER_CODE])
def test_what_is_left_of_a_cut_code_is_seen_at_the_end_of_the_payers_words(code: str, behind: str) -> None:
    for symbols in range(1, 10):
        left = code[: 3 + symbols]
        assert cut_code(f"CHUYEN TIEN {left}{behind}") == left
        assert cut_code(f"chuyển tiền {left.lower()}{behind.lower()}") == left


@pytest.mark.parametrize(
    "content",
    ["", "OCZ", CODE, f"{CODE} Ma giao dich Trace866229", f"{CODE[:8]} tien mua mat ong", "CHO 4.0", "TROCZAI"],
)
def test_a_whole_code_or_other_words_are_no_cut_code(content: str) -> None:
    assert cut_code(content) == ""


def test_a_code_typed_wrong_in_one_place_is_near_and_another_is_not() -> None:
    for code in _sample_codes()[:20]:
        for wrong in _substitutions(code):
            near = near_codes(f"MBVCB.2452601815.174242.{wrong}.CT tu 1090830166", [code, THIRD_CODE])
            assert near[code] >= NEAR_CHARACTERS_MIN
            assert THIRD_CODE not in near or code == THIRD_CODE


def test_two_neighbours_swapped_a_symbol_lost_or_one_too_many_leave_a_code_near() -> None:
    for code in _sample_codes()[:20]:
        for place in range(3, CODE_CHARACTERS):
            swapped = code[: place - 1] + code[place] + code[place - 1] + code[place + 1 :]
            for wrong in (swapped, code[:place] + code[place + 1 :], f"{code[:place]}2{code[place:]}"):
                assert code in near_codes(wrong, [code])


def test_a_cut_code_is_near_to_every_code_that_begins_like_it() -> None:
    assert near_codes(f"mua {CODE[:5]}", [CODE, OTHER_CODE]) == {CODE: 5}
    assert near_codes(f"mua {CODE[:10]}", [CODE, OTHER_CODE]) == {CODE: 10}


def test_a_whole_code_is_as_near_as_can_be() -> None:
    assert near_codes(CODE, [CODE]) == {CODE: CODE_CHARACTERS}


@pytest.mark.parametrize("content", REAL_CONTENTS)
def test_real_contents_without_a_code_are_near_to_none(content: str) -> None:
    assert near_codes(content.format(code="TS2618625276", broken="VRCbC2btHF anN"), _sample_codes()) == {}


def test_letters_with_diacritics_and_the_barred_d_are_read_as_plain_ones() -> None:
    code = next(code for code in _sample_codes() if "D" in code)
    written = unicodedata.normalize("NFC", code.replace("O", "Ổ").replace("D", "đ"))
    assert find_codes(f"tiền {written} nhé") == (code,)


def test_only_the_first_4096_characters_are_read() -> None:
    room = CONTENT_CHARACTERS_MAX - CODE_CHARACTERS
    assert find_codes("x" * room + CODE) == (CODE,)
    assert find_codes("x" * (room + 1) + CODE) == ()


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.text(max_size=300))
def test_any_content_at_all_is_read_without_an_error(content: str) -> None:
    assert all(is_valid_code(code) for code in find_codes(content))


def test_a_memo_is_the_code_alone_or_behind_the_words_a_bank_wants() -> None:
    assert memo(CODE) == CODE
    assert memo(CODE, "SEVQR") == f"SEVQR{CODE}"
    assert len(memo(CODE, "ABC123")) == MEMO_CHARACTERS_MAX == 19
    assert find_codes(memo(CODE, "SEVQR")) == (CODE,)


@pytest.mark.parametrize("prefix", ["ABC1234", "sevqr", "SEV QR", "SEVQR\n", "ĐH", "A-B"])
def test_a_memo_prefix_that_would_not_arrive_whole_is_refused(prefix: str) -> None:
    with pytest.raises(InvalidMemoPrefix) as refusal:
        memo(CODE, prefix)
    sentence = "Phần đứng trước mã thanh toán chỉ gồm tối đa 6 chữ in hoa không dấu hoặc chữ số."
    assert (str(refusal.value), refusal.value.field) == (sentence, "prefix")


def test_a_memo_of_something_else_than_a_code_is_refused() -> None:
    with pytest.raises(InvalidPaymentCode) as refusal:
        memo("OCZHQ6P95PRP2")
    assert (str(refusal.value), refusal.value.field) == ("Mã thanh toán không đúng.", "code")


@pytest.mark.parametrize("shown", range(NEAR_CHARACTERS_MIN, CODE_CHARACTERS + 1))
def test_how_near_a_code_is_counts_the_characters_in_a_row(shown: int) -> None:
    """1 is in no code, so nothing beside the part is taken for more of it."""
    for start in range(CODE_CHARACTERS - shown + 1):
        assert near_codes(f"1 {CODE[start : start + shown]} 1", [CODE]) == {CODE: shown}


def test_five_characters_in_a_row_are_chance() -> None:
    for start in range(CODE_CHARACTERS - 4):
        assert near_codes(f"1 {CODE[start : start + 5]} 1", [CODE]) == {}


def test_a_whole_code_and_one_cut_short_behind_it_are_both_near() -> None:
    assert near_codes(f"{OTHER_CODE} {CODE[:5]}", [CODE, OTHER_CODE]) == {CODE: 5, OTHER_CODE: 13}


def test_the_barred_d_is_read_in_either_case() -> None:
    code = next(code for code in _sample_codes() if "D" in code)
    assert find_codes(code.replace("D", "Đ")) == find_codes(code.replace("D", "đ")) == (code,)
