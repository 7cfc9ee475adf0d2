"""Statements whose text is kept say and write what the ORM would."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import pytest
from django.db import DatabaseError, DataError, IntegrityError, OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from marketplace.core import database_time
from marketplace.core.database_time import bounded_database_time
from marketplace.core.models import JournalEvent, Lease, SecurityCounter
from marketplace.core.statements import Among, AmongTexts, Given, Kept, insert, insert_unless_known, update
from marketplace.places.models import Commune

pytestmark = pytest.mark.django_db
DAM_THUY = "01501"


def counter(subject: str, *, day: date = date(2026, 11, 22), count: int = 1) -> SecurityCounter:
    return SecurityCounter(kind="kept", subject=subject, day=day, count=count)


# --- Asking ---------------------------------------------------------------------------------------


def test_rows_are_what_the_queryset_would_give_with_the_values_in_its_places() -> None:
    insert(counter("a"), counter("b", count=2), counter("a", day=date(2026, 11, 23)))
    kept = Kept(lambda: SecurityCounter.objects.filter(subject=Given("subject"), day=Given("day")).order_by("pk"))

    for subject, day in (("a", date(2026, 11, 22)), ("b", date(2026, 11, 22)), ("c", date(2026, 11, 22))):
        assert kept.all(subject=subject, day=day) == list(SecurityCounter.objects.filter(subject=subject, day=day))
    assert kept.one(subject="b", day=date(2026, 11, 22)) == SecurityCounter.objects.get(subject="b")
    assert kept.one(subject="c", day=date(2026, 11, 22)) is None


def test_related_rows_come_with_it_and_the_order_is_kept() -> None:
    kept = Kept(
        lambda: (
            Commune.objects.select_related("province")
            .filter(Q(pk=Given("one")) | Q(pk=Given("other")))
            .order_by("-pk")
        )
    )

    found = kept.all(one=DAM_THUY, other="07795")

    assert [commune.pk for commune in found] == ["07795", DAM_THUY]
    assert found[1].province == Commune.objects.get(pk=DAM_THUY).province
    assert found[1]._state.adding is False


def test_moments_uuids_and_json_come_back_as_they_were(now: datetime) -> None:
    holder = uuid.uuid4()
    Lease.objects.create(name="kept", holder=holder, expires_at=now)
    event = JournalEvent(
        kind="thing.done", aggregate_type="thing", aggregate_id="1", happened_at=now, data={"number": [{"a": 1}]}
    )
    insert(event)
    leases: Kept[Lease] = Kept(lambda: Lease.objects.filter(holder=Given("holder"), expires_at=Given("until")))
    events: Kept[JournalEvent] = Kept(lambda: JournalEvent.objects.filter(pk=Given("pk")))

    lease, read = leases.one(holder=holder, until=now), events.one(pk=event.pk)

    assert lease is not None
    assert (lease.holder, lease.expires_at) == (holder, now)
    assert read is not None
    assert (read.data, read.happened_at, read.day) == ({"number": [{"a": 1}]}, now, None)


def test_what_was_left_out_is_read_when_it_is_asked_for() -> None:
    insert(counter("a", count=7))
    kept = Kept(lambda: SecurityCounter.objects.defer("count").filter(subject=Given("subject")))

    found = kept.one(subject="a")

    assert found is not None
    assert found.get_deferred_fields() == {"count"}
    assert found.count == 7


def test_a_value_beside_the_columns_is_there() -> None:
    kept = Kept(lambda: Commune.objects.annotate(doubled=F("lat") * 2).filter(pk=Given("pk")))

    found = kept.one(pk=DAM_THUY)

    assert found is not None
    assert vars(found)["doubled"] == 2 * Commune.objects.get(pk=DAM_THUY).lat


def test_a_list_of_values_comes_as_tuples_in_the_order_asked() -> None:
    kept = Kept(lambda: Commune.objects.filter(pk=Given("pk")).values_list("province__name", "pk", "name"))

    assert kept.all(pk=DAM_THUY) == [("Tỉnh Cao Bằng", DAM_THUY, "Xã Đàm Thủy")]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_rows_among_many_numbers_are_found_by_one_value(count: int) -> None:
    insert(*(counter(letter) for letter in "abcd"))
    numbers = sorted(SecurityCounter.objects.filter(kind="kept").values_list("pk", flat=True))[:count]
    kept = Kept(lambda: SecurityCounter.objects.filter(Among("pk", Given("numbers"))).order_by("pk"))

    for rows in (
        kept.all(numbers=numbers),
        list(SecurityCounter.objects.filter(Among("pk", numbers)).order_by("pk")),
        list(SecurityCounter.objects.exclude(~Q(Among("pk", numbers))).order_by("pk")),
    ):
        assert [row.pk for row in rows] == numbers


def test_rows_among_many_texts_are_found_by_one_value() -> None:
    insert(counter("a"), counter("b'"), counter("ợ"))
    kept = Kept(lambda: SecurityCounter.objects.filter(AmongTexts("subject", Given("subjects"))).order_by("pk"))

    assert [row.subject for row in kept.all(subjects=["ợ", "b'", "nobody", "a' OR '1'='1"])] == ["b'", "ợ"]
    assert kept.all(subjects=[]) == []


def test_a_kept_statement_is_bound_by_a_requests_time_as_any(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(lambda: SecurityCounter.objects.filter(subject=Given("subject")))
    monkeypatch.setattr(database_time, "REQUEST_S_MAX", 0.0)

    with bounded_database_time(), pytest.raises(OperationalError, match="had its time"):
        kept.all(subject="a")
    monkeypatch.undo()
    with bounded_database_time():
        assert kept.all(subject="a") == []


@pytest.mark.postgresql
def test_a_statement_is_planned_once_whatever_the_size_of_its_numbers() -> None:
    kept = Kept(lambda: SecurityCounter.objects.filter(count=Given("count")))
    prepared = connection.connection._prepared

    for number in (1, 40_000, 2**40, 2, 50_000, 2**41, 3, 60_000, 2**42):
        kept.all(count=number)

    mine = [
        types
        for sql, types in [*prepared._names, *prepared._counts]
        if b'"core_securitycounter"."count" = ($1)' in sql
    ]
    assert len(mine) == 1


def test_the_text_is_made_once() -> None:
    made: list[int] = []

    def make() -> QuerySet[SecurityCounter]:
        made.append(1)
        return SecurityCounter.objects.filter(subject=Given("subject"))

    kept = Kept(make)
    for subject in "abc":
        kept.all(subject=subject)

    assert made == [1]


def test_who_watches_the_database_sees_these_statements_too() -> None:
    kept = Kept(lambda: SecurityCounter.objects.filter(subject=Given("subject")))
    row = counter("100 %")
    with CaptureQueriesContext(connection) as captured:
        insert(row)
        update(row, ("count",))
        found = kept.all(subject="100 %")

    assert [query["sql"].split()[0] for query in captured] == ["INSERT", "UPDATE", "SELECT"]
    assert found == kept.all(subject="100 %") == [row]  # and unwatched it is the same


def test_a_per_cent_sign_in_the_text_is_one() -> None:
    insert(counter("100%"), counter("100"))
    kept = Kept(lambda: SecurityCounter.objects.filter(subject__endswith="0%", kind=Given("kind")))

    assert [row.subject for row in kept.all(kind="kept")] == ["100%"]


def test_nothing_is_asked_in_a_transaction_that_is_broken() -> None:
    kept = Kept(lambda: SecurityCounter.objects.filter(subject=Given("subject")))
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            kept.all(subject="a")


def test_errors_of_the_driver_are_djangos() -> None:
    with pytest.raises(DataError if connection.vendor == "postgresql" else IntegrityError), transaction.atomic():
        insert(counter("a", count=-1) if connection.vendor == "sqlite" else counter("a" * 81))


def test_a_value_never_becomes_part_of_the_text() -> None:
    insert(counter("a"))
    kept = Kept(lambda: SecurityCounter.objects.filter(subject=Given("subject")))

    assert kept.all(subject="a' OR '1'='1") == []
    assert kept.all(subject="%s") == []


# --- Writing --------------------------------------------------------------------------------------


def test_rows_are_written_in_one_statement_and_get_their_keys(now: datetime) -> None:
    one, other = counter("a"), counter("b")
    with CaptureQueriesContext(connection) as captured:
        insert(one, other)

    assert len(captured) == 1
    assert one.pk < other.pk
    assert [row.subject for row in SecurityCounter.objects.filter(pk__in=[one.pk, other.pk]).order_by("pk")] == [
        "a",
        "b",
    ]
    one.count = 5
    one.save()  # a row like any other: updated, not inserted again
    assert SecurityCounter.objects.count() == 2


def test_a_row_that_is_known_is_not_written_again() -> None:
    by = ("kind", "subject", "day")
    first, again, another = counter("a"), counter("a", count=9), counter("b")

    assert [insert_unless_known(row, by=by) for row in (first, again, another)] == [True, False, True]

    assert again.pk is None
    assert SecurityCounter.objects.get(subject="a").count == 1


def test_another_constraint_than_the_one_named_is_no_repeat() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_unless_known(SecurityCounter(kind="kept", subject="a", day=None), by=("kind", "subject", "day"))


def test_an_update_writes_the_fields_it_names_and_no_others() -> None:
    row = counter("a")
    insert(row)
    row.count, row.subject = 3, "b"

    update(row, ("count",))

    kept = SecurityCounter.objects.get(pk=row.pk)
    assert (kept.count, kept.subject) == (3, "a")


def test_an_update_of_a_row_that_is_gone_is_an_error() -> None:
    row = counter("a")
    insert(row)
    SecurityCounter.objects.all().delete()

    with pytest.raises(DatabaseError):
        update(row, ("count",))
