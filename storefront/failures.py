"""Pages for what went wrong: what it is, why, what to do, whom to call.

Those for trouble of ours (500, 503) ask nothing of the database or the session, which may be the trouble.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RETRY_AFTER_S = 2


@dataclass(frozen=True)
class Words:
    """A failure in a heading and a sentence."""

    title: str | Promise
    sentence: str | Promise


UNKNOWN = Words(_("Chưa làm được"), _("Có chỗ chưa đúng trong yêu cầu này. Bạn quay lại rồi thử lại giúp."))
WORDS = {
    400: UNKNOWN,
    403: Words(_("Bạn không làm được việc này"), _("Việc này cần tài khoản khác. Bạn đăng nhập lại giúp.")),
    404: Words(
        _("Không tìm thấy trang này"),
        _("Có thể đường dẫn thiếu chữ, hoặc hàng không còn bán. Bạn tìm ở ô tìm kiếm, hoặc về trang đầu."),
    ),
    405: Words(_("Trang này không mở như vậy được"), _("Bạn về trang đầu rồi vào lại giúp.")),
    409: Words(_("Có gì đó vừa thay đổi"), _("Bạn quay lại, tải lại trang rồi thử lại.")),
    413: Words(_("Tệp lớn quá"), _("Bạn chọn ảnh hoặc tệp nhỏ hơn rồi gửi lại.")),
    429: Words(_("Bạn thử hơi nhiều lần"), _("Đợi ít phút rồi thử lại.")),
    500: Words(
        _("Chợ đang trục trặc"),
        _("Lỗi ở phía chợ, không phải ở bạn. Tiền và đơn của bạn vẫn an toàn. Bạn thử lại sau vài phút."),
    ),
    503: Words(_("Chợ đang đông khách"), _("Chợ chưa ghi gì cả. Bạn chờ vài giây rồi tải lại trang.")),
}


def failure(request: HttpRequest, status: int, *, sentence: str | None = None) -> HttpResponse:
    """The page for `status`, with a sentence of its own if there is one."""
    words = WORDS.get(status, UNKNOWN)
    context = {
        "title": words.title,
        "sentence": sentence or words.sentence,
        "sign_in": status == HTTPStatus.FORBIDDEN,
        "back_url": _back_url(request),
    }
    return render(request, "storefront/failure.html", context, status=status)


def _back_url(request: HttpRequest) -> str | None:
    referrer = str(request.META.get("HTTP_REFERER", ""))
    return referrer if referrer.startswith(f"{request.scheme}://{request.META.get('HTTP_HOST')}/") else None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler of requests that no page can mean."""
    return failure(request, HTTPStatus.BAD_REQUEST)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler of refused permissions."""
    return failure(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler of unknown addresses."""
    return failure(request, HTTPStatus.NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    """Django's handler of faults of ours."""
    return _without_database(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def busy(request: HttpRequest) -> HttpResponse:
    """The database is busy or away: nothing was changed, come back in seconds."""
    response = _without_database(request, HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _without_database(request: HttpRequest, status: int) -> HttpResponse:
    words = WORDS[status]
    context = {
        "title": words.title,
        "sentence": words.sentence,
        "may_reload": request.method == "GET",  # a form that is sent again by a link would be no form
        "market": {"hotline": settings.MARKET_HOTLINE, "demo": settings.MARKET_DEMO},
        "hide_basket": True,
    }
    return HttpResponse(render_to_string("storefront/failure.html", context), status=status)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's protection token is missing or old: nothing was done, open the page again."""
    context = {"back_url": _back_url(request)}
    return render(request, "storefront/form_expired.html", context, status=HTTPStatus.FORBIDDEN)
