"""How much one client may ask for in a minute, counted in what its documents cost.

Signed in, a person is counted; else the network address, of IPv6 its /64. The minute slides: what was spent in the
last one counts by the share of it that lies less than 60 seconds back, so that nobody saves up a burst.

Each process keeps its own account and tells the shared cache only from time to time, so that a request costs
microseconds here, and no more than a part of the limit a process is spent unseen by the others.
"""

from __future__ import annotations

import logging
import math
import threading
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from ipaddress import ip_address
from typing import Final

from django.conf import settings
from django.core.cache import cache
from redis import RedisError

from marketplace.core.tries import key_of_address

WINDOW_S: Final = 60
SHARES: Final = 50
"""The cache is told after each of so many parts of the limit."""
CLIENTS_KEPT_MAX: Final = 10_000
COST_OF_ANY_REQUEST: Final = 1
log = logging.getLogger("market.graphql")


class TooManyRequests(Exception):
    """A client spent its minute; it may come back in `retry_after_s` seconds."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__("Too many requests from here. Try again later.")
        self.retry_after_s = retry_after_s


@dataclass
class Account:
    """What a client spent: in this window and in the last one, and what the cache was not told yet."""

    window: int
    spent: int = 0
    spent_before: int = 0
    untold: int = 0


class Rates:
    """The accounts of this process. May be used by several threads."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}
        self._guard = threading.Lock()

    def charge(self, client: str, cost: int, *, now: datetime) -> None:
        """Count what a request costs that is answered in any case."""
        limit = settings.MARKET_GRAPHQL_COST_A_MINUTE
        if limit and client:
            with self._guard:
                account = self._account(client, int(now.timestamp()) // WINDOW_S)
                account.untold += cost
            if account.untold * SHARES >= limit:
                self._tell(client, account)

    def admit(self, client: str, *, now: datetime) -> None:
        """Let a request in and count the least that it costs. Raises `TooManyRequests`."""
        limit = settings.MARKET_GRAPHQL_COST_A_MINUTE
        if not limit or not client:
            return
        moment = now.timestamp()
        window, passed_s = divmod(moment, WINDOW_S)
        with self._guard:
            account = self._account(client, int(window))
        spent = account.spent + account.untold + account.spent_before * (1 - passed_s / WINDOW_S)
        if spent >= limit:
            raise TooManyRequests(max(1, math.ceil(WINDOW_S - passed_s)))
        self.charge(client, COST_OF_ANY_REQUEST, now=now)

    def forget(self) -> None:
        """Forget every account of this process."""
        with self._guard:
            self._accounts.clear()

    def _account(self, client: str, window: int) -> Account:
        account = self._accounts.get(client)
        if account is not None and account.window == window:
            return account
        if account is None and len(self._accounts) >= CLIENTS_KEPT_MAX:
            self._accounts.clear()  # a flood of addresses; what the cache was told stays known
        before = account.spent + account.untold if account is not None and account.window == window - 1 else 0
        fresh = Account(window, spent_before=before)
        if account is None:
            fresh.spent, fresh.spent_before = _told_by_all(client, window)
        self._accounts[client] = fresh
        return fresh

    def _tell(self, client: str, account: Account) -> None:
        with self._guard:
            told, account.untold = account.untold, 0
        account.spent = _tell_all(client, account.window, told) or account.spent + told


rates = Rates()


def client_of(*, user_id: int | None, address: str) -> str:
    """The client that a request is counted for; "" for one that is not: a program on this machine.

    Behind a proxy that is not trusted yet everybody would come from there, and be one client together.
    """
    return f"graphql:person:{user_id}" if user_id is not None else _client_at(address)


def client_of_app(app_id: int) -> str:
    """The client that a program with a token of its own is counted as, wherever it asks from."""
    return f"graphql:app:{app_id}"


@lru_cache(maxsize=CLIENTS_KEPT_MAX)
def _client_at(address: str) -> str:
    try:
        is_this_machine = ip_address(address).is_loopback
    except ValueError:
        is_this_machine = False
    return "" if is_this_machine else key_of_address("graphql", address)


def _told_by_all(client: str, window: int) -> tuple[int, int]:
    """What all processes told of this window and of the one before."""
    now, before = _key(client, window), _key(client, window - 1)
    try:
        told = cache.get_many([now, before])
    except (RedisError, OSError):
        log.warning("the shared cache is away: each process counts by itself")
        return 0, 0
    return told.get(now, 0), told.get(before, 0)


def _tell_all(client: str, window: int, cost: int) -> int | None:
    """Add to what all processes know; answers their sum, or None where it cannot be had."""
    key = _key(client, window)
    try:
        cache.add(key, 0, 2 * WINDOW_S)
        return cache.incr(key, cost)
    except ValueError:  # ran out between the two calls
        return None
    except (RedisError, OSError):
        log.warning("the shared cache is away: each process counts by itself")
        return None


def _key(client: str, window: int) -> str:
    return f"{client}:{window}"
