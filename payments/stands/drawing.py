"""What a page consists of, in millimetres from its upper left corner: the same for PDF and for PNG."""

from __future__ import annotations

from dataclasses import dataclass, field

from payments.stands.fitting import Fitted
from payments.stands.fonts import ASCENT, MM_A_POINT, Face

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One line of text, centred on `x` or beginning there; `y` is its baseline."""

    x: float
    y: float
    text: str
    face: Face
    size_pt: float
    centred: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A straight line."""

    start: Point
    end: Point
    width: float
    dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A closed figure, filled or as an outline of this width."""

    points: tuple[Point, ...]
    width: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A QR code with its quiet zone in a square of `side`."""

    x: float
    y: float
    side: float
    payload: str


Item = Text | Line | Shape | Code


@dataclass(slots=True)
class Drawing:
    """Items in the order in which they are put on paper."""

    width: float
    height: float
    items: list[Item] = field(default_factory=list)

    def write(self, fitted: Fitted, *, x: float, top: float, centred: bool = True) -> float:
        """Put lines under each other, their top edge at `top`; answers where the next thing may begin."""
        for number, text in enumerate(fitted.lines):
            baseline = top + number * fitted.line_mm + fitted.size_pt * ASCENT * MM_A_POINT
            self.items.append(
                Text(x=x, y=baseline, text=text, face=fitted.face, size_pt=fitted.size_pt, centred=centred)
            )
        return top + fitted.height_mm


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A drawing on a page: its upper left corner there, and whether it stands on its head."""

    x: float
    y: float
    drawing: Drawing
    turned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A sheet of paper with drawings on it."""

    width: float
    height: float
    placed: tuple[Placed, ...]
