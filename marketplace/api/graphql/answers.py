"""Whole answers that are kept: what anybody may read, as long as nothing that it shows was written since.

Which tables an answer was made of is seen while it is made, not guessed from its document. It is kept only where
each of them raises a generation (`marketplace.core.generations`), and given again only while these generations
stand where they stood before it was made: nobody reads a stale price after its change was acknowledged.

Inside a transaction nothing is kept or found, since its own writes raise no generation before it commits.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from catalog.models import Product
from catalog.search.engines import TABLE as SEARCH_TABLE
from marketplace.api.graphql.cors import PREFIX as CORS_PREFIX
from marketplace.api.graphql.cors import with_cors
from marketplace.api.graphql.rates import TooManyRequests, client_of, rates
from marketplace.api.graphql.reading import BODY_BYTES_MAX
from marketplace.core import clock
from marketplace.core.body import read_early
from marketplace.core.clock import vietnam_date
from marketplace.core.generations import TABLE as GENERATIONS
from marketplace.core.generations import generations_of, read_generations, watched

OWN_HEADERS: Final = ("HTTP_AUTHORIZATION", "HTTP_AUTHORIZATION_BEARER", "HTTP_IDEMPOTENCY_KEY")
"""Who sends one of them asks for themselves, or may have sent the same before."""
AGE_HEADER: Final = "HTTP_X_AGE_DECLARED"
AGE_CHARACTERS: Final = 8
"""More than anything that is understood as an age; the rest of a long one means the same: nothing."""
LANGUAGE_CHARACTERS: Final = 8
MUTATION: Final = b"mutation"
"""A body with this word most likely changes something, and is then spared all that keeping an answer takes. Where the
word is written otherwise, or means something else, that is no harm: nothing of a mutation is kept, and a question may
always be answered anew."""
PATHS: Final = frozenset({"/graphql", "/graphql/"})
CONTENT_TYPES: Final = frozenset({"application/json", "application/json; charset=utf-8"})
PRODUCTS: Final = str(Product._meta.db_table)
AGAIN: Final = "may_be_given_again"
BYTES_BESIDE: Final = 2000
"""What an entry takes beside its key and its body, about: headers, marks, places in tables (measured: 1,800)."""
_WORD: Final = re.compile(r"\w+")

Marks = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """A body with its headers, and the generations that it holds for."""

    body: bytes
    marks: Marks
    headers: tuple[tuple[str, str], ...] = ()


class Answers:
    """Bodies by what was asked, the least recently asked forgotten first; at most `bytes_max` with their keys."""

    def __init__(self, *, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._kept: OrderedDict[Hashable, tuple[KeptAnswer, int]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    @property
    def bytes_kept(self) -> int:
        """How much it holds."""
        return self._bytes

    def find(self, key: Hashable, generations: Mapping[str, int]) -> KeptAnswer | None:
        """The answer for `key`, if it was made of what is still so."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            answer, _size = found
            if any(generations.get(name) != number for name, number in answer.marks):
                self._forget(key)
                return None
            self._kept.move_to_end(key)
        return answer

    def keep(self, key: Hashable, answer: KeptAnswer, *, key_bytes: int) -> None:
        """Remember a body of a key that takes `key_bytes`."""
        size = len(answer.body) + key_bytes + BYTES_BESIDE
        if size > self._bytes_max:
            return
        with self._lock:
            self._forget(key)
            self._kept[key] = answer, size
            self._bytes += size
            while self._bytes > self._bytes_max:
                self._forget(next(iter(self._kept)))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def _forget(self, key: Hashable) -> None:
        _answer, size = self._kept.pop(key, (None, 0))
        self._bytes -= size


@cache
def answers() -> Answers:
    """This process's kept answers; of `MARKET_ANSWER_CACHE_BYTES`, which may be 0."""
    return Answers(bytes_max=settings.MARKET_ANSWER_CACHE_BYTES)


def kept_answers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Django's middleware, before all that a kept answer needs no more: sessions, languages, forms, addresses."""

    def middleware(request: HttpRequest) -> HttpResponse:
        key = _key_of(request)
        if key is None:
            return get_response(request)
        generations = read_generations()  # before anything is read: what is written from now on makes it stale
        found = answers().find(key, generations)
        if found is not None:
            if not _is_let_in(request):
                return get_response(request)  # which says when to come back
            return with_cors(request, HttpResponse(found.body, headers=dict(found.headers)))
        with tables_read() as tables:
            made = get_response(request)
        marks = marks_of(tables, generations) if getattr(made, AGAIN, False) and not made.cookies else None
        if marks is not None:
            answers().keep(key, KeptAnswer(made.content, marks, _own_headers(made)), key_bytes=len(key[0]))
        return made

    return middleware


def _is_let_in(request: HttpRequest) -> bool:
    """Whether the client has something left of its minute; what is given again counts as any request does."""
    now = clock.now()
    try:
        rates.admit(client_of(user_id=None, address=request.META.get("REMOTE_ADDR", "")), now=now)
    except TooManyRequests:
        return False
    return True


def may_be_given_again(answer: HttpResponse) -> None:
    """Say of an answer that the same question has the same answer as long as nobody writes."""
    setattr(answer, AGAIN, True)


def _key_of(request: HttpRequest) -> tuple[bytes, str, str, date, bool] | None:
    """What an answer to this request may be kept under; None where it is somebody's own, or nothing is kept now."""
    if request.method != "POST" or request.path_info not in PATHS or not settings.MARKET_ANSWER_CACHE_BYTES:
        return None
    if connection.in_atomic_block or request.META.get("CONTENT_TYPE") not in CONTENT_TYPES:
        return None
    if any(header in request.META for header in OWN_HEADERS):
        return None
    body = read_early(request, bytes_max=BODY_BYTES_MAX)
    if body is None or MUTATION in body:
        return None
    age = request.META.get(AGE_HEADER, "").strip()[:AGE_CHARACTERS]
    language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "") if "HTTP_COOKIE" in request.META else ""
    return body, age, language[:LANGUAGE_CHARACTERS], vietnam_date(clock.now()), request.is_secure()


def _own_headers(answer: HttpResponse) -> tuple[tuple[str, str], ...]:
    """Those of the answer itself; who else may read it is said to each asker."""
    return tuple((name, value) for name, value in answer.headers.items() if not name.lower().startswith(CORS_PREFIX))


@contextmanager
def tables_read() -> Iterator[set[str]]:
    """Collects the names of the tables that this thread's statements name, whether they read or write them."""
    seen: set[str] = set()
    ours = _all_tables()

    def look(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.update(ours.intersection(_WORD.findall(sql)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield seen


def marks_of(tables: set[str], generations: Mapping[str, int]) -> Marks | None:
    """What an answer made of these tables holds for, or None where it cannot be kept.

    The search's table holds words of products and is written only beside their own rows, so it stands for theirs: a
    search that finds nothing reads no other.
    """
    names = generations_of({PRODUCTS if table == SEARCH_TABLE else table for table in tables - {GENERATIONS}})
    return None if names is None else watched(generations, names)


@cache
def _all_tables() -> frozenset[str]:
    models = apps.get_models(include_auto_created=True)
    return frozenset({SEARCH_TABLE, *(str(model._meta.db_table) for model in models)})
