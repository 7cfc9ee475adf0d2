"""No test talks to another machine.

Sockets that Python opens may connect to loopback addresses and Unix sockets only. A refused attempt raises,
and fails its test even if the code under test swallowed what was raised.
"""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest


class NetworkRefused(Exception):
    """A test tried to reach another machine."""


class Guard:
    """Stands before `connect` and name look-ups and remembers what it refused."""

    def __init__(self) -> None:
        self.refused: list[str] = []

    def check(self, host: object) -> None:
        """Raise `NetworkRefused` unless `host` is this machine."""
        if not is_this_machine(host):
            self.refused.append(str(host))
            raise NetworkRefused(f"tests may not talk to {host!r}: only to this machine")


def is_this_machine(host: object) -> bool:
    """Whether `host` (a name or an address, as given to `socket`) is a loopback one."""
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if text in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(text).split("%", 1)[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session")
def network_guard() -> Iterator[Guard]:
    """The guard, in force from the first test to the last."""
    guard = Guard()
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def check_address(own: socket.socket, address: Any) -> None:
        if own.family in {socket.AF_INET, socket.AF_INET6}:
            guard.check(address[0])

    def guarded_connect(own: socket.socket, address: Any) -> None:
        check_address(own, address)
        connect(own, address)

    def guarded_connect_ex(own: socket.socket, address: Any) -> int:
        check_address(own, address)
        return connect_ex(own, address)

    def guarded_getaddrinfo(host: Any, *arguments: Any, **named: Any) -> Any:
        if host != "0.0.0.0":  # noqa: S104 - asked for by servers that listen, not by callers
            guard.check(host)
        return getaddrinfo(host, *arguments, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield guard


@pytest.fixture(autouse=True)
def no_other_machine(network_guard: Guard) -> Iterator[None]:
    """Fail a test in which something tried to reach another machine."""
    network_guard.refused.clear()
    yield
    if network_guard.refused:
        pytest.fail(f"this test tried to reach {', '.join(network_guard.refused)}", pytrace=False)
