"""What is cooked, dried, pounded and packed."""

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


def tray(canvas: Canvas, *, y: float = 566, half: float = 270) -> None:
    """A round bamboo tray seen from a little above."""
    canvas.shadow(480, y + 34, half)
    canvas.disc(480, y + 16, half, darker(STRAW, 0.35), flat=0.27)
    canvas.disc(480, y, half, STRAW, flat=0.27)
    canvas.disc(480, y + 2, half * 0.9, lighter(STRAW, 0.35), flat=0.25)
    for step in range(-4, 5):
        reach = math.sqrt(1 - (step / 5) ** 2) * half * 0.88
        canvas.stroke([(480 - reach, y + step * 11), (480 + reach, y + step * 11)], mix(STRAW, CREAM, 0.1), 2)


def rice(canvas: Canvas, tone: Colour) -> None:
    """An open sack of rice, a full bowl and two ears."""
    canvas.shadow(400, 606, 190)
    canvas.blob(
        [(292, 352), (260, 440), (238, 540), (262, 606), (400, 614), (540, 606), (562, 540), (540, 440), (508, 352)],
        (226, 206, 164),
    )
    canvas.blob(
        [(470, 352), (500, 440), (516, 540), (490, 608), (540, 604), (562, 540), (540, 440), (508, 352)],
        (206, 184, 140),
    )
    canvas.disc(400, 348, 124, darker(STRAW, 0.2), flat=0.32)
    canvas.blob([(290, 346), (330, 312), (400, 296), (470, 312), (510, 346), (400, 376)], tone)
    canvas.disc(376, 326, 50, lighter(tone, 0.5), flat=0.3)
    canvas.diamond(400, 478, 66, canvas.chance.choice((INDIGO, LACQUER, LEAF)))
    for lean in (-1, 1):
        ear(canvas, 680 + lean * 24, 520, lean)
    canvas.shadow(680, 604, 70)
    canvas.blob([(588, 560), (630, 510), (680, 492), (730, 510), (772, 560), (680, 576)], tone)
    bowl(canvas, 680, 556, 100, INDIGO)


def ear(canvas: Canvas, x: float, y: float, lean: int) -> None:
    """An ear of rice bending over."""
    way = [(x, y), (x + lean * 8, y - 120), (x + lean * 44, y - 200), (x + lean * 96, y - 220)]
    canvas.stroke(way, MOSS, 5)
    for step in range(8):
        canvas.leaf(
            x + lean * (22 + step * 11),
            y - 172 - step * 9 + step * step * 0.5,
            30,
            turn=-60 if lean > 0 else 240,
            colour=OCHRE,
            wide=0.28,
        )


def noodles(canvas: Canvas, tone: Colour) -> None:
    """Bundles of dried noodles tied with ribbon on a tray."""
    tray(canvas, y=560, half=340)
    ribbon = canvas.chance.choice((LACQUER, INDIGO, LEAF))
    for x, y in ((346, 462), (614, 462), (480, 530)):
        _bundle(canvas, x, y, tone, ribbon)


def _bundle(canvas: Canvas, x: float, y: float, tone: Colour, ribbon: Colour) -> None:
    canvas.disc(x + 8, y + 60, 124, darker(STRAW, 0.2), flat=0.2)
    for strand in range(15):
        share = (strand - 7) / 7
        bend = share * 58
        end = share * 70
        colour = mix(darker(tone, 0.16), lighter(tone, 0.45), canvas.chance.random())
        canvas.stroke(
            [
                (x - 126, y + end * 0.9),
                (x - 60, y + bend * 0.9),
                (x, y + bend * 0.62),
                (x + 60, y + bend * 0.9),
                (x + 126, y + end * 0.9),
            ],
            colour,
            9,
        )
    canvas.box((x - 17, y - 44, x + 17, y + 44), ribbon, round_by=6)
    canvas.box((x + 6, y - 44, x + 17, y + 44), darker(ribbon), round_by=6)
    canvas.diamond(x, y, 15, ribbon)


def rice_paper(canvas: Canvas, tone: Colour) -> None:
    """Rice paper: one sheet up against the light, a stack lying down."""
    canvas.shadow(560, 606, 200)
    canvas.disc(380, 390, 196, darker(tone, 0.16))
    canvas.disc(376, 388, 190, tone)
    canvas.disc(372, 384, 172, lighter(tone, 0.35))
    for _ in range(46):
        turn, far = canvas.chance.random() * math.tau, canvas.chance.random() * 160
        canvas.disc(372 + math.cos(turn) * far, 384 + math.sin(turn) * far, 5, darker(tone, 0.28), flat=0.7)
    for layer in range(9):
        canvas.disc(570, 600 - layer * 11, 186, darker(tone, 0.2 if layer % 2 else 0.08), flat=0.24)
    canvas.disc(570, 500, 186, lighter(tone, 0.3), flat=0.24)
    canvas.box((548, 500, 592, 612), LACQUER)
    canvas.disc(570, 501, 38, LACQUER, flat=0.5)


def cakes(canvas: Canvas, tone: Colour) -> None:
    """Small cakes or sweets stacked on a plate."""
    canvas.shadow(480, 612, 250)
    canvas.disc(480, 598, 262, (206, 208, 204), flat=0.2)
    canvas.disc(480, 590, 262, CREAM, flat=0.2)
    canvas.ring(480, 590, 240, INDIGO, 5, flat=0.19)
    places = [(340, 556), (480, 566), (620, 556), (410, 486), (550, 486), (480, 416)]
    for x, y in places:
        _cake(canvas, x, y, tone)
    canvas.leaf(700, 584, 96, turn=28, colour=LEAF)


def _cake(canvas: Canvas, x: float, y: float, tone: Colour) -> None:
    canvas.disc(x, y + 22, 72, darker(tone, 0.32), flat=0.48)
    canvas.box((x - 72, y - 12, x + 72, y + 22), darker(tone, 0.2))
    canvas.disc(x, y - 12, 72, tone, flat=0.48)
    canvas.disc(x - 4, y - 15, 56, lighter(tone, 0.22), flat=0.44)
    for step in range(7):
        turn = step * 0.9 + canvas.chance.random()
        canvas.disc(x + math.cos(turn) * 34, y - 15 + math.sin(turn) * 15, 5, darker(tone, 0.4), flat=0.7)


def sausages(canvas: Canvas, tone: Colour) -> None:
    """Smoked sausages hanging from a bamboo pole."""
    canvas.stroke([(110, 150), (850, 138)], darker(STRAW, 0.25), 26)
    canvas.stroke([(110, 145), (850, 133)], STRAW, 14)
    for knot in (250, 480, 700):
        canvas.stroke([(knot, 128), (knot + 2, 160)], darker(STRAW, 0.4), 5)
    for index in range(6):
        x = 220 + index * 104
        low = 420 + canvas.chance.randrange(0, 60)
        canvas.stroke([(x, 140), (x + 4, 214)], STRAW, 6)
        colour = mix(tone, CLAY, canvas.chance.random() * 0.35)
        canvas.stroke([(x + 4, 226), (x - 8, (226 + low) / 2), (x + 4, low)], darker(colour, 0.25), 58)
        canvas.stroke([(x, 226), (x - 12, (226 + low) / 2), (x, low)], colour, 48)
        canvas.stroke([(x - 12, 236), (x - 23, (226 + low) / 2), (x - 14, low - 20)], lighter(colour, 0.3), 7)


def fish(canvas: Canvas, tone: Colour) -> None:
    """Fish on a long plate with chilli and herbs."""
    canvas.shadow(480, 596, 350)
    canvas.disc(480, 560, 360, (198, 202, 200), flat=0.27)
    canvas.disc(480, 550, 360, CREAM, flat=0.27)
    canvas.ring(480, 550, 336, INDIGO, 5, flat=0.26)
    for x, y in ((500, 506), (450, 570)):
        _one_fish(canvas, x, y, tone)
    canvas.stroke([(700, 596), (740, 580), (778, 548)], LACQUER, 15)
    canvas.leaf(188, 540, 90, turn=150, colour=LEAF)
    canvas.leaf(196, 552, 80, turn=200, colour=MOSS)


def _one_fish(canvas: Canvas, x: float, y: float, tone: Colour) -> None:
    canvas.blob([(x + 170, y), (x + 250, y - 54), (x + 232, y), (x + 250, y + 48)], darker(tone, 0.25))
    canvas.blob([(x - 30, y - 46), (x + 30, y - 84), (x + 76, y - 40)], darker(tone, 0.3))
    canvas.blob(
        [
            (x - 236, y + 8),
            (x - 160, y - 44),
            (x - 20, y - 58),
            (x + 110, y - 34),
            (x + 190, y),
            (x + 110, y + 34),
            (x - 20, y + 54),
            (x - 160, y + 46),
        ],
        tone,
    )
    canvas.blob(
        [
            (x - 220, y + 18),
            (x - 120, y + 18),
            (x + 40, y + 20),
            (x + 180, y + 4),
            (x + 110, y + 34),
            (x - 20, y + 54),
            (x - 160, y + 46),
        ],
        lighter(tone, 0.42),
    )
    canvas.stroke([(x - 138, y - 44), (x - 116, y), (x - 138, y + 42)], darker(tone, 0.3), 5)
    for step in range(4):
        canvas.stroke(
            [(x - 70 + step * 52, y - 30), (x - 56 + step * 52, y - 10), (x - 70 + step * 52, y + 10)],
            darker(tone, 0.16),
            4,
        )
    canvas.disc(x - 182, y - 8, 12, CREAM)
    canvas.disc(x - 184, y - 8, 6, INK)


def meat_roll(canvas: Canvas, tone: Colour) -> None:
    """A roll wrapped in banana leaf, and slices of it."""
    wrap = MOSS
    canvas.shadow(400, 600, 260)
    canvas.stroke([(220, 470), (560, 470)], darker(wrap, 0.25), 172)
    canvas.stroke([(220, 462), (560, 462)], wrap, 160)
    for line in range(5):
        canvas.stroke([(190, 412 + line * 26), (600, 412 + line * 26)], mix(wrap, STRAW, 0.22), 3)
    for x in (230, 330, 430, 530):
        canvas.stroke([(x, 382), (x + 14, 462), (x, 546)], STRAW, 9)
    canvas.disc(636, 470, 82, darker(wrap, 0.3))
    canvas.disc(640, 470, 72, tone)
    for x, y in ((600, 580), (684, 590), (768, 580)):
        canvas.disc(x + 4, y + 9, 66, darker(tone, 0.28), flat=0.55)
        canvas.disc(x, y, 66, tone, flat=0.55)
        for _ in range(7):
            canvas.disc(
                x + canvas.chance.randrange(-40, 40), y + canvas.chance.randrange(-18, 18), 4, darker(tone, 0.16)
            )
    canvas.stroke([(800, 520), (832, 504), (850, 470)], LACQUER, 13)


def dried_meat(canvas: Canvas, tone: Colour) -> None:
    """A bag of dried meat with strips on a tray before it."""
    tray(canvas)
    for step in range(9):
        x, y = 330 + (step % 5) * 74, 500 + (step // 5) * 44
        turn = canvas.chance.randrange(-14, 14)
        colour = mix(tone, BROWN, canvas.chance.random() * 0.5)
        canvas.blob(
            [
                (x - 62, y - 14 + turn),
                (x, y - 30),
                (x + 62, y - 16 - turn),
                (x + 56, y + 20 - turn),
                (x, y + 8),
                (x - 56, y + 22 + turn),
            ],
            darker(colour, 0.2),
        )
        canvas.blob(
            [
                (x - 62, y - 20 + turn),
                (x, y - 36),
                (x + 62, y - 22 - turn),
                (x + 56, y + 10 - turn),
                (x, y - 2),
                (x - 56, y + 12 + turn),
            ],
            colour,
        )
        canvas.stroke([(x - 40, y - 12 + turn), (x, y - 22), (x + 40, y - 12 - turn)], lighter(colour, 0.25), 4)
    for x, y in ((440, 486), (520, 480)):
        canvas.leaf(x, y, 70, turn=canvas.chance.randrange(40, 140), colour=LEAF)


def spice(canvas: Canvas, tone: Colour) -> None:
    """A mortar, corns of spice and a green sprig."""
    canvas.stroke([(470, 470), (560, 290)], darker(WOOD, 0.2), 44)
    canvas.stroke([(462, 470), (552, 288)], WOOD, 34)
    canvas.shadow(430, 606, 170)
    canvas.vessel(430, [(166, 410), (166, 410), (158, 470), (120, 560), (112, 606), (112, 606)], (148, 144, 134))
    canvas.disc(430, 410, 166, (120, 116, 108), flat=0.2)
    canvas.disc(430, 414, 150, tone, flat=0.17)
    canvas.stroke([(476, 428), (520, 352)], WOOD, 34)
    for _ in range(46):
        canvas.ball(
            620 + canvas.chance.gauss(70, 62),
            586 + canvas.chance.gauss(0, 13),
            canvas.chance.randrange(9, 14),
            mix(tone, BROWN, canvas.chance.random() * 0.5),
        )
    canvas.stroke([(760, 560), (740, 430), (690, 330)], MOSS, 6)
    for step in range(7):
        canvas.leaf(744 - step * 7, 460 - step * 18, 82, turn=20 if step % 2 else 150, colour=LEAF)


def beans(canvas: Canvas, tone: Colour) -> None:
    """A bowl heaped with peanuts, beans or grains, some lying before it."""
    canvas.shadow(470, 606, 220)
    for row, count in enumerate((9, 8, 7, 5, 3)):
        for step in range(count):
            x = 470 + (step - (count - 1) / 2) * 46 + canvas.chance.randrange(-5, 6)
            canvas.ball(x, 490 - row * 26, 27, mix(tone, lighter(tone, 0.4), canvas.chance.random() * 0.6), flat=0.84)
    bowl(canvas, 470, 506, 226, INDIGO)
    for step in (-2, -1, 0, 1, 2):
        canvas.diamond(470 + step * 62, 546, 17, CREAM)
    for _ in range(8):
        canvas.ball(canvas.chance.randrange(640, 820), canvas.chance.randrange(572, 616), 24, tone, flat=0.8)


def packed(canvas: Canvas, tone: Colour) -> None:
    """A bag with a window, and a bowl of what is in it."""
    pouch(canvas, tone)
    canvas.blob([(566, 566), (600, 516), (660, 488), (720, 516), (754, 566), (660, 586)], tone)
    for _ in range(26):
        x, y = canvas.chance.randrange(594, 726), canvas.chance.randrange(514, 556)
        canvas.disc(x, y, 11, mix(darker(tone, 0.2), lighter(tone, 0.4), canvas.chance.random()), flat=0.7)
    bowl(canvas, 660, 560, 114, INDIGO)


def nests(canvas: Canvas, tone: Colour) -> None:
    """Swallow's nests in an open box."""
    canvas.shadow(480, 610, 280)
    canvas.shape([(236, 300), (724, 300), (700, 470), (260, 470)], darker(LACQUER, 0.2))
    canvas.shape([(252, 314), (708, 314), (688, 464), (272, 464)], mix(LACQUER, STRAW, 0.25))
    canvas.diamond(480, 386, 48, OCHRE)
    canvas.shape([(240, 470), (720, 470), (756, 606), (204, 606)], LACQUER)
    canvas.shape([(264, 480), (696, 480), (724, 590), (236, 590)], lighter(STRAW, 0.4))
    for x, y in ((350, 512), (480, 512), (610, 512), (330, 562), (480, 562), (630, 562)):
        canvas.disc(x, y + 6, 60, darker(tone, 0.2), flat=0.42)
        canvas.disc(x, y, 60, tone, flat=0.42)
        for _ in range(6):
            far = canvas.chance.randrange(18, 48)
            canvas.ring(x, y, far, mix(tone, darker(tone, 0.3), canvas.chance.random()), 3, flat=0.42)
        canvas.disc(x, y + 3, 20, darker(tone, 0.22), flat=0.42)
