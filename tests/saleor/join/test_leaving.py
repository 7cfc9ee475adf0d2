"""Leaving a Saleor: its token goes, what money did stays, and coming back goes on where it stopped."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings as SettingsWrapper

from marketplace.core.models import JournalEvent
from marketplace.saleor.agreeing import TOKEN_REFUSED
from marketplace.saleor.installing import uninstall
from marketplace.saleor.leaving import LEFT, SWITCHED_OFF, NotInstalled, leave
from marketplace.saleor.models import Installation, SaleorReport, SaleorTransaction, WebhookReceipt
from marketplace.saleor.upkeep import ask_those_that_refused
from tests.saleor.join.small_saleor import APP_ID, TOKEN, SmallSaleor, body_of, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def reports(joined: Installation, now: datetime) -> dict[str, SaleorReport]:
    """One of each state."""
    transaction = SaleorTransaction.objects.create(
        installation=joined,
        saleor_id="VHJhbnNhY3Rpb25JdGVtOjE=",
        source="checkout",
        source_id="Q2hlY2tvdXQ6MQ==",
        amount_vnd=1,
        made_at=now,
    )
    return {
        state: SaleorReport.objects.create(
            transaction=transaction,
            type="CHARGE_SUCCESS",
            psp_reference=state,
            amount_vnd=1,
            happened_at=now,
            state=state,
            not_before=now,
        )
        for state in ("waiting", "sent", "done", "refused")
    }


def tell(saleor: SmallSaleor, event: str, **app: object) -> int:
    body = body_of(event, app={"id": APP_ID, **app})
    return post(Client(), saleor.headers(event, body), body)[0]


def test_leaving_wipes_what_is_secret_and_keeps_what_money_did(
    small_saleor: SmallSaleor, joined: Installation, reports: dict[str, SaleorReport], now: datetime
) -> None:
    later = now + timedelta(hours=1)

    leave(api_url=small_saleor.api_url, now=later)

    row = Installation.objects.get()
    assert (row.state, row.token, row.jwks, row.webhook_key, row.left_at) == ("left", "", {}, "", later)
    assert dict(SaleorReport.objects.values_list("state", "problem")) == {
        "waiting": LEFT,
        "sent": LEFT,
        "done": "",
        "refused": "",
    }
    events = JournalEvent.objects.order_by("pk")
    assert [(one.kind, one.data.get("reports_waiting")) for one in events] == [
        ("saleor.joined", None),
        ("saleor.left", 2),
    ]


def test_who_is_not_installed_cannot_leave(small_saleor: SmallSaleor, joined: Installation, now: datetime) -> None:
    leave(api_url=small_saleor.api_url, now=now)

    for work in (leave, uninstall):
        with pytest.raises(NotInstalled):
            work(api_url=small_saleor.api_url, now=now)


def test_an_app_that_staff_deleted_has_left(small_saleor: SmallSaleor, joined: Installation) -> None:
    assert tell(small_saleor, "app_deleted") == 200

    row = Installation.objects.get()
    assert (row.state, row.token) == ("left", "")
    assert tell(small_saleor, "app_deleted", again=True) == 401


def test_another_apps_end_is_not_ours(small_saleor: SmallSaleor, joined: Installation) -> None:
    assert tell(small_saleor, "app_deleted", id="QXBwOjY=") == 200
    assert tell(small_saleor, "app_status_changed", id="QXBwOjY=", isActive=False) == 200

    row = Installation.objects.get()
    assert (row.state, row.token, row.problem) == ("installed", TOKEN, "")


def test_the_end_of_an_app_that_was_replaced_meanwhile_changes_nothing(
    small_saleor: SmallSaleor, joined: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its last webhook was on its way while the market was installed anew."""
    old = Installation.objects.get()
    Installation.objects.update(app_id="QXBwOjk=")
    monkeypatch.setattr("marketplace.saleor.receiving._installation_of", lambda *_, **__: old)

    assert tell(small_saleor, "app_deleted") == 200
    assert Installation.objects.get().state == "installed"


def test_an_app_that_was_switched_off_keeps_its_token_and_says_so(
    small_saleor: SmallSaleor, joined: Installation
) -> None:
    assert tell(small_saleor, "app_status_changed", isActive=False) == 200
    row = Installation.objects.get()
    assert (row.state, row.token, row.problem) == ("installed", TOKEN, SWITCHED_OFF)

    assert tell(small_saleor, "app_status_changed", isActive=True) == 200
    assert Installation.objects.get().problem == ""


@pytest.mark.parametrize("problem", [SWITCHED_OFF, TOKEN_REFUSED])
def test_a_refusal_is_over_once_the_token_is_taken_again(
    small_saleor: SmallSaleor, joined: Installation, settings: SettingsWrapper, now: datetime, problem: str
) -> None:
    """The event that tells so may have been lost."""
    Installation.objects.update(problem=problem)
    apps, small_saleor.apps = small_saleor.apps, {}
    assert (ask_those_that_refused(now), Installation.objects.get().problem) == (0, problem)

    small_saleor.apps = apps
    settings.SALEOR_API_URLS = ()
    assert ask_those_that_refused(now) == 0
    settings.SALEOR_API_URLS = (small_saleor.api_url,)
    assert (ask_those_that_refused(now), Installation.objects.get().problem) == (1, "")
    asked = len(small_saleor.asked)
    assert (ask_those_that_refused(now), len(small_saleor.asked)) == (0, asked)


def test_another_problem_is_not_hidden_by_being_switched_on(small_saleor: SmallSaleor, joined: Installation) -> None:
    Installation.objects.update(problem="Kênh bán không còn.")

    assert tell(small_saleor, "app_status_changed", isActive=True) == 200
    assert Installation.objects.get().problem == "Kênh bán không còn."


def test_leaving_from_the_terminal_takes_the_webhooks_back_first(
    small_saleor: SmallSaleor, joined: Installation, now: datetime
) -> None:
    small_saleor.webhooks = [{"id": "one"}, {"id": "two"}]
    for one in small_saleor.webhooks:
        one.update(query="", asyncEvents=[], syncEvents=[])  # type: ignore[call-overload] # of any kind

    assert uninstall(api_url=small_saleor.api_url, now=now)
    assert (small_saleor.webhooks, Installation.objects.get().state) == ([], "left")


def test_a_saleor_that_is_away_is_left_all_the_same(
    small_saleor: SmallSaleor, joined: Installation, now: datetime
) -> None:
    small_saleor.apps = {}

    assert not uninstall(api_url=small_saleor.api_url, now=now)
    assert Installation.objects.get().state == "left"


def test_receipts_outlive_the_installation_so_that_a_replay_after_coming_back_is_none(
    small_saleor: SmallSaleor, joined: Installation, now: datetime
) -> None:
    tell(small_saleor, "app_status_changed", isActive=True)
    leave(api_url=small_saleor.api_url, now=now)

    assert WebhookReceipt.objects.count() == 1
