"""What people meant who typed as they speak, without a Vietnamese keyboard, or in a hurry."""

import pytest

from catalog.search.spelling import closest, slips_between, sound, without_telex

KNOWN = {"mat": 9, "ong": 9, "mien": 5, "dong": 5, "bac": 3, "ha": 3, "che": 4, "shan": 4, "sam": 2, "nam": 3}
KNOWN |= {"phong": 2, "ruou": 2, "nuoc": 2, "gao": 4, "giang": 1, "hat": 2, "dieu": 1, "tra": 2, "thach": 1}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mat", "mat"),
        ("xam", "sam"),  # as it is said in the north
        ("lam", "nam"),
        ("cha", "tra"),
        ("nuot", "nuoc"),  # as it is said in the south
        ("duou", "ruou"),
        ("hac", "hat"),
        ("maatj", "mat"),  # Telex, with the keyboard switched off
        ("mieesn", "mien"),
        ("ddieefu", "dieu"),
        ("nuwowcs", "nuoc"),
        ("mein", "mien"),  # slips
        ("doong", "dong"),
        ("mie", "mien"),
        ("thahc", "thach"),
        ("matong", "mat ong"),  # joined
        ("miendong", "mien dong"),
    ],
)
def test_a_word_that_no_product_has_leads_to_the_one_that_was_meant(typed: str, meant: str) -> None:
    assert closest(typed, KNOWN) == meant


@pytest.mark.parametrize("typed", ["iphone", "x", "zzzz", "qwertyuiop"])
def test_what_is_like_nothing_leads_nowhere(typed: str) -> None:
    assert closest(typed, KNOWN) is None


def test_of_equally_likely_words_the_commoner_is_meant() -> None:
    assert closest("mot", {"mat": 1, "mit": 5}) == "mit"
    assert closest("mot", {"mat": 5, "mit": 1}) == "mat"


def test_what_sounds_alike_is_nearer_than_what_is_one_slip_away() -> None:
    assert closest("lep", {"tep": 9, "nep": 1}) == "nep"


@pytest.mark.parametrize(
    ("one", "other", "slips"), [("mien", "mien", 0), ("mien", "mein", 1), ("mien", "mie", 1), ("", "ong", 3)]
)
def test_slips_are_counted(one: str, other: str, slips: int) -> None:
    assert slips_between(one, other) == slips_between(other, one) == slips


def test_a_sound_is_the_same_for_what_some_region_says_alike() -> None:
    assert sound("tranh") == sound("chan")
    assert sound("giay") == sound("dai") == sound("rai")
    assert sound("quyt") == sound("cuit")
    assert sound("mat") != sound("ong")


def test_telex_leaves_plain_words_alone() -> None:
    assert [without_telex(word) for word in ("mat", "dong", "trang", "ruou")] == ["mat", "dong", "trang", "ruou"]
