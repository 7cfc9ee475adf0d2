"""Suggestions: names while somebody types, and what they meant when nothing is called so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from catalog.search.engines import Wanted
from catalog.search.matching import newest_matching
from catalog.search.spelling import closest
from catalog.search.wanted import check_text
from catalog.search.words import exact_words, folded_words, marked_words
from catalog.selectors import visible_products
from marketplace.core.statements import Among
from marketplace.core.text import fold

NAMES_LOOKED_AT_MAX = 100
MORE_FOR_THE_HIDDEN = 50
NAMES_SUGGESTED_MAX = 8
NAMES_LEARNT_FROM_MAX = 3000
"""The newest products teach the words that a slip is compared with: one bounded statement, never out of date."""
WORDS_CORRECTED_MAX = 8


def suggest_names(text: str, *, age_declared: bool, at_most: int = NAMES_SUGGESTED_MAX) -> list[str]:
    """Names of products for what somebody is typing: every word is there, the last as a beginning.

    Those with the very marks typed first, then those that begin with it, then the newest; no name twice. Two
    statements, or four. Raises `BadText`.
    """
    clean = check_text(text)
    words, typed = folded_words(clean), marked_words(clean)
    if not words:
        return []
    newest = (
        visible_products(age_declared=age_declared).order_by("-published_at", "pk").values_list("name", flat=True)
    )
    names = newest_matching(
        Wanted(words, in_name=True),
        rows_max=NAMES_LOOKED_AT_MAX,
        first=NAMES_LOOKED_AT_MAX + MORE_FOR_THE_HIDDEN,
        read=lambda ids: list(newest.filter(Among("pk", ids))),
    )
    unique = list(dict.fromkeys(names.rows))
    begins = " ".join(words)
    unique.sort(key=lambda name: (-exact_words(typed, name=marked_words(name)), not fold(name).startswith(begins)))
    return unique[: min(at_most, NAMES_SUGGESTED_MAX)]


def did_you_mean(text: str, *, age_declared: bool) -> str | None:
    """The text with each word that no product knows replaced by the nearest known one, as it is usually written.

    None where every word is known, where one has nothing near it, or where there are more than
    `WORDS_CORRECTED_MAX`. One statement. Raises `BadText`. That something is found by it, is not said.
    """
    typed = marked_words(check_text(text))
    if not typed or len(typed) > WORDS_CORRECTED_MAX:
        return None
    spellings = _spellings(age_declared=age_declared)
    known = {word: sum(written.values()) for word, written in spellings.items()}
    meant: list[str] = []
    for word in typed:
        nearest = closest(fold(word), known)
        if nearest is None:
            return None
        # Who typed a known word, typed its marks as meant.
        meant.append(word if nearest == fold(word) else _usual(nearest.split(), spellings))
    correction = " ".join(meant)
    return correction if fold(correction) != fold(text) else None


def _usual(words: Iterable[str], spellings: dict[str, Counter[str]]) -> str:
    return " ".join(spellings[word].most_common(1)[0][0] for word in words)


def _spellings(*, age_declared: bool) -> dict[str, Counter[str]]:
    """How each word of the newest products' names, shops and places is written, and how often."""
    rows = (
        visible_products(age_declared=age_declared)
        .order_by("-published_at", "pk")
        .values_list("name", "vendor__name", "commune_of_origin__name", "commune_of_origin__province__name")
    )
    spellings: dict[str, Counter[str]] = {}
    for texts in rows[:NAMES_LEARNT_FROM_MAX]:
        for word in {word for text in texts for word in marked_words(text)}:
            spellings.setdefault(fold(word), Counter())[word] += 1
    return spellings
