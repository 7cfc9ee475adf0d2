"""The events that figures count, read back from the journal by the day they count under.

Only events whose delivery is done are read: a delivery and what it adds are one transaction, so that these events
are exactly those in the figures, also while sales go on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Min, QuerySet

from marketplace.core.models import JournalDelivery, JournalEvent
from marketplace.reporting.tally import (
    COUNTED_KINDS,
    FULLY_CHARGED,
    Cells,
    Figure,
    Increment,
    add_up,
    increments,
    month_of,
)

SUBSCRIBER = "figures"
EVENTS_A_FETCH_MAX = 2000

KINDS = {
    Figure.TAKINGS: COUNTED_KINDS,
    Figure.SALES: frozenset({FULLY_CHARGED}),
    Figure.PRODUCTS: frozenset({FULLY_CHARGED}),
}


def recounted(figure: Figure, period: date) -> Cells:
    """The figure's rows of one day (of products: of the month beginning then) from the journal alone."""
    return add_up((part for day in _days_of(figure, period) for part in _increments(figure, day)), figure=figure)


def days() -> Iterator[date]:
    """Every day that some counted event counts under, in order; one statement a day, each by index."""
    events = _done(COUNTED_KINDS)
    day = events.aggregate(first=Min("day"))["first"]
    while day is not None:
        yield day
        day = events.filter(day__gt=day).aggregate(first=Min("day"))["first"]


def period_of(figure: Figure, day: date) -> date:
    """The day itself, or the first day of its month for a figure that is kept by month."""
    return month_of(day) if figure is Figure.PRODUCTS else day


def _days_of(figure: Figure, period: date) -> list[date]:
    if figure is not Figure.PRODUCTS:
        return [period]
    next_month = month_of(period + timedelta(days=31))
    return [period + timedelta(days=number) for number in range((next_month - period).days)]


def _increments(figure: Figure, day: date) -> Iterator[Increment]:
    events = _done(KINDS[figure]).filter(day=day).values_list("kind", "data")
    for kind, data in events.iterator(chunk_size=EVENTS_A_FETCH_MAX):
        yield from increments(kind, data)


def _done(kinds: frozenset[str]) -> QuerySet[JournalEvent]:
    return JournalEvent.objects.filter(
        kind__in=kinds,
        day__isnull=False,
        deliveries__subscriber=SUBSCRIBER,
        deliveries__state=JournalDelivery.State.DONE,
    )
