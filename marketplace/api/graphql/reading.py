"""Reading a request's body: one JSON object of bounded size that the rest can trust to be text and numbers.

Who works in a shop may bring more for a bulk mutation (`limits.bulk`): the view asks what the document does, once it
is read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any, NoReturn

from django.http import HttpRequest

from marketplace.api.graphql.limits.bounds import BULK_VALUES_MAX, VARIABLE_LEVELS_MAX, VARIABLE_VALUES_MAX
from marketplace.core.body import BodyBroken, BodyTooLarge, read_body

BODY_BYTES_MAX = 16 * 1024
BULK_BODY_BYTES_MAX = 256 * 1024
NUL = "\x00"
CHARSETS = frozenset({"utf-8", "utf8"})


class Unreadable(Exception):
    """The request is no GraphQL request: a sentence for the client and an HTTP status."""

    def __init__(self, sentence: str, *, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


@dataclass(frozen=True)
class Asked:
    """A request as it was sent."""

    query: str
    variables: dict[str, Any] = field(default_factory=dict)
    operation_name: str | None = None
    uploads: tuple[tuple[str, ...], ...] = ()
    """Where in the variables files stand: each the names and numbers that lead there."""
    is_large: bool = False
    """Whether it brought more than every request may, for a bulk mutation."""


def read_json(request: HttpRequest, *, may_be_bulk: bool = False) -> Asked:
    """The request in a JSON body, which may be large where the asker `may_be_bulk`. Raises `Unreadable`."""
    check_encoding(request)
    bytes_max = BULK_BODY_BYTES_MAX if may_be_bulk else BODY_BYTES_MAX
    try:
        body = read_body(request, bytes_max=bytes_max)
    except BodyTooLarge as error:
        raise too_large(bytes_max) from error
    except BodyBroken as error:
        raise Unreadable("The body ended too early.") from error
    is_large = len(body) > BODY_BYTES_MAX
    asked = asked_of(parsed(body), values_max=BULK_VALUES_MAX if is_large else VARIABLE_VALUES_MAX)
    if len(asked.query) > BODY_BYTES_MAX:
        raise too_large(BODY_BYTES_MAX)
    return replace(asked, is_large=is_large)


def too_large(bytes_max: int) -> Unreadable:
    """The refusal of a body above this bound."""
    return Unreadable(f"The body is too large: at most {bytes_max} bytes.", status=413)


def check_encoding(request: HttpRequest) -> None:
    """Refuse a body that is packed, since its size would show too late, or is not in UTF-8. Raises `Unreadable`."""
    if request.META.get("HTTP_CONTENT_ENCODING", "identity").strip().lower() not in {"", "identity"}:
        raise Unreadable("Only bodies without a Content-Encoding are accepted.", status=415)
    if (request.content_params or {}).get("charset", "utf-8").strip().lower() not in CHARSETS:
        raise Unreadable("Only UTF-8 is accepted.", status=415)


def parsed(body: bytes) -> Any:
    """The JSON value in a body. Raises `Unreadable`."""
    try:
        content = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant, parse_float=_finite)
        if b"\\u" in body:
            # Half a surrogate pair passes JSON and is no text: neither the database nor an answer can hold it.
            json.dumps(content, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Unreadable("The body is not valid JSON.") from error
    return content


def asked_of(content: Any, *, values_max: int = VARIABLE_VALUES_MAX) -> Asked:
    """The request in a JSON value. Raises `Unreadable`."""
    if isinstance(content, list):
        raise Unreadable("Batch requests are not accepted.")
    if not isinstance(content, dict):
        raise Unreadable("The body must be a JSON object.")
    query, variables, name = content.get("query"), content.get("variables"), content.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise Unreadable("Must provide a query string.")
    if not isinstance(variables, dict | None) or not isinstance(name, str | None):
        raise Unreadable("variables must be an object and operationName a string.")
    if NUL in query or NUL in (name or ""):
        raise Unreadable("The request holds a NUL character.")
    if variables:
        _check_values(variables, values_max=values_max)
    return Asked(query=query, variables=variables or {}, operation_name=name or None)


def _check_values(variables: dict[str, Any], *, values_max: int) -> None:
    """Refuse variables of too many values, of too many levels, or with a NUL in a text. Raises `Unreadable`."""
    level: list[Any] = [variables]
    levels = values = 0
    while level:
        levels += 1
        if levels > VARIABLE_LEVELS_MAX + 1:
            raise Unreadable(f"The variables are nested too deeply: at most {VARIABLE_LEVELS_MAX} levels.")
        inner: list[Any] = []
        for item in level:
            inner += _inside(item)
        values += len(inner)
        if values > values_max:
            raise Unreadable(f"The variables hold too many values: at most {values_max}.")
        level = inner


def _inside(item: Any) -> list[Any]:
    if isinstance(item, str):
        if NUL in item:
            raise Unreadable("The request holds a NUL character.")
    elif isinstance(item, dict):
        if any(NUL in name for name in item):
            raise Unreadable("The request holds a NUL character.")
        return list(item.values())
    elif isinstance(item, list):
        return item
    return []


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError("a number that is too large")
    return number
