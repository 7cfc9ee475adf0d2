"""Columns of the operator's pages: named and worded as people say it, money grouped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.filters import ChoicesFieldListFilter, FieldListFilter
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, Field, Model
from django.http import HttpRequest

from marketplace.core.column_names import COLUMN_NAMES
from marketplace.core.money import format_vnd
from marketplace.core.value_names import words_of

_MONEY = "_vnd"
_Column = Callable[[Model], Any]


def named_column(model: type[Model], name: str) -> _Column | str:
    """A column of a list under our name; the bare name where we have none."""
    return _column(model, name) if name in COLUMN_NAMES and hasattr(model, name) else name


def in_words(model: type[Model], name: str) -> _Column | str:
    """A column whose values are choices or money, worded; the bare name of any other, which Django words itself."""
    field = _field(model, name)
    return _column(model, name) if field is not None and (field.choices or name.endswith(_MONEY)) else name


def named_filter(name: str) -> Any:
    """Django's own filter of a column, under our name and with our names of its values."""

    def make(field: Any, request: HttpRequest, *arguments: Any, **more: Any) -> FieldListFilter:
        made = FieldListFilter.create(field, request, *arguments, **more)
        made.title = str(COLUMN_NAMES.get(name, made.title))
        if isinstance(made, ChoicesFieldListFilter):
            made.choices = partial(_named_choices, field, made)  # type: ignore[method-assign]  # the filter is this request's own
        return made

    return name, make


def _named_choices(field: Field[Any, Any], made: ChoicesFieldListFilter, changelist: Any) -> Iterator[Any]:
    names = {str(label): words_of(field, value) for value, label in field.flatchoices}
    for choice in type(made).choices(made, changelist):
        yield {**choice, "display": names.get(str(choice["display"]), choice["display"])}


def _field(model: type[Model], name: str) -> Field[Any, Any] | None:
    try:
        found = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, Field) else None


@cache  # Django compares the columns of a page by identity
def _column(model: type[Model], name: str) -> _Column:
    field = _field(model, name)

    def shown(row: Model) -> Any:
        value = getattr(row, name)
        if value is None:
            return None
        if field is not None and field.choices:
            return words_of(field, value)
        return format_vnd(value) if name.endswith(_MONEY) else value

    shown.__name__ = name
    boolean = isinstance(field, BooleanField) or None
    ordering = name if field is not None else None  # a property is no column to sort by
    return admin.display(description=COLUMN_NAMES.get(name, name), ordering=ordering, boolean=boolean)(shown)
