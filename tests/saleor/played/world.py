"""What a played Saleor knows: its things by id, its clock, what it has to tell, and what it was asked wrongly."""

from __future__ import annotations

import base64
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

Thing = dict[str, Any]
"""Anything of Saleor's: its GraphQL type as `__typename`, its id, and its fields; money in it is whole đồng (int)."""

OF_UUID = frozenset(
    {
        "Order",
        "OrderLine",
        "Checkout",
        "CheckoutLine",
        "TransactionItem",
        "Warehouse",
        "Fulfillment",
        "Allocation",
    }
)
"""Types whose ids carry a UUID; all others a number."""
VERSION = "3.24.0-a.0"
CURRENCY = "VND"


class Kept(Thing):
    """A thing of the world: itself and no other, whatever another holds; things refer to each other in circles."""

    __eq__ = object.__eq__
    __hash__ = object.__hash__  # type: ignore[assignment] # a dictionary has none


@dataclass
class Told:
    """Something that happened, for those who subscribed to it."""

    event: str
    """Saleor's name in capitals: `ORDER_CREATED`."""
    subject: Mapping[str, Any]
    """The fields of the event's type, for example its `order`."""
    issued_at: datetime


@dataclass
class World:
    """The state of one played Saleor."""

    url: str = ""
    """Its root, without a slash at the end."""
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 3, 0, tzinfo=UTC))
    things: dict[str, Thing] = field(default_factory=dict)
    kinds: dict[str, list[Thing]] = field(default_factory=lambda: defaultdict(list))
    lock: threading.RLock = field(default_factory=threading.RLock)
    faults: list[str] = field(default_factory=list)
    """What was asked or answered wrongly; a test ends badly where any is left."""
    not_known: set[str] = field(default_factory=set)
    """Nullable fields that were asked and that nobody filled: answered null."""
    tell_to: Callable[[Told], None] = lambda told: None
    dies_after: str = ""
    """Of the next reported event just this is committed, then the process dies: `event`, or `sums` with it."""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _last_moment: datetime | None = None

    @property
    def api_url(self) -> str:
        """The address of its GraphQL, also its `Saleor-Api-Url`."""
        return f"{self.url}/graphql/"

    @property
    def domain(self) -> str:
        """Its `Saleor-Domain`."""
        return self.url.partition("://")[2]

    def moment(self) -> datetime:
        """The present moment, later than every one given before."""
        last = self._last_moment
        self._last_moment = self.now if last is None else max(self.now, last + timedelta(microseconds=1))
        return self._last_moment

    def number(self) -> int:
        """A number not given before."""
        return next(self._numbers)

    def add(self, kind: str, /, **fields: Any) -> Thing:
        """Keep a new thing of a GraphQL type."""
        key = str(uuid.uuid4()) if kind in OF_UUID else str(self.number())
        thing = Kept(__typename=kind, id=gid(kind, key), metadata={}, privateMetadata={})
        thing.update(fields)
        self.things[thing["id"]] = thing
        self.kinds[kind].append(thing)
        return thing

    def remove(self, thing: Thing) -> None:
        """Forget a thing."""
        del self.things[thing["id"]]
        self.kinds[thing["__typename"]] = [one for one in self.kinds[thing["__typename"]] if one is not thing]

    def find(self, thing_id: str | None, kind: str) -> Thing | None:
        """The thing with this id, if it is of this kind."""
        found = self.things.get(thing_id or "")
        return found if found is not None and found["__typename"] == kind else None

    def first(self, kind: str, **fields: Any) -> Thing | None:
        """The first thing of a kind whose fields are these."""
        return next(
            (one for one in self.kinds[kind] if all(one.get(name) == value for name, value in fields.items())), None
        )

    def tell(self, event: str, **subject: Any) -> None:
        """An event happened: it is put into the queue of everybody who subscribed to it."""
        self.tell_to(Told(event, subject, self.moment()))


def gid(kind: str, key: str) -> str:
    """Saleor's global id."""
    return base64.b64encode(f"{kind}:{key}".encode()).decode()


def key_of(thing_id: str) -> str:
    """What is behind the colon of a global id."""
    return base64.b64decode(thing_id).decode().partition(":")[2]
