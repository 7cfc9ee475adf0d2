"""What somebody meant who typed a word that no product has. Pure.

People type as they speak: the north says l for n, x for s, ch for tr, d for gi and r; the south v for d, and drops
the difference of -n and -ng, -t and -c. They type without a Vietnamese keyboard (Telex: "maatj"), join words, and
slip. Words here are folded: small letters without marks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

WORD_CHARACTERS_MIN = 2
SLIP_FROM_CHARACTERS_MIN = 3
"""In shorter words nearly everything is one slip away from everything."""
TWO_SLIPS_FROM_CHARACTERS_MIN = 6

_BEGINNINGS = (
    ("ngh", "ng"), ("gh", "g"), ("gi", "d"), ("tr", "ch"), ("kh", "kh"), ("ph", "ph"), ("th", "th"), ("ch", "ch"),
    ("qu", "cu"), ("s", "x"), ("r", "d"), ("v", "d"), ("z", "d"), ("l", "n"), ("k", "c"), ("q", "c"), ("f", "ph"),
    ("j", "d"), ("w", "cu"),
)  # fmt: skip
_ENDINGS = (("ng", "n"), ("nh", "n"), ("ch", "t"), ("c", "t"))
_TELEX = re.compile("aa|ee|oo|dd|aw|ow|uw|(?<=[aeiouyw])[sfrxj]|(?<!^)[sfrxj](?=[^aeiouy]{0,2}$)")
"""No Vietnamese syllable has s, f, r, x or j behind its vowel: there they are tones."""


def closest(word: str, known: Mapping[str, int]) -> str | None:
    """The known word that `word` most likely means, as it is known; two of them where they were joined.

    `known` says how often each word occurs: of equally likely ones the commoner is meant. None where nothing is near.
    """
    if word in known:
        return word
    if len(word) < WORD_CHARACTERS_MIN:
        return None
    if (plain := without_telex(word)) in known:
        return plain
    near = [(likeness, -known[one], one) for one in known if (likeness := _likeness(word, one)) is not None]
    return min(near)[2] if near else _parted(word, known)


def without_telex(word: str) -> str:
    """A folded word without the letters that Telex types marks with: "maatj" is "mat", "ddawcj" is "dac"."""
    return _TELEX.sub(lambda found: found[0][0] if len(found[0]) > 1 else "", word)


def sound(word: str) -> str:
    """A word as it is heard: words that some region says alike have the same."""
    for beginning, heard in _BEGINNINGS:
        if word.startswith(beginning):
            word = heard + word[len(beginning) :]
            break
    for ending, heard in _ENDINGS:
        if word.endswith(ending):
            word = word[: -len(ending)] + heard
            break
    return word.replace("y", "i")


def _likeness(word: str, other: str) -> int | None:
    """0 for what sounds alike, else the number of slips between them; None for too many."""
    if sound(word) == sound(other):
        return 0
    if len(word) < SLIP_FROM_CHARACTERS_MIN:
        return None
    allowed = 2 if len(word) >= TWO_SLIPS_FROM_CHARACTERS_MIN else 1
    if abs(len(word) - len(other)) > allowed:
        return None
    slips = slips_between(word, other)
    # Who slips twice still begins rightly: else "iphone" would be a kind of "phong".
    return slips if slips <= (allowed if word[0] == other[0] else 1) else None


def slips_between(one: str, other: str) -> int:
    """How many letters were left out, put in, mistaken, or swapped with their neighbour."""
    earlier: list[int] = []
    before = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        now = [row]
        for column, wanted in enumerate(other, start=1):
            cost = min(before[column] + 1, now[-1] + 1, before[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted:
                cost = min(cost, earlier[column - 2] + 1)
            now.append(cost)
        earlier, before = before, now
    return before[-1]


def _parted(word: str, known: Mapping[str, int]) -> str | None:
    """Two known words that were typed as one: "matong" is "mat ong"."""
    parts = [
        (word[:cut], word[cut:])
        for cut in range(WORD_CHARACTERS_MIN, len(word) - WORD_CHARACTERS_MIN + 1)
        if word[:cut] in known and word[cut:] in known
    ]
    if not parts:
        return None
    left, right = max(parts, key=lambda pair: min(known[pair[0]], known[pair[1]]))
    return f"{left} {right}"
