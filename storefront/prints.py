"""Files for printers and for table programs."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse

CONTENT_TYPES: Final = {
    "pdf": "application/pdf",
    "png": "image/png",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def printed(content: bytes, *, name: str) -> HttpResponse:
    """A file to be kept under this ASCII name and opened with what knows its kind on this machine."""
    response = HttpResponse(content, content_type=CONTENT_TYPES[name.rpartition(".")[2]])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
