from collections.abc import Iterator

import pytest

from marketplace.core import journal
from marketplace.saleor.models import Installation
from marketplace.saleor.reports.writing import SUBSCRIBER, follow_money
from tests.payments.factories import Shop
from tests.saleor.gateway.telling import a_shop_at, an_installation


@pytest.fixture
def installed(db: None) -> Iterator[Installation]:
    """The market inside a Saleor, hearing of money as where `SALEOR_API_URLS` is set."""
    follow_money()
    yield an_installation()
    journal._subscriptions.pop(SUBSCRIBER)


@pytest.fixture
def shop(installed: Installation) -> Shop:
    return a_shop_at(installed)


@pytest.fixture
def other(installed: Installation) -> Shop:
    return a_shop_at(installed, "Miến Nà Rì", price_vnd=45_000)
