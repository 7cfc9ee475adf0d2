"""The forms of a shop's hours, papers and people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from marketplace.people.sign_in import LOGIN_CHARACTERS_MAX
from storefront.fields import CHOOSE, REQUIRED
from storefront.papers import papers_field
from storefront.settling import AskingForm
from storefront.templatetags.hours import WEEKDAYS
from vendors.documents import ISSUER_CHARACTERS_MAX, NUMBER_CHARACTERS_MAX
from vendors.models import Membership, OpeningHours, ShopDocument
from vendors.opening_hours import NOTE_CHARACTERS_MAX, weekdays_off

ROLES = [
    (Membership.RoleInShop.SELLER.value, _("Người bán")),
    (Membership.RoleInShop.OWNER.value, _("Chủ gian hàng")),
]


def time_field(label: Any, *, required: bool) -> forms.TimeField:
    """An hour of the day: 6:00, 06:00; browsers show a clock."""
    return forms.TimeField(
        label=label,
        required=required,
        error_messages=REQUIRED | {"invalid": _("Giờ ghi như 06:30. Bạn ghi lại giúp.")},
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "short"}),
    )


def day_field(label: Any, *, help_text: Any = "") -> forms.DateField:
    """A day that need not be known."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": _("Ngày ghi như 22/11/2026. Bạn ghi lại giúp.")},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class HoursForm(AskingForm):
    """When the shop is open."""

    opens = time_field(_("Mở cửa"), required=True)
    closes = time_field(_("Đóng cửa"), required=True)
    rests_from = time_field(_("Nghỉ trưa từ"), required=False)
    rests_until = time_field(_("Mở lại lúc"), required=False)
    days_off = forms.TypedMultipleChoiceField(
        label=_("Nghỉ vào các ngày"),
        coerce=int,
        choices=list(enumerate(WEEKDAYS)),
        required=False,
        error_messages={"invalid_choice": _("Bạn chọn lại mục này giúp.")},
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label=_("Ghi chú cho khách"),
        help_text=_("Ví dụ: chợ phiên ngày 2 và 7 âm lịch, gọi trước khi đến."),
        required=False,
        max_length=NOTE_CHARACTERS_MAX,
    )
    closed_until = day_field(
        _("Đang nghỉ đến hết ngày"), help_text=_("Nghỉ Tết, nghỉ việc nhà. Để trống là không nghỉ.")
    )

    def __init__(self, data: QueryDict | None, *, known: OpeningHours | None) -> None:
        super().__init__(data, initial=_known_hours(known) if known is not None else None)


def _known_hours(hours: OpeningHours) -> dict[str, Any]:
    names = ("opens", "closes", "rests_from", "rests_until", "note", "closed_until")
    return {name: getattr(hours, name) for name in names} | {"days_off": weekdays_off(hours)}


class DocumentForm(AskingForm):
    """A paper of the shop's and its days."""

    kind = forms.ChoiceField(label=_("Loại giấy tờ"), choices=ShopDocument.Kind.choices, error_messages=CHOOSE)
    number = forms.CharField(label=_("Số giấy"), max_length=NUMBER_CHARACTERS_MAX, error_messages=REQUIRED)
    issuer = forms.CharField(label=_("Nơi cấp"), required=False, max_length=ISSUER_CHARACTERS_MAX)
    issued_on = day_field(_("Ngày cấp"))
    expires_on = day_field(_("Ngày hết hạn"), help_text=_("Chợ nhắc trước 30 ngày. Không có hạn thì để trống."))

    papers = papers_field()

    def __init__(
        self,
        data: QueryDict | None,
        files: MultiValueDict[str, Any] | None = None,
        *,
        known: ShopDocument | None = None,
    ) -> None:
        names = ("kind", "number", "issuer", "issued_on", "expires_on")
        initial = {name: getattr(known, name) for name in names} if known is not None else None
        super().__init__(data, files, initial=initial)


class MemberForm(AskingForm):
    """Who is taken into the shop, and as what."""

    login = forms.CharField(
        label=_("Số điện thoại hoặc thư điện tử"),
        help_text=_("Số mà người đó dùng để đăng nhập chợ."),
        max_length=LOGIN_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(
        label=_("Cho làm"), choices=ROLES, initial=ROLES[0][0], error_messages=CHOOSE, widget=forms.RadioSelect
    )
