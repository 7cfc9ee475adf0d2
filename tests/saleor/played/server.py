"""The HTTP of a played Saleor: `/graphql/` and `/.well-known/jwks.json` on 127.0.0.1, and the ways it fails."""

from __future__ import annotations

import json
import socket
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.saleor.played.apps import app_with_token
from tests.saleor.played.executing import Invalid, ask
from tests.saleor.played.registry import Asking, Died
from tests.saleor.played.signing import Keys
from tests.saleor.played.world import World

HELD_S_MAX = 30
BODY_BYTES_MAX = 10 * 1024 * 1024


@dataclass(frozen=True)
class Asked:
    """One question as it came."""

    operation: str
    variables: Mapping[str, Any]
    token: str
    query: str = ""


Fault = Callable[["Handler"], None]


@dataclass
class Front:
    """What stands between the net and the world: who asked what, and how the next answers fail."""

    world: World
    keys: Keys
    asked: list[Asked] = field(default_factory=list)
    next_faults: deque[Fault] = field(default_factory=deque)
    """Played instead of the next answers, one each."""
    broken: Fault | None = None
    """Played instead of every answer."""
    before_answer: Callable[[Asked], None] | None = None
    jwks_asked: int = 0
    released: threading.Event = field(default_factory=threading.Event)


def status(code: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Fault:
    """An answer with this status, and nothing done."""
    return lambda handler: handler.answer(code, body, headers=headers)


def too_many(retry_after_s: int = 30) -> Fault:
    """429 with its `Retry-After`."""
    return status(429, headers={"Retry-After": str(retry_after_s)})


def html(handler: Handler) -> None:
    """200 with a page for people, as a proxy that lost its way gives."""
    handler.answer(200, "<!doctype html><p>Bảo trì".encode(), content_type="text/html")


def closed(handler: Handler) -> None:
    """The connection is closed without a word."""
    handler.cut()


def held(handler: Handler) -> None:
    """No answer for longer than anybody waits."""
    handler.front.released.wait(HELD_S_MAX)
    handler.cut()


def lost_answer(handler: Handler) -> None:
    """What was asked is done, and the answer is lost on its way."""
    handler.answer_of_graphql()
    handler.cut()


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    front: Front
    body: bytes = b""

    def do_GET(self) -> None:
        """The keys, or nothing."""
        if self.path != "/.well-known/jwks.json":
            self.answer(404, b"")
            return
        self.front.jwks_asked += 1
        if not self._failed():
            self.answer(200, json.dumps(self.front.keys.jwks()).encode())

    def do_POST(self) -> None:
        """A GraphQL request."""
        self.body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), BODY_BYTES_MAX))
        if self.path != "/graphql/":
            self.answer(404, b"")
            return
        if self._failed():
            return
        try:
            code, body = self.answer_of_graphql()
        except Died:
            self.cut()
            return
        self.answer(code, body)

    def answer_of_graphql(self) -> tuple[int, bytes]:
        """Status and body. Raises `Died` where the test asked for it."""
        world = self.front.world
        try:
            read = json.loads(self.body)
            query, variables = read["query"], read.get("variables") or {}
        except (ValueError, KeyError, TypeError, AttributeError):
            world.faults.append(f"not a GraphQL request: {self.body[:200]!r}")
            return 400, _errors("Unable to parse query.", "GraphQLError")
        asked = Asked(read.get("operationName") or "", variables, self._token(), query)
        self.front.asked.append(asked)
        if self.front.before_answer is not None:
            self.front.before_answer(asked)
        app = app_with_token(world, asked.token) if asked.token else None
        if asked.token and app is None:
            return 200, _errors("Invalid token. App is not active or the token is not known.", "InvalidTokenError")
        try:
            answer = ask(Asking(world, app), query, operation_name=read.get("operationName"), variables=variables)
        except Invalid as error:
            world.faults.append(f"{asked.operation} is not valid in Saleor's schema: {error}")
            return 400, json.dumps({"errors": error.errors}).encode()
        cost = {"requestedQueryCost": 1, "maximumAvailable": 50000}
        return 200, json.dumps(answer | {"extensions": {"cost": cost}}).encode()

    def answer(
        self,
        code: int,
        body: bytes,
        *,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Send an answer."""
        self.send_response(code)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def cut(self) -> None:
        """End the connection at once."""
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _token(self) -> str:
        given = self.headers.get("Authorization-Bearer") or self.headers.get("Authorization") or ""
        return given.removeprefix("Bearer ").strip()

    def _failed(self) -> bool:
        fault = self.front.next_faults.popleft() if self.front.next_faults else self.front.broken
        if fault is not None:
            fault(self)
        return fault is not None

    def log_message(self, *_: object) -> None:
        """Tests are quiet."""


def _errors(message: str, code: str) -> bytes:
    return json.dumps({"errors": [{"message": message, "extensions": {"exception": {"code": code}}}]}).encode()


class Server:
    """Listens on a free port of 127.0.0.1; `stop` and `start` again at the same port."""

    def __init__(self, front: Front) -> None:
        self._handler = type("Handler", (Handler,), {"front": front})
        self._front = front
        self._port = 0
        self._http: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None
        self.start()

    @property
    def url(self) -> str:
        """Its root, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Listen."""
        if self._http is not None:
            return
        self._front.released.clear()
        self._http = ThreadingHTTPServer(("127.0.0.1", self._port), self._handler)
        self._http.daemon_threads = False
        self._port = self._http.server_address[1]
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Listen no more: whoever calls is refused the connection."""
        if self._http is None or self._thread is None:
            return
        self._front.released.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
        self._http = self._thread = None
