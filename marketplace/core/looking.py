"""The operator's admin pages that only show: rows are changed by services, which check and write the journal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import unfold.admin
from django.contrib import admin, messages
from django.contrib.admin.filters import FieldListFilter
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from marketplace.core.actors import Actor
from marketplace.core.column_names import COLUMN_NAMES
from marketplace.core.errors import MarketError

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

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


class NamedForm:
    """For an admin page or inline: its fields are called as people call them (`COLUMN_NAMES`)."""

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[ModelForm[Any]]:
        """Django's form with our names."""
        labels = COLUMN_NAMES | kwargs.pop("labels", {})
        form: type[ModelForm[Any]] = super().get_form(request, *args, labels=labels, **kwargs)  # type: ignore[misc]  # the admin page beside it
        return form

    def get_formset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The same of an inline."""
        labels = COLUMN_NAMES | kwargs.pop("labels", {})
        return super().get_formset(request, *args, labels=labels, **kwargs)  # type: ignore[misc]  # as above


class NamedColumns(NamedForm, ModelAdmin):
    """A list whose columns and filters are called as people call them (`COLUMN_NAMES`)."""

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """The columns, those of the model under our names."""
        return [self._named(column) for column in super().get_list_display(request)]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """The filters under our names."""
        return [_named_filter(one) if isinstance(one, str) else one for one in super().get_list_filter(request)]

    def _named(self, column: Any) -> Any:
        if not isinstance(column, str) or hasattr(self, column):
            return column
        try:
            field = self.model._meta.get_field(column)
        except FieldDoesNotExist:
            return column
        title = COLUMN_NAMES.get(column)
        return column if title is None else _column(column, title, is_boolean=isinstance(field, BooleanField))


def _column(name: str, title: _StrPromise, *, is_boolean: bool) -> Callable[[Model], Any]:
    """A column of the model under another name, sorted and shown as the column itself."""

    def shown(row: Model) -> Any:
        words = getattr(row, f"get_{name}_display", None)
        return words() if words is not None else getattr(row, name)

    shown.__name__ = name
    return admin.display(description=title, ordering=name, boolean=is_boolean or None)(shown)


def _named_filter(name: str) -> Any:
    """Django's own filter of a column, under our name."""

    def make(field: Any, request: HttpRequest, *arguments: Any, **more: Any) -> FieldListFilter:
        made = FieldListFilter.create(field, request, *arguments, **more)
        made.title = str(COLUMN_NAMES.get(name, made.title))
        return made

    return name, make


class LookOnlyInline(LookOnly, NamedForm, TabularInline):
    """Rows that belong to the one shown, with the columns in `fields`."""

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Every column: one that no form may hold could not be shown otherwise."""
        return tuple(str(name) for name in self.fields or ())


class LookOnlyAdmin(LookOnly, NamedColumns):
    """A page of rows and a page a row, without counting all of a large table."""

    list_per_page = 50
    show_full_result_count = False


def operator_of(request: HttpRequest) -> Actor:
    """Who works in the admin, as the services know them; they refuse whoever is no operator."""
    return Actor(user_id=request.user.pk, is_operator=bool(getattr(request.user, "is_superuser", False)))


class AskingAdmin(NamedColumns):
    """A page that hands its form to a service; what the service refuses is a sentence above the form."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the refusal on the same page again instead of a server error."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except MarketError as refusal:
            self.message_user(request, str(refusal), level=messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
