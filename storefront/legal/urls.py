"""Where the texts that this market is bound by are read."""

from __future__ import annotations

from django.urls import path

from storefront.legal import views

urlpatterns = [
    path("legal/", views.legal_texts, name="legal_texts"),
    path("legal/<str:kind>/", views.legal_text, name="legal_text"),
    path("legal/<str:kind>/<int:number>/", views.legal_version, name="legal_version"),
]
