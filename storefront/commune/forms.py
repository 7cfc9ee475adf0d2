"""The officer's forms: a reason to send something back, what was seen when it was let through, a visit, targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from catalog.values import REASON_CHARACTERS_MAX
from marketplace.core.phone import PHONE_TEXT_CHARACTERS_MAX
from marketplace.people.services import NAME_CHARACTERS_MAX
from marketplace.places.models import Commune, MarketSite, Village
from marketplace.reporting.models import DOCUMENT_CHARACTERS_MAX, CommuneTarget
from storefront.commune.village_forms import put_village_field
from storefront.fields import CHOOSE, REQUIRED
from storefront.sell.fields import VndField, set_choices
from storefront.sell.opening import ACCOUNT_NAME_CHARACTERS_MAX
from storefront.sell.stands import SCANNED_CHARACTERS_MAX
from storefront.settling import AskingForm
from storefront.templatetags.shop import VENDOR_KINDS
from vendors.services import (
    ADDRESS_CHARACTERS_MAX,
    LICENCE_CHARACTERS_MAX,
    REGISTRATION_CHARACTERS_MAX,
    STALL_CHARACTERS_MAX,
)
from vendors.services import NAME_CHARACTERS_MAX as SHOP_NAME_CHARACTERS_MAX

GENERATION_MAX = 2**63 - 1


class ReasonForm(AskingForm):
    """Why something is sent back, in words its owner can act on: one of the usual sentences, own words, or both."""

    USUAL: ClassVar[Sequence[str | Promise]] = ()

    usual = forms.ChoiceField(label=_("Cần sửa gì?"), required=False, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Viết thêm, hoặc lý do khác"),
        help_text=_("Bà con đọc câu này rồi làm theo, nên viết rõ và nhẹ nhàng."),
        max_length=REASON_CHARACTERS_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self.fields["usual"], [(str(number), words) for number, words in enumerate(self.USUAL)])
        self.fields["usual"].error_messages |= CHOOSE

    def clean(self) -> dict[str, Any]:
        """The sentence and the own words as one reason."""
        given = super().clean() or self.cleaned_data
        chosen = given.pop("usual", "")
        with override("vi"):  # kept for its owner, as what people write is: not in the officer's language
            words = [str(self.USUAL[int(chosen)])] if chosen else []
        reason = " ".join([*words, given.get("reason", "")]).strip()
        if not reason and not self.errors:
            self.add_error("reason", REQUIRED["required"])
        return given | {"reason": reason}


class ShopReasonForm(ReasonForm):
    """Why a shop is sent back."""

    USUAL = (
        _("Tên chủ gian hàng chưa khớp căn cước. Bạn sửa lại đúng như trên căn cước."),
        _("Số đăng ký kinh doanh hoặc mã số thuế chưa đúng. Bạn xem lại giấy rồi nhập lại."),
        _("Địa chỉ chưa rõ. Bạn ghi thêm thôn, xóm hoặc số sạp."),
        _("Bạn mang căn cước đến bộ phận một cửa của xã để cán bộ xem."),
    )


class ProductReasonForm(ReasonForm):
    """Why a listing is sent back."""

    USUAL = (
        _("Ảnh mờ hoặc tối. Bạn chụp lại sản phẩm ở chỗ sáng."),
        _("Giá hoặc đơn vị chưa đúng. Bạn ghi rõ giá cho một hũ, một gói hay một cân."),
        _("Bạn ghi thêm cách giữ và hạn dùng."),
        _("Lời giới thiệu nói quá, như chữa được bệnh. Bạn bỏ những câu đó."),
        _("Hàng này cần giấy an toàn thực phẩm. Bạn mang giấy đến xã."),
    )


class CertificateReasonForm(ReasonForm):
    """Why a certificate could not be confirmed."""

    USUAL = (
        _("Số quyết định không khớp với giấy. Bạn xem lại rồi khai lại."),
        _("Ngày cấp hoặc nơi cấp không khớp với giấy. Bạn khai lại theo giấy."),
        _("Giấy cấp cho sản phẩm khác. Bạn khai ở đúng sản phẩm."),
        _("Xã chưa thấy bản giấy. Bạn mang giấy đến hoặc chụp gửi lại."),
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


class VisitForm(AskingForm):
    """A shop and its owner, who stands before the officer."""

    owner_name = forms.CharField(
        label=_("Họ tên chủ gian hàng"),
        help_text=_("Như trên căn cước."),
        max_length=NAME_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    owner_phone = forms.CharField(
        label=_("Số điện thoại của chủ"),
        help_text=_("Sau này họ đăng nhập bằng số này."),
        max_length=PHONE_TEXT_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Tên gian hàng"),
        help_text=_("Ví dụ: Hộ Nông Thị Lan, Hợp tác xã Tân Việt Á."),
        max_length=SHOP_NAME_CHARACTERS_MAX,
        error_messages=REQUIRED,
    )
    kind = forms.ChoiceField(
        label=_("Loại gian hàng"),
        choices=list(VENDOR_KINDS.items()),
        error_messages=CHOOSE,
        widget=forms.RadioSelect,
        initial="household",
    )
    commune = forms.ChoiceField(label=_("Xã, phường, đặc khu"), error_messages=CHOOSE)
    address_line = forms.CharField(
        label=_("Số nhà, đường, thôn, xóm"), required=False, max_length=ADDRESS_CHARACTERS_MAX
    )
    market_site = forms.ChoiceField(label=_("Ở chợ nào?"), required=False, error_messages=CHOOSE)
    stall_label = forms.CharField(label=_("Số sạp"), required=False, max_length=STALL_CHARACTERS_MAX)
    registration_number = forms.CharField(
        label=_("Mã số thuế hoặc số đăng ký kinh doanh"), required=False, max_length=REGISTRATION_CHARACTERS_MAX
    )
    phone = forms.CharField(
        label=_("Số điện thoại của gian hàng, nếu khác số của chủ"),
        required=False,
        max_length=PHONE_TEXT_CHARACTERS_MAX,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    alcohol_licence_number = forms.CharField(
        label=_("Số giấy phép bán rượu"), required=False, max_length=LICENCE_CHARACTERS_MAX
    )

    def __init__(
        self,
        *args: Any,
        communes: Sequence[Commune],
        sites: Sequence[MarketSite],
        villages: Sequence[Village] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        put_village_field(self, villages, with_commune=len(communes) > 1)
        set_choices(self.fields["commune"], [(row.pk, row.label) for row in communes])
        named = [(row.slug, row.name) for row in sites]
        set_choices(self.fields["market_site"], [("", _("Không ở chợ nào")), *named])


class HelpForm(VisitForm):
    """A shop that an agent opens for a person who is known already, and whose phone the shop has unless said."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["owner_name"], self.fields["owner_phone"]


class ScannedForm(AskingForm):
    """The text of the owner's own bank code, and the holder's name where the shop has no account yet."""

    payload = forms.CharField(
        label=_("Nội dung mã QR ngân hàng"),
        help_text=_("Dãy chữ số bắt đầu bằng 000201, do máy quét mã hiện ra."),
        max_length=SCANNED_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )
    account_name = forms.CharField(
        label=_("Tên chủ tài khoản"),
        help_text=_("Như ứng dụng ngân hàng hiện ra."),
        max_length=ACCOUNT_NAME_CHARACTERS_MAX,
        error_messages=REQUIRED,
    )

    def __init__(self, *args: Any, has_account: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_account:
            del self.fields["account_name"]


class TargetsForm(AskingForm):
    """A commune's targets for a year; what is left empty has no target."""

    document = forms.CharField(
        label=_("Theo văn bản nào?"),
        help_text=_("Ví dụ: Kế hoạch 12/KH-UBND ngày 15/01/2026."),
        required=False,
        max_length=DOCUMENT_CHARACTERS_MAX,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in CommuneTarget.Indicator:
            self.fields[name.value] = VndField(label=name.label, required=False)
        self.order_fields([*CommuneTarget.Indicator.values, "document"])
