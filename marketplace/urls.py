"""Where each path leads: the pages, the interfaces for programs, and the operator's admin."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("marketplace.api.urls")),
    path("saleor/", include("marketplace.saleor.urls")),
    path("", include("storefront.urls")),
]

handler400 = "storefront.failures.bad_request"
handler403 = "storefront.failures.not_allowed"
handler404 = "storefront.failures.not_found"
handler500 = "storefront.failures.broken"
