"""Where Stripe sends its events."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from marketplace.core import clock
from marketplace.core.body import BodyBroken, BodyTooLarge, read_body
from payments.cards.notices import SIGNATURE_HEADER
from payments.services.cards.events import CARD_BODY_BYTES_MAX, receive_card_notice
from payments.services.keeping import NoticeRefused, NotKept
from payments.services.notices import RETRY_AFTER_S, NoticeTooLarge, UnreadableNotice


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Take one event: 2xx once it is kept. Stripe proves itself in the body's signature, not by a cookie."""
    try:
        signature = request.headers.get(SIGNATURE_HEADER, "")
        receive_card_notice(body=_body(request), signature=signature, now=clock.now())
    except NoticeRefused as refusal:
        return _refused(refusal)
    return JsonResponse({"received": True})


def _refused(refusal: NoticeRefused) -> HttpResponse:
    response = JsonResponse({"success": False, "reason": refusal.reason}, status=refusal.status)
    if isinstance(refusal, NotKept):
        response["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _body(request: HttpRequest) -> bytes:
    try:
        return read_body(request, bytes_max=CARD_BODY_BYTES_MAX)
    except BodyTooLarge as error:
        raise NoticeTooLarge(_("Thông báo quá lớn.")) from error
    except BodyBroken as error:
        raise UnreadableNotice(_("Thông báo bị đứt giữa chừng.")) from error
