"""Pictures of VietQR codes for programs that asked for a payment over GraphQL."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from marketplace.core import clock
from marketplace.core.errors import MarketError
from payments.asked import asked_payload
from payments.vietqr.pictures import qr_png, qr_svg

KEPT_S = 300


@require_safe
def svg(_request: HttpRequest, code: str, amount: int) -> HttpResponse:
    """The VietQR code of a payment code under which `amount` đồng were asked for."""
    return _picture(code, amount, draw=_svg)


@require_safe
def png(_request: HttpRequest, code: str, amount: int) -> HttpResponse:
    """The same as a PNG."""
    return _picture(code, amount, draw=_png)


def _picture(code: str, amount: int, *, draw: Callable[[str], HttpResponse]) -> HttpResponse:
    """The picture, or a sentence with a 4xx where nothing such was asked or there is nothing to pay any more."""
    try:
        payload = asked_payload(code_text=code, amount_vnd=amount, now=clock.now())
    except MarketError as refusal:
        return HttpResponse(str(refusal), status=refusal.status, content_type="text/plain; charset=utf-8")
    answer = draw(payload)
    patch_cache_control(answer, private=True, max_age=KEPT_S)
    return answer


def _svg(payload: str) -> HttpResponse:
    return HttpResponse(qr_svg(payload), content_type="image/svg+xml")


def _png(payload: str) -> HttpResponse:
    return HttpResponse(qr_png(payload), content_type="image/png")
