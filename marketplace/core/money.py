"""Amounts in whole đồng: shown, read out in words, and read from what people type. Pure."""

from __future__ import annotations

import re

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import InvalidInput
from marketplace.core.text import nfc

AMOUNT_VND_MAX = 999_999_999_999
"""The largest amount of one thing (price, order, transfer), in đồng: below a thousand billion."""

AMOUNT_TEXT_CHARACTERS_MAX = 60

_NO_BREAK_SPACE = "\u00a0"
_THOUSAND, _MILLION, _BILLION = 1_000, 1_000_000, 1_000_000_000


class BadAmount(InvalidInput):
    """Text that is no amount in whole đồng, or one that the market does not handle."""


class AmbiguousAmount(BadAmount):
    """Text that may mean two amounts, such as "1.250k" (1.250 ₫ or 1.250.000 ₫)."""


def in_groups(number: int) -> str:
    """A whole number as people write it, in groups of three: "1.250"."""
    return f"{number:,}".replace(",", ".")


def format_vnd(amount: int) -> str:
    """`amount` đồng as pages show it: "125.000 ₫", with a no-break space, so that it never parts."""
    return in_groups(amount) + _NO_BREAK_SPACE + "₫"


# --- In words, as the north reads (linh, mươi, mốt, tư, lăm, nghìn) -------------------------------

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_UNIT_AFTER_TENS = (_DIGITS[0], "mốt", "hai", "ba", "tư", "lăm", *_DIGITS[6:])
_UNIT_AFTER_TEN = (*_DIGITS[:5], "lăm", *_DIGITS[6:])


def amount_in_words(amount: int, *, capitalised: bool = False) -> str:
    """`amount` đồng as it is said and written on receipts: "một trăm hai mươi lăm nghìn đồng".

    A hundred that stands empty after a larger group is read: 1.005.000 is "một triệu không trăm linh năm
    nghìn đồng". Any integer; `capitalised` begins with a capital letter.
    """
    words = f"{_number_in_words(abs(amount))} đồng"
    if amount < 0:
        words = f"âm {words}"
    return words[0].upper() + words[1:] if capitalised else words


def _number_in_words(number: int) -> str:
    if number == 0:
        return _DIGITS[0]
    return " ".join(_positive_in_words(number, follows=False))


def _positive_in_words(number: int, *, follows: bool) -> list[str]:
    """Words of a positive number; one that `follows` a larger group has its hundreds read even when empty."""
    for size, name in ((_BILLION, "tỷ"), (_MILLION, "triệu"), (_THOUSAND, "nghìn")):
        if number >= size:
            high, rest = divmod(number, size)
            words = [*_positive_in_words(high, follows=follows), name]
            return words + (_positive_in_words(rest, follows=True) if rest else [])
    return _below_thousand_in_words(number, follows=follows)


def _below_thousand_in_words(number: int, *, follows: bool) -> list[str]:
    hundreds, rest = divmod(number, 100)
    if not hundreds and not follows:
        return _below_hundred_in_words(rest)
    words = [_DIGITS[hundreds], "trăm"]
    if 0 < rest < 10:
        words.append("linh")
    return words + (_below_hundred_in_words(rest) if rest else [])


def _below_hundred_in_words(number: int) -> list[str]:
    tens, unit = divmod(number, 10)
    if tens == 0:
        return [_DIGITS[unit]]
    ten, units = (["mười"], _UNIT_AFTER_TEN) if tens == 1 else ([_DIGITS[tens], "mươi"], _UNIT_AFTER_TENS)
    return ten + ([units[unit]] if unit else [])


# --- Read from what people type -------------------------------------------------------------------

_UNITS = {
    "k": _THOUSAND,
    "ng": _THOUSAND,
    "nghìn": _THOUSAND,
    "nghin": _THOUSAND,
    "ngàn": _THOUSAND,
    "ngan": _THOUSAND,
    "tr": _MILLION,
    "triệu": _MILLION,
    "trieu": _MILLION,
    "tỷ": _BILLION,
    "tỉ": _BILLION,
    "ty": _BILLION,
    "ti": _BILLION,
}
_CURRENCY = re.compile(r"\s*(?:₫|đồng|dong|vnđ|vnd|đ|d)\.?$")
_PLAIN = re.compile(r"[0-9]+")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}([., ])[0-9]{3}(?:\1[0-9]{3})*")
_DECIMAL = re.compile(r"([0-9]+)[.,]([0-9]+)")
_PART = re.compile(r"([0-9][0-9., ]*?)\s*(" + "|".join(sorted(_UNITS, key=len, reverse=True)) + r")(?![^\W\d_])\s*")
_ZERO_FIRST = re.compile(r"0[0-9]")


def parse_vnd(text: str) -> int:
    """The amount in đồng, 0 to `AMOUNT_VND_MAX`, that a person means by `text`.

    Reads 125000, "125.000", "125,000 đ", "125k", "1,5tr", "1tr2", "2 triệu", "1 triệu 200 nghìn". Raises
    `AmbiguousAmount` where two readings are possible ("1.250k", "12.50", "0912345678"), `BadAmount` for
    anything else that is no amount in whole đồng, negative or too large.
    """
    if len(text) > AMOUNT_TEXT_CHARACTERS_MAX:
        raise _bad()
    plain = _CURRENCY.sub("", " ".join(nfc(text).lower().split()), count=1)
    amount = _with_units(plain) if _PART.match(plain) else _without_unit(plain)
    if amount > AMOUNT_VND_MAX:
        raise BadAmount(format_lazy(_("Số tiền lớn quá, tối đa {most}."), most=format_vnd(AMOUNT_VND_MAX)))
    return amount


def _without_unit(text: str) -> int:
    if _ZERO_FIRST.match(text):
        raise _ambiguous(text) if _PLAIN.fullmatch(text) else _bad()
    if _PLAIN.fullmatch(text):
        return int(text)
    if _GROUPED.fullmatch(text):
        return _digits(text)
    raise _ambiguous(text) if _DECIMAL.fullmatch(text) else _bad()


def _with_units(text: str) -> int:
    """A sum of parts with falling units, "1 triệu 200 nghìn", or a part with a tail, "1tr2" (1.200.000)."""
    total, position, size = 0, 0, 10 * AMOUNT_VND_MAX
    while part := _PART.match(text, position):
        if _UNITS[part[2]] >= size or (total and not _is_below(part[1], size // _UNITS[part[2]])):
            raise _bad()
        size = _UNITS[part[2]]
        total += _times(part[1], size)
        position = part.end()
    return total + _tail(text[position:], size)


def _is_below(count: str, limit: int) -> bool:
    """Whether a later part is a plain count that its unit allows: 200 in "1 triệu 200 nghìn", never 2000."""
    return bool(_PLAIN.fullmatch(count)) and int(count) < limit


def _times(count: str, size: int) -> int:
    """`count` units of `size` đồng each; "1,5" triệu is exact, "1.250" nghìn may be read in two ways."""
    if _PLAIN.fullmatch(count):
        return int(count) * size
    decimal = _DECIMAL.fullmatch(count)
    if decimal and len(decimal[2]) == 3:
        raise _ambiguous(count)
    if decimal:
        return int(decimal[1]) * size + _fraction(decimal[2], size)
    if _GROUPED.fullmatch(count):
        return _digits(count) * size
    raise _bad()


def _tail(text: str, size: int) -> int:
    """What follows the last unit: the 2 of "1tr2" counts tenths, the 250 of "1tr250" thousandths."""
    if not text:
        return 0
    if not re.fullmatch("[0-9]{1,3}", text):
        raise _bad()
    return _fraction(text, size)


def _fraction(digits: str, size: int) -> int:
    amount, rest = divmod(int(digits) * size, int("1" + "0" * len(digits)))
    if rest:
        raise _bad()
    return amount


def _digits(text: str) -> int:
    return int(re.sub("[., ]", "", text))


def _bad() -> BadAmount:
    return BadAmount(_("Số tiền chưa đúng. Bạn gõ số đồng, ví dụ 125.000 hoặc 125k."))


def _ambiguous(text: str) -> AmbiguousAmount:
    sentence = _("“{text}” có thể hiểu hai cách. Bạn gõ đủ số đồng, ví dụ 125.000.")
    return AmbiguousAmount(format_lazy(sentence, text=text))
