import threading
from datetime import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from marketplace.core.models import JournalEvent
from marketplace.core.triggers import missing_triggers
from marketplace.people.models import User
from marketplace.places.models import Commune
from tests.plugins.database import FurnitureChanged, at_once, row_counts, wipe


def append_event(now: datetime) -> None:
    JournalEvent.objects.create(kind="test.done", aggregate_type="test", aggregate_id="1", happened_at=now)


def test_the_places_are_there_for_every_test(db: None) -> None:
    assert Commune.objects.exists()


def test_what_a_test_commits_is_wiped_and_the_furniture_stays(committed_db: None) -> None:
    furniture = row_counts()
    User.objects.create(phone="+84912345678")

    wipe(furniture=furniture)

    assert row_counts() == furniture
    assert missing_triggers() == ()


def test_an_append_only_table_is_wiped_too(committed_db: None, now: datetime) -> None:
    furniture = row_counts()
    append_event(now)

    wipe(furniture=furniture)

    assert row_counts() == furniture


def test_control_outside_the_wipe_an_append_only_row_cannot_be_deleted(committed_db: None, now: datetime) -> None:
    append_event(now)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {JournalEvent._meta.db_table}")

    assert JournalEvent.objects.count() == 1


def test_a_test_that_changes_the_furniture_is_told_so(committed_db: None) -> None:
    furniture = row_counts()
    table = Commune._meta.db_table

    with pytest.raises(FurnitureChanged, match=table):
        wipe(furniture=furniture | {table: furniture[table] + 1})


def test_calls_at_once_start_together_and_each_answer_is_kept() -> None:
    together = threading.Barrier(3, timeout=30)

    def refuse() -> int:
        together.wait()
        raise ValueError("no")

    answers = at_once([together.wait, refuse, together.wait])

    assert isinstance(answers[1], ValueError)
    assert all(isinstance(answers[position], int) for position in (0, 2))
