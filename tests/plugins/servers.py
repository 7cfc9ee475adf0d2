"""What a test needs that starts the market as a process of its own: a port, a home, a database."""

import os
import secrets
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis


def a_free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on."""
    return a_free_port()


@pytest.fixture
def unused_port() -> Callable[[], int]:
    """More of them."""
    return a_free_port


@pytest.fixture
def own_database_url(tmp_path: Path) -> Iterator[str]:
    """An empty database, of the kind the tests run on, that no other process uses."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{tmp_path / 'market.sqlite3'}"
        return
    name = f"market_server_{secrets.token_hex(6)}"
    with psycopg.connect(urlsplit(given)._replace(path="/postgres").geturl(), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield urlsplit(given)._replace(path=f"/{name}").geturl()
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def server_environment(tmp_path: Path, free_port: int, own_database_url: str) -> Iterator[dict[str, str]]:
    """The environment for a market of its own (`market serve`), empty, at 127.0.0.1 and `free_port`."""
    environment = os.environ | {
        "MARKET_HOME": str(tmp_path / "home"),
        "DATABASE_URL": own_database_url,
        "HOST": "127.0.0.1",
        "PORT": str(free_port),
    }
    yield environment
    if redis_url := environment.get("REDIS_URL"):
        with redis.Redis.from_url(redis_url) as client:
            client.flushdb()
