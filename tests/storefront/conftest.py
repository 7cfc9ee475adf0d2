"""What tests of pages share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from playwright.sync_api import expect

from marketplace.core import clock
from tests.payments.factories import Shop
from tests.plugins.database import count_statements
from tests.storefront.working import an_officer, browser_of, owner_at

At = Callable[[datetime], None]
Count = Callable[[Callable[[], object]], int]
PAGE_BYTES_MAX = 20_000
WAIT_MS_MAX = 30_000

expect.set_options(timeout=WAIT_MS_MAX)


@pytest.fixture
def shopper() -> Client:
    """A shopper's browser that speaks Vietnamese and shows what the server answers, also a fault of ours."""
    return Client(headers={"accept-language": "vi"}, raise_request_exception=False)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    """Set the clock that the pages read."""
    return lambda moment: monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.fixture
def today(at: At, now: datetime) -> None:
    """The pages' clock stands at the tests' moment: Sunday 22 November 2026, 10:00 in Vietnam."""
    at(now)


@pytest.fixture
def owner(shop: Shop) -> Client:
    """The browser of who owns the test's own `shop`."""
    return owner_at(shop)


@pytest.fixture
def officer(db: None) -> Client:
    """The browser of an officer of the commune where shops are unless a test says otherwise."""
    return browser_of(an_officer().pk)


@pytest.fixture
def statements() -> Count:
    """How many SQL statements a call makes."""
    return count_statements
