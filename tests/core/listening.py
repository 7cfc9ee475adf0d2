"""A subscriber for tests of the journal, things that happen, and an effect that shows how often it took place."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from marketplace.core import journal
from marketplace.core.actors import SYSTEM, Actor
from marketplace.core.models import JournalDelivery, JournalEvent, SecurityCounter

Handler = Callable[[JournalEvent], None]
DONE, WAITING, FAILED = JournalDelivery.State.DONE, JournalDelivery.State.WAITING, JournalDelivery.State.FAILED


class Broken(Exception):
    """What a handler of these tests fails with."""


def listen(handle: Handler, *, name: str = "listener", kinds: frozenset[str] = frozenset({"thing.done"})) -> None:
    journal.subscribe(journal.Subscription(name=name, kinds=kinds, handle=handle))


def name_of(event: JournalEvent) -> str:
    return f"{event.aggregate_id}/{event.data['number']}"


def record(
    aggregate: str, number: int, *, now: datetime, kind: str = "thing.done", actor: Actor = SYSTEM
) -> JournalEvent:
    with transaction.atomic():
        return journal.record(
            kind=kind, aggregate_type="thing", aggregate_id=aggregate, actor=actor, now=now, data={"number": number}
        )


def states() -> dict[str, str]:
    return {name_of(delivery.event): delivery.state for delivery in JournalDelivery.objects.select_related("event")}


def count_once(subject: str, *, now: datetime) -> None:
    """An effect that shows how often it took place."""
    SecurityCounter.objects.get_or_create(kind="effect", subject=subject, day=now.date())
    SecurityCounter.objects.filter(kind="effect", subject=subject).update(count=F("count") + 1)


def effects() -> dict[str, int]:
    return dict(SecurityCounter.objects.filter(kind="effect").values_list("subject", "count"))
