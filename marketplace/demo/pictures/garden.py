"""What grows, grazes and is steeped in hot water."""

from __future__ import annotations

import math

from marketplace.demo.pictures.canvas import (
    BROWN,
    CLAY,
    CREAM,
    INDIGO,
    INK,
    LACQUER,
    LEAF,
    MOSS,
    OCHRE,
    STRAW,
    WOOD,
    Canvas,
    Colour,
    darker,
    lighter,
    mix,
)
from marketplace.demo.pictures.vessels import bowl, pouch


def basket_front(canvas: Canvas, *, x: float = 480, y: float = 470, half: float = 240, tall: float = 136) -> None:
    """The front of a woven basket; what was drawn before seems to lie in it."""
    canvas.shadow(x, y + tall, half * 0.86)
    canvas.shape(
        [(x - half, y), (x + half, y), (x + half * 0.82, y + tall), (x - half * 0.82, y + tall)], darker(STRAW, 0.3)
    )
    rows = 5
    for row in range(rows):
        reach = half * (1 - 0.18 * row / rows)
        for step in range(12):
            left = x - reach + reach * 2 * step / 12
            tone = STRAW if (row + step) % 2 else darker(STRAW, 0.13)
            canvas.box(
                (left + 1, y + tall * row / rows + 2, left + reach / 6 - 1, y + tall * (row + 1) / rows - 1),
                tone,
                round_by=6,
            )
    canvas.box((x - half - 10, y - 12, x + half + 10, y + 14), darker(STRAW, 0.22), round_by=13)
    canvas.box((x - half - 10, y - 12, x + half + 10, y + 4), lighter(STRAW, 0.1), round_by=8)


def large_fruit(canvas: Canvas, tone: Colour) -> None:
    """Large fruit (pomelo, melon, guava) in a basket with leaves."""
    canvas.leaf(300, 400, 150, turn=140, colour=LEAF)
    canvas.leaf(660, 400, 150, turn=38, colour=LEAF)
    for x, y, radius in ((480, 330, 104), (350, 408, 104), (612, 408, 104), (480, 440, 96)):
        shift = canvas.chance.randrange(-8, 9)
        canvas.ball(x + shift, y, radius, mix(tone, OCHRE, canvas.chance.random() * 0.22))
        canvas.disc(x + shift + 6, y - radius * 0.86, 9, BROWN, flat=0.6)
    canvas.leaf(486, 236, 92, turn=34, colour=LEAF)
    canvas.leaf(486, 238, 70, turn=142, colour=MOSS)
    basket_front(canvas)


def small_fruit(canvas: Canvas, tone: Colour) -> None:
    """A heap of small fruit on their twigs."""
    for turn in (30, 62, 118, 150):
        canvas.leaf(480, 360, 200, turn=turn, colour=LEAF if turn % 4 else MOSS)
    for row, count in enumerate((8, 7, 6, 4, 2)):
        for step in range(count):
            x = 480 + (step - (count - 1) / 2) * 58 + canvas.chance.randrange(-6, 7)
            y = 470 - row * 44 + canvas.chance.randrange(-5, 6)
            colour = mix(tone, LACQUER, canvas.chance.random() * 0.3)
            canvas.ball(x, y, 36, colour)
            for spot in range(5):
                canvas.disc(x - 14 + spot * 7, y + 8 - (spot % 3) * 10, 2.5, darker(colour, 0.25))
    basket_front(canvas)


def scaly_fruit(canvas: Canvas, tone: Colour) -> None:
    """Dragon fruit: two whole, one cut open."""
    canvas.shadow(480, 606, 290)
    for x, y in ((350, 470), (560, 452)):
        canvas.ball(x, y, 122, tone, flat=1.08)
        for turn, away in (
            (70, 0.9),
            (110, 0.9),
            (40, 0.62),
            (140, 0.62),
            (90, 0.4),
            (20, 0.2),
            (160, 0.2),
            (60, -0.1),
            (120, -0.1),
        ):
            way = math.radians(turn)
            canvas.leaf(x + math.cos(way) * 88, y - away * 90, 64, turn=turn, colour=mix(MOSS, tone, 0.25), wide=0.2)
    canvas.disc(690, 536, 92, darker(tone, 0.15))
    canvas.disc(690, 536, 84, tone)
    canvas.disc(690, 536, 72, mix(tone, LACQUER, 0.3))
    for _ in range(60):
        around, far = canvas.chance.random() * math.tau, math.sqrt(canvas.chance.random()) * 64
        canvas.disc(690 + math.cos(around) * far, 536 + math.sin(around) * far, 3, INK)


def greens(canvas: Canvas, tone: Colour) -> None:
    """Fresh leaves in a basket."""
    for step in range(17):
        turn = 22 + step * 8.5
        x = 490 - (turn - 90) * 2
        colour = mix(tone, (168, 190, 92), canvas.chance.random() * 0.55)
        canvas.leaf(x, 480, canvas.chance.randrange(200, 290), turn=turn, colour=colour, wide=0.24)
    for step in range(7):
        canvas.leaf(340 + step * 48, 490, 130, turn=54 + step * 12, colour=mix(tone, MOSS, step / 9), wide=0.4)
    basket_front(canvas)


def mushrooms(canvas: Canvas, tone: Colour) -> None:
    """A cluster of mushrooms on moss."""
    canvas.shadow(480, 606, 260)
    for x, y, size in ((350, 400, 0.8), (620, 420, 0.76), (480, 330, 1.1), (400, 500, 0.6), (566, 500, 0.66)):
        canvas.vessel(
            x,
            [(24 * size, y), (24 * size, y), (26 * size, (y + 590) / 2), (36 * size, 590), (36 * size, 590)],
            (232, 220, 196),
        )
        rim = 122 * size
        canvas.blob(
            [
                (x - rim, y + 8),
                (x - rim * 0.7, y - 62 * size),
                (x, y - 92 * size),
                (x + rim * 0.7, y - 62 * size),
                (x + rim, y + 8),
                (x, y + 22 * size),
            ],
            tone,
        )
        canvas.disc(x, y + 8, rim * 0.94, darker(tone, 0.3), flat=0.15)
        canvas.disc(x, y + 10, rim * 0.84, lighter(tone, 0.55), flat=0.11)
        canvas.disc(x - rim * 0.36, y - 48 * size, rim * 0.2, lighter(tone, 0.3), flat=0.5)
    canvas.blob(
        [
            (230, 606),
            (280, 572),
            (350, 588),
            (420, 562),
            (500, 584),
            (580, 564),
            (650, 586),
            (700, 574),
            (734, 606),
            (480, 622),
        ],
        MOSS,
    )


def shoots(canvas: Canvas, tone: Colour) -> None:
    """Bamboo shoots, one leaning on the other."""
    for x in (180, 240, 770):
        canvas.stroke([(x, 90), (x + 6, 500)], mix(canvas.wall, MOSS, 0.4), 22)
        for knot in (180, 290, 400):
            canvas.stroke([(x - 10, knot), (x + 16, knot)], mix(canvas.wall, MOSS, 0.62), 5)
    for x, tall in ((340, 290), (625, 270), (484, 370)):
        _shoot(canvas, x, tall, tone)
    basket_front(canvas)


def _shoot(canvas: Canvas, x: float, tall: float, tone: Colour) -> None:
    sheaths = ((0, 1.0, 90), (-22, 0.84, 98), (22, 0.84, 82), (0, 0.66, 91), (-26, 0.5, 101), (26, 0.5, 79))
    for index, (aside, size, turn) in enumerate(sheaths):
        colour = mix(mix(MOSS, tone, 0.5), OCHRE, 0.1 + index * 0.07)
        canvas.leaf(x + aside, 540, (tall + 70) * size, turn=turn, colour=colour, wide=0.2 / size**0.5)


def hen(canvas: Canvas, tone: Colour) -> None:
    """A hen in the straw and her eggs."""
    canvas.shadow(440, 606, 240)
    canvas.blob([(600, 420), (690, 250), (740, 300), (716, 340), (756, 380), (690, 470)], darker(tone, 0.45))
    canvas.blob(
        [
            (250, 300),
            (300, 270),
            (350, 330),
            (440, 390),
            (560, 370),
            (690, 380),
            (680, 500),
            (560, 584),
            (400, 580),
            (300, 500),
            (268, 400),
        ],
        tone,
    )
    canvas.blob([(400, 440), (520, 410), (630, 440), (600, 510), (480, 530)], darker(tone, 0.22))
    for step in range(3):
        canvas.stroke(
            [
                (440 + step * 20, 450 + step * 22),
                (520 + step * 10, 470 + step * 18),
                (610 - step * 10, 450 + step * 18),
            ],
            darker(tone, 0.4),
            5,
        )
    canvas.blob([(250, 262), (262, 214), (282, 244), (300, 208), (314, 246), (336, 222), (334, 276)], LACQUER)
    canvas.disc(292, 300, 54, tone)
    canvas.shape([(244, 296), (198, 314), (246, 328)], OCHRE)
    canvas.blob([(248, 334), (270, 334), (268, 384), (250, 376)], LACQUER)
    canvas.disc(276, 292, 8, INK)
    for x in (440, 520):
        canvas.stroke([(x, 570), (x, 606), (x - 26, 612)], OCHRE, 9)
    for x in (670, 744, 812):
        canvas.ball(x, 582, 38, (240, 220, 192), flat=0.8)


def tea(canvas: Canvas, tone: Colour) -> None:
    """A pot, a steaming cup and fresh leaves."""
    pot = canvas.chance.choice((CLAY, INDIGO, (110, 92, 78)))
    canvas.shadow(390, 604, 180)
    canvas.stroke([(520, 470), (600, 440), (620, 380)], darker(pot, 0.1), 34)
    canvas.ring(254, 470, 74, darker(pot, 0.1), 22)
    canvas.vessel(390, [(70, 372), (70, 372), (140, 410), (160, 480), (140, 560), (96, 604), (96, 604)], pot)
    canvas.vessel(390, [(14, 310), (26, 322), (14, 338), (66, 356), (80, 378), (80, 378)], lighter(pot, 0.12))
    canvas.diamond(390, 490, 46, CREAM)
    canvas.diamond(390, 490, 26, pot)
    cup(canvas, 680, mix(tone, OCHRE, 0.45))
    for x, turn in ((560, 24), (590, 62), (800, 140), (826, 100)):
        canvas.leaf(x, 622, 84, turn=turn, colour=tone)


def cup(canvas: Canvas, x: float, drink: Colour) -> None:
    """A white cup with something warm in it."""
    for side in (-1, 1):
        way = [(x + side * 20, 440), (x + side * 34, 400), (x + side * 10, 366), (x + side * 24, 326)]
        canvas.stroke(way, mix(canvas.wall, CREAM, 0.75), 9)
    canvas.shadow(x, 606, 92)
    canvas.disc(x, 596, 122, (222, 220, 210), flat=0.18)
    canvas.disc(x, 592, 118, CREAM, flat=0.17)
    canvas.vessel(x, [(84, 482), (84, 482), (80, 530), (56, 580), (40, 592), (40, 592)], (244, 240, 230))
    canvas.disc(x, 482, 84, CREAM, flat=0.22)
    canvas.disc(x, 485, 74, drink, flat=0.18)


def herbal_tea(canvas: Canvas, tone: Colour) -> None:
    """A bag of dried plants and a cup of what they give."""
    pouch(canvas, tone, x=360)
    cup(canvas, 670, mix(tone, OCHRE, 0.4))
    for x, turn in ((560, 20), (800, 150)):
        canvas.leaf(x, 620, 74, turn=turn, colour=LEAF)


def coffee(canvas: Canvas, tone: Colour) -> None:
    """A bag of coffee, a cup, and beans."""
    pouch(canvas, tone, x=360)
    cup(canvas, 670, darker(tone, 0.35))
    for _ in range(17):
        x, y = canvas.chance.randrange(470, 860), canvas.chance.randrange(610, 656)
        canvas.disc(x, y, 18, darker(tone, 0.2), flat=0.68)
        canvas.disc(x - 2, y - 2, 16, tone, flat=0.66)
        canvas.stroke([(x - 12, y + 2), (x, y - 2), (x + 12, y - 5)], darker(tone, 0.45), 3)


def flowers(canvas: Canvas, tone: Colour) -> None:
    """Cut flowers in a glazed vase."""
    for turn, length in ((60, 300), (78, 350), (98, 340), (118, 300), (90, 250), (138, 240), (44, 240)):
        x = 480 + math.cos(math.radians(turn)) * length
        y = 470 - math.sin(math.radians(turn)) * length
        canvas.stroke([(480, 470), (x, y)], MOSS, 7)
        canvas.leaf((480 + x) / 2, (470 + y) / 2, 70, turn=turn + 40, colour=LEAF)
        for petal in range(8):
            way = petal * math.tau / 8
            canvas.disc(x + math.cos(way) * 30, y + math.sin(way) * 30, 20, mix(tone, CREAM, 0.25 * (petal % 2)))
        canvas.disc(x, y, 19, OCHRE)
    canvas.shadow(480, 604, 104)
    canvas.vessel(480, [(60, 410), (60, 410), (48, 440), (96, 500), (100, 550), (64, 604), (64, 604)], INDIGO)
    for step in (-1, 0, 1):
        canvas.diamond(480 + step * 54, 520, 20, CREAM)


def pot_plant(canvas: Canvas, tone: Colour) -> None:
    """A small old tree in a flat pot."""
    canvas.stroke([(470, 540), (440, 450), (510, 370), (470, 280)], darker(WOOD, 0.25), 38)
    canvas.stroke([(500, 390), (590, 350)], darker(WOOD, 0.25), 20)
    canvas.stroke([(450, 450), (350, 420)], darker(WOOD, 0.25), 20)
    for x, y, size in ((340, 400, 92), (610, 326, 104), (460, 226, 128), (400, 300, 70)):
        canvas.blob(
            [
                (x - size, y + 14),
                (x - size * 0.6, y - size * 0.4),
                (x, y - size * 0.56),
                (x + size * 0.6, y - size * 0.4),
                (x + size, y + 14),
                (x, y + size * 0.26),
            ],
            darker(tone, 0.12),
        )
        canvas.blob(
            [
                (x - size * 0.8, y),
                (x - size * 0.5, y - size * 0.36),
                (x, y - size * 0.5),
                (x + size * 0.4, y - size * 0.36),
                (x + size * 0.3, y - 4),
            ],
            lighter(tone, 0.16),
        )
    canvas.shadow(480, 606, 190)
    bowl(canvas, 480, 536, 186, CLAY)


def songbird(canvas: Canvas, tone: Colour) -> None:
    """A bird on a twig under a bamboo cage's dome."""
    for step in range(9):
        reach = (step - 4) * 46
        canvas.stroke(
            [(480, 130), (480 + reach * 0.8, 220), (480 + reach, 380), (480 + reach, 560)], darker(STRAW, 0.15), 5
        )
    canvas.shadow(480, 600, 220)
    canvas.box((280, 556, 680, 590), darker(STRAW, 0.3), round_by=14)
    canvas.stroke([(330, 470), (640, 450)], WOOD, 12)
    canvas.blob(
        [(400, 380), (440, 340), (490, 350), (560, 420), (650, 500), (540, 470), (450, 460), (410, 430)], tone
    )
    canvas.blob([(470, 400), (540, 420), (590, 470), (500, 450)], darker(tone, 0.25))
    canvas.shape([(404, 376), (368, 386), (406, 396)], OCHRE)
    canvas.disc(430, 374, 7, INK)
