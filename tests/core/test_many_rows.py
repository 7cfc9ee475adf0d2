"""Rows that are changed or deleted together are what the ORM would make of them, in one statement."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from marketplace.core.many_rows import delete_by, name_no_longer, update_all
from marketplace.core.models import Lease, SecurityCounter
from marketplace.core.statements import insert
from marketplace.orders.models import Address, Checkout
from tests.orders.factories import a_checkout, a_shop, a_variant

pytestmark = pytest.mark.django_db
DAM_THUY = "01501"


def counters(*subjects: str) -> list[SecurityCounter]:
    rows = [
        SecurityCounter(kind="kept", subject=subject, day=date(2026, 11, 22), count=number)
        for number, subject in enumerate(subjects)
    ]
    insert(*rows)
    return rows


def counts() -> dict[str, int]:
    return dict(SecurityCounter.objects.filter(kind="kept").values_list("subject", "count"))


@pytest.mark.parametrize("many", [1, 2, 5])
def test_each_row_gets_its_own_values_and_no_other_row_any(many: int) -> None:
    rows = counters(*"abcdefg")
    for row in rows:
        row.count += 100
        row.subject = f"not written {row.subject}"

    with CaptureQueriesContext(connection) as captured:
        update_all(rows[:many], ("count",))

    assert counts() == {name: number + (100 if number < many else 0) for number, name in enumerate("abcdefg")}
    assert len(captured) == 1


def test_moments_and_uuids_are_written_as_they_are(now: datetime) -> None:
    leases = [Lease(name=name, holder=uuid.uuid4(), expires_at=now) for name in ("a", "b")]
    insert(*leases)
    for number, lease in enumerate(leases):
        lease.holder, lease.expires_at = uuid.uuid4(), now + timedelta(seconds=number)

    update_all(leases, ("holder", "expires_at"))

    read = Lease.objects.in_bulk([lease.pk for lease in leases])
    assert [(read[one.pk].holder, read[one.pk].expires_at) for one in leases] == [
        (one.holder, one.expires_at) for one in leases
    ]


def test_keys_of_other_rows_null_and_json_are_written_as_they_are() -> None:
    addresses = [Address(first_name=name, commune_id=DAM_THUY) for name in ("a", "b", "c")]
    insert(*addresses)
    addresses[0].commune_id, addresses[1].commune_id = None, "07795"
    sold = (a_variant(a_shop()), 1)
    checkouts = [a_checkout(sold), a_checkout(sold)]
    checkouts[0].metadata, checkouts[1].billing_address_id = {"a": "1", "ê": "ợ"}, addresses[2].pk

    update_all(addresses, ("commune",))
    update_all(checkouts, ("metadata", "billing_address"))

    read = Address.objects.in_bulk([address.pk for address in addresses])
    assert [read[address.pk].commune_id for address in addresses] == [None, "07795", DAM_THUY]
    kept = Checkout.objects.in_bulk([checkout.pk for checkout in checkouts])
    assert [(kept[one.pk].metadata, kept[one.pk].billing_address_id) for one in checkouts] == [
        ({"a": "1", "ê": "ợ"}, None),
        ({}, addresses[2].pk),
    ]


def test_no_rows_are_no_statement() -> None:
    with CaptureQueriesContext(connection) as captured:
        update_all([], ("count",))

    assert len(captured) == 0


def test_where_one_of_them_is_gone_it_is_an_error() -> None:
    rows = counters("a", "b")
    SecurityCounter.objects.filter(subject="b").delete()

    with pytest.raises(DatabaseError, match="not every row of SecurityCounter"), transaction.atomic():
        update_all(rows, ("count",))


@pytest.mark.postgresql
def test_a_text_that_is_too_long_is_refused_and_not_cut() -> None:
    rows = counters("a", "b")
    rows[0].subject = rows[1].subject = "x" * 10_000

    with pytest.raises(DataError), transaction.atomic():
        update_all(rows, ("subject",))


def test_rows_are_deleted_by_one_of_their_fields_and_counted() -> None:
    rows = counters("a", "b", "c")

    assert delete_by(SecurityCounter, "subject", "b") == 1
    assert delete_by(SecurityCounter, "subject", "b' OR '1'='1") == 0
    assert delete_by(SecurityCounter, "id", [rows[0].pk, rows[1].pk, 2**62]) == 1
    assert counts() == {"c": 2}


def test_rows_that_name_another_name_it_no_longer() -> None:
    addresses = [Address(first_name=name, commune_id=code) for name, code in (("a", DAM_THUY), ("b", "07795"))]
    insert(*addresses)

    found = name_no_longer(Address, "commune", DAM_THUY)

    assert found == 1
    assert dict(Address.objects.values_list("first_name", "commune_id")) == {"a": None, "b": "07795"}
