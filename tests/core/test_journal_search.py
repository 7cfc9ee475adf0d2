"""The operator finds events by thing, kind, doer and day, in a bounded number of cheap statements."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client

from marketplace.core import journal, journal_search
from marketplace.core.actors import Actor
from marketplace.core.journal_search import search_journal
from marketplace.core.models import JournalDelivery, JournalEvent
from tests.plugins.database import count_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def events(now: datetime) -> list[JournalEvent]:
    """Three days of three events each: by person 17 and 18 in turn; `now` is the second day's morning in Vietnam."""
    with transaction.atomic():
        return [
            journal.record(
                kind=("test.placed", "test.paid", "test.sent")[number % 3],
                aggregate_type="order",
                aggregate_id=1042 + number % 2,
                actor=Actor(user_id=17 + number % 2),
                now=now + timedelta(days=number // 3 - 1, hours=number % 3),
                data={},
            )
            for number in range(9)
        ]


def numbers(events: list[JournalEvent], text: str) -> list[int]:
    """Which of the events are found, by their place."""
    places = {event.pk: place for place, event in enumerate(events)}
    return sorted(places[event.pk] for event in search_journal(JournalEvent.objects.all(), text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("22/11/2026", [3, 4, 5]),
        ("21/11/2026 test.paid", [1]),
        ("by 17", [0, 2, 4, 6, 8]),
        ("by 18 23/11/2026", [7]),
        ("by:17 test.sent", [2, 8]),
        ("test.placed order 1043", [3]),
        ("order 1042 22/11/2026", [4]),
        ("1/1/2030", []),
        ("31/2/2026", []),
        ("1/1/9999", []),
        ("by 999999999999999999", []),
        ("order 1042 và gì nữa", []),
    ],
)
def test_the_parts_of_a_question_hold_together(text: str, found: list[int], events: list[JournalEvent]) -> None:
    assert numbers(events, text) == found


def test_a_doer_without_a_day_is_looked_for_among_the_newest_only(
    events: list[JournalEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_search, "NEWEST_SEARCHED_MAX", 3)

    assert numbers(events, "by 17") == [6, 8]
    assert numbers(events, "by 17 22/11/2026") == [4]


def test_a_day_is_found_by_halving_the_numbers(events: list[JournalEvent], now: datetime) -> None:
    statements = count_statements(lambda: list(search_journal(JournalEvent.objects.all(), "22/11/2026")))

    assert statements <= 2 * (events[-1].pk.bit_length() + 1) + 3


def test_failed_deliveries_that_are_chosen_are_tried_again_and_no_other(
    operator: Client, events: list[JournalEvent], now: datetime
) -> None:
    rows = [
        JournalDelivery.objects.create(
            event=event, subscriber="figures", aggregate="x", state=state, not_before=now, attempts=8
        )
        for event, state in zip(events[:3], ("failed", "failed", "waiting"), strict=True)
    ]
    page = "/admin/core/journaldelivery/"
    assert "Thử lại những việc báo hỏng đã chọn" in operator.get(page).content.decode()

    answer = operator.post(page, {"action": "try_again", "_selected_action": [rows[0].pk, rows[2].pk]}, follow=True)

    assert "Thử lại 1 việc báo." in answer.content.decode()
    kept = [(row.state, row.attempts) for row in JournalDelivery.objects.order_by("pk")]
    assert kept == [("waiting", 0), ("failed", 8), ("waiting", 8)]
