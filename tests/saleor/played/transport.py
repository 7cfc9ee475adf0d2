"""How a played Saleor reaches the market: Django's test client in the test's own process.

Fast, and the test's transaction is seen. The other way, the market's calls to Saleor, go over real HTTP.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.test import Client


@dataclass(frozen=True)
class Reply:
    """What the market answered."""

    status: int
    body: bytes


class NoConnection(Exception):
    """The market is not there."""


Transport = Callable[[str, str, bytes, Mapping[str, str]], Reply]
"""Method, address, body and headers to an answer. Raises `NoConnection`."""


def through_django(method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
    """One request to the market in this process; redirects are not followed."""
    parts = urlsplit(url)
    is_secure = parts.scheme == "https"
    response = Client().generic(
        method,
        f"{parts.path}?{parts.query}" if parts.query else parts.path,
        body,
        content_type="application/json",
        secure=is_secure,
        headers=dict(headers),
        SERVER_NAME=parts.hostname or "testserver",
        SERVER_PORT=str(parts.port or (443 if is_secure else 80)),
    )
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return Reply(response.status_code, bytes(content))
