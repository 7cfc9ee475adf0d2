"""Text is cleaned on the way in, found without diacritics, and put in order as Vietnamese readers expect."""

from __future__ import annotations

import csv
import json
import random
import subprocess
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core import text
from marketplace.core.text import BadText, clean_line, clean_text, fold, name_sort_key, slugify_vietnamese

HERE = Path(__file__).parent
PLACES_FILE = HERE.parents[1] / "marketplace" / "places" / "data" / "admin_units_2025.csv"
RANDOM_PAIRS = 100_000

REFUSED_CHARACTERS = ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud800", "\u202e", "\u2066", "\ufffe"]

# Without curly quotation marks: ICU 72 and ICU 78 put them in different orders.
ANY_LETTERS = "aàảãáạăằắâầấbcdđeèẻẽéẹêềếiìíoòóôồơờpqstuùúưừứxyỳýAÀĂÂĐEÊOÔƠUƯ -'.,()&+%₫1290ñ"


def test_a_line_is_composed_and_its_blanks_are_collapsed() -> None:
    decomposed = unicodedata.normalize("NFD", "  Mật ong\t hoa\u00a0bạc\u3000hà \r\n")

    assert clean_line(decomposed, characters_max=40) == "Mật ong hoa bạc hà"


def test_characters_pasted_along_that_nobody_sees_are_dropped() -> None:
    assert clean_line("\ufeffMiến\u200b dong\u00ad\u2060", characters_max=40) == "Miến dong"


@pytest.mark.parametrize("character", REFUSED_CHARACTERS, ids=ascii)
def test_control_characters_are_refused_and_the_field_is_named(character: str) -> None:
    for clean in (clean_line, clean_text):
        with pytest.raises(BadText) as refusal:
            clean(f"Mật{character}ong", characters_max=40, field="name")
        assert refusal.value.field == "name"
        assert refusal.value.code == "INVALID"
        assert refusal.value.status == 400


def test_a_line_may_be_as_long_as_its_limit_and_no_longer() -> None:
    assert clean_line("ố" * 40, characters_max=40) == "ố" * 40
    with pytest.raises(BadText):
        clean_line("ố" * 41, characters_max=40)


def test_the_limit_counts_letters_not_the_pieces_they_are_typed_in() -> None:
    in_pieces = unicodedata.normalize("NFD", "ố" * 40)

    assert len(in_pieces) == 120
    assert clean_line(in_pieces, characters_max=40) == "ố" * 40


def test_endless_blanks_are_refused_before_they_cost_anything() -> None:
    with pytest.raises(BadText):
        clean_line(" " * 161, characters_max=40)


def test_an_empty_line_is_refused_only_where_one_is_required() -> None:
    assert clean_line(" \n ", characters_max=40) == ""
    with pytest.raises(BadText) as refusal:
        clean_line("\u200b ", characters_max=40, field="name", required=True)
    assert refusal.value.code == "REQUIRED"


def test_a_text_keeps_its_lines_and_one_empty_line_between_them() -> None:
    typed = "  Miến làm tay. \r\n\tPhơi nắng.\r\r\n\n\n  Để nơi  khô.\u2028Dùng dần.\n\n"

    assert clean_text(typed, characters_max=200) == "Miến làm tay.\nPhơi nắng.\n\nĐể nơi khô.\nDùng dần."


@given(st.text(max_size=60))
def test_cleaning_what_is_clean_changes_nothing(typed: str) -> None:
    for clean in (clean_line, clean_text):
        try:
            cleaned = clean(typed, characters_max=60)
        except BadText:
            continue
        assert clean(cleaned, characters_max=60) == cleaned
        assert unicodedata.is_normalized("NFC", cleaned)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Đặc sản Đắk Lắk (OCOP 4★)", "dac san dak lak ocop 4"),
        ("Thanh Hoà", "thanh hoa"),
        ("Thanh Hòa", "thanh hoa"),
        ("ĐƯỜNG  PHÈN", "duong phen"),
        ("Xã M'Drắk", "xa m drak"),
        ("Rượu – mật_ong", "ruou mat ong"),
        ("★★★", ""),
        ("", ""),
    ],
)
def test_the_search_shadow_has_plain_small_words(typed: str, folded: str) -> None:
    assert fold(typed) == folded
    assert fold(unicodedata.normalize("NFD", typed)) == folded


@given(st.text(max_size=60))
def test_folding_a_fold_changes_nothing(typed: str) -> None:
    assert fold(fold(typed)) == fold(typed)


def test_a_slug_is_plain_ascii_and_ends_after_a_whole_word() -> None:
    assert slugify_vietnamese("Miến dong Phja Đén – 500 g (OCOP 5★)") == "mien-dong-phja-den-500-g-ocop-5"
    assert slugify_vietnamese("Mật ong hoa bạc hà", characters_max=12) == "mat-ong-hoa"
    assert slugify_vietnamese("Mật ong hoa bạc hà", characters_max=11) == "mat-ong-hoa"
    assert slugify_vietnamese("a" * 100) == "a" * 80
    assert slugify_vietnamese("日本 茶 No.1") == "no-1"
    assert slugify_vietnamese("★") == ""


IN_ORDER = [
    ["Cà Mau", "Cao Bằng", "Cần Thơ"],
    ["An", "Ăn", "Ân", "Ba"],
    ["Da", "Dương", "Đa", "Đông", "Em", "Êm"],
    ["Long", "Lô", "Lơ", "Mua", "Mưa"],
    ["ma", "mà", "mả", "mã", "má", "mạ", "mai"],
    ["hoa", "Hoa", "hoà", "Hoà", "hòa"],
    ["Phường Móng Cái 1", "Phường Móng Cái 2", "Phường Móng Cái A"],
    ["Lâm Viên", "Lâm Viên - Đà Lạt", "Lâm Viên Đà Lạt", "Lâm Viêng"],
    ["B", "B'Lao", "B’Lao", "Ba"],
    ["Sơn Hà", "Sơn Hạ", "Sơn Hải"],
    ["★ chè", "1 chè", "chè", "日本"],
]


@pytest.mark.parametrize("names", IN_ORDER, ids=lambda names: names[0])
def test_names_stand_in_the_order_of_the_vietnamese_alphabet(names: list[str]) -> None:
    shuffled = random.Random(40).sample(names, len(names))

    assert sorted(shuffled, key=name_sort_key) == names


def test_code_points_alone_would_put_names_in_a_wrong_order() -> None:
    """The control: without the key, Đ and Ă come after all other letters."""
    assert sorted(["Đà Nẵng", "Ea H'Leo", "Ăn", "Ba"]) != sorted(
        ["Đà Nẵng", "Ea H'Leo", "Ăn", "Ba"], key=name_sort_key
    )
    assert sorted(["Đà Nẵng", "Ea H'Leo"], key=name_sort_key) == ["Đà Nẵng", "Ea H'Leo"]
    assert sorted(["Đà Nẵng", "Ea H'Leo"]) == ["Ea H'Leo", "Đà Nẵng"]


@given(st.text(max_size=400))
def test_a_key_is_digits_so_that_every_database_orders_it_alike(name: str) -> None:
    key = name_sort_key(name)

    assert key.isascii()
    assert key.isdecimal()
    assert len(key) <= text.SORT_KEY_CHARACTERS_MAX
    assert key == name_sort_key(unicodedata.normalize("NFD", name))


def _every_name() -> list[str]:
    with PLACES_FILE.open(encoding="utf-8", newline="") as places:
        rows = list(csv.DictReader(places))
    names = {row["ward"] for row in rows} | {row["province"] for row in rows}
    names |= set((HERE / "ocop_names.txt").read_text(encoding="utf-8").splitlines())
    return sorted(names)


def _as_icu_orders(pairs: list[tuple[str, str]]) -> list[int]:
    program = """
        const order = new Intl.Collator("vi");
        const {names, pairs} = JSON.parse(require("fs").readFileSync(0, "utf8"));
        const signs = pairs.map(([one, other]) => Math.sign(order.compare(names[one], names[other])));
        console.log(JSON.stringify(signs));
    """
    names = sorted({name for pair in pairs for name in pair})
    number = {name: place for place, name in enumerate(names)}
    asked = json.dumps({"names": names, "pairs": [(number[one], number[other]) for one, other in pairs]})
    answer = subprocess.run(["node", "-e", program], input=asked, capture_output=True, text=True, check=True)
    signs: list[int] = json.loads(answer.stdout)
    return signs


def _disagreements(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    keys = {name: name_sort_key(name) for pair in pairs for name in pair}
    ours = [(keys[one] > keys[other]) - (keys[one] < keys[other]) for one, other in pairs]
    icu = _as_icu_orders(pairs)
    return [pair for pair, mine, theirs in zip(pairs, ours, icu, strict=True) if mine != theirs]


@pytest.mark.node
def test_names_stand_in_the_order_of_icu() -> None:
    names = _every_name()
    chance = random.Random(20250701)
    pairs = [(chance.choice(names), chance.choice(names)) for _ in range(RANDOM_PAIRS)]

    assert _disagreements(pairs) == []


@pytest.mark.node
def test_neighbouring_names_stand_in_the_order_of_icu() -> None:
    """Random pairs seldom differ in a tone only; names that stand beside each other do."""
    names = sorted(_every_name(), key=name_sort_key)

    assert _disagreements(list(pairwise(names))) == []


@pytest.mark.node
def test_invented_words_stand_in_the_order_of_icu() -> None:
    chance = random.Random(10_000)
    words = ["".join(chance.choices(ANY_LETTERS, k=chance.randint(0, 4))) for _ in range(4_000)]
    pairs = [(chance.choice(words), chance.choice(words)) for _ in range(20_000)]

    assert _disagreements(pairs + list(pairwise(sorted(words, key=name_sort_key)))) == []
