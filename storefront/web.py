"""What every view stands on: who asks, what the form's id is, and how a refusal becomes a page.

A view parses, calls one service and renders; `page` turns whatever the services refuse into an answer with the
right status. Nothing here decides anything about the market.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from django.db import InterfaceError, OperationalError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput, MarketError, TooMany
from marketplace.core.middleware import is_busy
from storefront.failures import busy, failure
from vendors.access import actor_of

PAGE_NUMBER_MAX = 10_000
NEXT_URL_CHARACTERS_MAX = 2_000
FORM_ID_FIELD = "client_id"
_ACTOR = "market.actor"

log = logging.getLogger("market.pages")
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class FormIncomplete(InvalidInput):
    """A form came without the id that its page gave it: not from a page of ours, or cut off on the way."""


def page(*methods: str, private: bool = False) -> Callable[[View[P]], View[P]]:
    """Let a view answer these methods (GET brings HEAD), and turn what services refuse into pages.

    A `private` page shows what only its reader may see: no cache keeps it, and the address is not passed on to
    other sites.
    """
    allowed = [*methods, "HEAD"] if "GET" in methods else list(methods)

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            response = _answer(view, request, allowed, args, kwargs)
            if private:
                _keep_private(response)
            return response

        return answer

    return decorate


def _answer(view: View[...], request: HttpRequest, allowed: list[str], args: Any, kwargs: Any) -> HttpResponseBase:
    if request.method not in allowed:
        response = failure(request, HTTPStatus.METHOD_NOT_ALLOWED)
        response["Allow"] = ", ".join(allowed)
        return response
    try:
        return view(request, *args, **kwargs)
    except MarketError as error:
        return refused(request, error)
    except (OperationalError, InterfaceError) as error:
        if not is_busy(error):
            raise
        log.warning("database busy or away: %s", type(error).__name__)
        return busy(request)


def _keep_private(response: HttpResponseBase) -> None:
    if not response.has_header("Cache-Control"):
        add_never_cache_headers(response)
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"


def refused(request: HttpRequest, error: MarketError) -> HttpResponse:
    """The page that says what a service refused, with the error's own sentence and status."""
    response = failure(request, error.status, sentence=str(error))
    return _with_retry_after(response, error)


def form_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, error: MarketError | None = None
) -> HttpResponse:
    """A page with a form: 200 at first, the error's status (400 for faults the form itself found) when refused."""
    form = context.get("form")
    status = error.status if error else HTTPStatus.BAD_REQUEST if form is not None and form.errors else HTTPStatus.OK
    response = render(request, template, context, status=status)
    # Shown again out of a browser's memory, a form would carry the id of one that was sent already.
    response["Cache-Control"] = "no-store"
    return _with_retry_after(response, error) if error else response


def _with_retry_after(response: HttpResponse, error: MarketError) -> HttpResponse:
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.retry_after_s)
    return response


def put_error(form: BaseForm, error: MarketError) -> None:
    """Show a service's refusal at the field it names, or on top of the form."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


def actor_of_request(request: HttpRequest) -> Actor:
    """Who asks, with all their scopes; looked up once a request."""
    actor = request.META.get(_ACTOR)
    if not isinstance(actor, Actor):
        actor = request.META[_ACTOR] = actor_of(request.user)
    return actor


def client_id_of(request: HttpRequest) -> uuid.UUID:
    """The id that the page gave its form, so that a form that is sent twice works once. Raises `FormIncomplete`."""
    found = parse_uuid(request.POST.get(FORM_ID_FIELD))
    if found is None:
        raise FormIncomplete(_("Biểu mẫu gửi lên bị thiếu. Bạn mở lại trang rồi thử lại giúp."))
    return found


def parse_uuid(text: object) -> uuid.UUID | None:
    """The UUID that `text` writes in its usual form, or None."""
    if not isinstance(text, str) or len(text) != len(str(uuid.UUID(int=0))):
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def parse_number(text: str | None, *, least: int, most: int) -> int | None:
    """The whole number that `text` writes in plain digits, if it lies within `least`..`most`; else None."""
    if text is None or not (text.isascii() and text.isdigit()) or len(text) > len(str(most)):
        return None
    number = int(text)
    return number if least <= number <= most else None


def page_number(request: HttpRequest) -> int:
    """The list page asked for: 1 for anything that is no page number."""
    return parse_number(request.GET.get("page"), least=1, most=PAGE_NUMBER_MAX) or 1


def safe_next(request: HttpRequest, *, default: str) -> str:
    """Where `next` (of the form or the address) leads within this market, else `default`."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    return url if _is_ours(request, url) else default


def _is_ours(request: HttpRequest, url: str) -> bool:
    # An address, and no name: `redirect` would look for a page of that name, and break where there is none.
    is_address = "/" in url and len(url) <= NEXT_URL_CHARACTERS_MAX
    return is_address and url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
