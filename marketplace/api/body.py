"""A request's body of bounded size, whatever its headers say."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

DIGITS_READ_MAX: Final = 20


class BodyTooLarge(Exception):
    """The body says that it is larger than it may be, or it is."""


class BodyBroken(Exception):
    """The connection ended before the body did."""


def read_body(request: HttpRequest, *, bytes_max: int) -> bytes:
    """The body. Never more than one byte over the limit is read. Raises `BodyTooLarge`, `BodyBroken`."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if length.isdecimal() and int(length[:DIGITS_READ_MAX]) > bytes_max:
        raise BodyTooLarge
    # A body sent in chunks has no length; Django would take it for empty, the server knows where it ends.
    ends_by_itself = not length and request.META.get("wsgi.input_terminated")
    stream = request.META["wsgi.input"] if ends_by_itself else request
    try:
        body: bytes = stream.read(bytes_max + 1)
    except Exception as error:  # each server raises its own errors when a client goes away
        raise BodyBroken from error
    if len(body) > bytes_max:
        raise BodyTooLarge
    return body
