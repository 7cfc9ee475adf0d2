"""The picture that chat apps show of a product: its photo, name, price and place, and a code that opens its page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageDraw, ImageFont, ImageOps

from marketplace.core.errors import TooMany
from payments.stands.fonts import Face, drawable, picture_font
from payments.vietqr.pictures import dark_runs, qr_modules

WIDTH: Final = 1200
HEIGHT: Final = 630
"""What Facebook, Zalo and Messenger ask for; all lengths are pixels."""
PHOTO_WIDTH: Final = 600
MARGIN: Final = 44
CODE_SIDE: Final = 176
NAME_LINES_MAX: Final = 3
JPEG_QUALITY: Final = 84
DOTS_AN_INCH: Final = 72
"""At which a point is a pixel."""
CARDS_AT_ONCE_MAX: Final = 2
CARD_WAIT_S_MAX: Final = 5

PAPER, CARD, INK, MUTED = "#FBF7EF", "#FFFFFF", "#1E1B16", "#6A6256"
INDIGO, LACQUER, LEAF = "#23406E", "#A8261C", "#1F6B3A"
BAND: Final = 14

_places = threading.BoundedSemaphore(CARDS_AT_ONCE_MAX)


class TooManyCards(TooMany):
    """The server draws as many of these as it can at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareCard:
    """What the picture says, in words ready to be written; `photo` is a JPEG."""

    name: str
    price: str
    grade: str
    place: str
    seller: str
    url: str
    photo: bytes | None
    is_drawn: bool
    """Whether the photo is an illustration: it is shown whole, with the words in its corner that say so."""


def draw_share_card(card: ShareCard) -> bytes:
    """A JPEG of 1200 x 630 pixels. Raises `TooManyCards` while others are drawn."""
    with _place():
        picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
        pen = ImageDraw.Draw(picture)
        _put_photo(picture, card)
        _put_band(pen)
        _put_words(pen, card)
        _put_code(pen, card.url)
        target = BytesIO()
        picture.save(target, "JPEG", quality=JPEG_QUALITY, optimize=True)
        return target.getvalue()


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=CARD_WAIT_S_MAX):
        raise TooManyCards(_("Máy chủ đang bận. Bạn thử lại sau ít giây nhé."), retry_after_s=CARD_WAIT_S_MAX)
    try:
        yield
    finally:
        _places.release()


def _put_photo(picture: Image.Image, card: ShareCard) -> None:
    if card.photo is None:
        picture.paste(Image.new("RGB", (PHOTO_WIDTH, HEIGHT), INDIGO), (0, 0))
        return
    room = PHOTO_WIDTH, HEIGHT
    with Image.open(BytesIO(card.photo), formats=("JPEG",)) as opened:
        colours = opened.convert("RGB")
    if card.is_drawn:
        edge = colours.resize((1, 1), box=(0, 0, 1, 1)).tobytes()
        fitted = ImageOps.pad(colours, room, Image.Resampling.LANCZOS, color=(edge[0], edge[1], edge[2]))
    else:
        fitted = ImageOps.fit(colours, room, Image.Resampling.LANCZOS)
    picture.paste(fitted, (0, 0))


def _put_band(pen: ImageDraw.ImageDraw) -> None:
    """The woven band, as under the header of every page."""
    pen.rectangle((PHOTO_WIDTH, 0, WIDTH, BAND), fill=INDIGO)
    for x in range(PHOTO_WIDTH + 8, WIDTH, 28):
        half = BAND // 2
        pen.polygon([(x, half), (x + half, 2), (x + 2 * half, half), (x + half, BAND - 3)], fill=PAPER)


def _put_words(pen: ImageDraw.ImageDraw, card: ShareCard) -> None:
    x, y, room = PHOTO_WIDTH + MARGIN, MARGIN + BAND, WIDTH - PHOTO_WIDTH - 2 * MARGIN
    name = _font(46, Face.BOLD)
    for line in _broken(drawable(card.name), name, room):
        pen.text((x, y), line, fill=INK, font=name)
        y += 60
    y += 8
    if card.grade:
        pen.text((x, y), drawable(card.grade), fill=LEAF, font=_font(30, Face.BOLD))
        y += 46
    # The font has no sign for đồng's ₫, but đ it has.
    pen.text((x, y), drawable(card.price.replace("₫", "đ")), fill=LACQUER, font=_font(56, Face.BOLD))
    small = _font(25, Face.REGULAR)
    below = HEIGHT - MARGIN - CODE_SIDE
    beside = room - CODE_SIDE - 20
    lines = [line for text in (card.place, card.seller) for line in _broken(drawable(text), small, beside)[:2]]
    for number, line in enumerate(lines):
        pen.text((x, below + number * 36), line, fill=MUTED, font=small)
    pen.text((x, HEIGHT - MARGIN - 34), "Chợ 4.0", fill=INDIGO, font=_font(30, Face.BOLD))


def _put_code(pen: ImageDraw.ImageDraw, url: str) -> None:
    """In whole pixels a module, on white with its quiet zone."""
    modules = qr_modules(url)
    unit = max(1, CODE_SIDE // len(modules))
    side = unit * len(modules)
    left, top = WIDTH - MARGIN - side, HEIGHT - MARGIN - side
    pen.rectangle((left, top, left + side - 1, top + side - 1), fill=CARD)
    for y, row in enumerate(modules):
        for x, width in dark_runs(row):
            corner = left + x * unit, top + y * unit
            pen.rectangle((*corner, corner[0] + width * unit - 1, corner[1] + unit - 1), fill=INK)


def _font(pixels: int, face: Face) -> ImageFont.FreeTypeFont:
    return picture_font(face, pixels, DOTS_AN_INCH)


def _broken(text: str, font: ImageFont.FreeTypeFont, room: int) -> list[str]:
    """The text in at most `NAME_LINES_MAX` lines that fit; what is left over ends in an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > NAME_LINES_MAX:
        lines = [*lines[: NAME_LINES_MAX - 1], f"{lines[NAME_LINES_MAX - 1]}…"]
    return lines
