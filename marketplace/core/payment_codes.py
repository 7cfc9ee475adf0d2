"""The code a payer writes in the memo of a transfer, and how it is found again in what the bank reports.

`OCZ`, eight symbols drawn at random and two check symbols: thirteen characters. The alphabet has 23 symbols,
a prime, without vowels (so no Vietnamese word can be one) and without symbols that look alike. The two check
symbols make every single substitution and every swap of two places invalid: a mistyped code goes to review
and is never booked on somebody else's order.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import InvalidInput

PREFIX: Final = "OCZ"
"""Four times in 488,306 published statement lines; `CHO` would be in one line of 36."""
ALPHABET: Final = "23456789CDFHJKMNPQRTVWX"
RANDOM_SYMBOLS: Final = 8
CHECK_SYMBOLS: Final = 2
CODE_CHARACTERS: Final = len(PREFIX) + RANDOM_SYMBOLS + CHECK_SYMBOLS
CODES_MAX: Final = len(ALPHABET) ** RANDOM_SYMBOLS
"""How many codes there are: 78,310,985,281."""

MEMO_CHARACTERS_MAX: Final = 19
"""What the narrowest of the services in use carries (NAPAS itself allows 25)."""
MEMO_PREFIX_CHARACTERS_MAX: Final = MEMO_CHARACTERS_MAX - CODE_CHARACTERS
CONTENT_CHARACTERS_MAX: Final = 4096
"""What is read of a transfer's content; real ones have at most 269 characters. The rest is not looked at."""

NEAR_CHARACTERS_MIN: Final = 6
"""A code that was typed wrong in one place, or has two neighbours swapped, still shows this many of its thirteen
characters in a row; by chance they stand together in one of millions of contents."""

_BASE = len(ALPHABET)
_VALUE_OF = {symbol: value for value, symbol in enumerate(ALPHABET)}
_CODE = re.compile(f"{PREFIX}[{ALPHABET}]{{{RANDOM_SYMBOLS + CHECK_SYMBOLS}}}")
_CODE_AT_EVERY_OFFSET = re.compile(f"(?=({_CODE.pattern}))")
_BANKS_OWN_WORDS = "MAGIAODICH|MAGD|TRACE[0-9]|FT[0-9]{6}|GD[0-9]{6}|CTTU[0-9]"
"""What banks write behind the payer's words: after these too, a code that stops short was cut off."""
_CUT_CODE = re.compile(f"({PREFIX}[{ALPHABET}]{{1,{RANDOM_SYMBOLS + CHECK_SYMBOLS - 1}}}?)(?:$|{_BANKS_OWN_WORDS})")
_NOT_CODE_CHARACTER = re.compile("[^A-Z0-9]+")
_MEMO_PREFIX = re.compile(f"[A-Z0-9]{{0,{MEMO_PREFIX_CHARACTERS_MAX}}}")


class InvalidPaymentCode(InvalidInput):
    """The text is no payment code: wrong shape, or its check symbols do not fit."""


class InvalidMemoPrefix(InvalidInput):
    """The words a bank wants in front of the code do not fit into a memo."""


def code_from_number(number: int) -> str:
    """The code that stands for `number`, 0 <= number < `CODES_MAX`; raises ValueError outside that range."""
    if not 0 <= number < CODES_MAX:
        raise ValueError(f"number must be in 0..{CODES_MAX - 1}")
    values = []
    for _place in range(RANDOM_SYMBOLS):
        number, value = divmod(number, _BASE)
        values.append(value)
    values.reverse()
    return PREFIX + "".join(ALPHABET[value] for value in (*values, *_check_values(values)))


def new_code() -> str:
    """A code drawn at random, so that nobody guesses another's. That it is unique, the database sees to."""
    return code_from_number(secrets.randbelow(CODES_MAX))


def is_valid_code(text: str) -> bool:
    """Whether `text` is exactly one code, in upper case, with the right check symbols."""
    if _CODE.fullmatch(text) is None:
        return False
    values = [_VALUE_OF[symbol] for symbol in text[len(PREFIX) :]]
    weighted = sum(place * value for place, value in enumerate(values, start=1))
    return sum(values) % _BASE == 0 and weighted % _BASE == 0


def find_codes(content: str) -> tuple[str, ...]:
    """Every different valid code in a transfer's `content`, in order of appearance.

    Banks and people change case, break lines, glue digits on and put spaces and dashes inside, so everything
    but letters and digits is deleted first and every offset is tried. Nothing is ever corrected: a damaged
    code is not found. Only the first `CONTENT_CHARACTERS_MAX` characters are read.
    """
    squeezed = letters_and_digits(content[:CONTENT_CHARACTERS_MAX])
    candidates = (match.group(1) for match in _CODE_AT_EVERY_OFFSET.finditer(squeezed))
    return tuple(dict.fromkeys(code for code in candidates if is_valid_code(code)))


def cut_code(content: str) -> str:
    """What is left in `content` of a code whose end was cut off: "OCZ" and one to nine symbols; "" if nothing is.

    Cut at the end of the content, or in front of the words that the bank itself adds. Which code it was is never
    guessed; this only says why there is none.
    """
    found = _CUT_CODE.search(letters_and_digits(content[:CONTENT_CHARACTERS_MAX]))
    return found.group(1) if found else ""


def near_codes(content: str, codes: Iterable[str]) -> dict[str, int]:
    """Those of `codes` of which `content` shows a part, with the length of the longest part in characters.

    At least `NEAR_CHARACTERS_MIN` in a row, or all that a cut code left. A help for a person who decides, and never
    a reason to book.
    """
    squeezed, cut = letters_and_digits(content[:CONTENT_CHARACTERS_MAX]), cut_code(content)
    shown = {code: _characters_shown(code, squeezed) for code in codes}
    if cut:
        shown |= {code: max(count, len(cut)) for code, count in shown.items() if code.startswith(cut)}
    return {code: count for code, count in shown.items() if count}


def memo(code: str, prefix: str = "") -> str:
    """The memo of a transfer: `code`, after the `prefix` that some virtual accounts demand (as SEVQR).

    Nothing stands between them: `find_codes` needs no separator, and spaces are what banks lose first.
    Raises InvalidPaymentCode, or InvalidMemoPrefix when `prefix` is not up to six of A-Z and 0-9.
    """
    if not is_valid_code(code):
        raise InvalidPaymentCode(_("Mã thanh toán không đúng."), field="code")
    if _MEMO_PREFIX.fullmatch(prefix) is None:
        raise InvalidMemoPrefix(
            _("Phần đứng trước mã thanh toán chỉ gồm tối đa 6 chữ in hoa không dấu hoặc chữ số."),
            field="prefix",
        )
    return prefix + code


def _check_values(values: Sequence[int]) -> tuple[int, int]:
    """The two values that make the plain sum and the sum weighted by place (1..10) both 0 modulo 23."""
    plain = sum(values)
    weighted = sum(place * value for place, value in enumerate(values, start=1))
    # From c8 + c9 = -plain and 9*c8 + 10*c9 = -weighted.
    last = (9 * plain - weighted) % _BASE
    return (-plain - last) % _BASE, last


def _characters_shown(code: str, squeezed: str) -> int:
    """The length of the longest part of `code` that stands in `squeezed`; 0 below `NEAR_CHARACTERS_MIN`."""
    for length in range(len(code), NEAR_CHARACTERS_MIN - 1, -1):
        if any(code[start : start + length] in squeezed for start in range(len(code) - length + 1)):
            return length
    return 0


def letters_and_digits(content: str) -> str:
    """`content` without diacritics, in upper case, with nothing left but A-Z and 0-9."""
    plain = content.replace("đ", "d").replace("Đ", "D")
    return _NOT_CODE_CHARACTER.sub("", unicodedata.normalize("NFD", plain).upper())
