"""The sign-in form."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.people.sign_in import LOGIN_CHARACTERS_MAX, PASSWORD_CHARACTERS_MAX
from storefront.fields import REQUIRED


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
