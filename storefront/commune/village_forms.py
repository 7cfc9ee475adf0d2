"""The officer's forms about villages: a list of names, a new name, what to merge into, and where a shop is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from marketplace.places.models import Village
from marketplace.places.villages import LINE_CHARACTERS_MAX, NAMES_CHARACTERS_MAX
from storefront.fields import CHOOSE, REQUIRED
from storefront.sell.fields import set_choices
from storefront.settling import AskingForm


class VillagesForm(AskingForm):
    """One village or many, a line each."""

    names = forms.CharField(
        label=_("Tên thôn, xóm, tổ dân phố"),
        help_text=_("Mỗi dòng một tên; dán cả danh sách cũng được. Tên đã có thì giữ nguyên."),
        max_length=NAMES_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("Dòng chỉ có tên thì coi là"),
        help_text=_("Dòng “Bản Gun” là bản; dòng “5” thì theo mục này."),
        choices=Village.Kind.choices,
        error_messages=CHOOSE,
    )


class RenameForm(AskingForm):
    """Another name of a village."""

    kind = forms.ChoiceField(label=_("Gọi là"), choices=Village.Kind.choices, error_messages=CHOOSE)
    name = forms.CharField(label=_("Tên"), max_length=LINE_CHARACTERS_MAX, error_messages=REQUIRED)


class MergeForm(AskingForm):
    """The village into which another one goes."""

    into = forms.ChoiceField(label=_("Gộp vào"), error_messages=CHOOSE)

    def __init__(self, *args: Any, villages: Sequence[Village], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self.fields["into"], [("", _("Chọn thôn, xóm")), *((row.pk, row.label) for row in villages)])


class ShopVillageForm(AskingForm):
    """In which village a shop is."""

    def __init__(
        self, data: QueryDict | None = None, *, villages: Sequence[Village], chosen: int | None = None
    ) -> None:
        super().__init__(data, initial={"village": str(chosen or "")})
        put_village_field(self, villages)


def put_village_field(form: forms.Form, villages: Sequence[Village], *, with_commune: bool = False) -> None:
    """Give a form the choice of a village, which may be left open; none where the commune has no list."""
    if not villages:
        return
    field = forms.ChoiceField(label=_("Thôn, xóm, tổ dân phố"), required=False, error_messages=CHOOSE)
    named = [(str(row.pk), f"{row.label}, {row.commune.name}" if with_commune else row.label) for row in villages]
    set_choices(field, [("", _("Chưa chọn")), *named])
    form.fields["village"] = field
