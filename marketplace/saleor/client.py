"""Asking a Saleor: our own documents only, bounded in time and size, every way to fail with a name.

A question may be asked again; a mutation is sent once, since only who sends it knows whether twice does harm.
"""

from __future__ import annotations

import json
import re
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
CODE_CHARACTERS_MAX: Final = 80
HIDDEN: Final = "…"
"""Stands for our token where a Saleor repeats it."""
TRIES_MAX: Final = 2
"""Of one question: a connection that broke is made anew. Whoever asks has pauses of their own."""
TOKEN_CODES: Final = frozenset(
    {"InvalidTokenError", "JSONWebTokenError", "ExpiredSignatureError", "PermissionDenied"}
)
"""The last: who shows a token that Saleor does not know is nobody to it. What we may, joining made sure of."""

_UNKEEPABLE: Final = re.compile("[\x00\ud800-\udfff]")
"""What JSON can say and no database keeps: a NUL, and halves of characters."""
UNREADABLE: Final = "\N{REPLACEMENT CHARACTER}"
"""In their place, so that no name becomes another one."""


class SaleorAway(Exception):
    """No answer, or none that could be used: the same may be asked again later."""


class SaleorRefuses(Exception):
    """Saleor understood, and says no: it will the next time too. `code` is its own, or empty.

    Whatever words it was made with, they can be kept in a row: short, and without what no database takes.
    """

    def __init__(self, message: str, *, code: str = "", field: str = "") -> None:
        super().__init__(keepable(message)[:ERRORS_SHOWN_CHARACTERS_MAX])
        self.code = keepable(code)[:CODE_CHARACTERS_MAX]
        self.field = keepable(field)[:CODE_CHARACTERS_MAX]


class TokenRefused(SaleorRefuses):
    """Our token is not taken: the App was deleted or deactivated there.

    Its message is never Saleor's own, which may repeat the token.
    """


def keepable(text: str) -> str:
    """The text, with `UNREADABLE` for what no database keeps."""
    return _UNKEEPABLE.sub(UNREADABLE, text)


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
        self._token = token
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
        return _data_of(answer.body, token=self._token)

    def change(self, name: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """What the one mutation of `operations/<name>.graphql` answers, its `errors` looked at.

        Raises as `ask`, and `SaleorRefuses` for the first of its `errors`.
        """
        data = self.ask(name, variables)
        answer = next(iter(data.values()), None)
        if len(data) != 1 or not isinstance(answer, dict):
            raise SaleorAway("not the answer of one mutation")
        for error in _errors_of(answer):
            raise SaleorRefuses(
                f"{error.get('field') or ''} {error.get('message') or ''}".strip(),
                code=str(error.get("code") or ""),
                field=str(error.get("field") or ""),
            )
        return answer


def _data_of(body: bytes, *, token: str = "") -> dict[str, Any]:
    """The `data` of an answer; what does not have the shape of one is as good as none.

    Whatever it says can be kept in a row, and nothing of it is our token.
    """
    try:
        answer = _cleaned(json.loads(body), token)
    except (ValueError, RecursionError) as error:
        raise SaleorAway("not JSON, or too deep") from error
    if not isinstance(answer, dict):
        raise SaleorAway("not an object")
    for told in _errors_of(answer):
        raise _error_of(told)
    data = answer.get("data")
    if not isinstance(data, dict):
        raise SaleorAway("no data")
    return data


def _cleaned(told: Any, token: str) -> Any:
    if isinstance(told, str):
        text = keepable(told)
        return text.replace(token, HIDDEN) if token else text
    if isinstance(told, list):
        return [_cleaned(one, token) for one in told]
    if isinstance(told, dict):
        return {name: _cleaned(one, token) for name, one in told.items()}
    return told


def _errors_of(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    told = answer.get("errors") or []
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        raise SaleorAway("errors of another shape")
    return told


def _error_of(told: Mapping[str, Any]) -> Exception:
    exception = _object_in(_object_in(told, "extensions"), "exception")
    code = str(exception.get("code") or "")
    if code in TOKEN_CODES:
        return TokenRefused(code, code=code)
    if code in {"OperationalError", "InternalServerError"}:
        return SaleorAway(code)
    return SaleorRefuses(str(told.get("message") or ""), code=code)


def _object_in(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = told.get(name) or {}
    if not isinstance(found, dict):
        raise SaleorAway("an error of another shape")
    return found
