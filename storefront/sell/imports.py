"""Files of goods that a shop brings: the form, and what its pages show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.imports.layouts import NAMES
from catalog.imports.plans import Action, Step
from catalog.imports.reading import Defaults
from catalog.models import GoodsImport
from catalog.services.importing import steps_of
from catalog.values import UNIT_CHARACTERS_MAX
from storefront.fields import CHOOSE
from storefront.sell.fields import file_field
from storefront.sell.goods import set_choices_by_group
from storefront.settling import AskingForm

STEPS_A_PAGE: Final = 20
Look = tuple[str, str, str | Promise]
"""Tone, sign and words."""
PLANNED: Final[dict[str, Look]] = {
    Action.ADD: ("leaf", "add", _("Thêm mới")),
    Action.CHANGE: ("amber", "edit", _("Sửa giá, số lượng")),
    Action.SKIP: ("muted", "check", _("Giữ nguyên")),
    Action.ERROR: ("lacquer", "warning", _("Có lỗi")),
}
STATES: Final[dict[str, Look]] = {
    GoodsImport.State.DRAFT: ("amber", "wait", _("Chưa nhập")),
    GoodsImport.State.RUNNING: ("amber", "wait", _("Đang nhập")),
    GoodsImport.State.DONE: ("leaf", "done", _("Đã nhập")),
}


class ImportForm(AskingForm):
    """A file of goods, and what holds for rows that do not say it."""

    content = file_field(
        _("Tệp hàng"),
        help_text=_("Excel (.xlsx) hoặc CSV, tối đa 10 MB, 2.000 dòng."),
        required=_("Bạn chọn tệp hàng giúp."),
        accept=".xlsx,.csv,.txt",
    )
    ocop_set = forms.TypedChoiceField(
        label=_("Nhóm hàng, nếu tệp không ghi"),
        choices=set_choices_by_group,
        coerce=int,
        empty_value=None,
        required=False,
        error_messages=CHOOSE,
    )
    unit = forms.CharField(
        label=_("Bán theo, nếu tệp không ghi"),
        help_text=_("Ví dụ: gói, hũ, kg."),
        required=False,
        max_length=UNIT_CHARACTERS_MAX,
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
    )

    @property
    def defaults(self) -> Defaults:
        """What holds where the file says nothing."""
        return Defaults(self.cleaned_data.get("ocop_set"), self.cleaned_data.get("unit", ""))


@dataclass(frozen=True)
class ImportShown:
    """A file in the list, or at the head of its page."""

    file: GoodsImport

    @property
    def badge(self) -> Look:
        """Tone, sign and words of its state."""
        return STATES[self.file.state]

    @property
    def layout(self) -> str | Promise:
        """Whose file it is."""
        return NAMES.get(self.file.layout, "")  # type: ignore[call-overload,no-any-return]  # a kept text stands for the enum


@dataclass(frozen=True)
class StepShown:
    """One product of a file as the page shows it."""

    step: Step

    @property
    def look(self) -> Look:
        """Tone, sign and words of what is done with it."""
        return PLANNED[self.step.action]


@dataclass(frozen=True)
class Tile:
    """How many products go one way."""

    label: str | Promise
    count: int


def steps_shown(found: GoodsImport, *, page: int) -> tuple[list[StepShown], list[Tile], int]:
    """A page of the steps, those with mistakes in front; the count of each way; and how many pages there are."""
    steps = steps_of(found)
    steps.sort(key=lambda step: step.action != Action.ERROR)
    tiles = [Tile(look[2], sum(step.action == action for step in steps)) for action, look in PLANNED.items()]
    pages = max(1, -(-len(steps) // STEPS_A_PAGE))
    start = (min(page, pages) - 1) * STEPS_A_PAGE
    return [StepShown(step) for step in steps[start : start + STEPS_A_PAGE]], tiles, pages
