"""A Saleor's webhooks for us change there: it was put back to an hour before, or staff changed them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings as SettingsWrapper

from marketplace.core import clock
from marketplace.saleor.agreeing import NOT_AGREED, TOKEN_REFUSED, agree
from marketplace.saleor.manifest import webhooks
from marketplace.saleor.models import Installation
from marketplace.saleor.upkeep import agree_on_webhooks, look_over_webhooks
from tests.saleor.join.conftest import Ears
from tests.saleor.join.small_saleor import SmallSaleor, answer_json, body_of, post
from tests.saleor.join.test_agreeing import as_installed, bring, key_there, mutations

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def agreed(small_saleor: SmallSaleor, joined: Installation, now: datetime) -> Installation:
    """With webhooks that carry our key."""
    as_installed(small_saleor)
    assert agree(joined, now=now)
    small_saleor.asked.clear()
    joined.refresh_from_db()
    return joined


def test_a_saleor_that_forgot_the_key_has_it_again_a_minute_after_its_first_webhook(
    small_saleor: SmallSaleor, agreed: Installation, ears: Ears, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_installed(small_saleor)
    later = now + HOUR

    assert bring(small_saleor, later, monkeypatch) == 401
    assert Installation.objects.get().webhooks_said == ""
    assert agree_on_webhooks(later + timedelta(minutes=1)) == 1

    assert key_there(small_saleor) == agreed.webhook_key
    key = {"X-Market-Key": agreed.webhook_key}
    assert bring(small_saleor, later + timedelta(minutes=2), monkeypatch, **key) == 200
    # The time of grace was once: what comes without it stays outside.
    assert bring(small_saleor, later + timedelta(minutes=2, seconds=1), monkeypatch) == 401


@pytest.mark.parametrize("fault", ["signature", "recipient", "age", "event"])
def test_what_fails_by_more_than_the_key_makes_us_ask_nobody(
    small_saleor: SmallSaleor,
    agreed: Installation,
    ears: Ears,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
) -> None:
    later = now + HOUR
    monkeypatch.setattr(clock, "now", lambda: later)
    issued_at = later - timedelta(days=15 if fault == "age" else 0)
    recipient = {"id": "QXBwOjk=" if fault == "recipient" else agreed.app_id}
    body = body_of("order_updated", issuedAt=issued_at.isoformat(), recipient=recipient)
    headers = small_saleor.headers("order_paid" if fault == "event" else "order_updated", body)
    sent = body + b" " if fault == "signature" else body

    assert post(Client(), headers, sent)[0] == 401
    assert Installation.objects.get().webhooks_said == agreed.webhooks_said


def test_what_staff_removed_or_switched_off_is_back_within_an_hour(
    small_saleor: SmallSaleor, agreed: Installation, now: datetime
) -> None:
    """No webhook tells of it: those that are gone do not come."""
    del small_saleor.webhooks[0]
    small_saleor.webhooks[0]["isActive"] = False

    assert look_over_webhooks(now + HOUR) == 1

    assert {one["identifier"] for one in small_saleor.webhooks} == {one["identifier"] for one in webhooks()}
    assert all(one["isActive"] for one in small_saleor.webhooks)
    assert key_there(small_saleor) == agreed.webhook_key


def test_webhooks_that_are_as_agreed_cost_one_question_an_hour(
    small_saleor: SmallSaleor, agreed: Installation, now: datetime
) -> None:
    assert look_over_webhooks(now + HOUR) == 1

    assert mutations(small_saleor) == ["OurWebhooks"]
    row = Installation.objects.get()
    assert (row.webhooks_said, row.webhook_key_demanded_from) == (
        agreed.webhooks_said,
        agreed.webhook_key_demanded_from,
    )


def test_control_what_was_agreed_once_is_not_looked_at_by_the_task_of_every_minute(
    small_saleor: SmallSaleor, agreed: Installation, now: datetime
) -> None:
    small_saleor.webhooks.clear()

    assert agree_on_webhooks(now + HOUR) == 0
    assert small_saleor.webhooks == []


@pytest.mark.parametrize("problem", [NOT_AGREED, TOKEN_REFUSED])
def test_what_is_not_agreed_any_more_is_named_and_tried_every_minute(
    small_saleor: SmallSaleor, agreed: Installation, now: datetime, problem: str
) -> None:
    apps = small_saleor.apps
    small_saleor.webhooks.clear()
    if problem == NOT_AGREED:
        small_saleor.refusal = {"field": "query", "message": "not valid", "code": "GRAPHQL_ERROR"}
    else:
        small_saleor.apps = {}

    assert look_over_webhooks(now + HOUR) == 0
    row = Installation.objects.get()
    assert (row.problem, row.webhooks_said) == (problem, "")

    small_saleor.refusal, small_saleor.apps = None, apps
    assert agree_on_webhooks(now + HOUR + timedelta(minutes=1)) == 1
    assert Installation.objects.get().problem == ""
    assert key_there(small_saleor) == agreed.webhook_key


def test_a_saleor_that_is_away_at_the_hour_stays_agreed_with(
    small_saleor: SmallSaleor, agreed: Installation, now: datetime
) -> None:
    small_saleor.lies["/graphql/"] = lambda handler: answer_json(handler, {}, code=502)

    assert look_over_webhooks(now + HOUR) == 0
    row = Installation.objects.get()
    assert (row.problem, row.webhooks_said) == ("", agreed.webhooks_said)


def test_switched_off_or_left_no_webhooks_are_looked_over(
    small_saleor: SmallSaleor, agreed: Installation, settings: SettingsWrapper, now: datetime
) -> None:
    listed: Any = settings.SALEOR_API_URLS
    settings.SALEOR_API_URLS = ()
    assert look_over_webhooks(now + HOUR) == 0

    settings.SALEOR_API_URLS = listed
    Installation.objects.update(state="left", left_at=now, token="")
    assert look_over_webhooks(now + HOUR) == 0
    assert small_saleor.asked == []
