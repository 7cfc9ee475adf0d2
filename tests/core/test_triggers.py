"""The database itself refuses to change or delete what is append-only."""

from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from marketplace.core import journal
from marketplace.core.actors import SYSTEM
from marketplace.core.models import JournalEvent
from marketplace.core.triggers import drop_triggers, ensure_triggers, missing_triggers, trigger_names

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(now: datetime) -> JournalEvent:
    with transaction.atomic():
        return journal.record(
            kind="test", aggregate_type="test", aggregate_id=1, actor=SYSTEM, now=now, data={"amount_vnd": 1000}
        )


def test_every_append_only_table_has_its_two_triggers() -> None:
    assert missing_triggers() == ()
    assert len(trigger_names()) == 10


def test_a_journal_event_cannot_be_changed(event: JournalEvent) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        JournalEvent.objects.filter(pk=event.pk).update(data={"amount_vnd": 1})
    assert JournalEvent.objects.get(pk=event.pk).data == {"amount_vnd": 1000}


def test_a_journal_event_cannot_be_deleted(event: JournalEvent) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        JournalEvent.objects.filter(pk=event.pk).delete()
    assert JournalEvent.objects.filter(pk=event.pk).exists()


def test_without_the_triggers_it_could_be_changed(event: JournalEvent) -> None:
    """The control: the refusal above is the triggers' doing."""
    drop_triggers()
    try:
        assert len(missing_triggers()) == 10
        JournalEvent.objects.filter(pk=event.pk).update(data={"amount_vnd": 1})
        assert JournalEvent.objects.get(pk=event.pk).data == {"amount_vnd": 1}
    finally:
        ensure_triggers()


def test_a_table_that_is_rebuilt_loses_its_triggers_and_ensuring_brings_them_back() -> None:
    with connection.cursor() as cursor:
        suffix = " ON core_journalevent" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER core_journalevent_no_delete{suffix}")
    assert missing_triggers() == ("core_journalevent_no_delete",)
    ensure_triggers()
    assert missing_triggers() == ()
