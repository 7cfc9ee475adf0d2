"""Texts that programs keep with a row."""

from __future__ import annotations

import pytest

from marketplace.core.metadata import (
    KEY_CHARACTERS_MAX,
    KEYS_MAX,
    ROW_CHARACTERS_MAX,
    VALUE_CHARACTERS_MAX,
    Change,
    MetadataInvalid,
    texts_to_put,
)
from marketplace.core.text import BadText


def test_texts_are_added_replaced_and_dropped() -> None:
    known = {"màu": "xanh", "cỡ": "to"}

    assert Change(put={"màu": "đỏ", "quà": "có"}).of(known) == {"màu": "đỏ", "cỡ": "to", "quà": "có"}
    assert Change(drop={"cỡ", "không có"}).of(known) == {"màu": "xanh"}
    assert known == {"màu": "xanh", "cỡ": "to"}


def test_a_key_that_comes_twice_has_its_last_value_and_values_keep_their_blanks() -> None:
    assert texts_to_put([("a", "1"), ("a", " 2\n")]) == {"a": " 2\n"}
    assert texts_to_put([("tiê\u0301ng", "")]) == {"tiếng": ""}


@pytest.mark.parametrize("key", ["", "  "])
def test_a_key_must_say_something(key: str) -> None:
    with pytest.raises(MetadataInvalid) as refusal:
        texts_to_put([(key, "x")])

    assert (refusal.value.code, refusal.value.field) == ("REQUIRED", "input")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("a" * (KEY_CHARACTERS_MAX + 1), ""),
        ("a", "b" * (VALUE_CHARACTERS_MAX + 1)),
        ("a\x00", "b"),
        ("a", "b\x00"),
        ("a", "\ud800"),
    ],
)
def test_what_cannot_be_kept_is_refused(key: str, value: str) -> None:
    with pytest.raises(BadText):
        texts_to_put([(key, value)])


def test_a_text_is_measured_as_it_is_kept() -> None:
    longest = VALUE_CHARACTERS_MAX // 3
    in_parts = "e\u0302\u0301" * VALUE_CHARACTERS_MAX

    assert texts_to_put([("a", "\ufb2c" * longest)]) == {"a": "\u05e9\u05bc\u05c1" * longest}
    assert texts_to_put([("a", in_parts)]) == {"a": "ế" * VALUE_CHARACTERS_MAX}
    with pytest.raises(BadText):
        texts_to_put([("a", "\ufb2c" * (longest + 1))])
    with pytest.raises(BadText):
        texts_to_put([("\ufb2c" * (KEY_CHARACTERS_MAX // 3 + 1), "")])


def test_a_row_keeps_so_many_texts_and_so_much_text() -> None:
    full = {str(number): "" for number in range(KEYS_MAX)}
    assert len(Change(put=full).of({})) == KEYS_MAX

    with pytest.raises(MetadataInvalid):
        Change(put={"một nữa": ""}).of(full)
    with pytest.raises(MetadataInvalid):
        Change(put={"a": "b" * VALUE_CHARACTERS_MAX}).of({"c": "d" * (ROW_CHARACTERS_MAX - VALUE_CHARACTERS_MAX)})
