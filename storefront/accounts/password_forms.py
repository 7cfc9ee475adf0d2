"""The forms of forgotten and of changed passwords."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.people.models import PasswordReset
from marketplace.people.sign_in import LOGIN_CHARACTERS_MAX, PASSWORD_CHARACTERS_MAX
from storefront.fields import CHOOSE, REQUIRED
from storefront.settling import AskingForm

CODE_CHARACTERS_MAX = 20


def login_field(**more: Any) -> forms.CharField:
    """A phone number or an e-mail address."""
    return forms.CharField(
        label=_("Số điện thoại hoặc thư điện tử"),
        max_length=LOGIN_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", **more}),
    )


def new_password_field() -> forms.CharField:
    """A password that is to be."""
    return forms.CharField(
        label=_("Mật khẩu mới"),
        help_text=_("Ít nhất 8 chữ hoặc số, khó đoán. Không dùng lại mật khẩu ngân hàng."),
        max_length=PASSWORD_CHARACTERS_MAX,
        strip=False,
        error_messages=REQUIRED,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class ForgotForm(AskingForm):
    """Who forgot the password."""

    login = login_field(autocomplete="username")


class NewPasswordForm(AskingForm):
    """The new password, by a link."""

    password = new_password_field()


class CodeForm(AskingForm):
    """The new password, by the code that staff gave."""

    login = login_field(autocomplete="username")
    code = forms.CharField(
        label=_("Mã cán bộ đưa"),
        help_text=_("8 chữ số."),
        max_length=CODE_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
    password = new_password_field()


class ChangeForm(AskingForm):
    """The present password and the new one."""

    old = forms.CharField(
        label=_("Mật khẩu hiện nay"),
        max_length=PASSWORD_CHARACTERS_MAX,
        strip=False,
        error_messages=REQUIRED,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = new_password_field()


class HelpForm(AskingForm):
    """Whom staff help, and how they made sure of them."""

    login = login_field(autocomplete="off")
    checked = forms.ChoiceField(
        label=_("Bạn đã kiểm tra thế nào?"),
        choices=PasswordReset.Checked.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
