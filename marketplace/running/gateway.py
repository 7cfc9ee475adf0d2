"""Between the HTTP server and Django: whole requests go to a fixed set of threads, and answers go back.

The server reads heads and bodies without a thread, so that whoever sends or reads slowly holds a connection and no
thread; a request takes its thread when all of it is here. The threads live as long as the process and keep their
database connections (decision 0004).
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from http import HTTPStatus
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from granian._granian import RSGIHTTPProtocol as HTTPProtocol
from granian._granian import RSGIProtocolClosed as ProtocolClosed
from granian.rsgi import Scope

from marketplace.running.web_threads import WebThreads

THREADS: Final = 8
"""Twice as many answer a fifth less on two cores; half as many would all wait when a few writers do."""
HEAD_BYTES_MAX: Final = 16 * 1024
"""Names and values of all header fields and the address asked for."""
BODY_BYTES_MAX: Final = 80 * 1024 * 1024
"""Ten photos of the largest size at once; what asks for less says so itself (`marketplace.core.body`)."""
IN_MEMORY_BYTES_MAX: Final = 256 * 1024
WAITING_BYTES_MAX: Final = 1024 * 1024 * 1024
"""All bodies that are on their way at once: more than the disk may be made to hold by strangers."""
CHUNK_S_MAX: Final = 30
"""A body of which nothing came for so long is not waited for."""
BODY_S_MAX: Final = 600
"""A photo of 8 MiB over a line of 128 kbit/s takes nine minutes."""
SMALL_BODY_S_MAX: Final = 60
"""For a body that is kept in memory."""
REQUESTS_WAITING_MAX: Final = 256
"""For a thread. Those whose clients left are among them: they cannot be told from the others."""
MUST_BE_READ: Final = frozenset(
    {
        "authorization",
        "authorization-bearer",
        "content-type",
        "host",
        "idempotency-key",
        "x-forwarded-for",
        "x-forwarded-proto",
    }
)
"""Fields without which a request would be taken for another's. The server leaves out what is no ASCII."""
BODY_BYTES: Final = "market.body_bytes"
"""Where it is kept how many bytes wait on the disk; no header can have this name."""

Headers = list[tuple[str, str]]
Application = Callable[[dict[str, Any], Any], Any]
"""As PEP 3333 has it, less `start_response`'s old `write`."""

log = logging.getLogger("market.web")


class _Refused(Exception):
    """The request cannot be taken; the status says why."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class _Start:
    """WSGI's `start_response`: the status and the headers of an answer."""

    __slots__ = ("headers", "status")

    def __init__(self) -> None:
        self.status: int = HTTPStatus.INTERNAL_SERVER_ERROR
        self.headers: Headers = []

    def __call__(self, status: str, headers: Headers, exc_info: Any = None) -> None:
        self.status, self.headers = int(status[:3]), headers


class Gateway:
    """A WSGI application as the server calls it (RSGI 1).

    `started` and `ending` are called once in each process that serves.
    """

    def __init__(
        self,
        application: Application,
        *,
        started: Callable[[], None],
        ending: Callable[[], None],
        threads: int = THREADS,
    ) -> None:
        self._application = application
        self._started, self._ending = started, ending
        self._count = threads
        self._threads: WebThreads
        self._waiting_bytes = 0

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._threads = WebThreads(self._count, loop=loop)
        self._started()

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._ending()
        self._threads.stop()

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        environ: dict[str, Any] = {}
        try:
            environ = environ_of(scope)
            environ["wsgi.input"] = await self._body(environ, protocol)
            if self._threads.waiting() > REQUESTS_WAITING_MAX:
                raise _Refused(HTTPStatus.SERVICE_UNAVAILABLE)
            streaming = await self._threads.run(self._answer, environ, protocol)
            if streaming is not None:
                start, pieces = streaming
                await self._stream(start, pieces, protocol)
        except _Refused as refusal:
            text = [("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close")]
            protocol.response_str(refusal.status.value, text, f"{refusal.status.phrase}\n")
        except ProtocolClosed:
            log.info("a client left before its request was answered")
            with suppress(ProtocolClosed):  # one that only sends no more may still read
                protocol.response_empty(HTTPStatus.BAD_REQUEST.value, [("Connection", "close")])
        finally:
            close(environ.get("wsgi.input"))
            self._waiting_bytes -= environ.get(BODY_BYTES, 0)

    async def _body(self, environ: dict[str, Any], protocol: HTTPProtocol) -> IO[bytes]:
        """The whole body, in memory or in a file that nobody else can open. Raises `_Refused`, `ProtocolClosed`."""
        if "CONTENT_LENGTH" not in environ and "HTTP_TRANSFER_ENCODING" not in environ:
            return BytesIO()
        length = int(environ["CONTENT_LENGTH"]) if "CONTENT_LENGTH" in environ else None
        if length is not None and length > BODY_BYTES_MAX:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            if length is not None and length <= IN_MEMORY_BYTES_MAX:
                async with asyncio.timeout(SMALL_BODY_S_MAX):
                    body = await protocol()
                if len(body) != length:
                    raise _Refused(HTTPStatus.BAD_REQUEST)
                return BytesIO(body)
            async with asyncio.timeout(BODY_S_MAX):
                return await self._large_body(environ, protocol)
        except TimeoutError:
            raise _Refused(HTTPStatus.REQUEST_TIMEOUT) from None

    async def _large_body(self, environ: dict[str, Any], protocol: HTTPProtocol) -> IO[bytes]:
        kept: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES_MAX)  # noqa: SIM115  # the caller closes it
        environ[BODY_BYTES] = 0
        try:
            async for chunk in _chunks(protocol):
                environ[BODY_BYTES] += len(chunk)
                self._waiting_bytes += len(chunk)
                if environ[BODY_BYTES] > BODY_BYTES_MAX:
                    raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                if self._waiting_bytes > WAITING_BYTES_MAX:
                    raise _Refused(HTTPStatus.SERVICE_UNAVAILABLE)
                kept.write(chunk)
            # A body that came in chunks says only now how long it is.
            size = str(environ[BODY_BYTES])
            if environ.setdefault("CONTENT_LENGTH", size) != size:
                raise _Refused(HTTPStatus.BAD_REQUEST)
        except BaseException:
            kept.close()
            raise
        kept.seek(0)
        return kept

    def _answer(self, environ: dict[str, Any], protocol: HTTPProtocol) -> tuple[_Start, Any] | None:
        """Ask the application, in a thread of ours, and answer. What has to be streamed comes back unsent."""
        start = _Start()
        try:
            answer: Any = self._application(environ, start)
        except Exception:
            log.exception("the application raised")
            protocol.response_empty(HTTPStatus.INTERNAL_SERVER_ERROR.value, [])
            return None
        if getattr(answer, "streaming", False):
            return start, answer
        try:
            body = b"".join(answer)
        finally:
            close(answer)
        protocol.response_bytes(start.status, start.headers, body)
        return None

    async def _stream(self, start: _Start, answer: Any, protocol: HTTPProtocol) -> None:
        """Send a body piece by piece, as fast as its reader takes it; between two pieces no thread is held."""
        pieces = iter(answer)
        try:
            transport = protocol.response_stream(start.status, start.headers)
            while (piece := await self._threads.run(next, pieces, None)) is not None:
                await transport.send_bytes(piece)
        finally:
            await self._threads.run(close, answer)


def close(given: Any) -> None:
    """Tell a WSGI iterable, or a body, that it is done with."""
    if hasattr(given, "close"):
        given.close()


async def _chunks(protocol: HTTPProtocol) -> AsyncIterator[bytes]:
    """The pieces of a body. Raises `_Refused` for one that breaks off, and `TimeoutError`.

    The server ends a whole body with one empty piece, and answers empty ones without end for one that broke off.
    """
    pieces, was_empty = aiter(protocol), False
    while True:
        try:
            async with asyncio.timeout(CHUNK_S_MAX):
                piece: bytes = await anext(pieces)
        except StopAsyncIteration:
            return
        if was_empty:
            raise _Refused(HTTPStatus.BAD_REQUEST)
        was_empty = not piece
        yield piece


def environ_of(scope: Scope) -> dict[str, Any]:
    """The request's head as WSGI has it (PEP 3333). Raises `_Refused` where it is too long or cannot be read.

    A field whose name has an underscore is left out: it would stand under the same name as one with a hyphen, and
    `X_Forwarded_For` must not pass for what a trusted proxy says.
    """
    server, _, port = scope.server.rpartition(":")
    client, _, client_port = scope.client.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "REMOTE_ADDR": client.strip("[]"),
        "REMOTE_PORT": client_port,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    size = len(scope.path) + len(scope.query_string)
    for name, value in scope.headers.items():
        size += len(name) + len(value)
        if "_" not in name:
            _put(environ, name.upper().replace("-", "_"), value)
    if size > HEAD_BYTES_MAX:
        raise _Refused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
    if any(scope.headers.get(name) is None for name in MUST_BE_READ.intersection(scope.headers.keys())):
        raise _Refused(HTTPStatus.BAD_REQUEST)
    return environ


def _put(environ: dict[str, Any], name: str, value: str) -> None:
    key = name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"
    if key in environ:
        value = f"{environ[key]}{'; ' if name == 'COOKIE' else ','}{value}"
    environ[key] = value
