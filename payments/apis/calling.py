"""Calling a provider over HTTPS: bounded in time, tries and size, and with a named fault for all that goes wrong.

Only what may be said twice is tried twice: a GET always, anything else while no connection was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from time import monotonic
from typing import ClassVar, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from payments.providers.base import NotItsShape

CONNECT_S_MAX: Final = 2.0
ANSWER_S_MAX: Final = 10.0
"""From the question to the last byte of the answer."""
TRIES_MAX: Final = 8
BACKOFF_S: Final = 0.5
"""The second try comes at once, the third after this, then twice as long each time; with as much again at random."""
BACKOFF_S_MAX: Final = 5.0
ANSWER_BYTES_MAX: Final = 4 * 1024 * 1024
CHUNK_BYTES: Final = 64 * 1024
RETRY_AFTER_S_DEFAULT: Final = 60
RETRY_AFTER_S_MAX: Final = 3600
RETRY_AFTER_HEADERS: Final = ("Retry-After", "x-sepay-userapi-retry-after")
"""The second is the name in SePay's first API (developer.sepay.vn, "SePay API Overview" v1)."""
USER_AGENT: Final = "cho40"

_TRIED_AGAIN: Final = frozenset({500, 502, 503, 504})


class CallFailed(Exception):
    """The provider gave no answer that could be used; `problem` says why in a word for programs."""

    problem: ClassVar[str] = "failed"


class Unreachable(CallFailed):
    """No connection, no answer in time, a broken one, a server's own fault, or a way to another address."""

    problem = "unreachable"


class Refused(CallFailed):
    """The provider does not take our key."""

    problem = "refused"


class RateLimited(CallFailed):
    """Asked too often; `retry_after_s` says when to come back."""

    problem = "rate_limited"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and how often one question is asked; never more than the maxima above."""

    connect_s: float = CONNECT_S_MAX
    answer_s: float = ANSWER_S_MAX
    tries: int = TRIES_MAX
    backoff_s: float = BACKOFF_S


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is the provider's own word: a status below 500, and not one of those with a fault above."""

    status: int
    body: bytes


class Caller:
    """Asks one provider at one address, with headers that prove who asks. Close it, or use it in a `with`."""

    def __init__(self, base_url: str, *, headers: Mapping[str, str], limits: Limits) -> None:
        self._base_url = base_url.rstrip("/")
        self._limits = limits
        self._session = _session(limits)
        self._session.headers.update({"User-Agent": USER_AGENT, **headers})

    def __enter__(self) -> Caller:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def get(self, path: str, *, params: Mapping[str, str | int] | None = None) -> Answer:
        """Read what is at `path`. Raises `CallFailed` and `NotItsShape`."""
        return self._call("GET", path, params=params, fields=None)

    def post(self, path: str, *, fields: Mapping[str, object]) -> Answer:
        """Send a JSON object, at most once. Raises `CallFailed` and `NotItsShape`."""
        return self._call("POST", path, params=None, fields=fields)

    def _call(
        self, method: str, path: str, *, params: Mapping[str, str | int] | None, fields: Mapping[str, object] | None
    ) -> Answer:
        limits = self._limits
        try:
            with self._session.request(
                method,
                self._base_url + path,
                params=params,
                json=fields,
                timeout=(limits.connect_s, limits.answer_s),
                allow_redirects=False,
                stream=True,
            ) as response:
                _check(response)
                return Answer(response.status_code, _body(response, limits=limits))
        except requests.RequestException as error:
            raise Unreachable(type(error).__name__) from error


def _session(limits: Limits) -> requests.Session:
    session = requests.Session()
    # Neither a proxy nor the passwords that the machine keeps for its people have a say here.
    session.trust_env = False
    # What a small packed answer unpacks to has no bound.
    session.headers["Accept-Encoding"] = "identity"
    retry = Retry(
        total=min(limits.tries, TRIES_MAX) - 1,
        allowed_methods={"GET"},
        status_forcelist=_TRIED_AGAIN,
        backoff_factor=limits.backoff_s,
        backoff_jitter=limits.backoff_s,
        backoff_max=BACKOFF_S_MAX,
        respect_retry_after_header=False,
        raise_on_status=False,
    )
    adapter = HTTPAdapter(max_retries=retry)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _check(response: requests.Response) -> None:
    status = response.status_code
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise Refused(str(status))
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise RateLimited(_retry_after_s(response.headers))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise Unreachable(str(status))


def _retry_after_s(headers: Mapping[str, str]) -> int:
    given = next(filter(None, map(headers.get, RETRY_AFTER_HEADERS)), "")
    if not (given.isascii() and given.isdigit()):
        return RETRY_AFTER_S_DEFAULT
    return max(1, min(int(given[:6]), RETRY_AFTER_S_MAX))


def _body(response: requests.Response, *, limits: Limits) -> bytes:
    """All of the answer. One read waits at most `answer_s`; a server that drips must not make many of them."""
    late = monotonic() + limits.answer_s
    body = bytearray()
    for chunk in response.iter_content(CHUNK_BYTES):
        body += chunk
        if len(body) > ANSWER_BYTES_MAX:
            raise NotItsShape("an answer too large to read")
        if monotonic() > late:
            raise Unreachable("too slow")
    return bytes(body)
