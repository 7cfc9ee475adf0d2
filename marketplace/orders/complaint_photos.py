"""The photos of complaints on the disk: made safe like a product's, and shown only to those whom they concern.

Their names are random and never written into a page: a face hands out the content after it asked who reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from catalog.photos import read_photo
from catalog.pictures import Form, delete_picture, new_picture_name, sweep_unnamed, write_picture
from marketplace.core.errors import NotFound
from marketplace.orders.models import ComplaintMessage

FOLDER = "complaints"


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
    kept = PhotoOnDisk(new_picture_name(FOLDER), photo.width, photo.height)
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
    known = set(ComplaintMessage.objects.filter(photo__startswith=f"{path}/").values_list("photo", flat=True))
    return sweep_unnamed(path, known=known, now=now)
