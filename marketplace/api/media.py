"""Pictures that people uploaded, re-encoded by us, under names that never change their content."""

from __future__ import annotations

from pathlib import PurePosixPath

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from catalog.paper_files import FOLDER as PAPERS
from marketplace.orders.complaint_photos import FOLDER as COMPLAINTS

CONTENT_TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
PRIVATE_FOLDERS = frozenset({COMPLAINTS, PAPERS})
"""What lies there is handed out by pages that ask who reads."""
KEPT_S = 365 * 24 * 3600


@require_safe
def picture(_request: HttpRequest, name: str) -> HttpResponseBase:
    """One picture. Raises `Http404` for anything that is no picture in the media folder."""
    content_type = CONTENT_TYPES.get(PurePosixPath(name).suffix)
    if content_type is None or "\x00" in name or not PRIVATE_FOLDERS.isdisjoint(PurePosixPath(name).parts):
        raise Http404
    try:
        file = default_storage.open(name)
    except (OSError, SuspiciousFileOperation, ValueError) as error:
        raise Http404 from error
    answer = FileResponse(file, content_type=content_type)
    answer["Cache-Control"] = f"public, max-age={KEPT_S}, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
