"""The web server: gunicorn with threads that keep their database connections, and the worker beside them."""

from __future__ import annotations

import gc
import json
import os
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections
from django.urls import resolve
from gunicorn.app.base import BaseApplication

from marketplace.environment import link_host
from marketplace.running.worker import start_in_thread

THREADS = 16
PROCESSES_POSTGRESQL = 2
REQUEST_S_MAX = 60
GRACEFUL_S = 10
HEADER_BYTES_MAX = 8190
SERVER_FILE = "server.json"


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
    MarketServer(host=host, port=port).run()


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


class MarketServer(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn configured by us: no files, no environment of its own."""

    def __init__(self, *, host: str, port: int) -> None:
        self._address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        super().__init__()

    def load_config(self) -> None:
        """Give gunicorn its settings."""
        for name, value in self._options().items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The WSGI application, made only now: at its making it looks once which static files were gathered."""
        return get_wsgi_application()

    def _options(self) -> dict[str, Any]:
        return {
            "bind": self._address,
            "worker_class": "gthread",
            "workers": PROCESSES_POSTGRESQL if connection.vendor == "postgresql" else 1,
            "threads": THREADS,
            "timeout": REQUEST_S_MAX,
            "graceful_timeout": GRACEFUL_S,
            "preload_app": True,
            "keepalive": 5,
            "limit_request_field_size": HEADER_BYTES_MAX,
            "forwarded_allow_ips": "",  # forwarded headers are our own middleware's business
            "loglevel": "warning",
            "when_ready": _tell_ready,
            "on_exit": _forget_server,
            "post_worker_init": _start_worker,
            "worker_exit": _stop_worker,
        }


def _tell_ready(arbiter: Any) -> None:
    here = {
        "pid": os.getpid(),
        "base_url": f"http://{link_host(settings.ENVIRONMENT.host)}:{settings.ENVIRONMENT.port}",
        "demo": settings.MARKET_DEMO,
        "started_at": datetime.now(UTC).isoformat(),
    }
    temporary = server_file().with_suffix(f".{os.getpid()}")
    temporary.write_text(json.dumps(here), encoding="utf-8")
    temporary.replace(server_file())
    arbiter.log.warning("Chợ 4.0 is open at %s", settings.MARKET_PUBLIC_URL)


def _forget_server(arbiter: Any) -> None:
    try:
        if json.loads(server_file().read_text(encoding="utf-8"))["pid"] == os.getpid():
            server_file().unlink()
    except (OSError, ValueError, KeyError):
        arbiter.log.warning("%s was not there to remove", server_file())


def _start_worker(web_process: Any) -> None:
    if settings.CELERY_BROKER_URL is None:
        web_process.market_worker, web_process.market_worker_thread = start_in_thread()


def _stop_worker(_arbiter: Any, web_process: Any) -> None:
    worker = getattr(web_process, "market_worker", None)
    if worker is not None:
        worker.stop()
        web_process.market_worker_thread.join(timeout=GRACEFUL_S)
