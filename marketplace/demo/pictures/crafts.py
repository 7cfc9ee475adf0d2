"""What hands make, and places that people visit."""

from __future__ import annotations

import math

from marketplace.demo.pictures.canvas import (
    BROWN,
    CLAY,
    CREAM,
    INDIGO,
    LACQUER,
    LEAF,
    MOSS,
    OCHRE,
    STRAW,
    WIDTH_PX,
    WOOD,
    Canvas,
    Colour,
    darker,
    lighter,
    mix,
)
from marketplace.demo.pictures.garden import basket_front


def woven_basket(canvas: Canvas, tone: Colour) -> None:
    """A basket with a round handle."""
    canvas.ring(480, 430, 196, darker(tone, 0.3), 26)
    canvas.ring(480, 430, 192, tone, 14)
    canvas.leaf(560, 450, 130, turn=62, colour=LEAF)
    canvas.leaf(600, 450, 110, turn=36, colour=MOSS)
    canvas.box((290, 420, 470, 480), CREAM, round_by=20)
    basket_front(canvas, y=450, half=246, tall=154)


def lantern(canvas: Canvas, tone: Colour) -> None:
    """Silk lanterns hanging, one large and two small."""
    for x, y, size, colour in ((220, 250, 0.62, OCHRE), (744, 280, 0.62, INDIGO), (480, 330, 1.1, tone)):
        half, tall = 140 * size, 118 * size
        canvas.stroke([(x, 40), (x, y - tall)], darker(canvas.wall, 0.5), 4)
        canvas.vessel(
            x,
            [
                (40 * size, y - tall),
                (half * 0.8, y - tall * 0.7),
                (half, y),
                (half * 0.8, y + tall * 0.7),
                (40 * size, y + tall),
            ],
            colour,
        )
        for rib in (-0.6, -0.2, 0.2, 0.6):
            canvas.stroke(
                [(x + rib * 40 * size, y - tall), (x + rib * half, y), (x + rib * 40 * size, y + tall)],
                lighter(colour, 0.3),
                3,
            )
        for edge in (-1, 1):
            canvas.box((x - 48 * size, y + edge * tall - 9, x + 48 * size, y + edge * tall + 9), BROWN, round_by=6)
        for thread in (-12, 0, 12):
            canvas.stroke(
                [(x + thread * size, y + tall + 8), (x + thread * size * 1.4, y + tall + 86 * size)], OCHRE, 5
            )


def beads(canvas: Canvas, tone: Colour) -> None:
    """A string of beads on a cushion."""
    canvas.shadow(480, 606, 280)
    canvas.blob(
        [(180, 560), (250, 420), (480, 390), (710, 420), (780, 560), (700, 610), (480, 622), (260, 610)], INDIGO
    )
    canvas.blob([(230, 530), (280, 440), (480, 416), (680, 440), (730, 530), (480, 560)], lighter(INDIGO, 0.16))
    for step in range(22):
        way = step * math.tau / 22
        canvas.ball(
            480 + math.cos(way) * 178, 470 + math.sin(way) * 68, 25, mix(tone, lighter(tone, 0.3), (step % 3) / 3)
        )
    canvas.ball(480, 548, 34, OCHRE)
    canvas.stroke([(480, 580), (476, 626)], LACQUER, 10)


def comb(canvas: Canvas, tone: Colour) -> None:
    """A half-moon wooden comb, carved."""
    canvas.shadow(480, 606, 230)
    half_moon = [(250 * math.cos(step * math.pi / 40), -220 * math.sin(step * math.pi / 40)) for step in range(41)]
    canvas.shape([(480 + x, 452 + y) for x, y in half_moon], darker(tone, 0.18))
    canvas.shape([(478 + x * 0.97, 446 + y * 0.97) for x, y in half_moon], tone)
    for tooth in range(23):
        x = 240 + tooth * 21.8
        canvas.stroke([(x, 440), (x, 590 - abs(tooth - 11) * 6)], darker(tone, 0.1 * (tooth % 2)), 11)
    for x, size in ((380, 26), (480, 40), (580, 26)):
        canvas.diamond(x, 350, size, LACQUER)


def painting(canvas: Canvas, tone: Colour) -> None:
    """A framed landscape on the wall."""
    canvas.box((210, 110, 758, 500), darker(canvas.wall, 0.16), round_by=6)
    canvas.box((200, 96, 750, 486), WOOD, round_by=6)
    canvas.box((226, 122, 724, 460), lighter(tone, 0.7))
    canvas.disc(600, 210, 46, LACQUER)
    canvas.blob(
        [(226, 460), (226, 360), (330, 250), (430, 350), (540, 280), (724, 400), (724, 460)], mix(tone, LEAF, 0.4)
    )
    canvas.blob(
        [(226, 460), (226, 410), (360, 370), (520, 420), (724, 390), (724, 460)], darker(mix(tone, LEAF, 0.7), 0.2)
    )
    canvas.box((226, 440, 724, 462), darker(tone, 0.2))


def broom(canvas: Canvas, tone: Colour) -> None:
    """A reed broom standing against the wall."""
    canvas.stroke([(560, 80), (470, 350)], darker(WOOD, 0.15), 24)
    for step in range(34):
        spread = (step - 16.5) / 16.5
        colour = mix(tone, BROWN, canvas.chance.random() * 0.4)
        canvas.stroke(
            [(470 + spread * 24, 350), (450 + spread * 90, 470), (430 + spread * 170, 596 + abs(spread) * 8)],
            colour,
            12,
        )
    for line, colour in ((346, LACQUER), (370, OCHRE), (394, INDIGO)):
        canvas.box((430, line, 512, line + 15), colour, round_by=7)
    canvas.shadow(430, 622, 180, flat=0.06)


def carving(canvas: Canvas, tone: Colour) -> None:
    """A carved wooden figure seated on a lotus: only its quiet outline."""
    canvas.disc(480, 300, 150, mix(canvas.wall, OCHRE, 0.3))
    canvas.shadow(480, 606, 190)
    canvas.disc(480, 234, 56, tone)
    canvas.disc(480, 176, 20, darker(tone, 0.1))
    canvas.blob(
        [
            (400, 320),
            (440, 286),
            (520, 286),
            (560, 320),
            (590, 430),
            (660, 500),
            (600, 540),
            (360, 540),
            (300, 500),
            (370, 430),
        ],
        tone,
    )
    canvas.blob(
        [(500, 290), (560, 320), (590, 430), (660, 500), (600, 540), (500, 540), (540, 430)], darker(tone, 0.16)
    )
    canvas.stroke([(400, 400), (440, 470), (520, 470), (560, 400)], darker(tone, 0.25), 7)
    canvas.box((300, 560, 660, 608), darker(tone, 0.3), round_by=20)
    for step in range(7):
        canvas.leaf(
            480 + (step - 3) * 52, 604, 92, turn=90 - (step - 3) * 7, colour=mix(tone, OCHRE, 0.45), wide=0.44
        )


def cloth(canvas: Canvas, tone: Colour) -> None:
    """Folded brocade, one piece on the other."""
    canvas.shadow(480, 610, 290)
    colours = (INDIGO, tone, LEAF, LACQUER)
    for index in range(4):
        colour = colours[(index + canvas.chance.randrange(2)) % 4]
        y, left = 552 - index * 82, 228 + (index % 2) * 20
        canvas.box((left, y, left + 490, y + 66), darker(colour, 0.25), round_by=30)
        canvas.box((left, y - 14, left + 490, y + 50), colour, round_by=26)
        canvas.box((left + 24, y + 4, left + 466, y + 8), OCHRE)
        canvas.box((left + 24, y + 30, left + 466, y + 34), OCHRE)
        for step in range(11):
            canvas.diamond(left + 46 + step * 40, y + 19, 11, CREAM)


def hills(canvas: Canvas, tone: Colour) -> None:
    """Terraced hills, a stilt house, the sun of the morning: it fills the whole picture."""
    wide = WIDTH_PX
    canvas.box((0, 0, wide, 720), (248, 226, 190))
    canvas.disc(690, 190, 76, mix(OCHRE, CREAM, 0.25))
    canvas.blob(
        [
            (-60, 720),
            (-60, 380),
            (120, 230),
            (270, 320),
            (430, 190),
            (600, 330),
            (800, 240),
            (1020, 400),
            (1020, 720),
        ],
        mix(INDIGO, canvas.wall, 0.62),
    )
    canvas.blob(
        [(-60, 720), (-60, 450), (180, 340), (420, 420), (700, 330), (1020, 450), (1020, 720)],
        mix(tone, canvas.wall, 0.35),
    )
    for step in range(7):
        low = 470 + step * 36
        colour = mix(tone, OCHRE, (step % 3) * 0.22)
        canvas.blob(
            [
                (-80, 760),
                (-80, low + 10),
                (220, low - 34),
                (520, low + 14),
                (800, low - 20),
                (1040, low + 26),
                (1040, 760),
            ],
            darker(colour, 0.04 * step),
        )
    _stilt_house(canvas, 300, 470)
    for x, y in ((560, 560), (602, 548), (640, 562)):
        canvas.stroke([(x, y + 66), (x, y + 20)], BROWN, 8)
        canvas.disc(x, y, 34, mix(LEAF, MOSS, canvas.chance.random()))


def _stilt_house(canvas: Canvas, x: float, y: float) -> None:
    for post in (-84, -28, 28, 84):
        canvas.stroke([(x + post, y + 60), (x + post, y + 128)], BROWN, 9)
    canvas.box((x - 104, y, x + 104, y + 70), CLAY)
    canvas.box((x - 104, y + 62, x + 104, y + 74), BROWN)
    canvas.box((x - 22, y + 16, x + 22, y + 64), darker(BROWN, 0.2))
    for window in (-76, 50):
        canvas.box((x + window, y + 20, x + window + 28, y + 46), STRAW)
    canvas.shape([(x - 140, y + 8), (x - 74, y - 78), (x + 74, y - 78), (x + 140, y + 8)], darker(STRAW, 0.35))
    canvas.shape([(x + 40, y + 8), (x + 50, y - 78), (x + 74, y - 78), (x + 140, y + 8)], darker(STRAW, 0.48))
