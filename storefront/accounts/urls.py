"""Where people register, sign in and out and choose their language."""

from __future__ import annotations

from django.urls import path

from storefront.accounts import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("register/", views.register, name="register"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("language/", views.language, name="set_language"),
]
