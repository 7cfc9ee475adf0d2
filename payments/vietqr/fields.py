"""Cutting a text into fields of two digits of id, two digits of length, and a value."""

from __future__ import annotations

import re

from payments.vietqr.values import UnreadableVietQR

HEADER_CHARACTERS = 4
VALUE_CHARACTERS_MAX = 99

_TWO_DIGITS = re.compile("[0-9]{2}")


def split_fields(text: str, *, where: str) -> dict[str, str]:
    """The fields of one level, in their order; templates inside stay text for the caller to split.

    `where` names the level in refusals, for example "38-01". Lengths count characters.
    Raises UnreadableVietQR.
    """
    found: dict[str, str] = {}
    offset = 0
    while offset < len(text):
        name, value = _field_at(text, offset, where=where)
        if name in found:
            raise UnreadableVietQR("duplicate_id", f"{where}: {name}")
        found[name] = value
        offset += HEADER_CHARACTERS + len(value)
    return found


def join_field(name: str, value: str) -> str:
    """One field as text. `value` has 1 to 99 characters: the format has no empty field."""
    if not 1 <= len(value) <= VALUE_CHARACTERS_MAX:
        raise ValueError(f"field {name} cannot hold {len(value)} characters")
    return f"{name}{len(value):02d}{value}"


def _field_at(text: str, offset: int, *, where: str) -> tuple[str, str]:
    place = f"{where}@{offset}"
    header = text[offset : offset + HEADER_CHARACTERS]
    if len(header) < HEADER_CHARACTERS:
        raise UnreadableVietQR("truncated_header", place)
    name, length = header[:2], header[2:]
    if _TWO_DIGITS.fullmatch(name) is None:
        raise UnreadableVietQR("bad_id", f"{place}: {name!r}")
    _check_length(length, place=place)
    start = offset + HEADER_CHARACTERS
    value = text[start : start + int(length)]
    if len(value) < int(length):
        raise UnreadableVietQR("length_overrun", f"{place}: {name} says {length}, has {len(value)}")
    return name, value


def _check_length(length: str, *, place: str) -> None:
    if not length.isascii():
        raise UnreadableVietQR("non_ascii_digits", f"{place}: {length!r}")
    if _TWO_DIGITS.fullmatch(length) is None:
        raise UnreadableVietQR("length_not_numeric", f"{place}: {length!r}")
    if length == "00":
        raise UnreadableVietQR("zero_length", place)
