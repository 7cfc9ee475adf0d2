"""One name of a person, and the two that programs speak of: families come first here, so `first` is the last word.

What is read and written back is the same name again, however often. Pure: no database.
"""

from __future__ import annotations

from typing import NamedTuple


class NameParts(NamedTuple):
    """A name in two, as Saleor's interface has it."""

    first: str
    last: str


def whole_name(*, first: str, last: str) -> str:
    """The one name of two parts, the family's first; either may be empty."""
    return f"{last.strip()} {first.strip()}".strip()


def parts_of_name(whole: str) -> NameParts:
    """A name in its two parts: "Nông Thị Mơ" is "Mơ" of the "Nông Thị"; a single word is a first name."""
    *family, first = whole.split() or [""]
    return NameParts(first=first, last=" ".join(family))


def renamed(known: str, *, first: str | None, last: str | None) -> str:
    """The name once the parts that are given stand in place of the known ones."""
    kept = parts_of_name(known)
    return whole_name(first=kept.first if first is None else first, last=kept.last if last is None else last)
