"""The operator's admin pages that only show: rows are changed by services, which check and write the journal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import unfold.admin
from django.contrib import admin, messages
from django.db.models import Field, Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from marketplace.core.actors import Actor
from marketplace.core.column_names import COLUMN_NAMES
from marketplace.core.columns import in_words, named_column, named_filter
from marketplace.core.errors import MarketError
from marketplace.core.value_names import choices_of

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


class NamedForm:
    """For an admin page or inline: its fields and their choices are called as people call them (`COLUMN_NAMES`)."""

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[ModelForm[Any]]:
        """Django's form with our names."""
        labels = COLUMN_NAMES | kwargs.pop("labels", {})
        form: type[ModelForm[Any]] = super().get_form(request, *args, labels=labels, **kwargs)  # type: ignore[misc]  # the admin page beside it
        return form

    def get_formset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The same of an inline."""
        labels = COLUMN_NAMES | kwargs.pop("labels", {})
        return super().get_formset(request, *args, labels=labels, **kwargs)  # type: ignore[misc]  # as above

    def formfield_for_choice_field(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Django's field with our names of its values."""
        named = [("", "---------"), *choices_of(db_field)]
        return super().formfield_for_choice_field(db_field, request, **({"choices": named} | kwargs))  # type: ignore[misc]  # as above


class NamedColumns(NamedForm, ModelAdmin):
    """A list, and a page a row, whose columns, values and filters are called as people call them."""

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """The columns, those of the model under our names."""
        return [self._named(column) for column in super().get_list_display(request)]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """The filters under our names."""
        return [named_filter(one) if isinstance(one, str) else one for one in super().get_list_filter(request)]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """The fields; where nothing can be changed, choices and money in words."""
        if obj is None or self.has_change_permission(request, obj):
            return super().get_fields(request, obj)
        return [in_words(self.model, name) for name in self._shown()]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """What no form field stands for: also what `get_fields` puts into words."""
        given = super().get_readonly_fields(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return given
        return [*given, *(in_words(self.model, name) for name in self._shown())]

    def _shown(self) -> list[str]:
        """The names of what is shown of a row: the page's own choice, or every column that a form could have."""
        if self.fields:
            return [str(name) for name in self.fields]
        columns = (field for field in self.model._meta.fields if field.editable and not field.primary_key)
        return [field.name for field in columns if field.name not in (self.exclude or ())]

    def _named(self, column: Any) -> Any:
        return column if not isinstance(column, str) or hasattr(self, column) else named_column(self.model, column)


class LookOnlyInline(LookOnly, NamedForm, TabularInline):
    """Rows that belong to the one shown, with the columns in `fields`."""

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """The columns, choices and money in words."""
        return [name if hasattr(self, str(name)) else in_words(self.model, str(name)) for name in self.fields or ()]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Every column: one that no form may hold could not be shown otherwise."""
        return self.get_fields(request, obj)


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
        return self._or_sentence(super().changeform_view, request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The same where a row is taken away."""
        return self._or_sentence(super().delete_view, request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The same where many are."""
        return self._or_sentence(super().changelist_view, request, *args, **kwargs)

    def _or_sentence(
        self, view: Callable[..., HttpResponse], request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except MarketError as refusal:
            self.message_user(request, str(refusal), level=messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
