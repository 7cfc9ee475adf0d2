"""The operator's admin: its first page, and of each table the list, the form to add and one row."""

from __future__ import annotations

from datetime import datetime

from django.contrib import admin
from django.urls import reverse

from tests.browser.views import View

FROM = "/admin/"


def admin_pages(*, now: datetime) -> list[View]:
    """Every page of the admin that shows a table, as the operator sees it."""
    views = [View("admin", "operator", FROM)]
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        views.append(View(f"admin_{name}", "operator", reverse(f"admin:{name}_changelist")))
        row = model._default_manager.first()
        if row is not None:
            address = reverse(f"admin:{name}_change", args=[row.pk])
            views.append(View(f"admin_{name}_row", "operator", address))
    return views
