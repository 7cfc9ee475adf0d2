"""The operator searches the journal by what an index finds, and sees what was not handed on."""

from datetime import datetime

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client

from marketplace.core import journal
from marketplace.core.actors import SYSTEM
from marketplace.core.models import JournalDelivery, JournalEvent

pytestmark = pytest.mark.django_db
JOURNAL = "/admin/core/journalevent/"


@pytest.fixture
def events(now: datetime) -> list[JournalEvent]:
    with transaction.atomic():
        return [
            journal.record(
                kind=kind, aggregate_type=thing, aggregate_id=pk, actor=SYSTEM, now=now, data={"order": pk}
            )
            for kind, thing, pk in (
                ("test.placed", "order", 1042),
                ("test.paid", "order", 1042),
                ("test.placed", "order", 7),
            )
        ]


def found(operator: Client, text: str) -> list[int]:
    answer = operator.get(JOURNAL, {"q": text})
    assert answer.status_code == 200
    return [event.pk for event in answer.context["cl"].result_list]


def test_the_journal_is_found_by_thing_by_kind_and_by_number(operator: Client, events: list[JournalEvent]) -> None:
    first, second, third = [event.pk for event in events]

    assert found(operator, "") == [third, second, first]
    assert found(operator, "order 1042") == found(operator, " Order:1042 ") == [second, first]
    assert found(operator, "test.placed") == [third, first]
    assert found(operator, str(second)) == [second]


@pytest.mark.parametrize("text", ["order", "' OR 1=1 --", "9" * 40, "Đơn hàng", "a.b.c", "%", "x" * 3000])
def test_anything_else_finds_nothing(text: str, operator: Client, events: list[JournalEvent]) -> None:
    assert found(operator, text) == []


def test_an_event_is_shown_and_nobody_changes_it(operator: Client, events: list[JournalEvent]) -> None:
    address = f"{JOURNAL}{events[0].pk}/change/"

    assert "test.placed" in operator.get(address).content.decode()
    assert operator.post(address, {"kind": "x"}).status_code == 403
    assert operator.post(f"{JOURNAL}add/", {}).status_code == 403


def test_only_deliveries_that_are_not_done_are_listed(
    operator: Client, events: list[JournalEvent], now: datetime
) -> None:
    for event, state in zip(events, ("done", "failed", "waiting"), strict=True):
        JournalDelivery.objects.create(event=event, subscriber="figures", aggregate="x", state=state, not_before=now)

    answer = operator.get("/admin/core/journaldelivery/")

    assert {row.state for row in answer.context["cl"].result_list} == {"failed", "waiting"}


def test_every_list_of_the_admin_opens_and_names_no_other_host(operator: Client) -> None:
    for model in admin.site._registry:
        answer = operator.get(f"/admin/{model._meta.app_label}/{model._meta.model_name}/")
        assert answer.status_code == 200
        assert "Content-Security-Policy" in answer
    index = operator.get("/admin/")
    assert "Nhật ký" in index.content.decode()
    assert "default-src 'none'" in index["Content-Security-Policy"]
    assert "http:" not in index["Content-Security-Policy"]
    assert 'src="http' not in index.content.decode()
