"""One name and its two parts: the last word is the first name, and nothing is lost on the way there and back."""

from __future__ import annotations

import pytest

from marketplace.core.names import parts_of_name, renamed, whole_name


@pytest.mark.parametrize(
    ("whole", "first", "last"),
    [("Nông Thị Mơ", "Mơ", "Nông Thị"), ("Lò Mây", "Mây", "Lò"), ("Páo", "Páo", ""), ("", "", "")],
)
def test_the_last_word_of_a_name_is_the_first_name(whole: str, first: str, last: str) -> None:
    assert parts_of_name(whole) == (first, last)
    assert whole_name(first=first, last=last) == whole


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        (None, None, "Trần Thị Lan"),
        ("Mơ", None, "Trần Thị Mơ"),
        (None, "Nông", "Nông Lan"),
        (None, "", "Lan"),
        (" Mơ ", " Nông ", "Nông Mơ"),
        ("", "", ""),
    ],
)
def test_a_part_that_is_not_given_stays(first: str | None, last: str | None, name: str) -> None:
    assert renamed("Trần Thị Lan", first=first, last=last) == name
