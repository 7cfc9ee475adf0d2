"""A form that asks a service for something: done, or shown again with what the service said."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest

from marketplace.core import clock
from marketplace.core.errors import MarketError
from marketplace.core.requests_once import once
from storefront.web import FORM_ID_FIELD, actor_of_request, parse_uuid, put_error


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


def answered_once(
    request: HttpRequest, given: dict[str, Any], work: Callable[[dict[str, Any]], object], *, part: int | None = None
) -> None:
    """Do what a form asks for, once for the id that its page gave it: a form that the browser sends again by itself
    finds it done, and does not undo what was done since.

    A form of several pieces of work, each of which stands by itself, is done `part` by part. Raises what `work`
    raises, and `SameIdOtherContent`.
    """
    actor = actor_of_request(request)
    client_id = parse_uuid(request.POST.get(FORM_ID_FIELD))
    if client_id is not None and part is not None:
        client_id = uuid.uuid5(client_id, str(part))

    def done() -> str:
        work(given)
        return ""

    once(
        done,
        action=f"{request.path.split('/')[1]}.form",
        owner=f"user:{actor.user_id}",
        client_id=client_id,
        asked={"path": request.path, **given},
        now=clock.now(),
    )
