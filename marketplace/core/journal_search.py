"""Finding events in a journal of millions: by what an index finds, or within a stretch of bounded length."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from django.db.models import QuerySet

from marketplace.core.clock import vietnam_day_bounds
from marketplace.core.models import JournalEvent

NEWEST_SEARCHED_MAX: Final = 100_000
"""How many of the newest events are looked through for somebody who did them: no index knows doers."""
LATE_COMMITS_MAX: Final = 1_000
"""How far apart numbers and times may lie: numbers are given before the commit."""
SEARCH_CHARACTERS_MAX: Final = 200
YEARS: Final = (2000, 2200)
_PARTS: Final = (
    ("day", re.compile(r"(?<!\S)(\d{1,2})/(\d{1,2})/(\d{4})(?!\S)")),
    ("actor", re.compile(r"(?<!\S)by[ :](\d{1,18})(?!\S)")),
    ("kind", re.compile(r"(?<!\S)([a-z_]{2,40}\.[a-z_]{2,40})(?!\S)")),
    ("thing", re.compile(r"(?<!\S)([a-z_]{2,40})[ :]([\w-]{1,60})(?!\S)")),
    ("number", re.compile(r"(?<!\S)(\d{1,18})(?!\S)")),
)


def search_journal(events: QuerySet[JournalEvent], text: str) -> QuerySet[JournalEvent]:
    """The events that every part of `text` is true of; none where a part cannot be understood.

    A part is a thing (`order 1042`), a kind (`order.placed`), a doer (`by 17`), a day in Vietnam (`22/11/2026`) or an
    event's number.
    """
    parts = _parts(text.strip().lower())
    if parts is None:
        return events.none()
    if "number" in parts:
        events = events.filter(pk=int(parts["number"][0]))
    if "kind" in parts:
        events = events.filter(kind=parts["kind"][0])
    if "thing" in parts:
        events = events.filter(aggregate_type=parts["thing"][0], aggregate_id=parts["thing"][1])
    if "day" in parts:
        day = _day(parts["day"])
        events = events.none() if day is None else _of_day(events, day)
    if "actor" in parts:
        events = events.filter(actor_id=int(parts["actor"][0]))
        if not parts.keys() & {"thing", "number", "day"}:
            newest = JournalEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            events = events.filter(pk__gt=newest - NEWEST_SEARCHED_MAX)
    return events


def _parts(text: str) -> dict[str, tuple[str, ...]] | None:
    """What `text` asks for, by kind of part; None for what cannot be understood. Empty finds everything."""
    if len(text) > SEARCH_CHARACTERS_MAX:
        return None
    found: dict[str, tuple[str, ...]] = {}
    for name, pattern in _PARTS:
        match = pattern.search(text)
        if match is not None:
            found[name] = match.groups()
            text = text[: match.start()] + " " + text[match.end() :]
    return None if text.strip() else found


def _day(words: tuple[str, ...]) -> date | None:
    if not YEARS[0] <= int(words[2]) <= YEARS[1]:
        return None
    try:
        return date(int(words[2]), int(words[1]), int(words[0]))
    except ValueError:
        return None


def _of_day(events: QuerySet[JournalEvent], day: date) -> QuerySet[JournalEvent]:
    """The events of a day in Vietnam, found by their numbers, which grow with time; no index knows times."""
    begin, end = vietnam_day_bounds(day)
    first, last = _first_from(begin) - LATE_COMMITS_MAX, _first_from(end) + LATE_COMMITS_MAX
    return events.filter(pk__gte=first, pk__lte=last, happened_at__gte=begin, happened_at__lt=end)


def _first_from(moment: datetime) -> int:
    """About the number of the first event from a moment on: halving the numbers, some twenty reads by primary key."""
    ids = JournalEvent.objects.order_by("pk").values_list("pk", "happened_at")
    newest = ids.last()
    low, high = 1, (newest[0] + 1 if newest else 1)
    while low < high:
        middle = (low + high) // 2
        there = ids.filter(pk__gte=middle).first()
        if there is None or there[1] >= moment:
            high = middle
        else:
            low = there[0] + 1
    return low
