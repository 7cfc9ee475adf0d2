"""Where providers send their bank notices, and where one of them fetches its token first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from marketplace.core import clock
from marketplace.core.body import BodyBroken, BodyTooLarge, read_body
from payments.models import Feed
from payments.providers import refusal as refusal_of
from payments.services.keeping import NoticeRefused
from payments.services.notices import (
    NOTICE_BODY_BYTES_MAX,
    RETRY_AFTER_S,
    NoticeAnswer,
    NoticeTooLarge,
    UnreadableNotice,
    receive_notice,
)
from payments.services.tokens import give_token

BUSY_STATUS: Final = 503


@csrf_exempt
@require_POST
def receive(request: HttpRequest, provider: str, feed: str) -> HttpResponse:
    """Take one notice: 2xx once it is kept. The provider proves itself in the body's signature, not by a cookie."""
    return _answered(
        provider,
        lambda: receive_notice(
            provider=provider, feed_id=feed, body=_body(request), headers=request.headers, now=clock.now()
        ),
    )


@csrf_exempt
@require_POST
def token(request: HttpRequest, feed: str) -> HttpResponse:
    """Hand VietQR.vn a token for the feed's notices."""
    response = _answered(
        Feed.Provider.VIETQRVN,
        lambda: give_token(feed_id=feed, body=_body(request), headers=request.headers, now=clock.now()),
    )
    response["Cache-Control"] = "no-store"
    return response


def _answered(provider: str, work: Callable[[], NoticeAnswer]) -> HttpResponse:
    """The answer of `work`, or its refusal in the words of the provider."""
    try:
        answer = work()
    except NoticeRefused as refusal:
        content = refusal_of(provider, refusal.reason, message=str(refusal))
        response = JsonResponse(content, status=refusal.status)
        if refusal.status == BUSY_STATUS:
            response["Retry-After"] = str(RETRY_AFTER_S)
        return response
    return JsonResponse(answer.content, status=answer.status)


def _body(request: HttpRequest) -> bytes:
    """The body, with the refusals that providers are told."""
    try:
        return read_body(request, bytes_max=NOTICE_BODY_BYTES_MAX)
    except BodyTooLarge as error:
        raise NoticeTooLarge(_("Thông báo quá lớn.")) from error
    except BodyBroken as error:
        raise UnreadableNotice(_("Thông báo bị đứt giữa chừng.")) from error
