"""The operator's admin pages that only show: rows are changed by services, which check and write the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:  # Django's own classes take no type parameters
    ModelAdmin = admin.ModelAdmin
    TabularInline = admin.TabularInline


class LookOnly:
    """For an admin page or inline: nobody adds, changes or deletes there."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody adds here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes here."""
        return False


class LookOnlyInline(LookOnly, TabularInline):
    """Rows that belong to the one shown."""


class LookOnlyAdmin(LookOnly, ModelAdmin):
    """A page of rows and a page a row, without counting all of a large table."""

    list_per_page = 50
    show_full_result_count = False
