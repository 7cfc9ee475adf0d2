"""Setting a text into a box: as large as it fits, over as many lines as it takes, never beyond the edge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from payments.stands.fonts import LINE, MM_A_POINT, Face, drawable, width_mm

STEP_PT: Final = 0.5
SIZE_PT_MIN: Final = 5.0
"""The smallest that is still read at arm's length; what does not fit then is cut with an ellipsis."""
BALANCE_STEP_MM: Final = 1.0
ELLIPSIS: Final = "…"


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text broken into lines of one size."""

    lines: tuple[str, ...]
    face: Face
    size_pt: float

    @property
    def line_mm(self) -> float:
        """How high one line is, with the marks over its capitals."""
        return self.size_pt * LINE * MM_A_POINT

    @property
    def height_mm(self) -> float:
        """How high all lines are together."""
        return self.line_mm * len(self.lines)


def fit(text: str, face: Face, *, width: float, height: float, size_pt_max: float) -> Fitted:
    """`text` in the largest size, from `size_pt_max` down, in which it fits into width x height millimetres."""
    shown = drawable(text)
    for size_pt in _sizes(size_pt_max):
        fitted = Fitted(tuple(_lines(shown, face, size_pt, width)), face, size_pt)
        if fitted.height_mm <= height:
            return _balanced(fitted, shown, width=width)
    return _cut(fitted, width=width, height=height)


def _balanced(fitted: Fitted, text: str, *, width: float) -> Fitted:
    """The same size and number of lines, made about equally long: no last word stands alone."""
    widest = max((width_mm(word, fitted.face, fitted.size_pt) for word in text.split()), default=width)
    while (width := width - BALANCE_STEP_MM) >= widest:  # narrower, and words would be broken
        lines = tuple(_lines(text, fitted.face, fitted.size_pt, width))
        if len(lines) > len(fitted.lines):
            break
        fitted = Fitted(lines, fitted.face, fitted.size_pt)
    return fitted


def _sizes(most: float) -> Iterator[float]:
    size_pt = most
    while size_pt > SIZE_PT_MIN:
        yield size_pt
        size_pt -= STEP_PT
    yield SIZE_PT_MIN


def _cut(fitted: Fitted, *, width: float, height: float) -> Fitted:
    kept = list(fitted.lines[: max(1, int(height / fitted.line_mm))])
    last = kept[-1]
    while last and width_mm(last + ELLIPSIS, fitted.face, fitted.size_pt) > width:
        last = last[:-1]
    return Fitted((*kept[:-1], last + ELLIPSIS), fitted.face, fitted.size_pt)


def _lines(text: str, face: Face, size_pt: float, width: float) -> Iterator[str]:
    """Words put into lines one after the other; a word wider than the line is broken."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width_mm(longer, face, size_pt) <= width:
            line = longer
            continue
        if line:
            yield line
        *whole, line = _pieces(word, face, size_pt, width)
        yield from whole
    if line:
        yield line


def _pieces(word: str, face: Face, size_pt: float, width: float) -> Iterator[str]:
    start = 0
    for end in range(1, len(word) + 1):
        if end - start > 1 and width_mm(word[start:end], face, size_pt) > width:
            yield word[start : end - 1]
            start = end - 1
    yield word[start:]
