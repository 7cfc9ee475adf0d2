"""What is sold in jars, bottles, bags and boxes."""

from __future__ import annotations

import math

from marketplace.demo.pictures.canvas import (
    BROWN,
    CLAY,
    CREAM,
    INDIGO,
    LACQUER,
    LEAF,
    OCHRE,
    STRAW,
    WOOD,
    Canvas,
    Colour,
    darker,
    lighter,
    mix,
)

GLASS: Colour = (206, 218, 208)


def _accent(canvas: Canvas) -> Colour:
    return canvas.chance.choice((INDIGO, LACQUER, LEAF))


def honey_jar(canvas: Canvas, tone: Colour) -> None:
    """A jar of honey under a cloth, comb behind it and a dipper beside."""
    for column in range(4):
        for row in range(3):
            x = 600 + column * 74 + (row % 2) * 37
            y = 150 + row * 64
            points = [(x + 38 * math.sin(k * math.pi / 3), y + 38 * math.cos(k * math.pi / 3)) for k in range(6)]
            if (column, row) not in {(0, 2), (3, 0)}:
                canvas.shape(points, mix(canvas.wall, OCHRE, 0.34 if (column + row) % 2 else 0.22))
    canvas.shadow(450, 602, 150)
    canvas.vessel(
        450, [(96, 300), (96, 300), (140, 330), (150, 372), (150, 560), (146, 592), (120, 606), (120, 606)], tone
    )
    canvas.box((345, 262, 555, 312), darker(tone, 0.1), round_by=10)
    accent = _accent(canvas)
    canvas.vessel(450, [(70, 214), (104, 232), (112, 268), (112, 268), (150, 306), (150, 306)], accent)
    canvas.box((338, 268, 562, 280), STRAW, round_by=6)
    canvas.label(450, 400, 108, 136, colour=accent)
    _dipper(canvas, tone)


def _dipper(canvas: Canvas, tone: Colour) -> None:
    canvas.shadow(690, 606, 96, flat=0.12)
    canvas.disc(690, 594, 104, lighter(tone, 0.5), flat=0.2)
    canvas.disc(690, 588, 92, tone, flat=0.18)
    canvas.stroke([(676, 560), (770, 400)], WOOD, 14)
    for step in range(5):
        canvas.stroke(
            [(640 + step * 10, 560 - step * 15), (690 + step * 10, 580 - step * 15)],
            darker(WOOD, 0.1 * (step % 2)),
            13,
        )


def bottle(canvas: Canvas, tone: Colour) -> None:
    """A tall bottle of sauce or oil with a label, and a little dish of it."""
    x = 430
    canvas.shadow(x, 604, 96)
    body = [
        (27, 206),
        (27, 206),
        (29, 280),
        (44, 326),
        (80, 372),
        (88, 410),
        (88, 570),
        (84, 596),
        (70, 606),
        (70, 606),
    ]
    canvas.vessel(x, body, tone)
    accent = _accent(canvas)
    canvas.box((x - 33, 164, x + 33, 222), accent, round_by=7)
    canvas.box((x + 12, 164, x + 33, 222), darker(accent), round_by=7)
    canvas.label(x, 416, 88, 142, colour=accent)
    dish(canvas, 640, 582, 112, tone)


def dish(canvas: Canvas, x: float, y: float, radius: float, tone: Colour) -> None:
    """A small white bowl holding something liquid or fine."""
    canvas.shadow(x, y + radius * 0.26, radius * 0.8)
    canvas.blob(
        [
            (x - radius, y - 8),
            (x - radius * 0.74, y + radius * 0.34),
            (x, y + radius * 0.44),
            (x + radius * 0.74, y + radius * 0.34),
            (x + radius, y - 8),
        ],
        (226, 226, 216),
    )
    canvas.disc(x, y - 8, radius, CREAM, flat=0.3)
    canvas.disc(x, y - 5, radius * 0.86, tone, flat=0.25)
    canvas.disc(x - radius * 0.2, y - 10, radius * 0.4, lighter(tone, 0.22), flat=0.16)


def wine_jar(canvas: Canvas, tone: Colour) -> None:
    """A plain clay jar stopped with cloth, two cups: nothing that invites."""
    canvas.shadow(420, 604, 160)
    canvas.vessel(
        420,
        [(64, 268), (64, 268), (72, 300), (134, 352), (164, 430), (150, 530), (112, 600), (100, 606), (100, 606)],
        tone,
    )
    canvas.vessel(420, [(44, 196), (82, 214), (74, 252), (88, 288), (88, 288)], LACQUER)
    canvas.box((344, 256, 496, 268), STRAW, round_by=6)
    canvas.shape([(352, 432), (420, 364), (488, 432), (420, 500)], CREAM)
    canvas.diamond(420, 432, 46, LACQUER)
    for x in (640, 742):
        canvas.shadow(x, 602, 44)
        canvas.vessel(x, [(44, 540), (44, 540), (40, 576), (26, 600), (26, 604), (26, 604)], CREAM)
        canvas.disc(x, 540, 44, lighter(tone, 0.55), flat=0.24)
        canvas.disc(x, 541, 37, mix(canvas.wall, tone, 0.2), flat=0.2)


def water_bottle(canvas: Canvas, tone: Colour) -> None:
    """A bottle of water, a full glass and drops."""
    canvas.shadow(430, 604, 92)
    body = [
        (24, 196),
        (24, 196),
        (28, 240),
        (74, 300),
        (84, 340),
        (78, 430),
        (84, 520),
        (82, 596),
        (70, 606),
        (70, 606),
    ]
    canvas.vessel(430, body, tone)
    canvas.box((398, 160, 462, 208), INDIGO, round_by=8)
    canvas.label(430, 380, 80, 110, colour=INDIGO)
    glass(canvas, 640, tone)
    for x, y, size in ((250, 250, 26), (292, 330, 17), (706, 250, 20)):
        canvas.blob(
            [(x, y - size * 1.5), (x + size * 0.8, y + size * 0.2), (x, y + size), (x - size * 0.8, y + size * 0.2)],
            mix(canvas.wall, tone, 0.6),
        )


def glass(canvas: Canvas, x: float, tone: Colour) -> None:
    """A glass, three quarters full."""
    canvas.shadow(x, 604, 62)
    canvas.vessel(x, [(70, 400), (70, 400), (56, 604), (56, 604)], mix(canvas.wall, GLASS, 0.7))
    canvas.vessel(x, [(64, 450), (64, 450), (52, 594), (52, 594)], tone)
    canvas.disc(x, 450, 64, lighter(tone, 0.35), flat=0.18)
    canvas.ring(x, 400, 70, lighter(GLASS, 0.5), 5, flat=0.18)


def juice(canvas: Canvas, tone: Colour) -> None:
    """A bottle of fruit drink and a glass of it."""
    canvas.shadow(410, 604, 100)
    canvas.vessel(
        410, [(40, 230), (40, 230), (44, 280), (96, 340), (100, 390), (100, 580), (84, 606), (84, 606)], tone
    )
    canvas.box((364, 190, 456, 246), LEAF, round_by=8)
    canvas.label(410, 404, 100, 136, colour=LEAF)
    glass(canvas, 630, lighter(tone, 0.1))
    canvas.ball(770, 566, 46, tone)
    canvas.leaf(770, 524, 62, turn=35, colour=LEAF)


def oil_bottle(canvas: Canvas, tone: Colour) -> None:
    """A small bottle of essential oil with a dropper, herbs around it."""
    for turn, length in ((66, 250), (84, 290), (104, 270), (122, 220)):
        canvas.leaf(640, 600, length, turn=turn, colour=mix(LEAF, STRAW, (turn % 5) / 10), wide=0.11)
    canvas.box((606, 520, 676, 540), LACQUER, round_by=8)
    canvas.shadow(430, 604, 104)
    canvas.vessel(
        430, [(34, 330), (34, 330), (38, 356), (92, 392), (100, 430), (100, 580), (88, 606), (88, 606)], tone
    )
    canvas.box((388, 286, 472, 342), (54, 52, 50), round_by=6)
    canvas.vessel(430, [(20, 196), (26, 216), (22, 260), (30, 288), (30, 288)], (70, 66, 62))
    canvas.label(430, 442, 100, 122, colour=LEAF)


def soap(canvas: Canvas, tone: Colour) -> None:
    """Bars of soap tied with straw, with leaves."""
    canvas.shadow(470, 606, 220)
    for index, y in enumerate((560, 488, 416)):
        left = 300 + index * 18
        canvas.box((left, y - 34, left + 320, y + 42), darker(tone, 0.2), round_by=22)
        canvas.box((left, y - 40, left + 320, y + 30), mix(tone, CREAM, 0.16 * index), round_by=22)
        canvas.box((left + 140, y - 40, left + 176, y + 42), STRAW)
        canvas.diamond(left + 158, y - 4, 20, LEAF)
    canvas.leaf(690, 600, 150, turn=58, colour=LEAF)
    canvas.leaf(700, 604, 130, turn=20, colour=LEAF)


def remedy(canvas: Canvas, tone: Colour) -> None:
    """A low jar of extract with its roots and berries in front."""
    canvas.shadow(420, 602, 150)
    canvas.vessel(420, [(132, 352), (132, 352), (144, 380), (146, 560), (130, 606), (130, 606)], tone)
    canvas.box((280, 296, 560, 362), darker(WOOD, 0.1), round_by=14)
    canvas.box((280, 296, 560, 318), WOOD, round_by=10)
    canvas.label(420, 402, 144, 136, colour=_accent(canvas))
    for offset, rise in ((0, 0), (34, 22), (70, -6)):
        x = 640 + offset
        canvas.shadow(x, 610, 36)
        canvas.blob(
            [
                (x - 20, 470 + rise),
                (x + 18, 470 + rise),
                (x + 24, 530),
                (x + 8, 574),
                (x + 26, 612),
                (x - 4, 590),
                (x - 26, 610),
                (x - 12, 570),
                (x - 26, 530),
            ],
            mix(STRAW, CLAY, 0.2 + offset / 300),
        )
        canvas.leaf(x, 474 + rise, 86, turn=70 + offset, colour=LEAF)


def powder(canvas: Canvas, tone: Colour) -> None:
    """A bag of flour or ground root and a bowl heaped with it."""
    pouch(canvas, tone)
    canvas.blob([(566, 572), (600, 510), (660, 470), (720, 510), (754, 572), (660, 590)], tone)
    canvas.blob([(566, 572), (600, 510), (660, 470), (640, 530), (612, 580)], lighter(tone, 0.3))
    bowl(canvas, 660, 564, 116, CLAY)


def bowl(canvas: Canvas, x: float, y: float, radius: float, colour: Colour) -> None:
    """The front of a bowl whose rim is at y: what was drawn before seems to lie in it."""
    canvas.vessel(
        x,
        [
            (radius, y),
            (radius, y),
            (radius * 0.92, y + radius * 0.2),
            (radius * 0.46, y + radius * 0.4),
            (radius * 0.44, y + radius * 0.44),
            (radius * 0.44, y + radius * 0.44),
        ],
        colour,
    )
    canvas.box((x - radius, y - 6, x + radius, y + 8), lighter(colour, 0.25), round_by=7)


def pouch(canvas: Canvas, tone: Colour, *, x: float = 390) -> None:
    """A standing paper bag with a window that shows what is in it."""
    paper = canvas.chance.choice(((222, 196, 152), (236, 222, 196), (206, 178, 134)))
    accent = _accent(canvas)
    canvas.shadow(x, 604, 150)
    canvas.shape([(x - 128, 250), (x + 128, 250), (x + 146, 606), (x - 146, 606)], paper)
    canvas.shape([(x + 62, 250), (x + 128, 250), (x + 146, 606), (x + 76, 606)], darker(paper, 0.09))
    canvas.box((x - 128, 216, x + 128, 262), darker(paper, 0.16), round_by=4)
    canvas.box((x - 128, 258, x + 128, 276), accent)
    canvas.disc(x, 500, 84, darker(paper, 0.2), flat=0.86)
    canvas.disc(x, 500, 78, tone, flat=0.86)
    canvas.disc(x - 22, 480, 30, lighter(tone, 0.25), flat=0.5)
    canvas.diamond(x, 344, 44, accent)
    for line, half in ((402, 74), (418, 46)):
        canvas.box((x - half, line - 3, x + half, line + 4), mix(paper, BROWN, 0.6))
