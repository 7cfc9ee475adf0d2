"""Files of papers on the disk: photos made safe like a product's, PDFs as they came; shown only to whom they concern.

Their names are random and never written into a page: a face hands out the content after it asked who reads. A PDF
is not opened here, and no page shows it: it is handed out as a file to keep, so that no browser runs what is in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from catalog.models import CertificateFile, ProductDocument
from catalog.photos import read_jpeg
from catalog.pictures import Form, new_picture_name, sweep_unnamed
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.kept_papers import KeptPaper
from vendors.models import DocumentFile

FOLDER = "papers"
PDF_BYTES_MAX = 5 * 1024 * 1024
_PDF_BEGINS, _PDF_ENDS = b"%PDF-", b"%%EOF"
_PDF_TAIL_BYTES = 1024
"""Where readers look for a PDF's end: a few bytes may follow it."""
_KINDS: tuple[type[KeptPaper], ...] = (DocumentFile, CertificateFile, ProductDocument)


class PdfTooLarge(InvalidInput):
    """The PDF has too many bytes."""


class BrokenPdf(InvalidInput):
    """The PDF has no end: it was cut off on the way."""


@dataclass(frozen=True)
class Paper:
    """A paper that was sent, ready to be kept: a JPEG of ours, or the PDF as it came."""

    content: bytes
    width: int = 0
    height: int = 0

    @property
    def fingerprint(self) -> str:
        """Tells this content from any other."""
        return hashlib.sha256(self.content).hexdigest()


def read_paper(content: bytes) -> Paper:
    """What somebody sent, made safe. What it is, is decided by its content, never by its name.

    A photo becomes a JPEG of at most 1280 pixels an edge without its metadata; a PDF of at most `PDF_BYTES_MAX` stays
    as it is. Raises `PdfTooLarge`, `BrokenPdf`, and what `catalog.photos.read_photo` raises.
    """
    if not content.startswith(_PDF_BEGINS):
        return Paper(*read_jpeg(content))
    if len(content) > PDF_BYTES_MAX:
        raise PdfTooLarge(_("Tệp PDF nặng quá, tối đa 5 MB. Bạn chụp ảnh giấy cũng được."), field="content")
    if _PDF_ENDS not in content[-_PDF_TAIL_BYTES:]:
        raise BrokenPdf(_("Tệp PDF bị hỏng hoặc tải lên chưa hết. Bạn gửi lại nhé."), field="content")
    return Paper(content)


@dataclass
class OnDisk:
    """Papers whose files lie there, by their names; `is_kept` once rows name them."""

    names: list[str] = field(default_factory=list)
    is_kept: bool = False


@contextmanager
def papers_on_disk(papers: Sequence[Paper]) -> Iterator[OnDisk]:
    """Put papers on the disk before the transaction begins; removed again unless rows came to name them."""
    kept = OnDisk()
    try:
        for paper in papers:
            name = new_picture_name(FOLDER)
            kept.names.append(name if paper.width else str(PurePosixPath(name).with_suffix(".pdf")))
            default_storage.save(kept.names[-1], ContentFile(paper.content))
        yield kept
    finally:
        # Whether a commit that broke was kept all the same, the sweeping task finds out.
        if not kept.is_kept:
            for name in kept.names:
                default_storage.delete(name)


def facts_of(paper: Paper, *, name: str, now: datetime) -> dict[str, object]:
    """The columns of `KeptPaper` for a paper that lies under this name."""
    return {
        "file": name,
        "width": paper.width,
        "height": paper.height,
        "bytes_count": len(paper.content),
        "added_at": now,
    }


def paper_content(paper: KeptPaper) -> bytes:
    """What a row's file holds; the caller asked who reads. Raises `NotFound` where the file is gone."""
    try:
        with default_storage.open(paper.file) as file:
            return bytes(file.read())
    except OSError as error:
        raise NotFound(_("Không tìm thấy tệp này.")) from error


def delete_file(name: str) -> None:
    """Remove a paper's file; one that is not there is no matter."""
    default_storage.delete(name)


def sweep_orphans(*, folder: str, now: datetime) -> int:
    """Remove the files of one folder of `catalog.pictures.FOLDERS` that no row names, a day after they came.

    They are left by a process that died. Returns how many.
    """
    path = f"{FOLDER}/{folder}"
    known: set[str] = set()
    for kind in _KINDS:
        names = kind._default_manager.filter(file__startswith=f"{path}/").values_list("file", flat=True)
        known.update(str(PurePosixPath(name).with_suffix(f".{Form.JPEG}")) for name in names)
    return sweep_unnamed(path, known=known, now=now)
