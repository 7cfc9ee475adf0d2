from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from pytest_django import Settings as SettingsWrapper

from marketplace.core import clock
from marketplace.saleor import events, receiving
from marketplace.saleor.joining import join
from marketplace.saleor.models import Installation
from tests.saleor.join.small_saleor import TOKEN, SmallSaleor, playing


@pytest.fixture(autouse=True)
def _ten_in_the_morning(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def small_saleor(settings: SettingsWrapper) -> Iterator[SmallSaleor]:
    """A Saleor that this market may be installed into, and is not yet."""
    with playing() as saleor:
        settings.SALEOR_API_URLS = (saleor.api_url,)
        yield saleor


@pytest.fixture
def joined(small_saleor: SmallSaleor, db: None, now: datetime) -> Installation:
    """The market as an App of it."""
    return join(api_url=small_saleor.api_url, token=TOKEN, now=now)


@dataclass
class Ears:
    """Functions of the tests' own in place of those that answer and hear, and what they were given."""

    heard: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    fault: Callable[[], None] = lambda: None

    def answer(self, _installation: Installation, payload: Mapping[str, Any], _now: datetime) -> dict[str, Any]:
        """A synchronous event: the answer tells how many were asked before."""
        self.heard.append((str(payload["__typename"]), payload))
        self.fault()
        return {"result": "CHARGE_ACTION_REQUIRED", "number": len(self.heard), "amount": 185000}

    def hear(self, _installation: Installation, payload: Mapping[str, Any], _now: datetime) -> None:
        """An asynchronous event."""
        self.heard.append((str(payload["__typename"]), payload))
        self.fault()


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch) -> Ears:
    """`transaction_initialize_session` and `order_updated` are the test's own, whatever the others are."""
    own = Ears()
    sync = {**events.SYNC_EVENTS, "transaction_initialize_session": own.answer}
    heard = {**events.ASYNC_EVENTS, "order_updated": own.hear}
    monkeypatch.setattr(receiving, "SYNC_EVENTS", sync)
    monkeypatch.setattr(receiving, "ASYNC_EVENTS", heard)
    return own
