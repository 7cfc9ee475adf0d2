"""Names of administrative units: taken apart, and matched with what people type. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from marketplace.core.text import fold

UNIT_TYPES = ("Thành phố", "Thị trấn", "Đặc khu", "Thị xã", "Phường", "Huyện", "Quận", "Tỉnh", "Xã")
"""Every type a unit of today or before July 2025 has; none begins another."""

_FOLDED_TYPES = tuple(fold(unit_type) for unit_type in UNIT_TYPES)
_ABBREVIATIONS = {
    "tp": "thanh pho",
    "tt": "thi tran",
    "tx": "thi xa",
    "p": "phuong",
    "h": "huyen",
    "q": "quan",
    "t": "tinh",
    "x": "xa",
}


class Named(Protocol):
    """A unit with its full name and its fold."""

    @property
    def name(self) -> str: ...

    @property
    def folded(self) -> str: ...


Unit = TypeVar("Unit", bound=Named)


def split_name(name: str) -> tuple[str, str]:
    """Type and short name: "Đặc khu Lý Sơn" gives ("Đặc khu", "Lý Sơn"); the type is "" where there is none."""
    for unit_type in UNIT_TYPES:
        if name.lower().startswith(f"{unit_type.lower()} "):
            return unit_type, name[len(unit_type) + 1 :]
    return "", name


def folded_spellings(text: str) -> tuple[str, ...]:
    """The folded full names that `text` may stand for: as typed, its abbreviation spelt out, any type before it."""
    folded = fold(text)
    return (*_typed_spellings(folded), *(f"{unit_type} {folded}" for unit_type in _FOLDED_TYPES))


def best_matches(text: str, units: Sequence[Unit]) -> list[Unit]:
    """The units that `text` names, by the first of these rules that finds any.

    The exact name; the name or short name letter for letter but for capitals, if typed with diacritics ("thanh
    an" says nothing about Thanh An or Thạnh An); the name folded ("xa dam thuy", "p. nenh"); the short name
    folded ("dam thuy"). More than one unit means that `text` is ambiguous.
    """
    small = text.lower()
    typed = _typed_spellings(fold(text))
    untyped = typed[0]
    has_marks = small != untyped
    rules: tuple[Callable[[Unit], bool], ...] = (
        lambda unit: unit.name == text,
        lambda unit: has_marks and small in {unit.name.lower(), split_name(unit.name)[1].lower()},
        lambda unit: unit.folded in typed,
        lambda unit: fold(split_name(unit.name)[1]) == untyped,
    )
    for rule in rules:
        if found := [unit for unit in units if rule(unit)]:
            return found
    return []


def is_called(text: str, name: str) -> bool:
    """Whether `text` names the unit `name`, folded, with or without its type."""
    typed = _typed_spellings(fold(text))
    return fold(name) in typed or fold(split_name(name)[1]) == typed[0]


def _typed_spellings(folded: str) -> tuple[str, ...]:
    """`folded` itself and, where it begins with an abbreviated type, the same spelt out."""
    first, _, rest = folded.partition(" ")
    if rest and first in _ABBREVIATIONS:
        return folded, f"{_ABBREVIATIONS[first]} {rest}"
    return (folded,)
