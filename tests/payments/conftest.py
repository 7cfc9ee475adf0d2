import time
from collections.abc import Iterator
from typing import Any

import pytest

from marketplace.orders.models import Order
from payments.invariants import violations
from tests.payments.card_shop import begin
from tests.payments.factories import SECRET
from tests.payments.fake_stripe import FakeStripe, Thing
from tests.payments.provider_server import ProviderServer, playing
from tests.payments.unguarded import put_checks_on_again


@pytest.fixture
def money_adds_up(db: None) -> Iterator[None]:
    """Whatever the test lets happen, the books agree with themselves after it."""
    yield
    assert violations() == []


@pytest.fixture
def provider(settings: Any) -> Iterator[ProviderServer]:
    """A server that answers for all providers."""
    with playing(settings, checksum_key=SECRET) as server:
        yield server


@pytest.fixture
def paid_event(fake_stripe: FakeStripe, order: Order) -> Thing:
    """The event of the order's payment by card, not yet sent. The `order` is the test's own."""
    return fake_stripe.pay(begin(order).stripe_id)


@pytest.fixture
def checks_are_on_again(db: None) -> Iterator[None]:
    """For tests that take CHECKs off."""
    yield
    put_checks_on_again()


@pytest.fixture
def machine_in_new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """For tests of moments: the machine's own zone is not Vietnam's."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()
