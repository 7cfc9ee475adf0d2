"""A request's body of bounded size, whatever its headers say."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

DIGITS_READ_MAX: Final = 20
READ_EARLY: Final = "market.body"
"""Where a body waits that was read before its turn; no header can have this name."""


class BodyTooLarge(Exception):
    """The body says that it is larger than it may be, or it is."""


class BodyBroken(Exception):
    """The connection ended before the body did."""


def read_early(request: HttpRequest, *, bytes_max: int) -> bytes | None:
    """The body for somebody who looks at it before its reader does; None where it says no length, or too great a one.

    It is kept for `read_body`, which refuses what is wrong with it.
    """
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdecimal() or len(length) > DIGITS_READ_MAX or int(length) > bytes_max:
        return None
    try:
        body = read_body(request, bytes_max=bytes_max)
    except (BodyTooLarge, BodyBroken) as problem:
        request.META[READ_EARLY] = problem
        return None
    request.META[READ_EARLY] = body
    return body


def read_body(request: HttpRequest, *, bytes_max: int) -> bytes:
    """The body. Never more than one byte over the limit is read. Raises `BodyTooLarge`, `BodyBroken`."""
    early = request.META.get(READ_EARLY)
    if isinstance(early, bytes):
        return early
    if early is not None:
        raise early
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
