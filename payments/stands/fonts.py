"""Be Vietnam Pro as it is embedded in prints: how wide a text is, and which letters there are."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Final

from PIL import ImageFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

MM_A_POINT: Final = 25.4 / 72
POINTS_AN_INCH: Final = 72
ASCENT: Final = 1.0
"""How far capitals with two marks (Ấ, Ỗ) rise over the baseline, in parts of the size."""
DESCENT: Final = 0.27
LINE: Final = ASCENT + DESCENT


class Face(StrEnum):
    """The two cuts that are shipped, by the name they have inside a PDF."""

    REGULAR = "be-vietnam-pro-regular"
    BOLD = "be-vietnam-pro-bold"


def font_name(face: Face) -> str:
    """The name under which reportlab knows the face; it is registered on first use."""
    return str(_registered(face).fontName)


def width_mm(text: str, face: Face, size_pt: float) -> float:
    """How wide the text is when it is set in this face and size."""
    return float(pdfmetrics.stringWidth(text, font_name(face), size_pt)) * MM_A_POINT


def picture_font(face: Face, size_pt: float, dots_an_inch: int) -> ImageFont.FreeTypeFont:
    """The same face for a picture of this resolution."""
    pixels = size_pt * dots_an_inch / POINTS_AN_INCH
    return ImageFont.truetype(BytesIO(_content(face)), pixels, layout_engine=ImageFont.Layout.BASIC)


def drawable(text: str) -> str:
    """`text` with only letters that the font has, blanks single.

    A letter that it lacks is written without its marks where that helps (ỳ stays, ǎ becomes a) and left out
    otherwise: an empty box on a poster looks like damage.
    """
    kept = "".join(map(_drawable, unicodedata.normalize("NFC", text)))
    return " ".join(kept.split())


def _drawable(character: str) -> str:
    known = _letters()
    if character in known:
        return character
    return "".join(part for part in unicodedata.normalize("NFKD", character) if part in known)


@cache
def _letters() -> frozenset[str]:
    return frozenset(map(chr, _registered(Face.REGULAR).face.charToGlyph))


@cache
def _registered(face: Face) -> TTFont:
    font = TTFont(str(face), BytesIO(_content(face)))
    pdfmetrics.registerFont(font)
    return font


@cache
def _content(face: Face) -> bytes:
    return (files("payments") / "data" / f"{face}.ttf").read_bytes()
