"""Photos and PDFs of papers as pages take and show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.paper_files import PDF_BYTES_MAX, Paper, paper_content, read_paper
from catalog.photos import PHOTO_BYTES_MAX
from catalog.services.papers import require_room
from marketplace.core.errors import MarketError
from marketplace.core.kept_papers import KeptPaper
from storefront.sell.fields import FILE_NAME_CHARACTERS_MAX

KEPT_S = 3600
KB, MB = 1000, 1_000_000
ACCEPTED = "image/*,application/pdf"
FILE_BYTES_MAX = max(PHOTO_BYTES_MAX, PDF_BYTES_MAX)


class SeveralFiles(forms.FileInput):
    """Takes several files at once; the field itself sees the last of them, `sent_papers` all."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The last file: a field of one file checks that it is one."""
        return files.get(name)


@dataclass(frozen=True)
class ShownFile:
    """A photo or PDF of a paper as a page shows it."""

    pk: int
    url: str
    is_pdf: bool
    width: int
    height: int
    size: str
    """`240 kB`."""
    removal_url: str = ""
    """Where it is taken away; empty where this reader may not."""


def shown_files(
    rows: Iterable[KeptPaper], url: Callable[[int], str], removal_url: Callable[[int], str] = lambda _pk: ""
) -> list[ShownFile]:
    """Files for `parts/papers.html`; `url` and `removal_url` answer where the file of a row is opened and removed."""
    return [
        ShownFile(
            pk=row.pk,
            url=url(row.pk),
            is_pdf=row.is_pdf,
            width=row.width,
            height=row.height,
            size=size_in_words(row.bytes_count),
            removal_url=removal_url(row.pk),
        )
        for row in rows
    ]


def size_in_words(bytes_count: int) -> str:
    """How large a file is, as people say it: `240 kB`, `1,2 MB`."""
    if (whole := round(bytes_count / KB)) < MB // KB:
        return f"{max(1, whole)} kB"
    return f"{number_format(round(bytes_count / MB, 1), decimal_pos=1)} MB"


def kind_and_size(row: KeptPaper) -> str:
    """What a link to a file says of it: `PDF, 240 kB`."""
    kind = "PDF" if row.is_pdf else _("ảnh")
    return f"{kind}, {size_in_words(row.bytes_count)}"


def papers_field(
    label: Any = gettext_lazy("Ảnh chụp hoặc tệp PDF của giấy"), *, help_text: Any = ""
) -> forms.FileField:
    """Photos and PDFs of a paper, several at once; what each is, the service finds out."""
    return _file_field(label, widget=SeveralFiles(attrs={"multiple": True, "accept": ACCEPTED}), help_text=help_text)


def paper_field(label: Any) -> forms.FileField:
    """One photo or PDF, which must be there."""
    return _file_field(label, widget=forms.FileInput(attrs={"accept": ACCEPTED}), required=True)


def _file_field(label: Any, *, widget: forms.Widget, required: bool = False, help_text: Any = "") -> forms.FileField:
    return forms.FileField(
        label=label,
        help_text=help_text or gettext_lazy("Chụp thẳng, đủ sáng, thấy cả bốn góc. PDF tối đa 5 MB."),
        required=required,
        max_length=FILE_NAME_CHARACTERS_MAX,
        error_messages={
            "required": gettext_lazy("Bạn chụp hoặc chọn tệp giúp."),
            "invalid": gettext_lazy("Bạn chọn lại tệp giúp."),
            "empty": gettext_lazy("Tệp này trống."),
            "max_length": gettext_lazy("Tên tệp dài quá. Bạn đổi tên ngắn hơn giúp."),
        },
        widget=widget,
    )


def sent_papers(request: HttpRequest, field: str = "papers") -> list[Paper]:
    """The papers that a form carries, made safe before anything is kept. Raises what `read_paper` raises, and
    `TooManyFiles`, with the form's field at fault."""
    uploads = [one for one in request.FILES.getlist(field) if isinstance(one, UploadedFile)]
    try:
        require_room(len(uploads))
        return [read_paper(one.read(FILE_BYTES_MAX + 1)) for one in uploads]
    except MarketError as error:
        error.field = field
        raise


def private_file(row: KeptPaper, *, name: str) -> HttpResponse:
    """A paper for who may see it: a photo on the page, a PDF as a file to keep. Raises `NotFound`."""
    if row.is_pdf:
        response = downloaded(row, name=name)
    else:
        response = HttpResponse(paper_content(row), content_type="image/jpeg")
        response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"  # a phone that several people use must not keep it
    return response


def downloaded(row: KeptPaper, *, name: str) -> HttpResponse:
    """A paper as a file to keep under this ASCII name (its ending comes by itself), never opened by the browser in
    the market's name. Raises `NotFound`."""
    ending, content_type = ("pdf", "application/pdf") if row.is_pdf else ("jpg", "image/jpeg")
    response = HttpResponse(paper_content(row), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, max_age=KEPT_S)
    return response
