"""What every request passes through: forwarded headers, refusals as answers, the content security policy."""

from __future__ import annotations

import logging
from collections.abc import Callable
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

RETRY_AFTER_S = 2
NO_MATTER_OF_TIME = ("no such ", "Expression tree is too large", "too many SQL variables", "parser stack overflow")
BUSY_SENTENCE = "Máy chủ đang bận. Bạn thử lại sau vài giây, hoặc gọi {hotline}."
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
# The admin's own scripts are written into its pages and read expressions out of them; still nothing of another host.
ADMIN_CONTENT_SECURITY_POLICY = CONTENT_SECURITY_POLICY.replace(
    "style-src 'self'; script-src 'self'",
    "style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline' 'unsafe-eval'",
)
FORWARDED_HEADERS = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST")

log = logging.getLogger("market.requests")
Answer = Callable[[HttpRequest], HttpResponse]


def trusted_proxies(get_response: Answer) -> Answer:
    """Take the forwarded address and scheme from trusted proxies only; drop the headers of anybody else."""
    networks = [ip_network(text, strict=False) for text in settings.MARKET_TRUSTED_PROXIES]

    def middleware(request: HttpRequest) -> HttpResponse:
        peer = request.META.get("REMOTE_ADDR") or "127.0.0.1"
        if any(ip_address(peer) in network for network in networks):
            _believe(request)
        else:
            for header in FORWARDED_HEADERS:
                request.META.pop(header, None)
        return get_response(request)

    return middleware


def _believe(request: HttpRequest) -> None:
    # The last address is the one that our own proxy saw; those before it are the client's claims.
    forwarded_for = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip()
    try:
        request.META["REMOTE_ADDR"] = str(ip_address(forwarded_for))
    except ValueError:
        return
    if request.META.get("HTTP_X_FORWARDED_PROTO") == "https":
        request.META["wsgi.url_scheme"] = "https"


def bad_requests_and_busy_database(get_response: Answer) -> Answer:
    """Answer 400 to what no page can mean, and 503 with Retry-After when the database is busy or away."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return _plain("Địa chỉ không hợp lệ.", status=400)
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not is_busy(exception):
            return None
        log.warning("database busy or away: %s", type(exception).__name__)
        return busy()

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # Django's hook
    return middleware


def is_busy(error: Exception | None) -> bool:
    """Whether the database is busy or away, so that the same request may succeed in a moment.

    SQLite says by the same class what no time mends: "no such column", or a statement larger than it reads.
    """
    if isinstance(error, OperationalError | InterfaceError):
        return not str(error).startswith(NO_MATTER_OF_TIME)
    return isinstance(error, DatabaseError) and "timeout" in str(error)


def busy() -> HttpResponse:
    """The 503 answer with Retry-After: nothing was changed, come back in seconds."""
    answer = _plain(BUSY_SENTENCE.format(hotline=settings.MARKET_HOTLINE), status=503)
    answer["Retry-After"] = str(RETRY_AFTER_S)
    return answer


def chosen_language(get_response: Answer) -> Answer:
    """Vietnamese, or the language that the visitor chose with the switch on the page.

    What the browser says it prefers counts for nothing: many phones here were sold speaking English.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):  # the thread does other work after this
            response = get_response(request)
        patch_vary_headers(response, ("Cookie",))
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def content_security_policy(get_response: Answer) -> Answer:
    """Forbid what other hosts serve, and, but in the operator's admin, scripts and styles written into pages."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        in_admin = request.path.startswith("/admin/")
        policy = ADMIN_CONTENT_SECURITY_POLICY if in_admin else CONTENT_SECURITY_POLICY
        response.headers.setdefault("Content-Security-Policy", policy)
        return response

    return middleware


def _plain(sentence: str, *, status: int) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
