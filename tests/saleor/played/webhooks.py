"""Sending webhooks: bodies are results of the App's own subscriptions; some are sent at once, others from a queue.

The queue belongs to the test: it delivers in any order, again, late or never. What fails is tried again as Saleor
does it: five times, each time twice as late, and not for an answer below 500.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.saleor.played.event_types import ASYNC_EVENTS, OF_ITSELF, SYNC_EVENTS, is_deferred, type_of
from tests.saleor.played.executing import body_of_event
from tests.saleor.played.registry import Asking
from tests.saleor.played.signing import Keys
from tests.saleor.played.transport import NoConnection, Reply, Transport
from tests.saleor.played.world import VERSION, Thing, Told, World

RETRIES_MAX = 5
RETRY_S = 10
SENT_KEPT_MAX = 1000
LOST: Reply = Reply(0, b"")
"""No answer at all."""
Answered = Callable[[Reply | None], None]


@dataclass(eq=False)
class Delivery:
    """One event for one App, on its way."""

    told: Told
    app: Thing
    webhook: Thing
    not_before: datetime
    body: bytes | None = None
    """Made when it happened, or, for deferred events, each time it is sent."""
    attempts: int = 0
    answered: Answered | None = None
    """Who waits for the answer: of a synchronous event that a worker sends. None comes where it was given up."""

    @property
    def event(self) -> str:
        """Saleor's name in capitals."""
        return self.told.event


@dataclass
class Sent:
    """What went out, and what came back."""

    event: str
    body: bytes
    headers: Mapping[str, str]
    url: str
    reply: Reply


@dataclass
class Post:
    """All webhooks of one played Saleor."""

    world: World
    keys: Keys
    transport: Transport
    market_is_away: bool = False
    loses_answer: Callable[[], bool] = lambda: False
    """Whether the next answer of the market is lost on its way: it did what was asked, and Saleor does not know."""
    waiting: list[Delivery] = field(default_factory=list)
    lost: list[Delivery] = field(default_factory=list)
    sent: deque[Sent] = field(default_factory=lambda: deque(maxlen=SENT_KEPT_MAX))

    def tell(self, told: Told) -> None:
        """Put an asynchronous event into the queue of each App that subscribed to it and may hear it."""
        for app in self._hearers(told):
            for webhook in self._webhooks(app, told.event):
                body = None if is_deferred(told.event) else self._body(told, app, webhook)
                self.waiting.append(Delivery(told, app, webhook, self.world.now, body))

    def ask_later(self, event: str, app: Thing, subject: Mapping[str, Any], answered: Answered) -> bool:
        """A synchronous event that a worker sends; False where the App does not answer it."""
        webhooks = self._webhooks(app, event) if SYNC_EVENTS[event] in app["granted"] else []
        for webhook in webhooks[:1]:
            told = Told(event, subject, self.world.moment())
            body = self._body(told, app, webhook)
            self.waiting.append(Delivery(told, app, webhook, self.world.now, body, answered=answered))
        return bool(webhooks)

    def ask_now(self, event: str, app: Thing, subject: Mapping[str, Any]) -> Reply | None:
        """The App's answer to a synchronous event; None where it subscribed to no such event."""
        webhooks = self._webhooks(app, event) if SYNC_EVENTS[event] in app["granted"] else []
        if not webhooks:
            return None
        told = Told(event, subject, self.world.moment())
        return self.send(event, webhooks[0], self._body(told, app, webhooks[0]))

    def deliver(self, delivery: Delivery) -> Reply:
        """Send one of the queue now; what fails goes back into it or is lost. Delivering it again is a repetition."""
        if delivery in self.waiting:
            self.waiting.remove(delivery)
        body = delivery.body or self._body(delivery.told, delivery.app, delivery.webhook)
        reply = self.send(delivery.event, delivery.webhook, body)
        if reply is LOST or reply.status >= 500:
            self._later(delivery)
        elif reply.status >= 300:
            self._give_up(delivery)
        elif delivery.answered is not None:
            delivery.answered(reply)
        return reply

    def deliver_due(self) -> int:
        """Send what is due by the world's clock, in order, and what comes of it; how many were sent."""
        count = 0
        while due := [one for one in self.waiting if one.not_before <= self.world.now]:
            for one in due:
                self.deliver(one)
            count += len(due)
        return count

    def send(self, event: str, webhook: Thing, body: bytes, **headers: str) -> Reply:
        """Sign and send a body. `headers` replace or add to Saleor's own."""
        told = self.headers(event, webhook, body) | headers
        if self.market_is_away:
            reply = LOST
        else:
            try:
                reply = self.transport("POST", webhook["targetUrl"], body, told)
            except NoConnection:
                reply = LOST
            if self.loses_answer():
                reply = LOST
        self.sent.append(Sent(event, body, told, webhook["targetUrl"], reply))
        return reply

    def headers(self, event: str, webhook: Thing, body: bytes) -> dict[str, str]:
        """What Saleor sends beside a body."""
        signature = self.keys.sign(body)
        return {
            "User-Agent": f"Saleor/{VERSION.rpartition('.')[0]}",
            "Saleor-Event": event.lower(),
            "Saleor-Domain": self.world.domain,
            "Saleor-Api-Url": self.world.api_url,
            "Saleor-Signature": signature,
            "X-Saleor-Event": event.lower(),
            "X-Saleor-Domain": self.world.domain,
            "X-Saleor-Signature": signature,
            **json.loads(webhook["customHeaders"]),
        }

    def _hearers(self, told: Told) -> list[Thing]:
        if told.event in OF_ITSELF:
            return [told.subject["app"]]
        permission = ASYNC_EVENTS[told.event]
        return [
            one
            for one in self.world.kinds["App"]
            if one["isActive"] and (not permission or permission in one["granted"])
        ]

    def _webhooks(self, app: Thing, event: str) -> list[Thing]:
        return [one for one in app["webhooks"] if one["isActive"] and event in one["heard"]]

    def _body(self, told: Told, app: Thing, webhook: Thing) -> bytes:
        event: Thing = {
            "__typename": type_of(told.event),
            "issuedAt": told.issued_at,
            "version": VERSION,
            "issuingPrincipal": None,
            "recipient": app,
            **told.subject,
        }
        body = body_of_event(Asking(self.world, app), webhook["subscriptionQuery"], event)
        return json.dumps(body).encode()

    def _later(self, delivery: Delivery) -> None:
        if delivery.attempts >= RETRIES_MAX:
            self._give_up(delivery)
            return
        delivery.not_before = self.world.now + timedelta(seconds=RETRY_S * 2**delivery.attempts)
        delivery.attempts += 1
        self.waiting.append(delivery)

    def _give_up(self, delivery: Delivery) -> None:
        self.lost.append(delivery)
        if delivery.answered is not None:
            delivery.answered(None)
