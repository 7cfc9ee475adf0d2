"""Words as the search keeps and compares them."""

import pytest

from catalog.search.words import WORD_CHARACTERS_MAX, exact_words, folded_words, has_words, marked_words


def exact(typed: str, name: str) -> int:
    return exact_words(marked_words(typed), name=marked_words(name))


def test_words_are_kept_without_marks_and_a_long_one_by_its_beginning() -> None:
    assert folded_words("Đặc sản Đắk-Lắk (OCOP 4★)") == ("dac", "san", "dak", "lak", "ocop", "4")
    assert folded_words("x" * 5000) == ("x" * WORD_CHARACTERS_MAX,)
    assert folded_words("★ --- ,") == ()


@pytest.mark.parametrize(
    ("typed", "name", "count"),
    [
        ("mắm", "Mắm tôm", 1),
        ("mâm", "Mắm tôm", 0),
        ("mam", "Mắm tôm", 0),
        ("MẮM TÔM", "Mắm tôm", 2),
        ("mắm tom", "Mắm tôm", 1),
        ("mắm tô", "Mắm tôm", 2),  # the last word may be a beginning
        ("mắ tôm", "Mắm tôm", 1),  # others may not
        ("hoà", "Hòa Bình", 1),  # where the tone stands does not matter
        ("thuý", "Đàm Thúy", 1),
        ("", "Mắm tôm", 0),
    ],
)
def test_words_with_the_very_marks_are_counted(typed: str, name: str, count: int) -> None:
    assert exact(typed, name) == count


def test_letters_and_their_marks_may_come_apart() -> None:
    assert exact("ma\u0306\u0301m", "M\u1eafm tôm") == 1


@pytest.mark.parametrize(
    ("typed", "folded", "has"),
    [
        ("mat ong", "mat ong rung", True),
        ("ong mat", "mat ong rung", True),
        ("mat o", "mat ong rung", True),  # the last word may be a beginning
        ("ma ong", "mat ong rung", False),  # others may not
        ("mat ong", "mat mia", False),
        ("mat", "", False),
    ],
)
def test_a_text_has_all_words_the_last_as_a_beginning(typed: str, folded: str, *, has: bool) -> None:
    assert has_words(typed.split(), folded=folded) is has
