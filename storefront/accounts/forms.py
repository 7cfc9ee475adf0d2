"""The forms of signing in and of registering."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.people.services import NAME_CHARACTERS_MAX
from marketplace.people.sign_in import LOGIN_CHARACTERS_MAX, PASSWORD_CHARACTERS_MAX
from storefront.fields import REQUIRED
from storefront.settling import AskingForm


class SignInForm(forms.Form):
    """A phone number or e-mail address, and a password."""

    login = forms.CharField(
        label=_("Số điện thoại hoặc thư điện tử"),
        max_length=LOGIN_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Mật khẩu"),
        max_length=PASSWORD_CHARACTERS_MAX,
        strip=False,
        error_messages=REQUIRED,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class RegisterForm(AskingForm):
    """Who registers, and what they will sign in with."""

    name = forms.CharField(
        label=_("Họ và tên"),
        max_length=NAME_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    login = forms.CharField(
        label=_("Số điện thoại hoặc thư điện tử"),
        help_text=_("Lần sau bạn đăng nhập bằng số hoặc địa chỉ này."),
        max_length=LOGIN_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Mật khẩu"),
        help_text=_("Ít nhất 8 chữ hoặc số, khó đoán. Không dùng lại mật khẩu ngân hàng."),
        max_length=PASSWORD_CHARACTERS_MAX,
        strip=False,
        error_messages=REQUIRED,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
