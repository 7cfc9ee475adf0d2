"""Vietnamese text: cleaned on the way in, folded for search, keyed for sorting.

Everything a person types passes `clean_line` or `clean_text` once. The fold and the sort key are stored
beside the text, so that SQLite, PostgreSQL and a search server find and order names alike. Pure: no database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import InvalidInput

RAW_TO_CLEAN_CHARACTERS_RATIO_MAX = 4
"""Raw text may be this many times its limit: a decomposed letter takes three characters, then blanks."""

SLUG_CHARACTERS_MAX = 80
SORT_KEY_CHARACTERS_MAX = 400
"""A key of this length orders names of about 150 characters and fits any index; beyond it names tie."""


class BadText(InvalidInput):
    """Text that is too long, missing where it is needed, or holds characters that no name or letter has."""


# C0 and C1 controls but tab, line feed and carriage return; lone surrogates; characters that turn the reading
# direction of what stands around them; interlinear marks and non-characters.
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff]"
)
# Soft hyphen, zero-width space, word joiner and byte order mark come along with text pasted from a web page.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_LINE_END = re.compile("\r\n|[\r\n\u2028\u2029]")
_BLANKS_IN_LINE = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")


def nfc(text: str) -> str:
    """`text` in Unicode's composed form, so that equal letters are equal strings."""
    return unicodedata.normalize("NFC", text)


def clean_line(text: str, *, characters_max: int, field: str | None = None, required: bool = False) -> str:
    """One line as it is kept: NFC, every run of white space one blank, none at the ends.

    Raises `BadText` (naming `field`) for control characters, NUL, surrogates and direction overrides, for
    more than `characters_max` characters, and for an empty line where one is `required`.
    """
    readable = _readable(text, characters_max=characters_max, field=field)
    return _measured(" ".join(readable.split()), characters_max=characters_max, field=field, required=required)


def clean_text(text: str, *, characters_max: int, field: str | None = None, required: bool = False) -> str:
    """Several lines as they are kept: like `clean_line`, but line ends stay, and single empty lines."""
    readable = _LINE_END.sub("\n", _readable(text, characters_max=characters_max, field=field))
    lines = "\n".join(line.strip() for line in _BLANKS_IN_LINE.sub(" ", readable).split("\n"))
    cleaned = _BLANK_LINES.sub("\n\n", lines).strip()
    return _measured(cleaned, characters_max=characters_max, field=field, required=required)


def _readable(text: str, *, characters_max: int, field: str | None) -> str:
    """`text` in NFC without invisible characters; refused before the costly steps if it is far too long."""
    if len(text) > RAW_TO_CLEAN_CHARACTERS_RATIO_MAX * characters_max:
        raise _too_long(characters_max, field)
    if _REFUSED.search(text):
        raise BadText(_("Nội dung có ký tự không dùng được. Bạn gõ lại giúp nhé."), field=field)
    return nfc(_INVISIBLE.sub("", text))


def _measured(text: str, *, characters_max: int, field: str | None, required: bool) -> str:
    if len(text) > characters_max:
        raise _too_long(characters_max, field)
    if required and not text:
        raise BadText(_("Bạn chưa điền mục này."), field=field, code="REQUIRED")
    return text


def _too_long(characters_max: int, field: str | None) -> BadText:
    sentence = _("Nội dung dài quá, chỉ được tối đa {count} ký tự.")
    return BadText(format_lazy(sentence, count=characters_max), field=field)


# --- Folding for search ---------------------------------------------------------------------------

_NOT_WORD = re.compile(r"[\W_]+")
_MARKS = re.compile("[\u0300-\u036f]+")


def fold(text: str) -> str:
    """The search shadow: small letters without diacritics, đ as d, words parted by one blank.

    "Đặc sản Đắk Lắk (OCOP 4★)" gives "dac san dak lak ocop 4". The one function for every search backend
    and for what people type into them; folding a fold changes nothing. Callers bound the length of what they
    fold.
    """
    plain = _MARKS.sub("", unicodedata.normalize("NFD", nfc(text).lower()))
    words = _NOT_WORD.sub(" ", plain.replace("đ", "d")).strip()
    return nfc(words)


_SLUG = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*")


def is_slug(text: str) -> bool:
    """Whether `text` is a slug: plain words of ASCII letters and digits with hyphens between, not too long."""
    return len(text) <= SLUG_CHARACTERS_MAX and _SLUG.fullmatch(text) is not None


def slugify_vietnamese(text: str, *, characters_max: int = SLUG_CHARACTERS_MAX) -> str:
    """An ASCII slug: "Miến dong Cao Bằng" gives "mien-dong-cao-bang"; empty if nothing of `text` is ASCII.

    A longer slug is cut at `characters_max`, after a whole word where there is one.
    """
    slug = "-".join(re.findall("[a-z0-9]+", fold(text)))
    if len(slug) <= characters_max:
        return slug
    cut = slug[: characters_max + 1]
    return cut.rpartition("-")[0] or slug[:characters_max]


# --- Sorting as ICU's Vietnamese collation does ---------------------------------------------------
#
# A key has three levels, as the Unicode collation algorithm has: letters, then tones, then capitals. It is
# written in decimal digits only, because every collation a database may have orders digits alike. Two digits
# a letter: 00 ends the level, 01-98 are the table's places, 99 is a letter unknown to Vietnamese, followed by
# its code point.

_PUNCTUATION = " _-–—,;:!?.…·'\"«»()[]{}§@*/\\&#%•′″`´^°©®+±÷×<=>|~"
_CURRENCIES_AND_DIGITS = "$£€₫0123456789"
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_ANY_OTHER_SYMBOL = "\ufffd"
_PLACES = {
    character: f"{place:02d}"
    for place, character in enumerate(_PUNCTUATION + _ANY_OTHER_SYMBOL + _CURRENCIES_AND_DIGITS + _ALPHABET, start=1)
}
_UNKNOWN_LETTER_PLACE = "99"

_PLAIN = "1"
_VARIANTS = {
    "‘": ("'", "2"),
    "’": ("'", "3"),
    "“": ('"', "2"),
    "”": ('"', "3"),
    "‐": ("-", "2"),
    "‑": ("-", "2"),
}
_TONES = {"\u0300": "4", "\u0309": "5", "\u0303": "6", "\u0301": "7", "\u0323": "8"}
_OTHER_MARK = "9"

_SMALL, _CAPITAL = "1", "2"
_PRIMARY_END, _SECONDARY_END = "00", "0"
_CLUSTER = re.compile("(.)([\u0300-\u036f]*)", re.DOTALL)


def name_sort_key(text: str) -> str:
    """A key that, compared character by character, orders names as ICU's Vietnamese collation orders them.

    Blanks come before letters ("Cà Mau" before "Cao Bằng"), Ă and Â after A, Đ after D; tones (ngang, huyền,
    hỏi, ngã, sắc, nặng) decide only between equal letters, capitals only between equal tones. At most
    `SORT_KEY_CHARACTERS_MAX` digits; names that tie are ordered by the caller's second key.
    """
    places, tones, cases = [], [], []
    for place, tone, case in _weights(text):
        places.append(place)
        tones.append(tone)
        cases.append(case)
    secondary = "".join(tones).rstrip(_PLAIN)
    tertiary = "".join(cases).rstrip(_SMALL)
    key = "".join(places) + _PRIMARY_END + secondary + _SECONDARY_END + tertiary
    return key[:SORT_KEY_CHARACTERS_MAX]


def _weights(text: str) -> Iterator[tuple[str, str, str]]:
    for cluster in _CLUSTER.finditer(unicodedata.normalize("NFD", text)):
        yield _cluster_weights(cluster[1], cluster[2])


@lru_cache(maxsize=4096)
def _cluster_weights(base: str, marks: str) -> tuple[str, str, str]:
    """Place, tones and case of one base character with its combining marks."""
    small, variant = _VARIANTS.get(base, (base.lower(), _PLAIN))
    letter, tones = _letter_and_tones(small, marks)
    case = _SMALL if base == base.lower() else _CAPITAL
    return _place(letter), variant + "".join(_TONES.get(tone, _OTHER_MARK) for tone in tones), case


def _letter_and_tones(small: str, marks: str) -> tuple[str, str]:
    """Split â from its tone: breve, circumflex and horn make letters of their own in the alphabet."""
    for mark in marks:
        letter = nfc(small + mark)
        if letter in _PLACES:
            return letter, marks.replace(mark, "", 1)
    return small, marks


def _place(letter: str) -> str:
    if letter.isspace():
        return _PLACES[" "]
    if letter in _PLACES:
        return _PLACES[letter]
    known_as = _UNKNOWN_LETTER_PLACE if letter.isalnum() else _PLACES[_ANY_OTHER_SYMBOL]
    return known_as + "".join(f"{ord(character):07d}" for character in letter)
