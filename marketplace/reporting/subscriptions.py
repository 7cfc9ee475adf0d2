"""What the figures take from the journal."""

from __future__ import annotations

from marketplace.core import journal
from marketplace.core.models import JournalEvent
from marketplace.reporting import kept
from marketplace.reporting.counted import SUBSCRIBER
from marketplace.reporting.tally import COUNTED_KINDS, Figure, add_up, increments


def subscribe_figures() -> None:
    """Let every charge, refund and first full payment move the figures."""
    journal.subscribe(journal.Subscription(name=SUBSCRIBER, kinds=COUNTED_KINDS, handle=count_event))


def count_event(event: JournalEvent) -> None:
    """Add one event to the figures, in the transaction that marks its delivery as done.

    Raises `UncountableEvent` for an event that no column is for; the journal then tries again and keeps it.
    """
    parts = increments(event.kind, event.data)
    for figure in Figure:
        kept.add(figure, add_up(parts, figure=figure))
