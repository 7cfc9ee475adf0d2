"""The officer's forms: a reason to send something back, and what was seen when it was let through."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.values import REASON_CHARACTERS_MAX
from storefront.fields import REQUIRED
from storefront.settling import AskingForm

GENERATION_MAX = 2**63 - 1


class ReasonForm(AskingForm):
    """Why something is sent back, in words its owner can act on."""

    reason = forms.CharField(
        label=_("Cần sửa gì?"),
        help_text=_("Bà con đọc câu này rồi làm theo, nên viết rõ và nhẹ nhàng."),
        max_length=REASON_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PublishForm(AskingForm):
    """Which version of a product the officer saw."""

    seen_generation = forms.IntegerField(
        label=_("Bản đã xem"),
        min_value=0,
        max_value=GENERATION_MAX,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _("Bạn tải lại trang rồi duyệt lần nữa giúp.")
        ),
    )
