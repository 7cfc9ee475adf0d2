"""Where a Saleor finds this market: its manifest, the handshake, and one address for all webhooks."""

from __future__ import annotations

from django.urls import path

from marketplace.saleor import views

urlpatterns = [
    path("", views.home, name="saleor-home"),
    path("manifest.json", views.manifest_json, name="saleor-manifest"),
    path("logo.png", views.logo, name="saleor-logo"),
    path("register/", views.register, name="saleor-register"),
    path("webhooks/", views.webhooks, name="saleor-webhooks"),
]
