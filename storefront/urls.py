"""The pages for people."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("storefront.accounts.urls")),
    path("", include("storefront.legal.urls")),
    path("", include("storefront.shop.urls")),
    path("", include("storefront.sell.urls")),
    path("", include("storefront.commune.urls")),
]
