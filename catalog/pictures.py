"""Where a product's pictures lie, what they are called, and how large they are shown.

A picture has two files for each edge, JPEG and WebP: `products/3f/3f….jpg` and `.webp` for the largest, with
`-800` and `-480` behind the name for the smaller ones. Names are random, so that nobody finds one by guessing and
no sent name reaches the disk.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from catalog.models import ProductMedia

LARGE_EDGE_PIXELS = 1280
MIDDLE_EDGE_PIXELS = 800
SMALL_EDGE_PIXELS = 480
EDGES_PIXELS = (LARGE_EDGE_PIXELS, MIDDLE_EDGE_PIXELS, SMALL_EDGE_PIXELS)
"""The longer edge of each file: of a screen, of a phone's width at its own density, of a card in a list.
A smaller photo is never enlarged."""
FIRST_EDGES_PIXELS = (LARGE_EDGE_PIXELS, SMALL_EDGE_PIXELS)
"""Pictures kept before there were three sizes have JPEGs of these until `catalog.completing` made the rest."""


class Form(StrEnum):
    """How a file is encoded; the value is the end of its name."""

    JPEG = "jpg"
    WEBP = "webp"


Files = Mapping[tuple[int, Form], bytes]
"""A picture's files by edge and form."""

FOLDER = "products"
FOLDERS = tuple(f"{number:02x}" for number in range(256))
"""Pictures are spread over these by the first two signs of their names."""
FILE_URLS_KEPT_MAX = 20_000
"""Names never change what they mean; a list of pictures spends a tenth of its time on their addresses."""
SWEEP_EVERY_S = 3600
"""How often the next folder of `FOLDERS` has its turn to be swept."""
ORPHAN_AGE_S_MIN = 24 * 3600
"""A file without a row is not touched before: its transaction may still be open."""


def size_within(width: int, height: int, *, edge: int) -> tuple[int, int]:
    """The size in pixels at which a picture fits a square of that edge, never larger than it is."""
    longer = max(width, height)
    if longer <= edge:
        return width, height
    return max(1, round(width * edge / longer)), max(1, round(height * edge / longer))


def picture_size(media: ProductMedia, edge: int) -> tuple[int, int]:
    """Width and height in pixels of the file for that edge."""
    return size_within(media.width, media.height, edge=edge)


def picture_url(media: ProductMedia, edge: int, *, form: Form = Form.JPEG) -> str:
    """The address of the smallest file that has at least that edge, or of the largest there is.

    WebP is there for a picture that `is_complete` only.
    """
    edges = EDGES_PIXELS if media.is_complete else FIRST_EDGES_PIXELS
    kept = min((one for one in edges if one >= edge), default=LARGE_EDGE_PIXELS)
    return _file_url(str(media.image.name), kept, form)


@lru_cache(maxsize=FILE_URLS_KEPT_MAX)
def _file_url(name: str, edge: int, form: Form) -> str:
    return default_storage.url(_file_name(name, edge, form))


def picture_srcset(media: ProductMedia, form: Form) -> str:
    """The files of one form with their widths, smallest first, as HTML's `srcset`; "" where there are none."""
    if form is Form.WEBP and not media.is_complete:
        return ""
    edges = EDGES_PIXELS if media.is_complete else FIRST_EDGES_PIXELS
    # A photo smaller than an edge has the same width in several files: the smallest of them serves.
    by_width = {picture_size(media, edge)[0]: edge for edge in edges}
    return ", ".join(f"{picture_url(media, edge, form=form)} {width}w" for width, edge in sorted(by_width.items()))


def new_picture_name(within: str = FOLDER) -> str:
    """A fresh random name for the largest file, as a row keeps it; products' photos keep to `FOLDER`."""
    name = secrets.token_hex(16)
    return f"{within}/{name[:2]}/{name}.jpg"


def write_picture(name: str, files: Files) -> None:
    """Put a picture's files on the disk; if that fails half way, none stays. Raises `OSError`."""
    try:
        for (edge, form), content in files.items():
            default_storage.save(_file_name(name, edge, form), ContentFile(content))
    except BaseException:
        delete_picture(name)
        raise


def delete_picture(name: str) -> None:
    """Remove a picture's files; those that are not there are no matter."""
    for edge in EDGES_PIXELS:
        for form in Form:
            default_storage.delete(_file_name(name, edge, form))


def read_largest(media: ProductMedia) -> bytes:
    """The largest JPEG of a picture. Raises `OSError` where it is gone."""
    with default_storage.open(str(media.image.name)) as file:
        return bytes(file.read())


def add_files(name: str, files: Files) -> None:
    """Put those of a picture's files on the disk that are not there yet. Raises `OSError`."""
    for (edge, form), content in files.items():
        file_name = _file_name(name, edge, form)
        if not default_storage.exists(file_name):
            default_storage.save(file_name, ContentFile(content))


def folder_of(now: datetime) -> str:
    """The folder whose turn it is this hour: all of them come round in eleven days."""
    return FOLDERS[int(now.timestamp()) // SWEEP_EVERY_S % len(FOLDERS)]


def sweep_orphans(*, folder: str, now: datetime) -> int:
    """Remove the pictures of one folder of `FOLDERS` that no row names, a day after they were written.

    They are left by a process that died, or by a caller whose transaction ended otherwise. Returns how many files.
    """
    path = f"{FOLDER}/{folder}"
    known = set(ProductMedia.objects.filter(image__startswith=f"{path}/").values_list("image", flat=True))
    return sweep_unnamed(path, known=known, now=now)


def sweep_unnamed(path: str, *, known: Collection[str], now: datetime) -> int:
    """Remove the pictures of a folder on the disk whose names are not `known`, a day after they were written.

    Returns how many files.
    """
    files = default_storage.listdir(path)[1] if default_storage.exists(path) else []
    oldest_kept = now - timedelta(seconds=ORPHAN_AGE_S_MIN)
    orphans = [
        f"{path}/{file}"
        for file in files
        if _row_name(f"{path}/{file}") not in known
        and default_storage.get_modified_time(f"{path}/{file}") < oldest_kept
    ]
    for name in orphans:
        default_storage.delete(name)
    return len(orphans)


def _file_name(name: str, edge: int, form: Form) -> str:
    path = PurePosixPath(name).with_suffix(f".{form}")
    return str(path if edge == LARGE_EDGE_PIXELS else path.with_stem(f"{path.stem}-{edge}"))


def _row_name(file_name: str) -> str:
    """The name of the largest JPEG of the same picture, as its row keeps it."""
    path = PurePosixPath(file_name)
    return str(path.with_name(f"{path.stem.partition('-')[0]}.{Form.JPEG}"))
