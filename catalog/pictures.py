"""Where a product's pictures lie, what they are called, and how large they are shown.

A picture has one file for each edge: `products/3f/3f….jpg` for the largest and `products/3f/3f…-480.jpg` beside it.
Names are random, so that nobody finds one by guessing and no sent name reaches the disk.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from catalog.models import ProductMedia

LARGE_EDGE_PIXELS = 1280
SMALL_EDGE_PIXELS = 480
EDGES_PIXELS = (LARGE_EDGE_PIXELS, SMALL_EDGE_PIXELS)
"""The longer edge of each file; a smaller photo is never enlarged."""

FOLDER = "products"
FOLDERS = tuple(f"{number:02x}" for number in range(256))
"""Pictures are spread over these by the first two signs of their names."""
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


def picture_url(media: ProductMedia, edge: int) -> str:
    """The address of the smallest file that has at least that edge, or of the largest there is."""
    return default_storage.url(_file_name(str(media.image.name), _kept_edge(edge)))


def new_picture_name() -> str:
    """A fresh random name for the largest file, as a row of `ProductMedia` keeps it."""
    name = secrets.token_hex(16)
    return f"{FOLDER}/{name[:2]}/{name}.jpg"


def write_picture(name: str, jpeg_by_edge: Mapping[int, bytes]) -> None:
    """Put a picture's files on the disk; if that fails half way, none stays. Raises `OSError`."""
    try:
        for edge, jpeg in jpeg_by_edge.items():
            default_storage.save(_file_name(name, edge), ContentFile(jpeg))
    except BaseException:
        delete_picture(name)
        raise


def delete_picture(name: str) -> None:
    """Remove a picture's files; those that are not there are no matter."""
    for edge in EDGES_PIXELS:
        default_storage.delete(_file_name(name, edge))


def sweep_orphans(*, folder: str, now: datetime) -> int:
    """Remove the pictures of one folder of `FOLDERS` that no row names, a day after they were written.

    They are left by a process that died, or by a caller whose transaction ended otherwise. Returns how many files.
    """
    path = f"{FOLDER}/{folder}"
    files = default_storage.listdir(path)[1] if default_storage.exists(path) else []
    known = set(ProductMedia.objects.filter(image__startswith=f"{path}/").values_list("image", flat=True))
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


def _kept_edge(edge: int) -> int:
    return min((kept for kept in EDGES_PIXELS if kept >= edge), default=LARGE_EDGE_PIXELS)


def _file_name(name: str, edge: int) -> str:
    if edge == LARGE_EDGE_PIXELS:
        return name
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}-{edge}{path.suffix}"))


def _row_name(file_name: str) -> str:
    """The name of the largest file of the same picture."""
    path = PurePosixPath(file_name)
    return str(path.with_name(f"{path.stem.partition('-')[0]}{path.suffix}"))
