"""The forms of the second step at sign-in, and of staff who end it for somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.people.models import PasswordReset
from marketplace.people.sign_in import PASSWORD_CHARACTERS_MAX
from marketplace.people.totp import CODE_CHARACTERS_MAX
from storefront.accounts.password_forms import login_field
from storefront.fields import CHOOSE, REQUIRED
from storefront.settling import AskingForm

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def code_field(help_text: str | _StrPromise) -> forms.CharField:
    """A code, typed on the keypad of digits."""
    return forms.CharField(
        label=_("Mã 6 số trong ứng dụng"),
        help_text=help_text,
        max_length=CODE_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


def password_field() -> forms.CharField:
    """The password that the person has now."""
    return forms.CharField(
        label=_("Mật khẩu hiện nay"),
        max_length=PASSWORD_CHARACTERS_MAX,
        strip=False,
        error_messages=REQUIRED,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class FirstCodeForm(AskingForm):
    """The first code, which shows that the app has the secret, and the password."""

    code = code_field(_("Mã đổi sau mỗi 30 giây."))
    password = password_field()


class CodeForm(AskingForm):
    """A code of the app, or a recovery code."""

    code = code_field(_("Mất điện thoại thì nhập một mã dự phòng 12 số."))


class OffForm(CodeForm):
    """The password and a code."""

    password = password_field()


class LostPhoneForm(AskingForm):
    """Whose second step staff end, and how they made sure of them."""

    login = login_field(autocomplete="off")
    checked = forms.ChoiceField(
        label=_("Bạn đã kiểm tra thế nào?"),
        choices=PasswordReset.Checked.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
