"""Opening a shop and saying where its money goes: the forms, and each asked of its service once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from marketplace.core.phone import PHONE_TEXT_CHARACTERS_MAX, format_phone
from marketplace.core.requests_once import once
from marketplace.people.models import User
from marketplace.places.models import Commune, Province, Village
from marketplace.places.selectors import get_commune
from storefront.commune.village_forms import put_village_field
from storefront.fields import CHOOSE, REQUIRED
from storefront.sell.fields import set_choices
from storefront.settling import AskingForm
from storefront.templatetags.shop import VENDOR_KINDS
from vendors.access import actor_of
from vendors.banks import ACCOUNT_CHARACTERS_MAX, all_banks
from vendors.models import MEMO_PREFIX_CHARACTERS_MAX, Vendor
from vendors.services import (
    ADDRESS_CHARACTERS_MAX,
    LICENCE_CHARACTERS_MAX,
    NAME_CHARACTERS_MAX,
    REGISTRATION_CHARACTERS_MAX,
    STALL_CHARACTERS_MAX,
    STORY_CHARACTERS_MAX,
    register_vendor,
)

ACCOUNT_NAME_CHARACTERS_MAX = 60
TYPED_SPACES_MAX = 10
"""People type an account number in groups."""


class ShopForm(AskingForm):
    """What a shop says of itself."""

    name = forms.CharField(
        label=_("Tên gian hàng"),
        help_text=_("Ví dụ: Hộ Nông Thị Lan, Hợp tác xã Tân Việt Á."),
        max_length=NAME_CHARACTERS_MAX,
        error_messages=REQUIRED,
    )
    phone = forms.CharField(
        label=_("Số điện thoại của gian hàng"),
        help_text=_("Khách gọi số này khi cần hỏi hàng."),
        max_length=PHONE_TEXT_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    address_line = forms.CharField(
        label=_("Số nhà, đường, thôn, xóm"), required=False, max_length=ADDRESS_CHARACTERS_MAX
    )
    registration_number = forms.CharField(
        label=_("Mã số thuế hoặc số đăng ký kinh doanh"), required=False, max_length=REGISTRATION_CHARACTERS_MAX
    )
    alcohol_licence_number = forms.CharField(
        label=_("Số giấy phép bán rượu"),
        help_text=_("Chỉ cần khi bạn bán rượu, bia."),
        required=False,
        max_length=LICENCE_CHARACTERS_MAX,
    )
    story = forms.CharField(
        label=_("Giới thiệu gian hàng"),
        required=False,
        max_length=STORY_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class OpenShopForm(ShopForm):
    """Who opens a shop, and where."""

    kind = forms.ChoiceField(
        label=_("Bạn bán hàng là"),
        choices=list(VENDOR_KINDS.items()),
        error_messages=CHOOSE,
        widget=forms.RadioSelect,
    )
    province = forms.ChoiceField(label=_("Tỉnh, thành phố"), error_messages=CHOOSE)
    commune = forms.ChoiceField(label=_("Xã, phường, đặc khu"), error_messages=CHOOSE)

    def __init__(
        self,
        *args: Any,
        provinces: Sequence[Province],
        communes: Sequence[Commune],
        villages: Sequence[Village] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        put_village_field(self, villages)
        self.order_fields(["name", "kind", "phone", "province", "commune"])
        named = [(row.code, row.short_name) for row in provinces]
        set_choices(self.fields["province"], [("", _("Chọn tỉnh, thành phố")), *named])
        rows = [(row.code, row.name) for row in communes]
        set_choices(self.fields["commune"], [("", _("Chọn xã, phường")), *rows])


class ChangeShopForm(ShopForm):
    """What a shop says of itself, filled in as it is known; the stall only of a shop in a market."""

    stall_label = forms.CharField(label=_("Số sạp"), required=False, max_length=STALL_CHARACTERS_MAX)

    def __init__(self, data: QueryDict | None, *, vendor: Vendor, villages: Sequence[Village] = ()) -> None:
        known = {name: getattr(vendor, name) for name in self.base_fields}
        known |= {"phone": format_phone(vendor.phone), "village": str(vendor.village_id or "")}
        super().__init__(data, initial=known)
        put_village_field(self, villages)
        self.fields["name"].help_text = self.fields["registration_number"].help_text = (
            _("Đổi mục này thì xã phải xác minh lại, trong lúc chờ gian hàng ngừng bán.") if vendor.may_sell else ""
        )
        self.fields["alcohol_licence_number"].help_text = _(
            "Đổi số này thì rượu, bia đang bán phải gửi xã duyệt lại."
        )
        if vendor.market_site_id is None:
            del self.fields["stall_label"]


class AccountForm(AskingForm):
    """The bank account that shoppers pay into."""

    bin = forms.ChoiceField(label=_("Ngân hàng"), error_messages=CHOOSE)
    account_number = forms.CharField(
        label=_("Số tài khoản"),
        max_length=ACCOUNT_CHARACTERS_MAX + TYPED_SPACES_MAX,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    account_name = forms.CharField(
        label=_("Tên chủ tài khoản"),
        help_text=_("Viết như trên ứng dụng ngân hàng, có dấu hay không đều được."),
        max_length=ACCOUNT_NAME_CHARACTERS_MAX,
        error_messages=REQUIRED,
    )
    memo_prefix = forms.CharField(
        label=_("Chữ đứng trước mã đơn"),
        help_text=_("Chỉ điền khi ngân hàng của bạn yêu cầu, ví dụ SEVQR."),
        required=False,
        max_length=MEMO_PREFIX_CHARACTERS_MAX,
        widget=forms.TextInput(attrs={"class": "short", "autocapitalize": "characters", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        banks = sorted(all_banks(), key=lambda bank: bank.short_name.lower())
        set_choices(self.fields["bin"], [("", _("Chọn ngân hàng")), *((bank.bin, bank.label) for bank in banks)])


def open_shop(*, user: User, given: dict[str, Any], client_id: uuid.UUID | None, now: datetime) -> Vendor:
    """Open a person's own shop, once for each form. Raises what `register_vendor` raises."""
    wanted = {name: value for name, value in given.items() if name not in {"province", "commune"}}
    commune = get_commune(given["commune"])

    def work() -> str:
        return str(register_vendor(actor=actor_of(user), owner=user, commune=commune, now=now, **wanted).pk)

    owner = f"user:{user.pk}"
    answer = once(work, action="sell.open_shop", owner=owner, client_id=client_id, asked=given, now=now)
    return Vendor.objects.get(pk=int(answer))
