"""Where people register, sign in and out, get back in, see to their account and choose their language."""

from __future__ import annotations

from django.urls import path

from storefront.accounts import entering, helping, machines, own, passwords, second_step, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/code/", entering.sign_in_code, name="sign_in_code"),
    path("register/", views.register, name="register"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("password/forgot/", passwords.forgot, name="forgot_password"),
    path("password/asked/", passwords.asked, name="password_asked"),
    path("password/new/<str:secret>/", passwords.new_password, name="new_password"),
    path("password/code/", passwords.by_code, name="password_by_code"),
    path("account/", own.account, name="account"),
    path("account/password/", own.password, name="change_password"),
    path("account/sign-out-everywhere/", own.everywhere, name="sign_out_everywhere"),
    path("account/machines/", machines.list_of_machines, name="machines"),
    path("account/machines/<int:sign_in_id>/end/", machines.end, name="machine_end"),
    path("account/second-step/", second_step.second_step, name="second_step"),
    path("account/second-step/begin/", second_step.begin, name="second_step_begin"),
    path("account/second-step/codes/", second_step.codes, name="second_step_codes"),
    path("account/second-step/off/", second_step.off, name="second_step_off"),
    path("commune/help/second-step/", helping.help_with_second_step, name="help_with_second_step"),
    path("commune/help/password/", helping.help_with_password, name="help_with_password"),
    path("language/", views.language, name="set_language"),
]
