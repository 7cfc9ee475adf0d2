"""One stand as it is seen: upright (to hang or lay down) and broad (the face of a folded stand).

Measures are those of A6 and grow with the paper. The code is as large as the paper allows; its quiet zone belongs
to it and stays empty.
"""

from __future__ import annotations

from typing import Final

from payments.stands.drawing import Code, Drawing, Line, Point, Shape
from payments.stands.fitting import fit
from payments.stands.fonts import Face
from payments.stands.sheet import StandSheet

A6_SHORT_MM: Final = 105.0
A6_LONG_MM: Final = 148.0
MARGIN_MM: Final = 7.0
"""Home printers leave 5 mm at the edge white."""
BAND_MM: Final = 3.0
GAP_MM: Final = 2.0
HAIR_MM: Final = 0.2
STROKE_MM: Final = 0.5
CORNER_MM: Final = 6.0
FACTS_MM: Final = 32.0
"""What account, bank, holder and advice need under the code of an upright stand."""

CALL: Final = "Quét bằng ứng dụng ngân hàng bất kỳ"
CALL_IN_ENGLISH: Final = "Scan with any Vietnamese bank app"
PAYERS_ADVICE: Final = "Người mua: xem đúng tên chủ tài khoản rồi hãy chuyển."
SELLERS_ADVICE: Final = "Người bán: chỉ tin khi máy báo đã nhận."
DEMO_ADVICE: Final = ("BẢN THỬ, KHÔNG DÙNG ĐỂ THU TIỀN.", "Tài khoản này không có thật.")
BANK_WORD: Final = "Ngân hàng"
ACCOUNT_WORD: Final = "Số tài khoản"
HOLDER_WORD: Final = "Chủ tài khoản"


def upright(sheet: StandSheet, *, width: float, height: float) -> Drawing:
    """The stand on paper that is higher than broad, A6 or larger."""
    card = _Card(sheet, width=width, height=height, scale=width / A6_SHORT_MM)
    middle, inner = width / 2, card.inner
    top = card.bands()
    top = card.heading(x=middle, top=top, width=inner, name_mm=14, place_mm=7)
    top = card.call(x=middle, top=top, width=inner)
    side = min(inner, card.floor - card.mm(FACTS_MM) - top)
    card.code(x=middle - side / 2, y=top, side=side)
    top = card.facts(x=middle, top=top + side + card.mm(GAP_MM), width=inner, is_row=True)
    card.advice(x=middle, top=top, width=inner)
    card.footer(x=middle, width=inner)
    return card.drawing


def broad(sheet: StandSheet, *, width: float, height: float) -> Drawing:
    """The stand on paper that is broader than high, A6 or larger: the code at the left, the words beside it."""
    card = _Card(sheet, width=width, height=height, scale=height / A6_SHORT_MM)
    top = card.bands()
    side = card.floor - top
    card.code(x=card.margin, y=top, side=side)
    left = card.margin + side + card.mm(GAP_MM)
    column = width - card.margin - left
    middle = left + column / 2
    top = card.heading(x=middle, top=top + card.mm(GAP_MM), width=column, name_mm=15, place_mm=7)
    top = card.call(x=middle, top=top, width=column)
    top = card.facts(x=middle, top=top + card.mm(GAP_MM), width=column, is_row=False)
    card.advice(x=middle, top=top, width=column)
    card.footer(x=card.margin + side / 2, width=side)
    return card.drawing


class _Card:
    """A drawing in progress: each part says where the next may begin."""

    def __init__(self, sheet: StandSheet, *, width: float, height: float, scale: float) -> None:
        self.sheet = sheet
        self.scale = scale
        self.drawing = Drawing(width=width, height=height)
        self.margin = self.mm(MARGIN_MM)
        self.inner = width - 2 * self.margin
        self.floor = height - self.margin - self.mm(BAND_MM) - self.mm(5)
        """Where the footer begins."""

    def mm(self, on_a6: float) -> float:
        """A measure of A6 on this paper."""
        return on_a6 * self.scale

    def bands(self) -> float:
        """The woven band at head and foot, as the pages of the market have it under their header."""
        for top in (self.margin, self.drawing.height - self.margin - self.mm(BAND_MM)):
            self.drawing.items += _band(left=self.margin, top=top, width=self.inner, height=self.mm(BAND_MM))
        return self.margin + self.mm(BAND_MM) + self.mm(GAP_MM)

    def heading(self, *, x: float, top: float, width: float, name_mm: float, place_mm: float) -> float:
        """Whose stand this is, and where it stands."""
        name = self.sheet.shop_name
        top = self._words(name, Face.BOLD, x=x, top=top, width=width, height_mm=name_mm, size_pt_max=19)
        top += self.mm(GAP_MM / 4)
        return self._words(
            self.sheet.place, Face.REGULAR, x=x, top=top, width=width, height_mm=place_mm, size_pt_max=9
        )

    def call(self, *, x: float, top: float, width: float) -> float:
        """What to do, in Vietnamese and, small, in English."""
        top = self._words(
            CALL, Face.BOLD, x=x, top=top + self.mm(GAP_MM / 2), width=width, height_mm=11, size_pt_max=12.5
        )
        below = self._words(CALL_IN_ENGLISH, Face.REGULAR, x=x, top=top, width=width, height_mm=3.6, size_pt_max=7.5)
        return below + self.mm(GAP_MM / 2)

    def code(self, *, x: float, y: float, side: float) -> None:
        """The code, with the corners of a view-finder at the outer edge of its quiet zone."""
        self.drawing.items.append(Code(x=x, y=y, side=side, payload=self.sheet.payload))
        for corner, across, down in (
            ((x, y), 1, 1),
            ((x + side, y), -1, 1),
            ((x, y + side), 1, -1),
            ((x + side, y + side), -1, -1),
        ):
            angle = _angle(corner, across=across * self.scale, down=down * self.scale)
            self.drawing.items.append(Shape(points=angle))

    def facts(self, *, x: float, top: float, width: float, is_row: bool) -> float:
        """Account, bank and holder: what the payer's app will show and must agree with."""
        sheet = self.sheet
        top = self._small(ACCOUNT_WORD, x=x, top=top, width=width)
        top = self._words(sheet.grouped_account, Face.BOLD, x=x, top=top, width=width, height_mm=8, size_pt_max=17)
        if is_row:
            half = width / 2 - self.mm(GAP_MM)
            columns = (x - width / 4 - self.mm(GAP_MM / 2), x + width / 4 + self.mm(GAP_MM / 2))
            below = self._fact(BANK_WORD, sheet.bank, x=columns[0], top=top, width=half)
            return max(below, self._fact(HOLDER_WORD, sheet.holder, x=columns[1], top=top, width=half))
        top = self._fact(BANK_WORD, sheet.bank, x=x, top=top, width=width)
        return self._fact(HOLDER_WORD, sheet.holder, x=x, top=top, width=width)

    def advice(self, *, x: float, top: float, width: float) -> None:
        """What keeps both sides from being cheated."""
        top += self.mm(GAP_MM / 2)
        rule = (x - width / 2, top), (x + width / 2, top)
        self.drawing.items.append(Line(start=rule[0], end=rule[1], width=self.mm(HAIR_MM)))
        top += self.mm(GAP_MM / 2)
        lines = DEMO_ADVICE if self.sheet.is_demo else (PAYERS_ADVICE, SELLERS_ADVICE)
        longer = fit(lines[0], Face.REGULAR, width=width, height=self.mm(3.6), size_pt_max=7.5 * self.scale)
        for words in lines:
            fitted = fit(words, Face.REGULAR, width=width, height=self.mm(3.6), size_pt_max=longer.size_pt)
            top = self.drawing.write(fitted, x=x, top=top)

    def footer(self, *, x: float, width: float) -> None:
        """Which print this is."""
        sheet = self.sheet
        words = f"Mã bảng {sheet.code} · in ngày {sheet.printed_on:%d/%m/%Y} · Chợ 4.0"
        self._words(words, Face.REGULAR, x=x, top=self.floor + self.mm(1), width=width, height_mm=3, size_pt_max=6)

    def _fact(self, word: str, value: str, *, x: float, top: float, width: float) -> float:
        top = self._small(word, x=x, top=top, width=width)
        return self._words(value, Face.BOLD, x=x, top=top, width=width, height_mm=7, size_pt_max=10.5)

    def _small(self, word: str, *, x: float, top: float, width: float) -> float:
        return self._words(word, Face.REGULAR, x=x, top=top, width=width, height_mm=3, size_pt_max=6.5)

    def _words(
        self, words: str, face: Face, *, x: float, top: float, width: float, height_mm: float, size_pt_max: float
    ) -> float:
        height = self.mm(height_mm)
        fitted = fit(words, face, width=width, height=height, size_pt_max=size_pt_max * self.scale)
        return self.drawing.write(fitted, x=x, top=top)


def _angle(corner: Point, *, across: float, down: float) -> tuple[Point, ...]:
    """Two strokes that meet outside the corner, with arms along its sides."""
    x, y = corner
    out_x, out_y = x - STROKE_MM * across, y - STROKE_MM * down
    end_x, end_y = x + CORNER_MM * across, y + CORNER_MM * down
    return (out_x, out_y), (end_x, out_y), (end_x, y), (x, y), (x, end_y), (out_x, end_y)


def _band(*, left: float, top: float, width: float, height: float) -> list[Shape | Line]:
    """Diamonds and crosses in turn between two lines, as they are woven into indigo cloth."""
    right, bottom, middle = left + width, top + height, top + height / 2
    items: list[Shape | Line] = [
        Line(start=(left, edge), end=(right, edge), width=STROKE_MM) for edge in (top, bottom)
    ]
    count = max(1, int(width / (1.7 * height)))
    pitch = width / count
    for number in range(count):
        centre = left + (number + 0.5) * pitch
        if number % 2:
            items.append(Shape(points=_cross(centre, middle, reach=0.3 * height, half=0.1 * height)))
        else:
            items.append(
                Shape(points=_diamond(centre, middle, across=0.8 * height, down=0.36 * height), width=HAIR_MM)
            )
            items.append(Shape(points=_diamond(centre, middle, across=0.36 * height, down=0.16 * height)))
    return items


def _diamond(x: float, y: float, *, across: float, down: float) -> tuple[Point, ...]:
    return (x - across, y), (x, y - down), (x + across, y), (x, y + down)


def _cross(x: float, y: float, *, reach: float, half: float) -> tuple[Point, ...]:
    arm = ((-half, -reach), (half, -reach), (half, -half))
    corners = [*arm, *((-down, across) for across, down in arm)]
    corners += [(-across, -down) for across, down in corners]
    return tuple((x + across, y + down) for across, down in corners)
