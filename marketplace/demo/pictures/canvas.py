"""A small drawing board: flat, calm shapes in the market's own colours, in units of a 960 x 720 picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import Final

from PIL import Image, ImageDraw

WIDTH_PX: Final = 960
HEIGHT_PX: Final = 720
# Drawn larger and reduced at the end: this is what makes the edges smooth.
OVERSAMPLING: Final = 2
CURVE_STEPS: Final = 8

Colour = tuple[int, int, int]
Point = tuple[float, float]

INK: Final[Colour] = (30, 27, 22)
CREAM: Final[Colour] = (255, 251, 243)
PAPER: Final[Colour] = (251, 247, 239)
INDIGO: Final[Colour] = (35, 64, 110)
LACQUER: Final[Colour] = (168, 38, 28)
LEAF: Final[Colour] = (62, 122, 72)
MOSS: Final[Colour] = (104, 134, 72)
OCHRE: Final[Colour] = (206, 150, 62)
CLAY: Final[Colour] = (176, 104, 66)
WOOD: Final[Colour] = (150, 106, 66)
STRAW: Final[Colour] = (222, 190, 126)
BROWN: Final[Colour] = (92, 60, 40)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Blend two colours; `share` 0 is the first, 1 the second."""
    return (
        round(one[0] + (other[0] - one[0]) * share),
        round(one[1] + (other[1] - one[1]) * share),
        round(one[2] + (other[2] - one[2]) * share),
    )


def darker(colour: Colour, share: float = 0.15) -> Colour:
    """Move a colour towards ink."""
    return mix(colour, INK, share)


def lighter(colour: Colour, share: float = 0.3) -> Colour:
    """Move a colour towards cream."""
    return mix(colour, CREAM, share)


def smooth(points: Sequence[Point], *, closed: bool = False) -> list[Point]:
    """Lead a soft curve (Catmull-Rom) through the points; a point given twice makes a corner."""
    count = len(points)
    found: list[Point] = []
    for index in range(count if closed else count - 1):
        if closed:
            four = [points[(index + step) % count] for step in (-1, 0, 1, 2)]
        else:
            four = [points[min(max(index + step, 0), count - 1)] for step in (-1, 0, 1, 2)]
        found.extend(_between(four))
    return found if closed else [*found, points[-1]]


def _between(four: Sequence[Point]) -> list[Point]:
    before, start, end, after = four
    found = []
    for step in range(CURVE_STEPS):
        t = step / CURVE_STEPS
        weights = (
            -0.5 * t + t * t - 0.5 * t**3,
            1 - 2.5 * t * t + 1.5 * t**3,
            0.5 * t + 2 * t * t - 1.5 * t**3,
            -0.5 * t * t + 0.5 * t**3,
        )
        corners = (before, start, end, after)
        found.append(
            (
                sum(weight * corner[0] for weight, corner in zip(weights, corners, strict=True)),
                sum(weight * corner[1] for weight, corner in zip(weights, corners, strict=True)),
            )
        )
    return found


class Canvas:
    """One picture in the making, with its own chance: the same chance draws the same picture."""

    def __init__(self, chance: Random, *, wall: Colour, table: Colour) -> None:
        self.chance = chance
        self.wall = wall
        self.table = table
        size = (WIDTH_PX * OVERSAMPLING, HEIGHT_PX * OVERSAMPLING)
        self.image = Image.new("RGB", size, wall)
        self._pen = ImageDraw.Draw(self.image)

    def finished(self) -> Image.Image:
        """Give the picture in its final size."""
        return self.image.reduce(OVERSAMPLING)

    def shape(self, points: Sequence[Point], colour: Colour) -> None:
        """Fill a polygon."""
        self._pen.polygon([(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in points], fill=colour)

    def blob(self, points: Sequence[Point], colour: Colour) -> None:
        """Fill a soft closed curve through the points."""
        self.shape(smooth(points, closed=True), colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour, *, flat: float = 1.0) -> None:
        """Fill a circle, or an ellipse lying flat (`flat` is height over width)."""
        tall = radius * flat
        corners = (x - radius, y - tall, x + radius, y + tall)
        self._pen.ellipse([value * OVERSAMPLING for value in corners], fill=colour)

    def box(self, corners: tuple[float, float, float, float], colour: Colour, *, round_by: float = 0) -> None:
        """Fill a rectangle (left, top, right, bottom)."""
        scaled = [value * OVERSAMPLING for value in corners]
        self._pen.rounded_rectangle(scaled, round_by * OVERSAMPLING, fill=colour)

    def stroke(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        """Draw a soft line through the points with round ends."""
        way = smooth(points) if len(points) > 2 else list(points)
        scaled = [(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in way]
        self._pen.line(scaled, fill=colour, width=round(width * OVERSAMPLING), joint="curve" if width > 12 else None)
        if width >= 4:
            for x, y in (way[0], way[-1]):
                self.disc(x, y, width / 2, colour)

    def ring(self, x: float, y: float, radius: float, colour: Colour, width: float, *, flat: float = 1.0) -> None:
        """Draw the edge of a circle or of an ellipse lying flat."""
        corners = (x - radius, y - radius * flat, x + radius, y + radius * flat)
        scaled = [value * OVERSAMPLING for value in corners]
        self._pen.ellipse(scaled, outline=colour, width=round(width * OVERSAMPLING))

    def shadow(self, x: float, y: float, radius: float, *, flat: float = 0.16) -> None:
        """Lay a soft shadow on the table, in three steps."""
        for step, share in ((1.18, 0.06), (1.08, 0.12), (0.96, 0.2)):
            self.disc(x + radius * 0.1, y, radius * step, darker(self.table, share), flat=flat)

    def ball(self, x: float, y: float, radius: float, colour: Colour, *, flat: float = 1.0) -> None:
        """Draw something round: a dark edge below right, a light spot above left."""
        self.disc(x, y, radius, darker(colour, 0.2), flat=flat)
        self.disc(x - radius * 0.07, y - radius * 0.08, radius * 0.92, colour, flat=flat)
        self.disc(x - radius * 0.36, y - radius * 0.42 * flat, radius * 0.2, lighter(colour, 0.4), flat=0.75 * flat)

    def leaf(self, x: float, y: float, length: float, *, turn: float, colour: Colour, wide: float = 0.3) -> None:
        """Draw one leaf from its stalk (x, y); `turn` in degrees, 0 to the right, 90 up."""
        angle = math.radians(turn)
        along, across = (math.cos(angle), -math.sin(angle)), (math.sin(angle), math.cos(angle))

        def at(far: float, side: float) -> Point:
            return (
                x + (along[0] * far + across[0] * side) * length,
                y + (along[1] * far + across[1] * side) * length,
            )

        self.blob(
            [
                at(0, 0),
                at(0.3, wide * 0.8),
                at(0.62, wide * 0.72),
                at(1, 0),
                at(0.62, -wide * 0.72),
                at(0.3, -wide * 0.8),
            ],
            colour,
        )
        self.blob([at(0, 0), at(0.3, wide * 0.8), at(0.62, wide * 0.72), at(1, 0)], darker(colour, 0.13))
        self.stroke([at(-0.12, 0), at(0.9, 0)], lighter(colour, 0.32), max(2.0, length * 0.022))

    def vessel(self, x: float, profile: Sequence[Point], colour: Colour) -> None:
        """Draw what was turned on a wheel; the profile is (half width, y) from top to bottom."""
        sides = smooth(profile)
        self._slice(x, sides, colour, share=(-1, 1))
        self._slice(x, sides, darker(colour, 0.13), share=(0.48, 1))
        inner = sides[len(sides) // 6 : -len(sides) // 6]
        self._slice(x, inner, lighter(colour, 0.35), share=(-0.8, -0.66))

    def _slice(self, x: float, sides: Sequence[Point], colour: Colour, *, share: tuple[float, float]) -> None:
        left = [(x + half * share[0], y) for half, y in sides]
        right = [(x + half * share[1], y) for half, y in sides]
        self.shape([*left, *reversed(right)], colour)

    def label(self, x: float, y: float, half: float, tall: float, *, colour: Colour, paper: Colour = CREAM) -> None:
        """Paste a paper label round a vessel: a woven diamond over two lines of print."""
        self.box((x - half, y, x + half, y + tall), paper)
        self.box((x + half * 0.48, y, x + half, y + tall), darker(paper, 0.1))
        self.box((x - half, y, x + half, y + tall * 0.09), colour)
        self.box((x - half, y + tall * 0.91, x + half, y + tall), colour)
        self.diamond(x, y + tall * 0.4, min(half * 0.42, tall * 0.22), colour)
        for line, share in ((0.7, 0.5), (0.79, 0.34)):
            self.box(
                (x - half * share, y + tall * line, x + half * share, y + tall * (line + 0.035)),
                mix(paper, INK, 0.45),
            )

    def diamond(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Draw the market's brocade motif: a diamond with a light heart."""
        for size, tone in ((1.0, colour), (0.62, lighter(colour, 0.75)), (0.34, colour)):
            reach = radius * size
            self.shape([(x - reach, y), (x, y - reach), (x + reach, y), (x, y + reach)], tone)
