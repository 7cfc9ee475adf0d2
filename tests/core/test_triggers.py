"""The database itself refuses to change or delete what is append-only."""

from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from marketplace.core import journal
from marketplace.core.actors import SYSTEM
from marketplace.core.guards import Trigger
from marketplace.core.models import JournalEvent
from marketplace.core.triggers import (
    all_tables,
    drop_triggers,
    ensure_triggers,
    missing_triggers,
    present_triggers,
    trigger_names,
    wanted_triggers,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(now: datetime) -> JournalEvent:
    with transaction.atomic():
        return journal.record(
            kind="test", aggregate_type="test", aggregate_id=1, actor=SYSTEM, now=now, data={"amount_vnd": 1000}
        )


def a_trigger(beginning: str) -> Trigger:
    return next(trigger for trigger in wanted_triggers() if trigger.name.startswith(beginning))


def test_every_guard_that_was_declared_is_in_the_database() -> None:
    assert missing_triggers() == ()
    assert len(set(trigger_names())) == len(trigger_names())
    assert {"core_journalevent", "orders_order", "payments_transactionevent"} <= all_tables()


def test_an_append_only_table_is_neither_changed_nor_emptied_nor_written_over() -> None:
    third = "truncate" if connection.vendor == "postgresql" else "replace"
    names = sorted(name for name in trigger_names() if "core_journalevent" in name)
    assert [name[: -len("_12345678")] for name in names] == [
        f"market_core_journalevent_no_{what}" for what in sorted(["update", "delete", third])
    ]


def test_a_journal_event_cannot_be_changed(event: JournalEvent) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        JournalEvent.objects.filter(pk=event.pk).update(data={"amount_vnd": 1})
    assert JournalEvent.objects.get(pk=event.pk).data == {"amount_vnd": 1000}


def test_a_journal_event_cannot_be_deleted(event: JournalEvent) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        JournalEvent.objects.filter(pk=event.pk).delete()
    assert JournalEvent.objects.filter(pk=event.pk).exists()


def test_a_row_written_as_it_is_changes_nothing_and_is_not_refused(event: JournalEvent) -> None:
    assert JournalEvent.objects.filter(pk=event.pk).update(kind="test") == 1


def test_an_append_only_table_cannot_be_emptied_or_written_over_behind_its_back(event: JournalEvent) -> None:
    table = JournalEvent._meta.db_table
    statement = (
        f"TRUNCATE {table} CASCADE"
        if connection.vendor == "postgresql"
        else f"REPLACE INTO {table} SELECT * FROM {table} WHERE id = {event.pk}"
    )
    connection.check_constraints()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_without_the_triggers_it_could_be_changed(event: JournalEvent) -> None:
    """The control: the refusals above are the triggers' doing."""
    connection.check_constraints()
    drop_triggers()
    try:
        assert missing_triggers() == trigger_names()
        JournalEvent.objects.filter(pk=event.pk).update(data={"amount_vnd": 1})
        assert JournalEvent.objects.get(pk=event.pk).data == {"amount_vnd": 1}
    finally:
        ensure_triggers()


def test_a_table_that_is_rebuilt_loses_its_triggers_and_ensuring_brings_them_back() -> None:
    name = a_trigger("market_core_journalevent_no_delete").name
    with connection.cursor() as cursor:
        suffix = " ON core_journalevent" if connection.vendor == "postgresql" else ""
        cursor.execute(f'DROP TRIGGER "{name}"{suffix}')
    assert missing_triggers() == (name,)
    ensure_triggers()
    assert missing_triggers() == ()


def test_a_trigger_of_an_older_text_is_missed_and_then_replaced() -> None:
    wanted = a_trigger("market_order_balance_0")
    older = f"{wanted.name[:-8]}0badc0de"
    statement = wanted.statements[-1].replace(wanted.name, older)
    connection.check_constraints()
    drop_triggers()
    with connection.cursor() as cursor:
        cursor.execute(statement)
        if connection.vendor == "sqlite":  # a name from before there was a prefix
            cursor.execute(statement.replace(older, "payments_banknotice_no_update"))
    assert wanted.name in missing_triggers()

    ensure_triggers()

    assert missing_triggers() == ()
    assert not {older, "payments_banknotice_no_update"} & {found.name for found in present_triggers()}


def test_a_trigger_that_was_switched_off_counts_as_missing_and_is_made_anew() -> None:
    trigger = a_trigger("market_notice_state_moves_on")
    connection.check_constraints()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f'ALTER TABLE {trigger.table} DISABLE TRIGGER "{trigger.name}"')
        else:  # which knows no switching off
            cursor.execute(f'DROP TRIGGER "{trigger.name}"')
    assert missing_triggers() == (trigger.name,)

    ensure_triggers()

    assert missing_triggers() == ()
