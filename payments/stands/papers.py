"""Stands on sheets of paper: one alone, one to be folded, several to be cut apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

from payments.stands.cards import HAIR_MM, broad, upright
from payments.stands.drawing import Drawing, Line, Page, Placed
from payments.stands.fitting import fit
from payments.stands.fonts import Face
from payments.stands.sheet import StandSheet

A4_MM: Final = (210.0, 297.0)
A5_MM: Final = (148.5, 210.0)
A6_MM: Final = (105.0, 148.5)
"""Halves of A4 to the half millimetre, so that what is cut or folded meets the edge."""
FOLD_WORDS: Final = "Gấp theo đường này"
CUT_WORDS: Final = "Cắt theo đường này"
EDGE_MM: Final = 8.0
WORDS_MM: Final = 4.0
WORDS_PT: Final = 5.5


class Paper(StrEnum):
    """What goes through the printer."""

    A5 = "a5"
    A6 = "a6"
    TENT_A4 = "tent-a4"
    """A sheet of A4, folded once: it stands by itself and shows an A5 face to either side."""
    TENT_A5 = "tent-a5"
    """A sheet of A5, folded once."""
    TWO_A5 = "a4-2-a5"
    FOUR_A6 = "a4-4-a6"

    @property
    def stands_a_page(self) -> int:
        """How many different stands fit on one page."""
        return {Paper.TWO_A5: 2, Paper.FOUR_A6: 4}.get(self, 1)


def pages(sheets: Sequence[StandSheet], paper: Paper) -> Iterator[Page]:
    """The stands on pages of this paper, in their order; the last page may have room left."""
    step = paper.stands_a_page
    for start in range(0, len(sheets), step):
        yield _page(sheets[start : start + step], paper)


def _page(sheets: Sequence[StandSheet], paper: Paper) -> Page:
    if paper is Paper.TWO_A5:
        return _to_cut(sheets, face=A5_MM, columns=2, rows=1)
    if paper is Paper.FOUR_A6:
        return _to_cut(sheets, face=A6_MM, columns=2, rows=2)
    if paper in (Paper.TENT_A4, Paper.TENT_A5):
        return _tent(sheets[0], size=A4_MM if paper is Paper.TENT_A4 else A5_MM)
    width, height = A5_MM if paper is Paper.A5 else A6_MM
    card = upright(sheets[0], width=width, height=height)
    return Page(width=width, height=height, placed=(Placed(x=0, y=0, drawing=card),))


def _tent(sheet: StandSheet, *, size: tuple[float, float]) -> Page:
    """Two faces, the upper one on its head: both are upright once the sheet is folded between them."""
    width, height = size
    face = broad(sheet, width=width, height=height / 2)
    fold = _guide((EDGE_MM / 2, height / 2), (width - EDGE_MM / 2, height / 2), width, height, words=FOLD_WORDS)
    return Page(
        width=width,
        height=height,
        placed=(
            Placed(x=0, y=0, drawing=face, turned=True),
            Placed(x=0, y=height / 2, drawing=face),
            Placed(x=0, y=0, drawing=fold),
        ),
    )


def _to_cut(sheets: Sequence[StandSheet], *, face: tuple[float, float], columns: int, rows: int) -> Page:
    width, height = face[0] * columns, face[1] * rows
    cards = [
        Placed(
            x=face[0] * (number % columns),
            y=face[1] * (number // columns),
            drawing=upright(sheet, width=face[0], height=face[1]),
        )
        for number, sheet in enumerate(sheets)
    ]
    cuts = [
        *(((face[0] * column, 0.0), (face[0] * column, height)) for column in range(1, columns)),
        *(((0.0, face[1] * row), (width, face[1] * row)) for row in range(1, rows)),
    ]
    guides = [_guide(start, end, width, height, words=CUT_WORDS) for start, end in cuts]
    return Page(width=width, height=height, placed=(*cards, *(Placed(x=0, y=0, drawing=guide) for guide in guides)))


def _guide(
    start: tuple[float, float], end: tuple[float, float], width: float, height: float, *, words: str
) -> Drawing:
    """A dashed line over the page; what to do there is said beside a line that lies."""
    drawing = Drawing(width=width, height=height)
    drawing.items.append(Line(start=start, end=end, width=HAIR_MM, dashed=True))
    if start[1] == end[1]:
        said = fit(words, Face.REGULAR, width=width / 4, height=WORDS_MM, size_pt_max=WORDS_PT)
        drawing.write(said, x=EDGE_MM, top=start[1] - said.height_mm, centred=False)
    return drawing
