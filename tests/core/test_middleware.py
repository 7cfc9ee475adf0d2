"""Forwarded headers are believed from trusted proxies only; a busy database is a 503 that says when to come back."""

from django.db.utils import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils.translation import get_language, gettext
from pytest_django import Settings

from marketplace.core.middleware import (
    bad_requests_and_busy_database,
    chosen_language,
    content_security_policy,
    trusted_proxies,
)

FORWARDED = {
    "HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.7",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "evil.example",
}


def seen(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.META['REMOTE_ADDR']} {request.scheme} {'HTTP_X_FORWARDED_FOR' in request.META}")


def test_a_stranger_cannot_forge_where_they_come_from(settings: Settings) -> None:
    settings.MARKET_TRUSTED_PROXIES = ("10.0.0.0/8",)
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", **FORWARDED)
    assert trusted_proxies(seen)(request).content == b"192.0.2.1 http False"


def test_our_own_proxy_is_believed_about_the_last_hop(settings: Settings) -> None:
    settings.MARKET_TRUSTED_PROXIES = ("10.0.0.0/8",)
    request = RequestFactory().get("/", REMOTE_ADDR="10.1.2.3", **FORWARDED)
    assert trusted_proxies(seen)(request).content == b"198.51.100.7 https True"


def test_nonsense_from_our_proxy_changes_nothing(settings: Settings) -> None:
    settings.MARKET_TRUSTED_PROXIES = ("10.0.0.0/8",)
    request = RequestFactory().get(
        "/", REMOTE_ADDR="10.1.2.3", HTTP_X_FORWARDED_FOR="me", HTTP_X_FORWARDED_PROTO="https"
    )
    assert trusted_proxies(seen)(request).content == b"10.1.2.3 http True"


def test_database_trouble_is_a_503_with_the_time_to_come_back() -> None:
    middleware = bad_requests_and_busy_database(seen)
    answer = middleware.process_exception(RequestFactory().get("/"), OperationalError("database is locked"))  # type: ignore[attr-defined]  # Django's hook
    assert answer.status_code == 503
    assert answer["Retry-After"] == "2"
    assert "1900 0000" in answer.content.decode()
    assert middleware.process_exception(RequestFactory().get("/"), ValueError()) is None  # type: ignore[attr-defined]  # as above


def test_a_nul_in_the_address_is_a_400() -> None:
    for path in ("/search/?q=%00", "/products/a%00b/"):
        assert Client().get(path).status_code == 400


def test_a_language_that_a_visitor_chose_is_not_the_next_ones() -> None:
    request = RequestFactory().get("/", headers={"cookie": "django_language=en"})

    answer = chosen_language(lambda _: HttpResponse(gettext("Giỏ hàng")))(request)

    assert (answer.content.decode(), answer["Content-Language"]) == ("Basket", "en")
    assert (get_language(), gettext("Giỏ hàng")) == ("vi", "Giỏ hàng")


def test_pages_may_load_nothing_from_other_hosts() -> None:
    answer = content_security_policy(seen)(RequestFactory().get("/"))
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
