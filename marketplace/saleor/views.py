"""What a Saleor asks of us over HTTP. Without `SALEOR_API_URLS` none of these addresses is there."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, wraps
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from django.core.cache import cache as counts
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from marketplace.core import clock
from marketplace.core.body import BodyBroken, BodyTooLarge, read_body
from marketplace.core.errors import InvalidInput, MarketError, TooMany
from marketplace.core.tries import count_try, key_of_address
from marketplace.saleor import receiving
from marketplace.saleor.joining import join
from marketplace.saleor.manifest import EXTENSIONS, at, manifest
from marketplace.saleor.places import is_switched_on

REGISTER_BODY_BYTES_MAX: Final = 4096
FAILED_JOINS_A_MINUTE_MAX: Final = 10
"""From one network address: each one that is not malformed costs a Saleor a question."""
MINUTE_S: Final = 60
LOGO: Final = Path(__file__).parent / "data" / "logo.png"
FRAMED_POLICY: Final = (
    "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)
"""The page that Saleor's Dashboard shows in a frame: nobody is signed in there, and it only has links."""

Answered = Callable[[HttpRequest], HttpResponse]


def only_when_switched_on(view: Answered) -> Answered:
    """404 while no Saleor may install this market."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        if not is_switched_on():
            raise Http404
        return view(request)

    return answer


@only_when_switched_on
@require_safe
def manifest_json(_request: HttpRequest) -> HttpResponse:
    """The manifest, to everybody who asks."""
    return JsonResponse(manifest())


@cache
def _logo() -> bytes:
    return LOGO.read_bytes()


@only_when_switched_on
@require_safe
def logo(_request: HttpRequest) -> HttpResponse:
    """The logo: a square PNG, as Saleor wants it (`saleor/thumbnail/validators.py`)."""
    return HttpResponse(_logo(), content_type="image/png")


@only_when_switched_on
@xframe_options_exempt
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What Saleor's Dashboard shows of this App: where to go."""
    links = [(label, at(page)) for _identifier, label, _mount, page, _permission in EXTENSIONS]
    response = render(request, "saleor/home.html", {"links": links})
    response["Content-Security-Policy"] = FRAMED_POLICY
    return response


@csrf_exempt
@only_when_switched_on
@require_POST
def register(request: HttpRequest) -> HttpResponse:
    """Saleor hands over the token of our App; an answer below 400 ends the installation well."""
    now = clock.now()
    tried = key_of_address("saleor:register", request.META.get("REMOTE_ADDR") or "")
    try:
        if counts.get(tried, 0) >= FAILED_JOINS_A_MINUTE_MAX:
            raise TooMany(_("Thử nhiều lần quá. Bạn đợi một phút rồi thử lại."), retry_after_s=MINUTE_S)
        join(api_url=request.headers.get(receiving.API_URL_HEADER, ""), token=_token(request), now=now)
    except MarketError as error:
        count_try(tried, kept_s=MINUTE_S)
        return _refused(error)
    return JsonResponse({"success": True})


@csrf_exempt
@only_when_switched_on
@require_POST
def webhooks(request: HttpRequest) -> HttpResponse:
    """Every webhook of every Saleor. It proves itself by the signature of its body, not by a cookie."""
    try:
        body = _body(request, bytes_max=receiving.WEBHOOK_BODY_BYTES_MAX)
        answer = receiving.receive_webhook(body=body, headers=request.headers, now=clock.now())
    except MarketError as error:
        return _refused(error)
    return JsonResponse(dict(answer), json_dumps_params={"sort_keys": True})


def _token(request: HttpRequest) -> str:
    try:
        told: Any = json.loads(_body(request, bytes_max=REGISTER_BODY_BYTES_MAX))
    except (ValueError, RecursionError):
        told = None
    token = told.get("auth_token") if isinstance(told, dict) else None
    if not isinstance(token, str):
        raise InvalidInput(_("Thiếu auth_token."), field="auth_token")
    return token


def _body(request: HttpRequest, *, bytes_max: int) -> bytes:
    try:
        return read_body(request, bytes_max=bytes_max)
    except BodyTooLarge as error:
        raise receiving.WebhookTooLarge(_("Thông báo quá lớn.")) from error
    except BodyBroken as error:
        raise receiving.WebhookUnreadable(_("Thông báo bị đứt giữa chừng.")) from error


def _refused(error: MarketError) -> HttpResponse:
    """In the shape that Saleor looks for a message in (`saleor/app/installation_utils.py`)."""
    response = JsonResponse({"error": {"code": error.code, "message": str(error)}}, status=error.status)
    if error.status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        response["Retry-After"] = str(getattr(error, "retry_after_s", receiving.RETRY_AFTER_S))
    return response
