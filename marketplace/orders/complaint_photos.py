"""The photos of complaints on the disk: made safe like a product's, and shown only to those whom they concern.

Their names are random and never written into a page: a face hands out the content after it asked who reads.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from catalog.photos import read_photo
from catalog.pictures import FOLDERS, Form, delete_picture, write_picture
from marketplace.core.errors import NotFound
from marketplace.orders.models import ComplaintMessage

FOLDER = "complaints"
ORPHAN_AGE_S_MIN = 24 * 3600
"""A file without a row is not touched before: its transaction may still be open."""


@dataclass
class PhotoOnDisk:
    """A photo whose files lie there; `is_kept` once a row names it."""

    name: str
    width: int
    height: int
    is_kept: bool = False


@contextmanager
def photo_on_disk(content: bytes | None) -> Iterator[PhotoOnDisk | None]:
    """Put a sent photo on the disk before the transaction begins; removed again unless a row came to name it.

    Raises what `catalog.photos.read_photo` raises. Nothing sent: None.
    """
    if not content:
        yield None
        return
    photo = read_photo(content)
    name = secrets.token_hex(16)
    kept = PhotoOnDisk(f"{FOLDER}/{name[:2]}/{name}.jpg", photo.width, photo.height)
    write_picture(kept.name, {kind: file for kind, file in photo.files.items() if kind[1] is Form.JPEG})
    try:
        yield kept
    finally:
        # Whether a commit that broke was kept all the same, the sweeping task finds out.
        if not kept.is_kept:
            delete_picture(kept.name)


def photo_content(message: ComplaintMessage) -> bytes:
    """The largest file of a message's photo; the caller asked who reads. Raises `NotFound` where there is none."""
    try:
        with default_storage.open(message.photo or FOLDER) as file:
            return bytes(file.read())
    except OSError as error:
        raise NotFound(_("Không tìm thấy ảnh này.")) from error


def sweep_orphans(*, folder: str, now: datetime) -> int:
    """Remove the photos of one folder of `catalog.pictures.FOLDERS` that no message names, a day after they came.

    They are left by a process that died. Returns how many files.
    """
    path = f"{FOLDER}/{folder}"
    files = default_storage.listdir(path)[1] if default_storage.exists(path) else []
    known = set(ComplaintMessage.objects.filter(photo__startswith=f"{path}/").values_list("photo", flat=True))
    oldest_kept = now - timedelta(seconds=ORPHAN_AGE_S_MIN)
    orphans = [
        f"{path}/{file}"
        for file in files
        if f"{path}/{PurePosixPath(file).stem.partition('-')[0]}{PurePosixPath(file).suffix}" not in known
        and default_storage.get_modified_time(f"{path}/{file}") < oldest_kept
    ]
    for name in orphans:
        default_storage.delete(name)
    return len(orphans)


def folder_of(now: datetime) -> str:
    """The folder whose turn it is this hour: all of them come round in eleven days."""
    return FOLDERS[int(now.timestamp() // 3600) % len(FOLDERS)]
