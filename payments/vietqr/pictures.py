"""QR codes as pictures: error correction M and a quiet zone of four modules, as EMVCo asks.

A text that is all upper case stays in QR's alphanumeric mode, which makes the symbol smaller. Pictures are
kept by text, because the same order page is asked for again and again.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from typing import Final

from django.utils.translation import gettext_lazy as _
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from marketplace.core.errors import InvalidInput
from payments.vietqr.values import PAYLOAD_CHARACTERS_MAX

QUIET_ZONE_MODULES: Final = 4
PICTURES_KEPT_MAX: Final = 512
PNG_SIDE_PIXELS_MIN: Final = 480
"""Small enough for a slow line, large enough to be saved on a phone and scanned from another."""
PNG_SIDE_PIXELS_MAX: Final = 4096

Modules = tuple[tuple[bool, ...], ...]


class UndrawableText(InvalidInput):
    """The text is empty or longer than a QR payload may be, or the picture asked for is too large."""


@lru_cache(maxsize=PICTURES_KEPT_MAX)
def qr_svg(payload: str) -> str:
    """The code as one compact SVG element without a size of its own: the page gives it one.

    Always black on white, also on dark pages: scanners need it. Raises UndrawableText.
    """
    modules = qr_modules(payload)
    side = len(modules)
    path = "".join(_bars(modules))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" aria-label="VietQR"'
        f' shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path d="{path}"/></svg>'
    )


@lru_cache(maxsize=PICTURES_KEPT_MAX)
def qr_png(payload: str, *, pixels_min: int = PNG_SIDE_PIXELS_MIN) -> bytes:
    """The code as a black and white PNG, each side the least whole multiple of modules from `pixels_min` on.

    Raises UndrawableText, also when `pixels_min` is not in 1..`PNG_SIDE_PIXELS_MAX`.
    """
    if not 1 <= pixels_min <= PNG_SIDE_PIXELS_MAX:
        raise UndrawableText(_("Cỡ ảnh mã QR không hợp lệ."), field="pixels_min")
    modules = qr_modules(payload)
    side = len(modules)
    picture = Image.new("1", (side, side))
    picture.putdata([not dark for row in modules for dark in row])
    pixels = side * -(-pixels_min // side)
    target = BytesIO()
    picture.resize((pixels, pixels), Image.Resampling.NEAREST).save(target, "PNG", optimize=True)
    return target.getvalue()


@lru_cache(maxsize=PICTURES_KEPT_MAX)
def qr_modules(payload: str) -> Modules:
    """Rows of modules with the quiet zone around them; True is dark. Raises UndrawableText."""
    if not 1 <= len(payload) <= PAYLOAD_CHARACTERS_MAX:
        raise UndrawableText(_("Nội dung mã QR trống hoặc quá dài."), field="payload")
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE_MODULES)
    # optimize=0: one segment, so an upper-case text is one alphanumeric run.
    code.add_data(payload, optimize=0)
    code.make(fit=True)
    return tuple(tuple(bool(dark) for dark in row) for row in code.get_matrix())


def dark_runs(row: tuple[bool, ...]) -> Iterator[tuple[int, int]]:
    """Where each run of dark modules in a row begins, and how many they are."""
    x = 0
    for dark, group in groupby(row):
        width = len(list(group))
        if dark:
            yield x, width
        x += width


def _bars(modules: Modules) -> Iterator[str]:
    """Every run of dark modules as one closed bar of the path."""
    for y, row in enumerate(modules):
        for x, width in dark_runs(row):
            yield f"M{x} {y}h{width}v1h-{width}z"
