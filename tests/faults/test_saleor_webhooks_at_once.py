"""The same webhook on many threads has one effect and one answer; a changed key is asked for once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from threading import Barrier, Lock
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import Settings as SettingsWrapper

from marketplace.core import clock
from marketplace.core.errors import MarketError
from marketplace.saleor import keys, receiving
from marketplace.saleor.joining import join
from marketplace.saleor.models import Installation, ToFetch, WebhookReceipt
from marketplace.saleor.receipts import digest_of
from tests.plugins.database import at_once
from tests.saleor.join.small_saleor import (
    TOKEN,
    SmallSaleor,
    an_app,
    body_of,
    key_number,
    playing,
    post,
)

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("committed_db")]
THREADS = 16
SYNC, ASYNC = "transaction_initialize_session", "order_updated"


@pytest.fixture
def saleor(
    committed_db: None, settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> Iterator[SmallSaleor]:
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(keys, "WAITED_FOR_ASKER_S_MAX", 60)
    with playing() as play:
        settings.SALEOR_API_URLS = (play.api_url,)
        join(api_url=play.api_url, token=TOKEN, now=now)
        yield play


@pytest.fixture
def effects(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done; each also writes a row, so that an effect without its receipt would show."""
    done: list[str] = []
    lock = Lock()

    def do(installation: Installation, payload: Mapping[str, Any], now: datetime) -> None:
        thing = str(payload.get("thing"))
        ToFetch.objects.create(installation=installation, kind="order", saleor_id=thing, not_before=now, asked_at=now)
        with lock:
            done.append(thing)

    def answer(installation: Installation, payload: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        do(installation, payload, now)
        return {"pspReference": f"number {len(done)}"}

    monkeypatch.setattr(receiving, "SYNC_EVENTS", {SYNC: answer})
    monkeypatch.setattr(receiving, "ASYNC_EVENTS", {ASYNC: do})
    return done


@pytest.mark.parametrize("event", [SYNC, ASYNC])
def test_the_same_webhook_on_many_threads_has_one_effect_and_one_answer(
    saleor: SmallSaleor, effects: list[str], scaled: Callable[[int], int], event: str
) -> None:
    for number in range(scaled(50)):
        body = body_of(event, thing=f"thing {number}")
        headers = saleor.headers(event, body)

        answers = at_once([lambda headers=headers, body=body: post(Client(), headers, body)] * THREADS)

        assert len({str(one) for one in answers}) == 1
        assert isinstance(answers[0], tuple)
        assert answers[0][0] == 200
        assert (effects.count(f"thing {number}"), len(effects)) == (1, number + 1)
    assert WebhookReceipt.objects.count() == ToFetch.objects.count() == scaled(50)


def test_a_changed_key_is_asked_for_once_and_no_webhook_is_lost(
    saleor: SmallSaleor, effects: list[str], monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=2))
    saleor.keys = {"second": key_number(2)}
    bodies = [body_of(ASYNC, thing=f"thing {number}") for number in range(THREADS)]

    answers = at_once([lambda body=body: post(Client(), saleor.headers(ASYNC, body), body)[0] for body in bodies])

    assert Counter(answers) == {200: THREADS}
    assert saleor.paths().count("/.well-known/jwks.json") == 2
    assert ToFetch.objects.count() == THREADS


def test_two_installations_at_once_leave_the_later_one(saleor: SmallSaleor, now: datetime) -> None:
    tokens = [f"TokenNumber{number:02d}OfThirtyLettersX"[:30] for number in range(8)]
    saleor.apps |= {token: an_app(id=f"app {number}") for number, token in enumerate(tokens)}

    answers = at_once(
        [
            lambda number=number, token=token: join(
                api_url=saleor.api_url, token=token, now=now + timedelta(seconds=number)
            )
            for number, token in enumerate(tokens)
        ]
    )

    assert all(isinstance(one, Installation | MarketError) for one in answers)
    row = Installation.objects.get()
    assert (row.app_id, row.token) == ("app 7", tokens[7])


def test_control_a_receipt_outside_the_effects_transaction_lets_a_second_effect_in(
    saleor: SmallSaleor, effects: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def looked_up_before(installation: Installation, *, event: str, body: bytes, now: datetime, work: Any) -> Any:
        """As it is often written: look whether it is known, do it, then note it."""
        digest = digest_of(event, body)
        if WebhookReceipt.objects.filter(installation=installation, digest=digest).exists():
            return None
        gate.wait(30)
        with transaction.atomic():
            work()
        WebhookReceipt.objects.get_or_create(
            installation=installation, digest=digest, defaults={"event": event, "received_at": now}
        )
        return None

    gate = Barrier(2)
    monkeypatch.setattr(receiving, "once", looked_up_before)
    monkeypatch.setattr(receiving, "ASYNC_EVENTS", {ASYNC: lambda *_: effects.append("done")})
    body = body_of(ASYNC)

    at_once([lambda: post(Client(), saleor.headers(ASYNC, body), body)[0]] * 2)

    assert effects == ["done", "done"]
