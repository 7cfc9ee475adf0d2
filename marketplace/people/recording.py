"""What happened to a person, written into the journal."""

from __future__ import annotations

from datetime import datetime

from marketplace.core import journal
from marketplace.core.actors import Actor


def record_person(event: str, person_id: int, /, *, actor: Actor, now: datetime, **more: journal.JsonValue) -> None:
    """Write an event of this person: their id and `more`."""
    journal.record(
        kind=event,
        aggregate_type="user",
        aggregate_id=person_id,
        actor=actor,
        now=now,
        data={"user": person_id, **more},
    )
