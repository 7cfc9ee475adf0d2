"""The pages of the operator's admin, as its registry of tables gives them: list, form to add, form of one row."""

from __future__ import annotations

from typing import Final

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.test import RequestFactory
from django.urls import reverse

from marketplace.people.models import User
from tests.browser.views import View

ADMINISTRATOR: Final = "administrator"


def an_administrator() -> User:
    """Who may do everything there."""
    return User.objects.create_superuser(email="van-hanh@example.com", password="mật khẩu dài")


def pages_of_the_admin() -> list[View]:
    """The first page, the settings, and what there is of every table, for whoever may do everything."""
    request = RequestFactory().get("/admin/")
    request.user = User.objects.get(is_superuser=True)
    pages = {"index": reverse("admin:index"), "settings_in_force": reverse("admin:settings_in_force")}
    for model, table in admin.site._registry.items():
        if table.has_view_permission(request):
            pages |= _pages_of(model, table)
        if table.has_add_permission(request):
            pages[f"{model._meta.label_lower}.add"] = reverse(_name(model, "add"))
    return [View(name, ADMINISTRATOR, address) for name, address in pages.items()]


def _pages_of(model: type[Model], table: ModelAdmin[Model]) -> dict[str, str]:
    pages = {f"{model._meta.label_lower}.list": reverse(_name(model, "changelist"))}
    row = table.model._default_manager.order_by("pk").first()
    if row is not None and table.list_display_links is not None:
        pages[f"{model._meta.label_lower}.change"] = reverse(_name(model, "change"), args=[row.pk])
    return pages


def _name(model: type[Model], page: str) -> str:
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
