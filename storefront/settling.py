"""A form that asks a service for something: done, or shown again with what the service said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from marketplace.core.errors import MarketError
from storefront.web import put_error


class AskingForm(forms.Form):
    """A form whose work may be refused; `refusal` is why, for the page's status."""

    refusal: MarketError | None = None


def settled(form: AskingForm, work: Callable[[dict[str, Any]], object]) -> bool:
    """Whether the form was in order and `work`, given its values, was done. If not, the form says why."""
    if not form.is_valid():
        return False
    try:
        work(form.cleaned_data)
    except MarketError as error:
        put_error(form, error)
        form.refusal = error
        return False
    return True
