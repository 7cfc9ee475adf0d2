"""What the figures take from the journal."""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.core import journal
from marketplace.core.models import JournalEvent
from marketplace.reporting import kept
from marketplace.reporting.counted import SUBSCRIBER
from marketplace.reporting.tally import COUNTED_KINDS, Figure, add_up, increments


def subscribe_figures() -> None:
    """Let every charge, refund and first full payment move the figures."""
    subscription = journal.Subscription(SUBSCRIBER, COUNTED_KINDS, count_event, handle_many=count_events)
    journal.subscribe(subscription)


def count_event(event: JournalEvent) -> None:
    """Add one event to the figures, in the transaction that marks its delivery as done.

    Raises `UncountableEvent` for an event that no column is for; the journal then tries again and keeps it.
    """
    count_events([event])


def count_events(events: Sequence[JournalEvent]) -> None:
    """Add several events at once: one statement a figure. Raises as `count_event`."""
    parts = [part for event in events for part in increments(event.kind, event.data)]
    for figure in Figure:
        kept.add(figure, add_up(parts, figure=figure))
