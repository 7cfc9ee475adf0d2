"""Reading a request's body: one JSON object of bounded size that the rest can trust to be text and numbers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, NoReturn

from django.http import HttpRequest

from marketplace.api.body import BodyBroken, BodyTooLarge, read_body

BODY_BYTES_MAX = 16 * 1024
NUL = "\x00"


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


def read_request(request: HttpRequest) -> Asked:
    """The request in the body. Raises `Unreadable` for anything that is none."""
    if request.content_type != "application/json":
        raise Unreadable("Only application/json is accepted.")
    try:
        body = read_body(request, bytes_max=BODY_BYTES_MAX)
    except BodyTooLarge as error:
        raise Unreadable(f"The body is too large: at most {BODY_BYTES_MAX} bytes.", status=413) from error
    except BodyBroken as error:
        raise Unreadable("The body ended too early.") from error
    return _asked(_parsed(body))


def _parsed(body: bytes) -> Any:
    try:
        content = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
        # Half a surrogate pair passes JSON and is no text: neither the database nor an answer can hold it.
        json.dumps(content, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Unreadable("The body is not valid JSON.") from error
    return content


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _asked(content: Any) -> Asked:
    if isinstance(content, list):
        raise Unreadable("Batch requests are not accepted.")
    if not isinstance(content, dict):
        raise Unreadable("The body must be a JSON object.")
    query, variables, name = content.get("query"), content.get("variables"), content.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise Unreadable("Must provide a query string.")
    if not isinstance(variables, dict | None) or not isinstance(name, str | None):
        raise Unreadable("variables must be an object and operationName a string.")
    if _holds_nul(content):
        raise Unreadable("The request holds a NUL character.")
    return Asked(query=query, variables=variables or {}, operation_name=name or None)


def _holds_nul(content: Any) -> bool:
    waiting = [content]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str) and NUL in item:
            return True
        if isinstance(item, dict):
            waiting += [*item.keys(), *item.values()]
        elif isinstance(item, list):
            waiting += item
    return False
