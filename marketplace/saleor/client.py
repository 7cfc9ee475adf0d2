"""Asking a Saleor: our own documents only, bounded in time and size, every way to fail with a name.

A question may be asked again; a mutation is sent once, since only who sends it knows whether twice does harm.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from marketplace.saleor.models import Installation
from marketplace.saleor.places import GRAPHQL_PATH
from payments.apis.calling import Caller, CallFailed, Limits, Refused
from payments.providers.base import NotItsShape

OPERATIONS: Final = Path(__file__).parent / "operations"
SUBSCRIPTIONS: Final = Path(__file__).parent / "subscriptions"
IMPORT: Final = "#import "
ERRORS_SHOWN_CHARACTERS_MAX: Final = 300
TRIES_MAX: Final = 2
"""Of one question: a connection that broke is made anew. Whoever asks has pauses of their own."""
TOKEN_CODES: Final = frozenset(
    {"InvalidTokenError", "JSONWebTokenError", "ExpiredSignatureError", "PermissionDenied"}
)
"""The last: who shows a token that Saleor does not know is nobody to it. What we may, joining made sure of."""


class SaleorAway(Exception):
    """No answer, or none that could be used: the same may be asked again later."""


class SaleorRefuses(Exception):
    """Saleor understood, and says no: it will the next time too. `code` is its own, or empty."""

    def __init__(self, message: str, *, code: str = "", field: str = "") -> None:
        super().__init__(message[:ERRORS_SHOWN_CHARACTERS_MAX])
        self.code = code
        self.field = field


class TokenRefused(SaleorRefuses):
    """Our token is not taken: the App was deleted or deactivated there."""


@cache
def document(name: str) -> str:
    """The text of our document `operations/<name>.graphql`."""
    return (OPERATIONS / f"{name}.graphql").read_text(encoding="utf-8")


@cache
def subscription(name: str) -> str:
    """The text of our subscription `subscriptions/<name>.graphql`.

    A first line `#import <path>` stands for the fragments in that file of the same folder: they follow the operation.
    """
    text = (SUBSCRIPTIONS / f"{name}.graphql").read_text(encoding="utf-8")
    first, _, rest = text.partition("\n")
    if not first.startswith(IMPORT):
        return text
    return f"{rest}\n{(SUBSCRIPTIONS / first.removeprefix(IMPORT)).read_text(encoding='utf-8')}"


class Saleor:
    """One Saleor, asked with an installation's token. Use it in a `with`."""

    def __init__(self, api_url: str, token: str, *, limits: Limits | None = None) -> None:
        root = api_url.removesuffix(GRAPHQL_PATH)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._caller = Caller(root, headers=headers, limits=limits or Limits(tries=TRIES_MAX))

    @classmethod
    def of(cls, installation: Installation, *, limits: Limits | None = None) -> Saleor:
        """The Saleor of an installation, asked with its token."""
        return cls(installation.api_url, installation.token, limits=limits)

    def __enter__(self) -> Saleor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._caller.__exit__()

    def ask(self, name: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The `data` of our document `operations/<name>.graphql`.

        Raises `SaleorAway`, `TokenRefused`, and `SaleorRefuses` for errors of the whole question.
        """
        try:
            answer = self._caller.post(
                GRAPHQL_PATH,
                fields={"query": document(name), "operationName": name, "variables": dict(variables)},
            )
        except Refused as error:
            raise TokenRefused(str(error)) from error
        except (CallFailed, NotItsShape) as error:
            raise SaleorAway(f"{type(error).__name__}: {error}") from error
        return _data_of(answer.body)

    def change(self, name: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """What the one mutation of `operations/<name>.graphql` answers, its `errors` looked at.

        Raises as `ask`, and `SaleorRefuses` for the first of its `errors`.
        """
        data = self.ask(name, variables)
        [answer] = data.values()
        for error in answer.get("errors") or ():
            raise SaleorRefuses(
                f"{error.get('field') or ''} {error.get('message') or ''}".strip(),
                code=str(error.get("code") or ""),
                field=str(error.get("field") or ""),
            )
        return dict(answer)


def _data_of(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError as error:
        raise SaleorAway("not JSON") from error
    if not isinstance(answer, dict):
        raise SaleorAway("not an object")
    for told in answer.get("errors") or ():
        raise _error_of(told)
    data = answer.get("data")
    if not isinstance(data, dict):
        raise SaleorAway("no data")
    return data


def _error_of(error: Any) -> Exception:
    told = error if isinstance(error, dict) else {}
    message = str(told.get("message") or "")
    exception = (told.get("extensions") or {}).get("exception") or {}
    code = str(exception.get("code") or "")
    if code in TOKEN_CODES:
        return TokenRefused(message, code=code)
    if code in {"OperationalError", "InternalServerError"}:
        return SaleorAway(code)
    return SaleorRefuses(message, code=code)
