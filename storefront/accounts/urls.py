"""Where people register, sign in and out, get back in, see to their account and choose their language."""

from __future__ import annotations

from django.urls import path

from storefront.accounts import helping, own, passwords, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("register/", views.register, name="register"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("password/forgot/", passwords.forgot, name="forgot_password"),
    path("password/asked/", passwords.asked, name="password_asked"),
    path("password/new/<str:secret>/", passwords.new_password, name="new_password"),
    path("password/code/", passwords.by_code, name="password_by_code"),
    path("account/", own.account, name="account"),
    path("account/password/", own.password, name="change_password"),
    path("account/sign-out-everywhere/", own.everywhere, name="sign_out_everywhere"),
    path("commune/help/password/", helping.help_with_password, name="help_with_password"),
    path("language/", views.language, name="set_language"),
]
