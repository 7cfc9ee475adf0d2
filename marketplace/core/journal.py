"""The journal: what happened, written with the change itself, and handed on to whoever subscribed.

A lower feature that must tell an upper one something records an event here; the upper one subscribes by
name in its `AppConfig.ready`, so every process knows every subscriber. Each subscriber gets one delivery row
an event, in the event's own transaction. Deliveries are claimed with SKIP LOCKED and in order within an
aggregate. They are never found by `id > cursor`: ids commit out of order, and an event that commits late
would be skipped for ever.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from marketplace.core.actors import Actor
from marketplace.core.models import JournalDelivery, JournalEvent
from marketplace.core.statements import insert

DELIVERY_ATTEMPTS_MAX = 8
DELIVERY_PAUSE_S_MAX = 600
DELIVERIES_A_BATCH_MAX = 100
BUSY_PAUSE_S = 2

_WAITING = JournalDelivery.State.WAITING

log = logging.getLogger("market.journal")

JsonValue = str | int | bool | None | list[dict[str, str | int | None]]
Handler = Callable[[JournalEvent], None]
HandlerOfMany = Callable[[Sequence[JournalEvent]], None]


@dataclass(frozen=True)
class Subscription:
    """A subscriber's name, the kinds of event it wants, and what it does with one, inside one transaction.

    `handle_many` may do the same with several at once, more cheaply. What it does, like `handle`, is rolled back
    where it raises, and then each event is handled by itself.
    """

    name: str
    kinds: frozenset[str]
    handle: Handler
    handle_many: HandlerOfMany | None = None


_subscriptions: dict[str, Subscription] = {}


def subscribe(subscription: Subscription) -> None:
    """Register a subscriber. Registering the same name again replaces it, so that start-up may run twice."""
    _subscriptions[subscription.name] = subscription


def subscriptions() -> tuple[Subscription, ...]:
    """All subscribers of this process, by name."""
    return tuple(_subscriptions[name] for name in sorted(_subscriptions))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event that is to be written: what happened to which thing, and its numbers (see `record`)."""

    kind: str
    aggregate_type: str
    aggregate_id: object
    data: Mapping[str, JsonValue]


def record(
    *,
    kind: str,
    aggregate_type: str,
    aggregate_id: object,
    actor: Actor,
    now: datetime,
    data: Mapping[str, JsonValue],
) -> JournalEvent:
    """Write one event and a delivery for each subscriber of its kind. Must run inside the change's transaction.

    `data` holds ids and whole numbers (đồng), never personal data. An event that figures count under a day of
    Vietnam carries it as `bank_date` or `day`, "YYYY-MM-DD".
    Raises `RuntimeError` outside a transaction, since an event without its change, or the reverse, is a lie.
    """
    entry = Entry(kind=kind, aggregate_type=aggregate_type, aggregate_id=aggregate_id, data=data)
    return record_all([entry], actor=actor, now=now)[0]


def record_all(entries: Sequence[Entry], *, actor: Actor, now: datetime) -> list[JournalEvent]:
    """Write the events of one change, in this order and in two statements, however many they are; as `record`."""
    if not connection.in_atomic_block:
        raise RuntimeError("an event is recorded in the transaction of its change")
    events = [
        JournalEvent(
            kind=entry.kind,
            aggregate_type=entry.aggregate_type,
            aggregate_id=str(entry.aggregate_id),
            actor_id=actor.user_id,
            on_behalf_of_id=actor.helped_user_id,
            happened_at=now,
            day=_counted_day(entry.data),
            data=dict(entry.data),
        )
        for entry in entries
    ]
    insert(*events)
    deliveries = [
        JournalDelivery(
            event=event,
            subscriber=subscription.name,
            aggregate=f"{event.aggregate_type}:{event.aggregate_id}",
            not_before=now,
        )
        for event in events
        for subscription in subscriptions()
        if event.kind in subscription.kinds
    ]
    if deliveries:
        insert(*deliveries)
    return events


def deliver_missed(subscriber: str, events: Collection[JournalEvent], *, now: datetime) -> int:
    """Write the deliveries that a subscriber has not of these events, whose recording process did not know of it.

    Answers how many were written. Its handler must bear an event that it knows already in another way.
    """
    known = JournalDelivery.objects.filter(subscriber=subscriber, event__in=[event.pk for event in events])
    known_ids = set(known.values_list("event_id", flat=True))
    missed = [
        JournalDelivery(
            event=event,
            subscriber=subscriber,
            aggregate=f"{event.aggregate_type}:{event.aggregate_id}",
            not_before=now,
        )
        for event in events
        if event.pk not in known_ids
    ]
    # Two that look at once write each once.
    JournalDelivery.objects.bulk_create(missed, ignore_conflicts=True)
    return len(missed)


def _counted_day(data: Mapping[str, JsonValue]) -> date | None:
    day = data.get("bank_date") or data.get("day")
    return date.fromisoformat(day) if isinstance(day, str) else None


def deliver_waiting(*, now: datetime, at_most: int = DELIVERIES_A_BATCH_MAX) -> int:
    """Hand up to `at_most` waiting events to their subscribers.

    All that are due now in one transaction, for speed; if one of them cannot be handled, each in a transaction
    of its own. Returns how many deliveries were tried; 0 means that nothing is due.
    """
    if at_most > 1:
        try:
            if together := _deliver_together(now=now, at_most=at_most):
                return together
        except Exception as error:
            log.warning("deliveries are made one by one: %s", type(error).__name__)
    tried = 0
    while tried < at_most and _deliver_next(now=now):
        tried += 1
    return tried


def drain(*, now: datetime) -> int:
    """Deliver until nothing is due. Returns how many deliveries were tried."""
    tried = 0
    while batch := deliver_waiting(now=now):
        tried += batch
    return tried


def _deliver_together(*, now: datetime, at_most: int) -> int:
    with transaction.atomic():
        deliveries = _claim_many(now=now, at_most=at_most)
        if len(deliveries) < 2:
            return 0
        events = JournalEvent.objects.in_bulk({delivery.event_id for delivery in deliveries})
        for name in dict.fromkeys(delivery.subscriber for delivery in deliveries):
            mine = [events[delivery.event_id] for delivery in deliveries if delivery.subscriber == name]
            _handle(_subscriptions[name], mine)
        done = [delivery.pk for delivery in deliveries]
        return JournalDelivery.objects.filter(pk__in=done).update(state=JournalDelivery.State.DONE)


def _handle(subscription: Subscription, events: Sequence[JournalEvent]) -> None:
    if subscription.handle_many is not None:
        subscription.handle_many(events)
        return
    for event in events:
        subscription.handle(event)


def _deliver_next(*, now: datetime) -> bool:
    delivery_id: int | None = None
    try:
        with transaction.atomic():
            delivery = _claim(now=now)
            if delivery is None:
                return False
            delivery_id = delivery.pk
            _subscriptions[delivery.subscriber].handle(delivery.event)
            delivery.state = JournalDelivery.State.DONE
            delivery.save(update_fields=["state"])
    except (OperationalError, InterfaceError) as error:
        # Busy or away is no fault of the event: it waits a moment, and its attempts are not used up.
        if delivery_id is None:
            raise
        log.warning("delivery %s waits for the database: %s", delivery_id, type(error).__name__)
        JournalDelivery.objects.filter(pk=delivery_id).update(not_before=now + timedelta(seconds=BUSY_PAUSE_S))
    except Exception as error:
        if delivery_id is None:
            raise
        log.exception("delivery %s failed", delivery_id)
        _put_off(delivery_id, now=now, problem=type(error).__name__)
    return True


def _claim(*, now: datetime) -> JournalDelivery | None:
    """The first delivery that is due and has no unfinished one before it in its aggregate, locked.

    Its event is read apart: joined here, PostgreSQL walks the whole journal to find the first one waiting.
    """
    return _locked(_due(now).filter(~Exists(_earlier().exclude(state=JournalDelivery.State.DONE)))).first()


def _claim_many(*, now: datetime, at_most: int) -> list[JournalDelivery]:
    """Up to `at_most` deliveries that are due, locked, in order; those of one aggregate only with all before them.

    What waits behind a delivery that failed or was put off is not even looked at, so that it cannot fill the batch.
    One behind a delivery that another worker is making is left out, and let go when the transaction ends.
    """
    stuck = _earlier().filter(Q(state=JournalDelivery.State.FAILED) | Q(state=_WAITING, not_before__gt=now))
    found = list(_locked(_due(now).filter(~Exists(stuck)))[:at_most])
    ours = {delivery.pk for delivery in found}
    unfinished = (
        JournalDelivery.objects.filter(aggregate__in={delivery.aggregate for delivery in found})
        .exclude(state=JournalDelivery.State.DONE)
        .values_list("pk", "subscriber", "aggregate", "event_id")
    )
    elsewhere: dict[tuple[str, str], int] = {}
    for pk, subscriber, aggregate, event_id in unfinished:
        if pk not in ours:
            key = subscriber, aggregate
            elsewhere[key] = min(event_id, elsewhere.get(key, event_id))
    return [one for one in found if one.event_id < elsewhere.get((one.subscriber, one.aggregate), one.event_id + 1)]


def _due(now: datetime) -> QuerySet[JournalDelivery]:
    due = JournalDelivery.objects.filter(state=_WAITING, not_before__lte=now, subscriber__in=list(_subscriptions))
    return due.order_by("event_id", "id")


def _earlier() -> QuerySet[JournalDelivery]:
    """The deliveries before one in its aggregate, to the same subscriber."""
    return JournalDelivery.objects.filter(
        subscriber=OuterRef("subscriber"), aggregate=OuterRef("aggregate"), event__lt=OuterRef("event")
    )


def _locked(due: QuerySet[JournalDelivery]) -> QuerySet[JournalDelivery]:
    return due.select_for_update(skip_locked=True) if connection.features.has_select_for_update_skip_locked else due


def _put_off(delivery_id: int, *, now: datetime, problem: str) -> None:
    delivery = JournalDelivery.objects.get(pk=delivery_id)
    attempts = delivery.attempts + 1
    failed = attempts >= DELIVERY_ATTEMPTS_MAX
    JournalDelivery.objects.filter(pk=delivery_id, state=JournalDelivery.State.WAITING).update(
        attempts=F("attempts") + 1,
        state=JournalDelivery.State.FAILED if failed else JournalDelivery.State.WAITING,
        not_before=now + timedelta(seconds=min(2**attempts, DELIVERY_PAUSE_S_MAX)),
        problem=problem[:200],
    )


def retry_failed(*, now: datetime, only: Collection[int] | None = None) -> int:
    """Let every failed delivery, or `only` those, be tried again, after a person looked. Returns how many."""
    failed = JournalDelivery.objects.filter(state=JournalDelivery.State.FAILED)
    if only is not None:
        failed = failed.filter(pk__in=only)
    with transaction.atomic():
        return failed.update(state=JournalDelivery.State.WAITING, attempts=0, not_before=now)
