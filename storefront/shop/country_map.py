"""A small map of the country, drawn by us out of where its communes lie: dots on a grid. Pure.

The communes' places are approximate (marketplace/places/data/README.md): good for dots of 28 km, never for borders.
`static/storefront/vietnam.svg` is what `country_svg` draws of the table; a test holds the file to that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LATITUDE_MAX = 23.5
LONGITUDE_MIN = 101.9
DOTS_A_DEGREE = 4
WIDTH_DOTS = 60
HEIGHT_DOTS = 64
ISLANDS = (("Hoàng Sa", 16.568, 112.135), ("Trường Sa", 9.71, 114.45))
"""The two archipelagos, named on every map of the country."""
ISLANDS_AROUND = ((0.0, 0.0), (0.3, 0.6), (-0.4, 0.5), (-0.2, -0.5))
"""The communes' table has one place for each archipelago; these stand for its islands, in degrees from it."""
NAME_BELOW_DOTS = 6.4
LENGTH_OF_ONE_DOT = 0.01
"""Browsers draw no dash along a line of no length."""

Place = tuple[float, float]
"""Latitude and longitude in degrees."""


@dataclass(frozen=True)
class Spot:
    """A place on the map, in the map's own units."""

    x: str
    y: str


def spot(latitude: float, longitude: float) -> Spot | None:
    """Where a place lies on the map; None for one that is not on it."""
    x, y = _position((latitude, longitude))
    return Spot(f"{x:.1f}", f"{y:.1f}") if 0 <= x <= WIDTH_DOTS and 0 <= y <= HEIGHT_DOTS else None


def country_svg(places: Iterable[Place]) -> str:
    """The map of these places: a dot for each square of the grid that holds one."""
    islands = [
        (latitude + up, longitude + right) for _name, latitude, longitude in ISLANDS for up, right in ISLANDS_AROUND
    ]
    positions = map(_position, [*places, *islands])
    cells = {(int(x), int(y)) for x, y in positions if 0 <= x < WIDTH_DOTS and 0 <= y < HEIGHT_DOTS}
    # A dash of no length with round ends is a dot: a row of neighbours takes a few bytes.
    path = "".join(f"M{start}.5 {row}.5h{length or LENGTH_OF_ONE_DOT}" for row, start, length in _runs(cells))
    names = "".join(
        f'<text x="{x:.1f}" y="{y + NAME_BELOW_DOTS:.1f}">{name}</text>'
        for name, latitude, longitude in ISLANDS
        for x, y in [_position((latitude, longitude))]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH_DOTS} {HEIGHT_DOTS}">'
        f'<path d="{path}" fill="none" stroke="#857B6B" stroke-width=".7" stroke-linecap="round"'
        ' stroke-dasharray="0 1"/>'
        f'<g fill="#857B6B" font-family="sans-serif" font-size="3.6" text-anchor="middle">{names}</g></svg>\n'
    )


def _position(place: Place) -> tuple[float, float]:
    """Degrees as they are: so far south one of longitude is nearly as wide as one of latitude is high."""
    return (float(place[1]) - LONGITUDE_MIN) * DOTS_A_DEGREE, (LATITUDE_MAX - float(place[0])) * DOTS_A_DEGREE


def _runs(cells: set[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Rows of neighbours: row, first column, and how far the last dot is from the first."""
    runs: list[tuple[int, int, int]] = []
    for x, y in sorted(cells, key=lambda cell: (cell[1], cell[0])):
        if (x - 1, y) in cells:
            row, start, length = runs[-1]
            runs[-1] = (row, start, length + 1)
        else:
            runs.append((y, x, 0))
    return runs
