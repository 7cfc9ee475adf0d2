"""Which Saleors this market may be installed into, out of `SALEOR_API_URLS`; without it nothing of this room runs."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

GRAPHQL_PATH = "/graphql/"
JWKS_PATH = "/.well-known/jwks.json"


def is_switched_on() -> bool:
    """Whether any Saleor may install this market."""
    return bool(settings.SALEOR_API_URLS)


def listed_urls() -> tuple[str, ...]:
    """The GraphQL addresses of the Saleors of the list, in its order."""
    return tuple(settings.SALEOR_API_URLS)


def allowed_url(told: str) -> str | None:
    """The address of the list that `told` is exactly, or None: what is not listed may neither install nor call."""
    return next((url for url in settings.SALEOR_API_URLS if url == told), None)


def jwks_url(api_url: str) -> str:
    """Where the Saleor at `api_url` publishes its keys: at the root of the same host."""
    parts = urlsplit(api_url)
    return f"{parts.scheme}://{parts.netloc}{JWKS_PATH}"


def domain_of(api_url: str) -> str:
    """What the Saleor at `api_url` sends as `Saleor-Domain`: its host, with its port where it has one."""
    return urlsplit(api_url).netloc
