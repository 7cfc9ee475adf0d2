"""Names and descriptions of goods as people write them, drawn with a seed: common syllables often, rare ones rarely.

Names have four to six syllables, descriptions about twenty-five. An eighth of the names is typed without marks.
The syllables are a choice of our own; how often each comes falls as in any language (Zipf), with the words of goods
first in names and the small words of sentences first in descriptions.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from marketplace.core.text import fold

NAME_ENDS_MAX = 3
DESCRIPTION_SYLLABLES = 25
TYPED_WITHOUT_MARKS_SHARE = 0.12

_WORDS: dict[str, list[str]] = {}
for _line in Path(__file__).with_name("syllables.txt").read_text(encoding="utf-8").splitlines():
    if _line.startswith("["):
        _kind = _WORDS.setdefault(_line.strip("[]"), [])
    else:
        _kind += [word.strip() for word in _line.split(",") if word.strip()]
_RARE = [
    beginning + rhyme
    for number, beginning in enumerate(_WORDS["beginnings"])
    for rhyme in _WORDS["rhymes"][number % 3 :: 2]
]


class Text(NamedTuple):
    """A text and the words that a search finds it by."""

    written: str
    folded: str


class Writer:
    """Draws names and descriptions; the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - names of made-up goods, no secret
        rare = list(_RARE)
        self._random.shuffle(rare)
        every = [*_WORDS["sentences"], *_WORDS["goods"], *_WORDS["name endings"], *rare]
        self._goods = _Drawn(_WORDS["goods"], flatness=6)
        self._ends = _Drawn([*_WORDS["name endings"], *rare], flatness=10)
        self._sentence = _Drawn(every, flatness=8)

    def name(self) -> Text:
        """What a product is called."""
        draw = self._random
        words = [*self._goods.some(draw, 1), *self._ends.some(draw, draw.randint(2, NAME_ENDS_MAX))]
        folded = " ".join(self._goods.folded.get(word) or self._ends.folded[word] for word in words)
        written = " ".join(words).capitalize()
        return Text(folded if draw.random() < TYPED_WITHOUT_MARKS_SHARE else written, folded)

    def description(self) -> Text:
        """What is said of a product."""
        words = self._sentence.some(self._random, DESCRIPTION_SYLLABLES)
        folded = self._sentence.folded
        return Text(" ".join(words).capitalize() + ".", " ".join([folded[word] for word in words]))


class _Drawn:
    """Words of which the first come most often; `flatness` says how slowly that falls."""

    def __init__(self, words: Sequence[str], *, flatness: int) -> None:
        self._words = list(dict.fromkeys(words))
        self._weights = list(accumulate(1 / (flatness + place) for place in range(len(self._words))))
        self.folded = {word: fold(word) for word in self._words}

    def some(self, draw: random.Random, count: int) -> list[str]:
        return draw.choices(self._words, cum_weights=self._weights, k=count)
