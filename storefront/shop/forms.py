"""The shoppers' forms: they read what was typed; what it may be, the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from marketplace.core.phone import PHONE_TEXT_CHARACTERS_MAX
from marketplace.orders.models import LINE_QUANTITY_MAX, Complaint
from marketplace.orders.services.addresses import AddressInput
from marketplace.orders.services.checkouts import NOTE_CHARACTERS_MAX
from marketplace.orders.services.promo_codes import TYPED_CHARACTERS_MAX
from marketplace.people.services import NAME_CHARACTERS_MAX
from marketplace.places.selectors import communes_of, list_provinces
from storefront.complaints import picture_field, words_field
from storefront.fields import CHOOSE, REQUIRED
from storefront.sell.fields import set_choices
from storefront.settling import AskingForm
from storefront.shop.desks import HOME, Desk

ID_MAX = 2**63 - 1
STREET_CHARACTERS_MAX = 200
QUANTITY_ERRORS = {
    "required": _("Bạn ghi số lượng giúp."),
    "invalid": _("Số lượng là một số, ví dụ 2."),
    "min_value": _("Số lượng từ 1 trở lên."),
    "max_value": _("Nhiều nhất %(limit_value)s cho một lần."),
}
PICK_AGAIN = dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("Bạn chọn lại mục này giúp."))


def quantity_field(*, least: int) -> forms.IntegerField:
    """How many: whole numbers only, with a number keypad on phones."""
    return forms.IntegerField(
        label=_("Số lượng"),
        min_value=least,
        max_value=LINE_QUANTITY_MAX,
        initial=1,
        error_messages=QUANTITY_ERRORS,
        widget=forms.TextInput(
            attrs={"class": "short", "inputmode": "numeric", "autocomplete": "off", "maxlength": "4"}
        ),
    )


class BuyForm(forms.Form):
    """Which kind of a product, and how many."""

    variant = forms.IntegerField(
        label=_("Chọn loại"),
        min_value=1,
        max_value=ID_MAX,
        error_messages=PICK_AGAIN,
    )
    quantity = quantity_field(least=1)


class LineForm(forms.Form):
    """A new quantity for a line of the basket, typed or by a button; 0 takes the line out."""

    checkout = forms.UUIDField(label=_("Gian hàng"), error_messages=PICK_AGAIN)
    variant = forms.IntegerField(label=_("Món"), min_value=1, max_value=ID_MAX, error_messages=PICK_AGAIN)
    quantity = quantity_field(least=0)

    @classmethod
    def of(cls, posted: QueryDict) -> LineForm:
        """The form as posted; the button that takes a line out says 0, those for one more or less how many."""
        given = posted.copy()
        if "remove" in given:
            given["quantity"] = "0"
        elif "step" in given:
            given["quantity"] = str(given["step"])
        return cls(given)


class PromoCodeForm(AskingForm):
    """The code of a voucher, as it was told or printed. The basket writes its field once a shop."""

    promo_code = forms.CharField(
        label=_("Mã giảm giá"),
        max_length=TYPED_CHARACTERS_MAX,
        error_messages={
            "required": _("Bạn ghi mã giảm giá giúp."),
            "max_length": _("Mã giảm giá không dài như vậy."),
        },
    )


class AgeForm(forms.Form):
    """An adult says so; never ticked beforehand."""

    adult = forms.BooleanField(
        label=_("Tôi đã đủ 18 tuổi"),
        error_messages={"required": _("Bạn đánh dấu vào ô này nếu bạn đã đủ 18 tuổi.")},
    )


class FindOrderForm(forms.Form):
    """An order's number and the phone it was placed with."""

    number = forms.CharField(
        label=_("Số đơn"),
        max_length=20,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Số điện thoại lúc đặt hàng"),
        max_length=32,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )


class ComplaintForm(AskingForm):
    """What is wrong with an order."""

    kind = forms.ChoiceField(
        label=_("Bạn gặp việc gì?"),
        choices=Complaint.Kind.choices,
        error_messages=CHOOSE,
        widget=forms.RadioSelect,
    )
    text = words_field(_("Bạn kể lại, càng rõ càng tốt"))
    photo = picture_field()


class AddressForm(AskingForm):
    """An address to keep: who is called at the door, and where it is."""

    name = forms.CharField(
        label=_("Tên người nhận"),
        required=False,
        max_length=NAME_CHARACTERS_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Số điện thoại"),
        max_length=PHONE_TEXT_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    province = forms.ChoiceField(label=_("Tỉnh, thành phố"), error_messages=CHOOSE)
    commune = forms.ChoiceField(label=_("Xã, phường, đặc khu"), error_messages=CHOOSE)
    street = forms.CharField(
        label=_("Số nhà, đường, thôn, xóm"),
        max_length=STREET_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )

    def __init__(self, *args: Any, province_code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provinces = [(row.code, row.short_name) for row in list_provinces()]
        communes = [(row.code, row.name) for row in communes_of(province_code)]
        set_choices(self.fields["province"], [("", _("Chọn tỉnh, thành phố")), *provinces])
        set_choices(self.fields["commune"], [("", _("Chọn xã, phường")), *communes])


class CheckoutForm(forms.Form):
    """How to reach the buyer and where the goods go: one page, also without JavaScript.

    `delivery` is `home` or the id of a place of the shop where goods are fetched.
    """

    phone = forms.CharField(
        label=_("Số điện thoại"),
        help_text=_("Để người bán gọi khi giao hàng. Không cần đăng ký."),
        max_length=PHONE_TEXT_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    name = forms.CharField(
        label=_("Tên người nhận"),
        required=False,
        max_length=NAME_CHARACTERS_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    delivery = forms.ChoiceField(label=_("Nhận hàng thế nào?"), error_messages=CHOOSE)
    province = forms.ChoiceField(label=_("Tỉnh, thành phố"), error_messages=CHOOSE)
    commune = forms.ChoiceField(label=_("Xã, phường, đặc khu"), error_messages=CHOOSE)
    street = forms.CharField(
        label=_("Số nhà, đường, thôn, xóm"),
        max_length=STREET_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    note = forms.CharField(
        label=_("Nhắn người bán"),
        required=False,
        max_length=NOTE_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    keep_address = forms.BooleanField(label=_("Lưu địa chỉ này cho lần sau"), required=False)
    agreed_vnd = forms.IntegerField(required=False, min_value=0, max_value=ID_MAX)

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pick_ups = [(str(place.pk), place.name) for place in desk.pick_ups]
        home = [(HOME, _("Giao tận nhà"))] if desk.rates else []
        choices: dict[str, list[tuple[str, Any]]] = {
            "delivery": home + pick_ups,
            "province": [("", _("Chọn tỉnh, thành phố")), *((row.code, row.short_name) for row in desk.provinces)],
            "commune": [("", _("Chọn xã, phường")), *((row.code, row.name) for row in desk.communes)],
        }
        for name, rows in choices.items():
            set_choices(self.fields[name], rows)
        if self.is_bound and self.data.get("delivery") != HOME:
            for name in ("province", "commune", "street"):
                self.fields[name].required = False

    @property
    def pick_up_at(self) -> int | None:
        """The place where the goods are fetched; None when they are sent."""
        chosen = self.cleaned_data["delivery"]
        return None if chosen == HOME else int(chosen)

    @property
    def address(self) -> AddressInput | None:
        """Where the goods are sent; None when they are fetched."""
        given = self.cleaned_data
        if given["delivery"] != HOME:
            return None
        return AddressInput(last_name=given["name"], street_address_1=given["street"], commune_code=given["commune"])
