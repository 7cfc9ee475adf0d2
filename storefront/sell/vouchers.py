"""The form of a voucher's terms: a value as people type it, days, limits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core.clock import vietnam_date
from marketplace.core.errors import MarketError
from marketplace.core.money import AMOUNT_TEXT_CHARACTERS_MAX, in_groups, parse_vnd
from marketplace.orders.models import VOUCHER_CODE_CHARACTERS_MAX, VOUCHER_NAME_CHARACTERS_MAX, Voucher
from marketplace.orders.services.vouchers import USAGE_LIMIT_MAX, VoucherTerms
from storefront.fields import CHOOSE, REQUIRED
from storefront.sell.fields import NUMBER, VndField
from storefront.sell.shop_forms import day_field
from storefront.settling import AskingForm

PERCENT_SIGNS = " %"


class VoucherForm(AskingForm):
    """What a voucher gives, when and how often; the fields are named as the service's terms are."""

    name = forms.CharField(
        label=_("Tên phiếu"),
        help_text=_("Ví dụ: Mừng khai trương, Khách quen."),
        max_length=VOUCHER_NAME_CHARACTERS_MAX,
        error_messages=REQUIRED,
    )
    discount_value_type = forms.ChoiceField(
        label=_("Giảm thế nào?"),
        choices=Voucher.ValueType.choices,
        error_messages=CHOOSE,
        widget=forms.RadioSelect,
        initial=Voucher.ValueType.PERCENTAGE,
    )
    discount_value = forms.CharField(
        label=_("Giảm bao nhiêu?"),
        help_text=_("Số tiền như 20k, hoặc phần trăm như 10. Khách luôn còn trả ít nhất 1.000\u00a0₫ tiền hàng."),
        max_length=AMOUNT_TEXT_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off", "autocapitalize": "none"}),
    )
    min_spent_vnd = VndField(
        label=_("Tiền hàng từ bao nhiêu mới được giảm?"),
        required=False,
        help_text=_("Để trống là đơn nào cũng được."),
    )
    first_day = day_field(_("Dùng từ ngày"))
    last_day = day_field(_("Đến hết ngày"), help_text=_("Để trống là đến khi bạn kết thúc."))
    usage_limit = forms.IntegerField(
        label=_("Dùng được bao nhiêu lượt?"),
        help_text=_("Mỗi đơn một lượt. Để trống là không giới hạn."),
        required=False,
        min_value=1,
        max_value=USAGE_LIMIT_MAX,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Số lượt từ 1 đến 1.000.000.")),
        widget=forms.TextInput(attrs=NUMBER | {"maxlength": "7"}),
    )
    apply_once_per_customer = forms.BooleanField(label=_("Mỗi số điện thoại chỉ dùng một lần"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_day"].required = True
        self.fields["first_day"].error_messages.update(REQUIRED)

    def clean(self) -> dict[str, Any]:
        """The value as a number: of đồng, or of per cent."""
        given: dict[str, Any] = super().clean() or {}
        text, kind = given.get("discount_value"), given.get("discount_value_type")
        if text and kind:
            try:
                given["discount_value"] = _percent(text) if kind == Voucher.ValueType.PERCENTAGE else parse_vnd(text)
            except MarketError as error:
                self.add_error("discount_value", str(error))
        return given


class NewVoucherForm(VoucherForm):
    """The same with the code, which stays as it is once it is printed."""

    code = forms.CharField(
        label=_("Mã khách nhập"),
        help_text=_("Chữ, số, dấu gạch, như TET-2027. Về sau không đổi được mã."),
        max_length=2 * VOUCHER_CODE_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    field_order = ("code",)


def _percent(text: str) -> int:
    """The whole number of per cent; 0, which no voucher gives, for anything else."""
    digits = text.strip(PERCENT_SIGNS)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= len("100") else 0


def terms_of(given: dict[str, Any]) -> VoucherTerms:
    """The terms that a form in order says."""
    return VoucherTerms(
        name=given["name"],
        discount_value_type=given["discount_value_type"],
        discount_value=given["discount_value"],
        first_day=given["first_day"],
        last_day=given["last_day"],
        min_spent_vnd=given["min_spent_vnd"] or 0,
        usage_limit=given["usage_limit"],
        apply_once_per_customer=given["apply_once_per_customer"],
    )


def known_terms(voucher: Voucher) -> dict[str, Any]:
    """What the form of a voucher begins with."""
    is_percentage = voucher.discount_value_type == Voucher.ValueType.PERCENTAGE
    value = voucher.discount_value
    until = voucher.end_date
    return {
        "name": voucher.name,
        "discount_value_type": voucher.discount_value_type,
        "discount_value": str(value) if is_percentage else in_groups(value),
        "min_spent_vnd": voucher.min_spent_vnd or None,
        "first_day": vietnam_date(voucher.start_date),
        "last_day": None if until is None else vietnam_date(until - timedelta(seconds=1)),
        "usage_limit": voucher.usage_limit,
        "apply_once_per_customer": voucher.apply_once_per_customer,
    }
