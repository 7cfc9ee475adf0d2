"""The forms of papers about products."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductDocument
from catalog.paper_models import DOCUMENT_NAME_CHARACTERS_MAX
from storefront.fields import CHOOSE, REQUIRED
from storefront.papers import paper_field, papers_field
from storefront.settling import AskingForm


class PapersForm(AskingForm):
    """Further photos or PDFs of a paper."""

    papers = papers_field()

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # what Django's forms take
        self.fields["papers"].required = True


class ProductDocumentForm(AskingForm):
    """A document that buyers may read."""

    kind = forms.ChoiceField(label=_("Loại giấy tờ"), choices=ProductDocument.Kind.choices, error_messages=CHOOSE)
    name = forms.CharField(
        label=_("Tên giấy"),
        help_text=_("Ví dụ: Phiếu kiểm nghiệm tháng 10/2026."),
        max_length=DOCUMENT_NAME_CHARACTERS_MAX,
        error_messages=REQUIRED,
    )
    paper = paper_field(_("Ảnh chụp hoặc tệp PDF"))
