"""What the journal recorded where nobody listened for the Saleors, handed to our subscribers after all.

An event has a delivery for each subscriber that the recording process knew of. A process without `SALEOR_API_URLS` (a
cron job, or all of them while the bridge was switched off) knew of none of ours, and took money all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Final

from django.db import transaction

from marketplace.core.journal import deliver_missed
from marketplace.core.models import JournalEvent
from marketplace.saleor.each import for_each, installed
from marketplace.saleor.models import Installation, SaleorPart
from marketplace.saleor.reports import writing
from marketplace.saleor.sales import telling

LISTENERS: Final[Mapping[str, frozenset[str]]] = {
    writing.SUBSCRIBER: writing.KINDS,
    telling.SUBSCRIBER: frozenset(telling.KINDS),
}
KINDS: Final = frozenset().union(*LISTENERS.values())
SETTLED_S: Final = 600
"""Ids commit out of order: an event is looked at when no transaction that began before it can still be open."""
EVENTS_A_LOOK_MAX: Final = 1_000
LOOKS_A_ROUND_MAX: Final = 20


def catch_up(*, now: datetime) -> int:
    """Deliver what no delivery was written for; answers how many. Goes on where it last stopped, a bounded way."""
    return for_each(installed(), lambda one: _catch_up(one, now=now))


def _catch_up(installation: Installation, *, now: datetime) -> int:
    seen_to = _start(installation) if installation.journal_seen_to is None else installation.journal_seen_to
    delivered = 0
    for _look in range(LOOKS_A_ROUND_MAX):
        events = [] if seen_to is None else _settled_after(seen_to, now=now)
        if not events:
            break
        seen_to = events[-1].pk
        with transaction.atomic():
            delivered += _deliver(installation, events, now=now)
            Installation.objects.filter(pk=installation.pk).update(journal_seen_to=seen_to)
    return delivered


def _start(installation: Installation) -> int | None:
    """Before the first event of the first order that this Saleor had a part in; none where it had none yet."""
    first = installation.parts.order_by("pk").values_list("order_id", flat=True).first()
    of_order = JournalEvent.objects.filter(aggregate_type="order", aggregate_id=str(first))
    event_id = of_order.order_by("pk").values_list("pk", flat=True).first()
    return None if event_id is None else event_id - 1


def _settled_after(event_id: int, *, now: datetime) -> list[JournalEvent]:
    rows = JournalEvent.objects.filter(kind__in=KINDS, pk__gt=event_id).order_by("pk")[:EVENTS_A_LOOK_MAX]
    settled_at = now - timedelta(seconds=SETTLED_S)
    return list(takewhile(lambda event: event.happened_at <= settled_at, rows))


def _deliver(installation: Installation, events: Sequence[JournalEvent], *, now: datetime) -> int:
    order_ids = {int(event.aggregate_id) for event in events}
    parts = SaleorPart.objects.filter(installation=installation, order__in=order_ids)
    known = {str(order_id) for order_id in parts.values_list("order_id", flat=True)}
    mine = [event for event in events if event.aggregate_id in known]
    return sum(
        deliver_missed(subscriber, [event for event in mine if event.kind in kinds], now=now)
        for subscriber, kinds in LISTENERS.items()
    )
