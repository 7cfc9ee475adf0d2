"""A single stand as a picture, to be sent to a print shop by phone or shown on a screen."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from payments.stands.drawing import Code, Item, Line, Page, Shape, Text
from payments.stands.fonts import Face, picture_font
from payments.stands.papers import Paper, pages
from payments.stands.sheet import StandSheet
from payments.vietqr.pictures import dark_runs, qr_modules

MM_AN_INCH: Final = 25.4
PRINT_DOTS_AN_INCH: Final = 300
SCREEN_DOTS_AN_INCH: Final = 110
"""A6 is then some 450 pixels wide: as much as a phone's page shows."""
WHITE, BLACK = 255, 0


def stand_png(sheet: StandSheet, paper: Paper, *, dots_an_inch: int = PRINT_DOTS_AN_INCH) -> bytes:
    """The first page that the stand makes on this paper, without the turned side of a folded one."""
    page = next(iter(pages([sheet], paper)))
    brush = _Brush(page, dots_an_inch)
    for placed in page.placed:
        for item in placed.drawing.items:
            brush.draw(item)
    return brush.png()


class _Brush:
    """Draws in millimetres on a picture of pixels."""

    def __init__(self, page: Page, dots_an_inch: int) -> None:
        self._dots_an_inch = dots_an_inch
        self._dots_a_mm = dots_an_inch / MM_AN_INCH
        self._picture = Image.new("L", (self._dots(page.width), self._dots(page.height)), WHITE)
        self._pen = ImageDraw.Draw(self._picture)
        self._fonts: dict[tuple[Face, float], ImageFont.FreeTypeFont] = {}

    def draw(self, item: Item) -> None:
        """Put one item on the picture."""
        match item:
            case Text():
                self._draw_text(item)
            case Line():
                points = self._point(*item.start), self._point(*item.end)
                self._pen.line(points, fill=BLACK, width=max(1, self._dots(item.width)))
            case Shape():
                self._draw_shape(item)
            case _:
                self._draw_code(item)

    def png(self) -> bytes:
        """The picture as a file that prints in its true size."""
        target = BytesIO()
        self._picture.save(target, "PNG", dpi=(self._dots_an_inch, self._dots_an_inch))
        return target.getvalue()

    def _draw_text(self, text: Text) -> None:
        key = text.face, text.size_pt
        font = self._fonts.get(key) or self._fonts.setdefault(key, picture_font(*key, self._dots_an_inch))
        anchor = "ms" if text.centred else "ls"
        self._pen.text(self._point(text.x, text.y), text.text, fill=BLACK, font=font, anchor=anchor)

    def _draw_shape(self, shape: Shape) -> None:
        points = [self._point(*point) for point in shape.points]
        if shape.width is None:
            self._pen.polygon(points, fill=BLACK)
        else:
            self._pen.polygon(points, outline=BLACK, width=max(1, self._dots(shape.width)))

    def _draw_code(self, code: Code) -> None:
        """In whole pixels a module, in the middle of its square: a blurred edge is what scanners fail at."""
        modules = qr_modules(code.payload)
        unit = int(code.side * self._dots_a_mm / len(modules))
        left, top = self._point(
            code.x + (code.side - unit * len(modules) / self._dots_a_mm) / 2,
            code.y + (code.side - unit * len(modules) / self._dots_a_mm) / 2,
        )
        for y, row in enumerate(modules):
            for x, width in dark_runs(row):
                corner = left + x * unit, top + y * unit
                self._pen.rectangle((*corner, corner[0] + width * unit - 1, corner[1] + unit - 1), fill=BLACK)

    def _dots(self, millimetres: float) -> int:
        return round(millimetres * self._dots_a_mm)

    def _point(self, x: float, y: float) -> tuple[int, int]:
        return self._dots(x), self._dots(y)
