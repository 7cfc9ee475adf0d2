"""A photo somebody sent, made safe: decoded within limits, stripped, turned upright, encoded anew. Pure.

What it is, is decided by its content, never by its name. Nothing of the sent file survives but the colours of its
pixels: no place, no device, no comment, nothing appended.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from catalog.pictures import EDGES_PIXELS, Files, Form, size_within
from marketplace.core.errors import InvalidInput, TooMany

PHOTO_BYTES_MAX = 8 * 1024 * 1024
PHOTO_PIXELS_MAX = 40_000_000
"""A decoded photo takes up to four bytes a pixel; cameras of phones make 12 million pixels, some 50."""
PHOTO_EDGE_PIXELS_MAX = 16_000
PHOTOS_AT_ONCE_MAX = 2
PHOTO_WAIT_S_MAX = 10
JPEG_QUALITY = 82
WEBP_QUALITY = 76
"""Looks like the JPEG's at two thirds of its bytes."""
WEBP_EFFORT = 2
"""Of 6: more costs seconds of a small server's time and saves a few per cent."""

_PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
_FORMATS_READ = ("JPEG", "PNG", "WEBP")
_FORMATS_FOUND = frozenset({*_FORMATS_READ, "MPO"})
"""MPO is a JPEG with further pictures behind it, as some phones write; the first one is the photo."""
_places = threading.BoundedSemaphore(PHOTOS_AT_ONCE_MAX)


class PhotoTooLarge(InvalidInput):
    """The file has too many bytes, or the picture too many pixels."""


class NotAPhoto(InvalidInput):
    """The content is no JPEG, PNG or WebP picture, whatever it is called."""


class BrokenPhoto(InvalidInput):
    """The picture cannot be read to its end."""


class TooManyPhotosAtOnce(TooMany):
    """The server is busy with the photos of others."""


@dataclass(frozen=True)
class Photo:
    """A photo as it is kept: JPEG and WebP for each of `EDGES_PIXELS`, and the size of the largest in pixels."""

    files: Files
    width: int
    height: int


def read_photo(content: bytes) -> Photo:
    """Make a sent photo safe; an animated one becomes its first picture.

    At most `PHOTO_BYTES_MAX` bytes, `PHOTO_PIXELS_MAX` pixels and `PHOTO_EDGE_PIXELS_MAX` an edge, which are checked
    before any pixel is decoded. Raises `PhotoTooLarge`, `NotAPhoto`, `BrokenPhoto`, `TooManyPhotosAtOnce`.
    """
    largest = _read_pixels(content)
    files = {(edge, form): content for edge in EDGES_PIXELS for form, content in _encoded(largest, edge)}
    width, height = size_within(*largest.size, edge=max(EDGES_PIXELS))
    return Photo(files, width, height)


def read_jpeg(content: bytes) -> tuple[bytes, int, int]:
    """The largest JPEG of `read_photo` alone, with its width and height: the other files cost most of the time.

    Raises as `read_photo` does.
    """
    largest = _read_pixels(content)
    return _jpeg(largest), *largest.size


def _read_pixels(content: bytes) -> Image.Image:
    if len(content) > PHOTO_BYTES_MAX:
        raise PhotoTooLarge(_("Ảnh nặng quá, tối đa 8 MB. Bạn chụp lại ở cỡ nhỏ hơn nhé."), field="content")
    with _place(), _opened(content) as image:
        _check_size(image)
        _check_end(image, content)
        return _upright_pixels(image)


@contextmanager
def _place() -> Iterator[None]:
    """Bounds the memory that photos take: at most `PHOTOS_AT_ONCE_MAX` are decoded at a time in this process."""
    if not _places.acquire(timeout=PHOTO_WAIT_S_MAX):
        raise TooManyPhotosAtOnce(
            _("Đang có nhiều người gửi ảnh. Bạn thử lại sau ít giây nhé."), retry_after_s=PHOTO_WAIT_S_MAX
        )
    try:
        yield
    finally:
        _places.release()


@contextmanager
def _opened(content: bytes) -> Iterator[Image.Image]:
    try:
        image = Image.open(BytesIO(content), formats=_FORMATS_READ)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:  # what a crafted header makes a decoder raise is not documented
        raise NotAPhoto(_("Chỉ nhận ảnh JPEG, PNG hoặc WebP."), field="content") from error
    with image:
        if image.format not in _FORMATS_FOUND:
            raise NotAPhoto(_("Chỉ nhận ảnh JPEG, PNG hoặc WebP."), field="content")
        yield image


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    if width * height > PHOTO_PIXELS_MAX or max(width, height) > PHOTO_EDGE_PIXELS_MAX:
        raise _too_many_pixels()


def _check_end(image: Image.Image, content: bytes) -> None:
    # The decoder is content once it has the pixels of a small picture, though the file ends before its end.
    if image.format == "PNG" and _PNG_END not in content:
        raise _broken()


def _broken() -> BrokenPhoto:
    return BrokenPhoto(_("Ảnh bị hỏng hoặc tải lên chưa hết. Bạn gửi lại nhé."), field="content")


def _too_many_pixels() -> PhotoTooLarge:
    return PhotoTooLarge(_("Ảnh có kích thước lớn quá. Bạn chụp lại ở cỡ nhỏ hơn nhé."), field="content")


def _upright_pixels(image: Image.Image) -> Image.Image:
    """The pixels alone, upright, on white, at most of the largest edge."""
    try:
        image.draft("RGB", (max(EDGES_PIXELS), max(EDGES_PIXELS)))  # a JPEG is decoded at a fraction of its size
        image.load()
        upright = _turned(image)
        small = upright.resize(size_within(*upright.size, edge=max(EDGES_PIXELS)), Image.Resampling.LANCZOS)
        return _on_white(small)
    except Exception as error:  # decoders raise what they please on crafted or truncated data
        raise _broken() from error


def _turned(image: Image.Image) -> Image.Image:
    """Upright, if the camera's note about it can be read; damaged notes are common and no reason to refuse."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # EXIF is read by hand-written parsers of untrusted data
        return image


def _on_white(image: Image.Image) -> Image.Image:
    """A new picture with nothing but the colours: what stands in the old one's `info` would be written again."""
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.convert("I").point(lambda level: level / 256).convert("L")
    clean = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        clear = image.convert("RGBA")
        clean.paste(clear, mask=clear.getchannel("A"))
    else:
        clean.paste(image.convert("RGB"))
    return clean


def _encoded(image: Image.Image, edge: int) -> Iterator[tuple[Form, bytes]]:
    small = image.resize(size_within(*image.size, edge=edge), Image.Resampling.LANCZOS)
    webp = BytesIO()
    small.save(webp, "WEBP", quality=WEBP_QUALITY, method=WEBP_EFFORT)
    yield Form.JPEG, _jpeg(small)
    yield Form.WEBP, webp.getvalue()


def _jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    return out.getvalue()
