"""The one door for webhooks: what is authentic has one effect, whatever is not leaves nothing but a count."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings as SettingsWrapper

from marketplace.core import clock
from marketplace.core.errors import InvalidInput
from marketplace.core.models import SecurityCounter
from marketplace.saleor import receipts
from marketplace.saleor.models import Installation, WebhookReceipt
from marketplace.saleor.receipts import RECEIPT_DAYS, forget_old_receipts
from marketplace.saleor.upkeep import forget_receipts
from tests.plugins.database import row_counts
from tests.saleor.join.conftest import Ears
from tests.saleor.join.small_saleor import (
    APP_ID,
    SmallSaleor,
    body_of,
    header_of,
    key_number,
    payload_of,
    post,
    signature,
)

pytestmark = pytest.mark.django_db
SYNC, ASYNC = "transaction_initialize_session", "order_updated"
COUNTED = "core_securitycounter"


def counted() -> dict[tuple[str, str], int]:
    return {(one.kind, one.subject): one.count for one in SecurityCounter.objects.all()}


def test_an_asynchronous_event_is_heard_and_answered_200(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, now: datetime
) -> None:
    body = body_of(ASYNC, order={"id": "T3JkZXI6MQ=="})

    assert post(Client(enforce_csrf_checks=True), small_saleor.headers(ASYNC, body), body) == (200, {})

    assert [(event, payload["order"]) for event, payload in ears.heard] == [("OrderUpdated", {"id": "T3JkZXI6MQ=="})]
    receipt = WebhookReceipt.objects.get()
    assert (receipt.event, receipt.answer, receipt.received_at) == (ASYNC, None, now)
    assert receipt.installation_id == joined.pk


def test_a_synchronous_event_is_answered_what_its_function_says(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears
) -> None:
    body = body_of(SYNC, action={"amount": 185000.0})

    status, answer = post(Client(), small_saleor.headers(SYNC, body), body)

    assert (status, answer) == (200, {"result": "CHARGE_ACTION_REQUIRED", "number": 1, "amount": 185000})
    assert ears.heard[0][1]["action"]["amount"] == Decimal("185000.0")


def test_the_same_webhook_again_gets_the_same_answer_byte_by_byte_and_is_not_done_again(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears
) -> None:
    body = body_of(SYNC, idempotencyKey="a")
    headers = small_saleor.headers(SYNC, body)

    answers = {
        Client().post("/saleor/webhooks/", body, content_type="application/json", headers=headers).content
        for _time in range(5)
    }

    assert answers == {b'{"amount": 185000, "number": 1, "result": "CHARGE_ACTION_REQUIRED"}'}
    assert (len(ears.heard), WebhookReceipt.objects.count()) == (1, 1)


def test_control_without_receipts_a_replay_is_done_again(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marketplace.saleor.receiving.once", lambda *_, work, **__: work())
    body = body_of(SYNC)
    headers = small_saleor.headers(SYNC, body)

    assert [post(Client(), headers, body)[1]["number"] for _time in range(3)] == [1, 2, 3]


def test_two_events_with_one_body_but_for_their_moment_are_two(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears
) -> None:
    for moment in ("2026-11-22T02:59:58.000001+00:00", "2026-11-22T02:59:58.000002+00:00"):
        body = body_of(ASYNC, issuedAt=moment, order={"id": "T3JkZXI6MQ=="})
        post(Client(), small_saleor.headers(ASYNC, body), body)

    assert len(ears.heard) == 2


def test_an_event_that_we_have_no_use_for_is_answered_and_let_go(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears
) -> None:
    body = body_of("gift_card_sent")

    assert post(Client(), small_saleor.headers("gift_card_sent", body), body) == (200, {})
    assert (ears.heard, WebhookReceipt.objects.count(), counted()) == ([], 0, {})


def test_errors_of_the_subscription_do_not_keep_the_rest_from_being_heard(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears
) -> None:
    body = body_of(ASYNC, order={"id": "T3JkZXI6MQ==", "user": None}, errors=[{"message": "no"}])

    assert post(Client(), small_saleor.headers(ASYNC, body), body)[0] == 200
    assert len(ears.heard) == 1


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"null", b"\xff", b"[" * 100_000, b'{"a": NaN}', b'{"a": 1' + b"0" * 5000 + b"}"]
)
def test_what_is_signed_and_no_object_is_refused_400(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, body: bytes
) -> None:
    before = row_counts()

    assert post(Client(), small_saleor.headers(ASYNC, body), body)[0] == 400
    assert (row_counts(), ears.heard) == (before, [])


def test_more_than_a_mebibyte_is_refused_unread(small_saleor: SmallSaleor, joined: Installation, ears: Ears) -> None:
    body = body_of(ASYNC, padding="x" * (1024 * 1024))

    assert post(Client(), small_saleor.headers(ASYNC, body), body)[0] == 413
    assert (ears.heard, counted()) == ([], {})


def test_only_a_post_is_a_webhook(small_saleor: SmallSaleor, joined: Installation) -> None:
    assert Client().get("/saleor/webhooks/").status_code == 405


BINDINGS: Mapping[str, Callable[[dict[str, Any]], None]] = {
    "another type": lambda told: told.update(__typename="OrderCreated"),
    "no type": lambda told: told.pop("__typename"),
    "a type in other letters": lambda told: told.update(__typename="orderUpdated"),
    "another recipient": lambda told: told.update(recipient={"id": "QXBwOjY="}),
    "no recipient": lambda told: told.pop("recipient"),
    "a recipient of no name": lambda told: told.update(recipient={"id": None}),
    "a recipient in other words": lambda told: told.update(recipient=APP_ID),
    "no moment": lambda told: told.pop("issuedAt"),
    "a moment of no zone": lambda told: told.update(issuedAt="2026-11-22T02:59:59"),
    "no true moment": lambda told: told.update(issuedAt="yesterday"),
    "a moment that is a number": lambda told: told.update(issuedAt=1763780399),
    "long ago": lambda told: told.update(issuedAt="2026-11-08T02:00:00+00:00"),
    "long before time": lambda told: told.update(issuedAt="9999-12-31T23:59:59+00:00"),
    "ahead": lambda told: told.update(issuedAt="2026-11-23T04:00:00+00:00"),
}


@pytest.mark.parametrize("what", [*BINDINGS])
def test_a_signed_body_that_is_of_another_event_app_or_time_is_refused(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, what: str
) -> None:
    for event in (ASYNC, SYNC):
        told = payload_of(event)
        BINDINGS[what](told)
        body = json.dumps(told).encode()
        assert post(Client(), small_saleor.headers(event, body), body)[0] == 401

    assert (ears.heard, WebhookReceipt.objects.count()) == ([], 0)
    assert counted().keys() == {("saleor_webhook_not_authentic", f"saleor:{joined.pk}")}


@pytest.mark.parametrize(
    "event",
    ["", "ORDER_UPDATED", "Order_Updated", "order-updated", "order__updated", "orderupdated", "x" * 500, "đ", "_"],
)
def test_an_event_is_called_as_saleor_calls_it_or_refused(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, event: str
) -> None:
    body = body_of(ASYNC)
    headers = small_saleor.headers(ASYNC, body) | {"Saleor-Event": event}

    assert post(Client(), headers, body)[0] == 401
    assert ears.heard == []


def test_a_signed_body_cannot_be_passed_off_as_another_event(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears
) -> None:
    """The header that names the event is not signed: an order that changed must not become a payment."""
    body = body_of(ASYNC)

    assert post(Client(), small_saleor.headers(SYNC, body), body)[0] == 401
    assert ears.heard == []


def test_control_without_the_type_in_the_body_it_could(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marketplace.saleor.receiving.type_of", lambda _event: "OrderUpdated")
    body = body_of(ASYNC)

    assert post(Client(), small_saleor.headers(SYNC, body), body)[0] == 200
    assert len(ears.heard) == 1


@pytest.mark.parametrize("trouble", [OperationalError("database is locked"), KeyError("order"), RuntimeError("x")])
def test_what_could_not_be_done_is_asked_for_again_and_nothing_of_it_is_kept(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, trouble: Exception
) -> None:
    def fail() -> None:
        raise trouble

    body = body_of(ASYNC)
    headers = small_saleor.headers(ASYNC, body)
    ears.fault = fail
    answer = Client().post("/saleor/webhooks/", body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert (answer.json()["error"]["code"], WebhookReceipt.objects.count()) == ("TRY_AGAIN", 0)

    ears.fault = lambda: None
    assert post(Client(), headers, body)[0] == 200
    assert WebhookReceipt.objects.count() == 1


def test_what_its_function_refuses_is_refused_with_its_sentence(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears
) -> None:
    def fail() -> None:
        raise InvalidInput("Số tiền không đúng.")

    ears.fault = fail
    body = body_of(SYNC)

    status, answer = post(Client(), small_saleor.headers(SYNC, body), body)

    assert (status, answer) == (400, {"error": {"code": "INVALID", "message": "Số tiền không đúng."}})
    assert WebhookReceipt.objects.count() == 0


def test_a_database_that_is_away_at_the_door_is_503(
    small_saleor: SmallSaleor, joined: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("marketplace.saleor.receiving._installation_of", away)
    body = body_of(ASYNC)

    assert post(Client(), small_saleor.headers(ASYNC, body), body)[0] == 503


def test_a_key_of_the_fields_that_is_missing_is_503_and_no_refusal(
    small_saleor: SmallSaleor, joined: Installation, settings: SettingsWrapper, ears: Ears
) -> None:
    Installation.objects.filter(pk=joined.pk).update(webhook_key="secret")
    settings.MARKET_FIELD_KEYS = ["MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="]
    body = body_of(ASYNC)

    assert post(Client(), small_saleor.headers(ASYNC, body), body)[0] == 503
    assert counted() == {}


def test_a_saleor_that_was_left_is_a_stranger(small_saleor: SmallSaleor, joined: Installation, ears: Ears) -> None:
    body = body_of(ASYNC)
    headers = small_saleor.headers(ASYNC, body)
    Installation.objects.filter(pk=joined.pk).update(state="left", token="", left_at=joined.installed_at)

    assert post(Client(), headers, body)[0] == 401
    assert counted() == {("saleor_webhook_not_authentic", "saleor"): 1}


def test_a_saleor_that_is_listed_no_more_is_a_stranger(
    small_saleor: SmallSaleor, joined: Installation, settings: SettingsWrapper, ears: Ears
) -> None:
    settings.SALEOR_API_URLS = ("https://another.example/graphql/",)
    body = body_of(ASYNC)

    assert post(Client(), small_saleor.headers(ASYNC, body), body)[0] == 401


def test_receipts_are_forgotten_only_when_their_bodies_would_be_refused_for_their_age(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = body_of(ASYNC)
    headers = small_saleor.headers(ASYNC, body)
    post(Client(), headers, body)
    assert forget_receipts(now + timedelta(days=RECEIPT_DAYS)) == 0

    later = now + timedelta(days=RECEIPT_DAYS, seconds=1)
    assert forget_receipts(later) == 1
    monkeypatch.setattr(clock, "now", lambda: later)

    assert post(Client(), headers, body)[0] == 401
    assert len(ears.heard) == 1


def test_control_a_receipt_that_is_forgotten_too_early_lets_a_replay_in(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "RECEIPT_DAYS", 1)
    body = body_of(ASYNC)
    headers = small_saleor.headers(ASYNC, body)
    post(Client(), headers, body)
    later = now + timedelta(days=2)
    assert forget_old_receipts(now=later) == 1
    monkeypatch.setattr(clock, "now", lambda: later)

    assert post(Client(), headers, body)[0] == 200
    assert len(ears.heard) == 2


def test_all_old_receipts_are_forgotten_however_many_they_are(joined: Installation, now: datetime) -> None:
    """A busy Saleor sends more in an hour than are forgotten in one transaction."""
    old = now - timedelta(days=RECEIPT_DAYS, seconds=1)
    moments = [old] * 5 + [now - timedelta(days=RECEIPT_DAYS)]
    WebhookReceipt.objects.bulk_create(
        WebhookReceipt(installation=joined, digest=f"{number:064}", event=ASYNC, received_at=moment)
        for number, moment in enumerate(moments)
    )

    assert forget_old_receipts(now=now, rows_a_time=2) == 5
    assert WebhookReceipt.objects.get().received_at == moments[-1]
    assert forget_old_receipts(now=now, rows_a_time=2) == 0


def test_no_receipts_are_looked_for_while_switched_off(settings: SettingsWrapper, now: datetime) -> None:
    settings.SALEOR_API_URLS = ()

    assert forget_receipts(now) == 0


def test_another_installations_signature_is_refused(
    small_saleor: SmallSaleor, joined: Installation, settings: SettingsWrapper, ears: Ears
) -> None:
    """Two Saleors: what one signed is not taken in the other's name."""
    elsewhere = "https://other.example/graphql/"
    settings.SALEOR_API_URLS = (small_saleor.api_url, elsewhere)
    other = key_number(7)
    Installation.objects.create(
        api_url=elsewhere,
        app_id=APP_ID,
        token="OtherTokenOfThirtyLettersAndNr",
        jwks={"keys": []},
        jwks_fetched_at=joined.installed_at,
        jwks_asked_at=joined.installed_at,
        installed_at=joined.installed_at,
    )
    body = body_of(ASYNC)
    named = small_saleor.headers(ASYNC, body, Saleor_Api_Url=elsewhere)
    signed_by_other = small_saleor.headers(ASYNC, body) | {
        "Saleor-Signature": signature(body, other, header_of("first"))
    }

    assert [post(Client(), headers, body)[0] for headers in (named, signed_by_other)] == [401, 401]
    assert ears.heard == []
