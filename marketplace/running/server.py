"""The web server: granian, threads that keep their database connections, and the worker beside them."""

from __future__ import annotations

import gc
import json
import logging
import os
import signal
import socket
import threading
from datetime import UTC, datetime
from multiprocessing import parent_process
from multiprocessing.connection import wait
from pathlib import Path
from time import sleep
from typing import Any, Final

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections
from django.urls import resolve
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from marketplace.environment import link_host
from marketplace.running.gateway import Gateway
from marketplace.running.worker import Worker, start_in_thread

PROCESSES_POSTGRESQL: Final = 2
GRACEFUL_S: Final = 10
HEAD_S_MAX: Final = 20
"""For the head of a request, the wait for the next one on a kept connection included."""
CONNECTIONS_WAITING_MAX: Final = 1024
REQUESTS_AT_ONCE_MAX: Final = 1024
"""In one process; nearly all of them may be slow without a thread being held."""
LOOK_AGAIN_S: Final = 0.02
REST_S: Final = 1.0
SERVER_FILE = "server.json"

log = logging.getLogger("market.web")


class CannotListen(SystemExit):
    """The address is taken; the message says what to do, and the exit status is 1."""


def server_file() -> Path:
    """Where a running server says how to reach it, for `market pay`."""
    return Path(settings.MARKET_HOME) / SERVER_FILE


def running_server() -> dict[str, Any] | None:
    """What the server that runs out of this MARKET_HOME said of itself; None when there is none.

    A server that was killed left its file behind: only one whose process lives counts.
    """
    try:
        here: dict[str, Any] = json.loads(server_file().read_text(encoding="utf-8"))
        os.kill(int(here["pid"]), 0)
    except PermissionError:
        return here  # it lives, under another user
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return here


def serve(*, host: str, port: int) -> None:
    """Serve until told to stop. Raises `CannotListen` when the address is taken."""
    _refuse_taken_address(host, port)
    _load_everything()
    connections.close_all()  # a connection must not be shared with the processes that are forked now
    while not _served(host, port):
        log.error("a process of the server died again and again: it is started anew")
        sleep(REST_S)


def _served(host: str, port: int) -> bool:
    """Serve; answers whether it was told to stop. Granian gives up where a process dies twice in a few seconds."""
    server = _server(host=host, port=port)
    try:
        server.serve(
            target_loader=load_gateway,  # type: ignore[arg-type]  # an object with `__rsgi__` is taken, too
            wrap_loader=False,
        )
    except SystemExit:
        return bool(server.interrupt_signal)
    return True


def _load_everything() -> None:
    """Read all pages' code before the first fork, so that a process that takes a dead one's place answers at once."""
    resolve("/health/live")
    gc.collect()
    gc.freeze()  # what is there now stays shared between the processes


def _refuse_taken_address(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotListen(
                f"market: {host}:{port} is taken ({error.strerror}): choose another, e.g. PORT={port + 1}."
            ) from error


def _server(*, host: str, port: int) -> MPServer:
    """Granian, with all its settings said here."""
    server = MPServer(
        f"{__name__}:load_gateway",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        loop=Loops.uvloop,
        websockets=False,
        workers=PROCESSES_POSTGRESQL if connection.vendor == "postgresql" else 1,
        backlog=CONNECTIONS_WAITING_MAX,
        backpressure=REQUESTS_AT_ONCE_MAX,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_S_MAX * 1000),
        respawn_failed_workers=True,
        workers_kill_timeout=GRACEFUL_S,
        log_level=LogLevels.warning,
    )
    server.on_shutdown(_forget_server)
    return server


def load_gateway() -> Gateway:
    """What serves, made only now: at its making the application looks once which static files were gathered."""
    beside = _Beside()
    return Gateway(get_wsgi_application(), started=beside.start, ending=beside.stop)


class _Beside:
    """What runs beside the web threads in a process that serves."""

    def __init__(self) -> None:
        self._worker: tuple[Worker, threading.Thread] | None = None

    def start(self) -> None:
        """Watch the parent, tell that the market is open, and start the worker where no Celery does its work."""
        threading.Thread(target=_end_with_parent, name="market-parent", daemon=True).start()
        threading.Thread(target=_tell_ready, name="market-ready", daemon=True).start()
        if settings.CELERY_BROKER_URL is None:
            self._worker = start_in_thread()

    def stop(self) -> None:
        """Let the worker finish its turn."""
        if self._worker is not None:
            worker, thread = self._worker
            worker.stop()
            thread.join(timeout=GRACEFUL_S)


def _end_with_parent() -> None:
    """End when the process that started this one was killed: it would keep the address and serve on unseen."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
        sleep(GRACEFUL_S)
        os._exit(1)  # a client that does not finish its request would keep it


def _tell_ready() -> None:
    """Write the server's file once it takes connections, under the number of the process that can be told to stop."""
    host, port = settings.ENVIRONMENT.host, settings.ENVIRONMENT.port
    while not _takes_connections(link_host(host).strip("[]"), port):
        sleep(LOOK_AGAIN_S)
    here = {
        "pid": os.getppid() if parent_process() is not None else os.getpid(),
        "base_url": f"http://{link_host(host)}:{port}",
        "demo": settings.MARKET_DEMO,
        "started_at": datetime.now(UTC).isoformat(),
    }
    temporary = server_file().with_suffix(f".{os.getpid()}")
    temporary.write_text(json.dumps(here), encoding="utf-8")
    temporary.replace(server_file())
    log.warning("Chợ 4.0 is open at %s", settings.MARKET_PUBLIC_URL)


def _takes_connections(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=GRACEFUL_S).close()
    except OSError:
        return False
    return True


def _forget_server() -> None:
    try:
        if json.loads(server_file().read_text(encoding="utf-8"))["pid"] == os.getpid():
            server_file().unlink()
    except (OSError, ValueError, KeyError):
        log.warning("%s was not there to remove", server_file())
