"""What stands between the sockets and Django: nobody who sends slowly or oddly takes the market from the others."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from marketplace.running.gateway import BODY_BYTES_MAX, HEAD_BYTES_MAX
from tests.plugins.servers import a_free_port
from tests.running.tiny_server import PIECE, PIECES
from tests.source import ROOT

THREADS = 2
START_S_MAX = 30
ANSWER_S_MAX = 20
BLOCKED_S = 1
HALF_A_POST = b"POST /slow HTTP/1.1\r\nHost: market\r\nContent-Length: 10\r\n\r\nhalf"


class Server:
    """The tiny server, and raw questions to it."""

    def __init__(self, port: int, told: Path) -> None:
        self._port = port
        self.told = told

    def connect(self, *, seconds: float = ANSWER_S_MAX) -> socket.socket:
        """A connection that waits so long for an answer."""
        return socket.create_connection(("127.0.0.1", self._port), timeout=seconds)

    def ask(self, request: bytes) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the answer; the server is asked to close after it."""
        with self.connect() as connection:
            connection.sendall(request.replace(b"\r\n", b"\r\nHost: market\r\nConnection: close\r\n", 1))
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        head, _, body = answer.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        return int(first.split()[1]), dict(line.lower().split(": ", 1) for line in lines), body

    def told_of(self, request: bytes) -> dict[str, Any]:
        """What the application was asked."""
        status, _, body = self.ask(request)
        assert status == 200
        asked: dict[str, Any] = json.loads(body)
        return asked


@contextmanager
def serving(way: str, told: Path) -> Iterator[Server]:
    port = a_free_port()
    arguments = [str(port), str(THREADS), way, str(told)]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.running.tiny_server", *arguments], cwd=ROOT, start_new_session=True
    )
    server = Server(port, told)
    end = time.monotonic() + START_S_MAX
    try:
        while True:
            try:
                server.connect().close()
                break
            except OSError:
                assert time.monotonic() < end, "the tiny server did not start"
                time.sleep(0.05)
        yield server
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(START_S_MAX)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving("gateway", tmp_path_factory.mktemp("gateway") / "told") as server:
        yield server


PRETENDED = b"GET / HTTP/1.1\r\nX-Forwarded-For: 203.0.113.7\r\nX_Forwarded_For: 198.51.100.9\r\n\r\n"


def test_a_header_with_underscores_does_not_pass_for_what_a_proxy_says(server: Server) -> None:
    assert server.told_of(PRETENDED)["HTTP_X_FORWARDED_FOR"] == "203.0.113.7"


def test_control_without_the_gateway_it_does(tmp_path: Path) -> None:
    with serving("plain", tmp_path / "told") as plain:
        assert plain.told_of(PRETENDED)["HTTP_X_FORWARDED_FOR"] == "198.51.100.9"


def half_a_post_from(count: int, server: Server) -> list[socket.socket]:
    """Connections by each of which half a request came."""
    connections = [server.connect() for _ in range(count)]
    for connection in connections:
        connection.sendall(HALF_A_POST)
    return connections


def test_bodies_that_come_slowly_hold_no_thread(server: Server) -> None:
    slow = half_a_post_from(5 * THREADS, server)

    assert server.told_of(b"GET /other HTTP/1.1\r\n\r\n")["PATH_INFO"] == "/other"

    for connection in slow:
        with connection:
            connection.sendall(b"+half+")
            assert b'"body": "half+half+"' in connection.recv(65536)


def test_control_threads_that_wait_for_bodies_are_all_held_by_as_many_slow_ones(tmp_path: Path) -> None:
    with serving("late", tmp_path / "told") as late:
        slow = half_a_post_from(THREADS, late)
        other = late.connect(seconds=BLOCKED_S)
        try:
            other.sendall(b"GET /other HTTP/1.1\r\nHost: market\r\nContent-Length: 0\r\n\r\n")
            with pytest.raises(TimeoutError):
                other.recv(1)
        finally:
            for connection in [other, *slow]:
                connection.close()


def test_the_head_is_told_as_pep_3333_has_it(server: Server) -> None:
    asked = server.told_of(
        b"PUT /ch%C3%A8%20xanh/?q=ch%C3%A8&x=1 HTTP/1.1\r\nX-A: 1\r\nX-A: 2\r\nCookie: a=1\r\nCookie: b=2\r\n"
        b"Content-Type: text/plain\r\nContent-Length: 3\r\n\r\nabc"
    )

    assert asked["REQUEST_METHOD"] == "PUT"
    assert asked["PATH_INFO"].encode("latin-1").decode() == "/chè xanh/"
    assert asked["QUERY_STRING"] == "q=ch%C3%A8&x=1"
    assert (asked["HTTP_X_A"], asked["HTTP_COOKIE"]) == ("1,2", "a=1; b=2")
    assert (asked["CONTENT_TYPE"], asked["CONTENT_LENGTH"], asked["body"]) == ("text/plain", "3", "abc")
    assert (asked["HTTP_HOST"], asked["REMOTE_ADDR"], asked["SERVER_PROTOCOL"]) == ("market", "127.0.0.1", "HTTP/1.1")
    assert asked["wsgi.url_scheme"] == "http"
    assert "PATH" not in asked, "the process's environment, secrets included, is not the request's"


def test_a_body_in_chunks_is_whole_and_says_its_length(server: Server) -> None:
    asked = server.told_of(
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n5\r\ndefgh\r\n0\r\n\r\n"
    )

    assert (asked["body"], asked["CONTENT_LENGTH"]) == ("abcdefgh", "8")


def test_a_body_that_memory_does_not_keep_is_whole(server: Server) -> None:
    body = b"0123456789abcdef" * 40_000

    asked = server.told_of(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    assert asked["body"].encode() == body


def test_a_body_beyond_the_bound_is_refused_before_it_is_sent(server: Server) -> None:
    status, headers, _ = server.ask(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (BODY_BYTES_MAX + 1))

    assert (status, headers["connection"]) == (413, "close")


@pytest.mark.parametrize(("more", "status"), [(0, 200), (1, 431)])
def test_a_head_may_be_so_long_and_no_longer(server: Server, more: int, status: int) -> None:
    others = len("/" + "host" + "market" + "connection" + "close" + "x")
    value = b"a" * (HEAD_BYTES_MAX - others + more)

    assert server.ask(b"GET / HTTP/1.1\r\nX: %s\r\n\r\n" % value)[0] == status


@pytest.mark.parametrize(
    "odd",
    [
        b"nonsense\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1_0\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nX Y: 1\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(server: Server, odd: bytes) -> None:
    assert server.ask(odd)[0] == 400


def test_a_client_that_leaves_in_the_middle_of_its_body_is_not_answered_for_half_of_it(server: Server) -> None:
    with server.connect() as leaving:
        leaving.sendall(HALF_A_POST)

    assert server.told_of(b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nwhole")["body"] == "whole"


@pytest.mark.parametrize(
    "broken",
    [
        b"Content-Length: 400\r\n\r\nhalf",
        b"Content-Length: 400000\r\n\r\nhalf",
        b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nnonsense\r\n",
    ],
)
def test_half_a_body_is_not_taken_for_the_whole(server: Server, broken: bytes) -> None:
    with server.connect() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: market\r\n" + broken)
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(65536)

    assert answer.partition(b"\r\n")[0] in (b"HTTP/1.1 400 Bad Request", b"")


@pytest.mark.parametrize("name", [b"X-Forwarded-For", b"Authorization", b"Idempotency-Key"])
def test_a_field_that_says_who_asks_is_not_left_out_where_it_cannot_be_read(server: Server, name: bytes) -> None:
    assert server.ask(b"GET / HTTP/1.1\r\n%s: \xe9, 8.8.8.8\r\n\r\n" % name)[0] == 400


def test_any_other_field_that_cannot_be_read_is_left_out(server: Server) -> None:
    assert "HTTP_X_NAME" not in server.told_of(b"GET / HTTP/1.1\r\nX-Name: \xe9\r\n\r\n")


def test_an_answer_in_pieces_comes_whole_and_is_closed(server: Server) -> None:
    status, _, body = server.ask(b"GET /streamed HTTP/1.1\r\n\r\n")

    assert status == 200
    assert body.count(PIECE) == PIECES
    assert server.told.read_text(encoding="utf-8") == "closed\n"


def test_an_application_that_raises_answers_500_and_the_next_is_served(server: Server) -> None:
    assert [server.ask(b"GET /broken HTTP/1.1\r\n\r\n")[0] for _ in range(2 * THREADS)] == [500] * (2 * THREADS)
    assert server.told_of(b"GET /fine HTTP/1.1\r\n\r\n")["PATH_INFO"] == "/fine"


@pytest.mark.parametrize("request_line", [b"HEAD / HTTP/1.1\r\n\r\n", b"GET /unchanged HTTP/1.1\r\n\r\n"])
def test_answers_without_a_body_have_none(server: Server, request_line: bytes) -> None:
    assert server.ask(request_line)[2] == b""
