"""Fields that sellers type into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from catalog.photos import PHOTO_BYTES_MAX
from catalog.values import STOCK_QUANTITY_MAX
from marketplace.core.errors import MarketError
from marketplace.core.money import AMOUNT_TEXT_CHARACTERS_MAX, in_groups, parse_vnd
from storefront.fields import REQUIRED

FILE_NAME_CHARACTERS_MAX = 200
NUMBER = {"class": "short", "inputmode": "numeric", "autocomplete": "off"}


class VndField(forms.CharField):
    """An amount as people type it: 125000, 125.000, 125k, 1tr2."""

    def __init__(self, **kwargs: Any) -> None:
        shape = forms.TextInput(attrs={"class": "short", "autocomplete": "off", "autocapitalize": "none"})
        given: dict[str, Any] = {"error_messages": REQUIRED, "widget": shape} | kwargs
        super().__init__(max_length=AMOUNT_TEXT_CHARACTERS_MAX, **given)

    def prepare_value(self, value: Any) -> Any:
        """A known amount in groups of three, as people write it; what was typed stays as it was."""
        return in_groups(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        """The whole đồng."""
        text = super().clean(value)
        try:
            return parse_vnd(text) if text else None
        except MarketError as error:
            raise ValidationError(str(error)) from error


def stock_field() -> forms.IntegerField:
    """How many there are."""
    errors = dict.fromkeys(("invalid", "min_value", "max_value"), _("Số lượng là số nguyên từ 0 đến 1.000.000."))
    return forms.IntegerField(
        label=_("Số lượng còn"),
        min_value=0,
        max_value=STOCK_QUANTITY_MAX,
        error_messages=REQUIRED | errors,
        widget=forms.TextInput(attrs=NUMBER | {"maxlength": "7"}),
    )


def photo_field(*, camera: bool, required: bool, label: Any = None) -> forms.FileField:
    """A photo, out of the camera or out of those that are on the phone. What it is, the service finds out."""
    shape = {"accept": "image/*", "capture": "environment"} if camera else {"accept": "image/*"}
    return forms.FileField(
        label=label or (_("Chụp ảnh sản phẩm") if camera else _("Hoặc chọn ảnh có sẵn trong máy")),
        required=required,
        error_messages={
            "required": _("Bạn chụp hoặc chọn một ảnh giúp."),
            "invalid": _("Bạn chọn lại ảnh giúp."),
            "empty": _("Tệp ảnh này trống. Bạn chọn ảnh khác giúp."),
            "max_length": _("Tên tệp ảnh dài quá. Bạn đổi tên ngắn hơn giúp."),
        },
        max_length=FILE_NAME_CHARACTERS_MAX,
        widget=forms.FileInput(attrs=shape),
    )


def photo_bytes(given: Mapping[str, Any]) -> bytes | None:
    """The photo that a form carries, read from its start no further than one may be long; None without one."""
    upload = given.get("photo") or given.get("stored_photo")
    if not isinstance(upload, UploadedFile):
        return None
    upload.seek(0)  # a form that was refused may have read it already
    content: bytes = upload.read(PHOTO_BYTES_MAX + 1)
    return content


def photos_of(given: dict[str, Any], stored: Sequence[object]) -> list[bytes]:
    """The photos that a form carries: the camera's, then those out of the phone in their order."""
    uploads = [given.get("photo"), *(stored or [given.get("stored_photo")])]
    return [one.read(PHOTO_BYTES_MAX + 1) for one in uploads if isinstance(one, UploadedFile)]


def file_field(label: Any, *, help_text: Any, required: Any, accept: str) -> forms.FileField:
    """A file of rows; `required` says what is missing without one. What it is, the service finds out."""
    return forms.FileField(
        label=label,
        help_text=help_text,
        max_length=FILE_NAME_CHARACTERS_MAX,
        error_messages={
            "required": required,
            "invalid": _("Bạn chọn lại tệp giúp."),
            "empty": _("Tệp này trống."),
            "max_length": _("Tên tệp dài quá. Bạn đổi tên ngắn hơn giúp."),
        },
        widget=forms.FileInput(attrs={"accept": accept}),
    )


def file_bytes(given: dict[str, Any], *, bytes_max: int) -> bytes:
    """The file that a form carries as `content`, read one byte further than it may be long."""
    upload = given["content"]
    return upload.read(bytes_max + 1) if isinstance(upload, UploadedFile) else b""


def set_choices(field: forms.Field, choices: Any) -> None:
    """Give a choice field its choices."""
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
