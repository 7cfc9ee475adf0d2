"""Words as the search keeps and compares them. Pure.

Both databases get the same words: `fold` makes them, and each is cut at `WORD_CHARACTERS_MAX`, so that no
tokenizer of theirs has anything left to decide.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from marketplace.core.text import fold, nfc

WORD_CHARACTERS_MAX = 40
"""No Vietnamese word comes near; a longer run of letters (a link, a code) is found by its beginning."""

SPELLINGS_KEPT = 16_384
"""Vietnamese has some seven thousand syllables, and names are made of few of them: a search compares thousands."""

_MARK = re.compile("[\u0300-\u036f]")
_NOT_WORD = re.compile(r"[\W_]+")


def folded_words(text: str) -> tuple[str, ...]:
    """The words of `text` without diacritics, in order."""
    return tuple(word[:WORD_CHARACTERS_MAX] for word in fold(text).split())


def marked_words(text: str) -> tuple[str, ...]:
    """The words of `text` with the marks they were typed with, in small letters."""
    return tuple(word for word in _NOT_WORD.split(nfc(text).lower()) if word)


def has_words(words: Sequence[str], *, folded: str) -> bool:
    """Whether a folded text has all of the folded words, the last as a beginning: as the search table finds it."""
    found = folded.split()
    return all(word in found for word in words[:-1]) and any(word.startswith(words[-1]) for word in found)


def exact_words(typed: Sequence[str], *, name: Sequence[str]) -> int:
    """How many of the `typed` words stand in the `name` with the very same marks; the last may be a beginning.

    Both are `marked_words`. Where a tone stands in a word does not matter: "hoà" is "hòa".
    """
    spelt = {_spelling(word) for word in name}
    found = sum(_spelling(word) in spelt for word in typed[:-1])
    return found + any(_begins_with(word, typed[-1]) for word in name) if typed else 0


def _begins_with(word: str, beginning: str) -> bool:
    return _spelling(word[: len(beginning)]) == _spelling(beginning)


@lru_cache(maxsize=SPELLINGS_KEPT)
def _spelling(word: str) -> tuple[str, str]:
    """The letters of a word and its marks apart, so that a tone may stand on either vowel."""
    parts = unicodedata.normalize("NFD", word)
    return _MARK.sub("", parts), "".join(sorted(_MARK.findall(parts)))
