"""A shop that takes money through payOS's links sells at a Saleor: payOS is asked after the orders are written."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from django.db import connection

from marketplace.orders.models import Order
from marketplace.saleor.gateway import answers
from marketplace.saleor.models import Installation
from payments.apis.payos import PayOS
from tests.payments.factories import SECRET, Shop
from tests.payments.linking import a_payos_shop
from tests.payments.provider_server import ProviderServer, playing, status
from tests.saleor.gateway import validity
from tests.saleor.gateway.telling import a_checkout, a_line, at_saleor, initialize


@pytest.fixture
def provider(settings: Any) -> Iterator[ProviderServer]:
    with playing(settings, checksum_key=SECRET) as server:
        yield server


@pytest.fixture
def shop(installed: Installation, provider: ProviderServer) -> Shop:
    made = a_payos_shop()
    at_saleor(installed, made.variant)
    return made


def test_the_shopper_is_shown_the_links_account_and_words(
    installed: Installation, shop: Shop, provider: ProviderServer
) -> None:
    answer = validity.session(initialize(installed, a_checkout(a_line(shop))))

    (link,) = provider.links.values()
    data = answer["data"]
    assert (data["payload"], data["memo"], data["account_number"]) == (
        link["qrCode"],
        link["description"],
        link["accountNumber"],
    )


def test_payos_is_asked_outside_the_transaction_that_makes_the_orders(
    installed: Installation, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    depth_of_the_test = len(connection.savepoint_ids)
    depths = []
    make = PayOS.create

    def note_depth(self: PayOS, *args: Any, **kwargs: Any) -> Any:
        depths.append(len(connection.savepoint_ids))
        return make(self, *args, **kwargs)

    monkeypatch.setattr(PayOS, "create", note_depth)

    initialize(installed, a_checkout(a_line(shop)))

    assert depths == [depth_of_the_test]


def test_without_payos_the_shopper_is_asked_to_try_again_and_then_finds_the_same_order(
    installed: Installation, shop: Shop, provider: ProviderServer
) -> None:
    source = a_checkout(a_line(shop))
    provider.faults.extend([status(503)] * 10)

    answer = validity.session(initialize(installed, source))

    assert answer["result"] == "CHARGE_FAILURE"
    assert Order.objects.count() == 1


def test_shops_whose_links_take_long_are_not_all_waited_for_and_asking_again_goes_on(
    installed: Installation, shop: Shop, provider: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = a_payos_shop("Cơ sở Nếnh")
    at_saleor(installed, other.variant)
    source = a_checkout(a_line(shop), a_line(other))

    with monkeypatch.context() as slow:
        slow.setattr(answers, "monotonic", count(step=answers.ASKING_S_MAX / 1.5).__next__)
        in_time = validity.session(initialize(installed, source))
    assert (in_time["result"], in_time["data"]["exception"], len(provider.links)) == ("CHARGE_FAILURE", "INVALID", 1)

    again = validity.session(initialize(installed, source))
    assert (again["result"], len(again["data"]["codes"])) == ("CHARGE_ACTION_REQUIRED", 2)
    assert (len(provider.links), Order.objects.count()) == (2, 2)
