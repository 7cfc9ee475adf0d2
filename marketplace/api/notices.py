"""Where providers send their bank notices."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from marketplace.core import clock
from payments.services.notices import (
    NOTICE_BODY_BYTES_MAX,
    RETRY_AFTER_S,
    NoticeRefused,
    NoticeTooLarge,
    UnreadableNotice,
    receive_notice,
)

BUSY_STATUS: Final = 503
DIGITS_READ_MAX: Final = 20


@csrf_exempt
@require_POST
def receive(request: HttpRequest, provider: str, feed: str) -> HttpResponse:
    """Take one notice: 2xx once it is kept. The provider proves itself in the body's signature, not by a cookie."""
    try:
        answer = receive_notice(
            provider=provider, feed_id=feed, body=_body(request), headers=request.headers, now=clock.now()
        )
    except NoticeRefused as refusal:
        return _refused(refusal)
    return JsonResponse(answer.content, status=answer.status)


def _refused(refusal: NoticeRefused) -> HttpResponse:
    response = JsonResponse({"success": False, "reason": refusal.reason}, status=refusal.status)
    if refusal.status == BUSY_STATUS:
        response["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _body(request: HttpRequest) -> bytes:
    """The body, unless it is too large: by what it says of its length, and by what it is.

    Never more than one byte over the limit is read, whatever the header promised.
    """
    too_large = NoticeTooLarge(_("Thông báo quá lớn."))
    length = request.META.get("CONTENT_LENGTH") or ""
    if length.isdecimal() and int(length[:DIGITS_READ_MAX]) > NOTICE_BODY_BYTES_MAX:
        raise too_large
    # A body sent in chunks has no length; Django would take it for empty, the server knows where it ends.
    ends_by_itself = not length and request.META.get("wsgi.input_terminated")
    stream = request.META["wsgi.input"] if ends_by_itself else request
    try:
        body: bytes = stream.read(NOTICE_BODY_BYTES_MAX + 1)
    except Exception as error:
        raise UnreadableNotice(_("Thông báo bị đứt giữa chừng.")) from error
    if len(body) > NOTICE_BODY_BYTES_MAX:
        raise too_large
    return body
