"""The shops and the buyer of these tests."""

from __future__ import annotations

import pytest

from marketplace.orders.models import DeliveryRate
from marketplace.people.models import User
from marketplace.people.services import register_person
from tests.payments.factories import NOW, Shop, a_shop


@pytest.fixture
def shop(db: None) -> Shop:
    shop = a_shop()
    DeliveryRate.objects.create(vendor=shop.vendor, zone=DeliveryRate.Zone.COUNTRY, price_vnd=10_000)
    return shop


@pytest.fixture
def other(shop: Shop) -> Shop:
    return a_shop("Hộ Hạnh")


@pytest.fixture
def buyer(db: None) -> User:
    return register_person(name="Mơ", phone="0987000111", now=NOW)
