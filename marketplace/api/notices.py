"""Where providers send their bank notices."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from marketplace.api.body import BodyBroken, BodyTooLarge, read_body
from marketplace.core import clock
from payments.services.keeping import NoticeRefused
from payments.services.notices import (
    NOTICE_BODY_BYTES_MAX,
    RETRY_AFTER_S,
    NoticeTooLarge,
    UnreadableNotice,
    receive_notice,
)

BUSY_STATUS: Final = 503


@csrf_exempt
@require_POST
def receive(request: HttpRequest, provider: str, feed: str) -> HttpResponse:
    """Take one notice: 2xx once it is kept. The provider proves itself in the body's signature, not by a cookie."""
    try:
        answer = receive_notice(
            provider=provider, feed_id=feed, body=_body(request), headers=request.headers, now=clock.now()
        )
    except NoticeRefused as refusal:
        return refused(refusal)
    return JsonResponse(answer.content, status=answer.status)


def refused(refusal: NoticeRefused) -> HttpResponse:
    """What a provider is told whose body is not taken; also used for card events."""
    response = JsonResponse({"success": False, "reason": refusal.reason}, status=refusal.status)
    if refusal.status == BUSY_STATUS:
        response["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _body(request: HttpRequest) -> bytes:
    """The body, with the refusals that providers are told."""
    try:
        return read_body(request, bytes_max=NOTICE_BODY_BYTES_MAX)
    except BodyTooLarge as error:
        raise NoticeTooLarge(_("Thông báo quá lớn.")) from error
    except BodyBroken as error:
        raise UnreadableNotice(_("Thông báo bị đứt giữa chừng.")) from error
