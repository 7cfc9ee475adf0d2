"""What a test needs that starts the market as a process of its own: a port, a home, a database."""

import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis

from tests.plugins.furniture import drop_database, is_postgresql, make_empty_database, put_furnished


def a_free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def unused_port() -> Callable[[], int]:
    """A function that finds a port on 127.0.0.1 that nobody listens on."""
    return a_free_port


@contextmanager
def an_own_database(folder: Path, *, furnished: bool = True) -> Iterator[str]:
    """The address of a database, of the kind the tests run on, that no other process uses: furnished, or empty."""
    given = os.environ.get("DATABASE_URL", "")
    if not is_postgresql(given):
        url = f"sqlite:///{folder / 'market.sqlite3'}"
        if furnished:
            put_furnished(url)
        yield url
        return
    url = urlsplit(given)._replace(path=f"/market_server_{secrets.token_hex(6)}").geturl()
    if furnished:
        put_furnished(url)
    else:
        make_empty_database(url)
    yield url
    drop_database(url)


@contextmanager
def an_own_environment(folder: Path, *, furnished: bool = True) -> Iterator[dict[str, str]]:
    """The environment for a market of its own (`market serve`) at a free port of 127.0.0.1.

    It has no shop yet; unless it is `furnished`, its database has not even tables.
    """
    with an_own_database(folder, furnished=furnished) as database_url:
        environment = os.environ | {
            "MARKET_HOME": str(folder / "home"),
            "DATABASE_URL": database_url,
            "HOST": "127.0.0.1",
            "PORT": str(a_free_port()),
        }
        yield environment
    if redis_url := environment.get("REDIS_URL"):
        with redis.Redis.from_url(redis_url) as client:
            client.flushdb()


@pytest.fixture
def server_environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment for a market of its own (`market serve`), without a shop, at a free port of 127.0.0.1."""
    with an_own_environment(tmp_path) as environment:
        yield environment
