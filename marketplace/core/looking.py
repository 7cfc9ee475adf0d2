"""The operator's admin pages that only show: rows are changed by services, which check and write the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import unfold.admin
from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from marketplace.core.actors import Actor
from marketplace.core.errors import MarketError

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:  # Unfold's classes are Django's with its own looks, and take no type parameters
    ModelAdmin = unfold.admin.ModelAdmin
    TabularInline = unfold.admin.TabularInline


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
    """Rows that belong to the one shown, with the columns in `fields`."""

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Every column: one that no form may hold could not be shown otherwise."""
        return tuple(str(name) for name in self.fields or ())


class LookOnlyAdmin(LookOnly, ModelAdmin):
    """A page of rows and a page a row, without counting all of a large table."""

    list_per_page = 50
    show_full_result_count = False


def operator_of(request: HttpRequest) -> Actor:
    """Who works in the admin, as the services know them; they refuse whoever is no operator."""
    return Actor(user_id=request.user.pk, is_operator=bool(getattr(request.user, "is_superuser", False)))


class AskingAdmin(ModelAdmin):
    """A page that hands its form to a service; what the service refuses is a sentence above the form."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the refusal on the same page again instead of a server error."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except MarketError as refusal:
            self.message_user(request, str(refusal), level=messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
