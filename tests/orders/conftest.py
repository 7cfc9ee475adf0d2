"""What tests of orders share."""

from pathlib import Path
from typing import Any

import pytest

from marketplace.core.actors import Actor
from marketplace.orders.models import Order
from tests.orders.factories import a_member, a_shop, a_variant, an_order
from vendors.models import Vendor


@pytest.fixture
def shop(db: None) -> Vendor:
    return a_shop()


@pytest.fixture
def order(shop: Vendor) -> Order:
    return an_order((a_variant(shop), 1))


@pytest.fixture
def seller(shop: Vendor) -> Actor:
    return a_member(shop)


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path
