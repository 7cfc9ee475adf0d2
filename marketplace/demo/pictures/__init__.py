"""Pictures for the demo market: drawn by the program, so that nobody's photo is used and none has to be fetched."""

from __future__ import annotations

import io
from pathlib import Path
from random import Random
from typing import Final

from PIL import Image, ImageDraw, ImageFont, ImageOps

from marketplace.demo.pictures.canvas import (
    HEIGHT_PX,
    INDIGO,
    INK,
    LEAF,
    PAPER,
    STRAW,
    WIDTH_PX,
    WOOD,
    Canvas,
    Colour,
    darker,
    lighter,
    mix,
)
from marketplace.demo.pictures.scenes import scene_for

PICTURE_BYTES_MAX: Final = 45_000
JPEG_QUALITIES: Final = (84, 72, 60, 45)
TABLE_TOP_PX: Final = 496
WORDS: Final = "ảnh minh họa"
WORDS_SIZE_PX: Final = 22
WORDS_FONT = ImageFont.truetype(str(Path(__file__).parent / "data" / "words.ttf"), WORDS_SIZE_PX)

WALLS: Final[tuple[Colour, ...]] = (
    (244, 234, 214),
    (240, 230, 216),
    (232, 234, 220),
    (244, 226, 208),
    (228, 234, 236),
)
TABLES: Final[tuple[Colour, ...]] = (
    mix(WOOD, STRAW, 0.55),
    lighter(WOOD, 0.35),
    mix(LEAF, PAPER, 0.62),
    mix(INDIGO, PAPER, 0.62),
    mix(WOOD, PAPER, 0.62),
)


def draw_product_picture(*, name: str, set_no: int, seed: int) -> bytes:
    """Draw a calm picture of a product: a JPEG of 960 x 720 pixels and at most PICTURE_BYTES_MAX bytes.

    The name chooses what is drawn, else the OCOP set (1-26) does; the seed varies colours and arrangement.
    The same arguments give the same bytes with the same version of Pillow. Words in the corner say that it
    is an illustration, because a drawn good must not pass for a photo of what is sold.
    """
    chance = Random(f"{name}|{set_no}|{seed}")  # noqa: S311  (variety, not secrecy)
    canvas = Canvas(chance, wall=chance.choice(WALLS), table=chance.choice(TABLES))
    _draw_stall(canvas)
    scene, tone = scene_for(name=name, set_no=set_no)
    scene(canvas, _varied(tone, chance))
    picture = canvas.finished()
    if chance.random() < 0.5:
        picture = ImageOps.mirror(picture)
    _write_words(picture)
    return _as_jpeg(picture)


def _varied(tone: Colour, chance: Random) -> Colour:
    towards = INK if chance.random() < 0.5 else PAPER
    return mix(tone, towards, chance.random() * 0.12)


def _draw_stall(canvas: Canvas) -> None:
    canvas.disc(480, 330, 290, lighter(canvas.wall, 0.42))
    canvas.box((0, TABLE_TOP_PX, WIDTH_PX, HEIGHT_PX), canvas.table)
    canvas.box((0, TABLE_TOP_PX, WIDTH_PX, TABLE_TOP_PX + 6), lighter(canvas.table, 0.4))
    cloth = darker(canvas.table, 0.3)
    canvas.box((0, 664, WIDTH_PX, HEIGHT_PX), cloth)
    for step in range(17):
        canvas.diamond(step * 60, 692, 17, mix(cloth, PAPER, 0.35))


def _write_words(picture: Image.Image) -> None:
    pen = ImageDraw.Draw(picture)
    left, _, right, bottom = pen.textbbox((0, 0), WORDS, font=WORDS_FONT)
    x, y = WIDTH_PX - (right - left) - 26, 24
    pen.rounded_rectangle((x - 12, y - 8, WIDTH_PX - 14, y + bottom + 8), 10, fill=PAPER)
    pen.text((x, y), WORDS, font=WORDS_FONT, fill=INK)


def _as_jpeg(picture: Image.Image) -> bytes:
    written = b""
    for quality in JPEG_QUALITIES:
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=quality)
        written = buffer.getvalue()
        if len(written) <= PICTURE_BYTES_MAX:
            break
    return written
