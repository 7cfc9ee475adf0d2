"""Card payments against a Stripe of our own: off in every test that does not ask for it."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import stripe
from pytest_django import Settings as SettingsWrapper

from tests.payments.fake_stripe import KEY, OLD_WEBHOOK_SECRET, WEBHOOK_SECRET, FakeStripe, running


@pytest.fixture
def fake_stripe(settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch, now: datetime) -> Iterator[FakeStripe]:
    """Cards are on, and Stripe is the fake."""
    # The library waits between its tries; here nobody is served by waiting.
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0)
    monkeypatch.setattr(stripe.HTTPClient, "MAX_DELAY", 0)
    with running(now) as fake:
        settings.MARKET_STRIPE_SECRET_KEY = KEY
        settings.MARKET_STRIPE_WEBHOOK_SECRETS = (WEBHOOK_SECRET, OLD_WEBHOOK_SECRET)
        settings.MARKET_STRIPE_API_URL = fake.url
        yield fake
