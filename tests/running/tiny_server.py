"""A server of its own process for a tiny application, through the gateway or, as controls, in two other ways.

    python -m tests.running.tiny_server PORT THREADS gateway|late|plain FILE

`late` calls the application when the head is there, and lets its thread wait for the body; `plain` is granian's own
way to call a WSGI application. FILE is told what was closed.
"""

import asyncio
import json
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels
from granian.server.mp import MPServer

from marketplace.running.gateway import Gateway

PIECES = 200
PIECE = b"piece of an answer " * 1000


class Streamed:
    """An answer in pieces, as Django's streaming responses are."""

    streaming = True

    def __init__(self) -> None:
        self._pieces = iter([PIECE] * PIECES)

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        with Path(sys.argv[4]).open("a", encoding="utf-8") as told:
            told.write("closed\n")


def tiny(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
    """Answers the head and the body that it was asked with, as JSON."""
    if environ["PATH_INFO"] == "/broken":
        raise RuntimeError("this application raises")
    if environ["PATH_INFO"] == "/streamed":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return Streamed()
    if environ["PATH_INFO"] == "/unchanged":
        start_response("304 Not Modified", [("ETag", '"1"')])
        return []
    length = environ.get("CONTENT_LENGTH") or "0"
    body = environ["wsgi.input"].read(int(length))
    asked = {name: value for name, value in environ.items() if isinstance(value, str)}
    asked["body"] = body.decode("latin-1")
    asked["thread"] = threading.current_thread().name
    start_response("200 OK", [("Content-Type", "application/json"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    return [json.dumps(asked).encode()]


class LateBody:
    """A body that is waited for by who reads it."""

    def __init__(self, protocol: Any) -> None:
        self._protocol, self._loop = protocol, asyncio.get_running_loop()

    async def _whole(self) -> bytes:
        body: bytes = await self._protocol()
        return body

    def read(self, length: int) -> bytes:
        return asyncio.run_coroutine_threadsafe(self._whole(), self._loop).result()[:length]


class LateGateway(Gateway):
    """The gateway without what it is for."""

    async def _body(self, environ: dict[str, Any], protocol: Any) -> Any:
        return LateBody(protocol)


def load() -> Any:
    """The application, as the server's process makes it."""
    if sys.argv[3] == "plain":
        return tiny
    gateway = LateGateway if sys.argv[3] == "late" else Gateway
    return gateway(tiny, started=lambda: None, ending=lambda: None, threads=int(sys.argv[2]))


if __name__ == "__main__":
    is_plain = sys.argv[3] == "plain"
    MPServer(
        "tests.running.tiny_server:load",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI if is_plain else Interfaces.RSGI,
        blocking_threads=int(sys.argv[2]) if is_plain else None,
        http=HTTPModes.http1,
        loop=Loops.uvloop,
        log_level=LogLevels.critical,
    ).serve(target_loader=load, wrap_loader=False)
