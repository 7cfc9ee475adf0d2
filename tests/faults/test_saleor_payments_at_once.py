"""Tabs, retries and workers that pay one sale of a Saleor at one moment make one order a vendor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from marketplace.orders.models import Order, PaymentCode
from marketplace.saleor.gateway import selling
from marketplace.saleor.models import Installation, SaleorPart, SaleorRefundRequest, SaleorTransaction
from payments.models import GrantedRefund
from tests.payments.factories import pay
from tests.plugins.database import at_once
from tests.saleor.gateway.telling import (
    a_checkout,
    a_line,
    a_shop_at,
    an_installation,
    gid,
    initialize,
    refund_requested,
)

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("committed_db")]
THREADS = 8


@pytest.fixture
def installed(committed_db: None) -> Installation:
    return an_installation()


def references(answer: dict[str, Any] | Exception) -> tuple[str, ...]:
    assert isinstance(answer, dict), answer
    return tuple(code["reference"] for code in answer["data"]["codes"])


def test_many_tabs_at_one_moment_are_shown_one_code_a_vendor(
    installed: Installation, scaled: Callable[[int], int]
) -> None:
    shop, other = a_shop_at(installed), a_shop_at(installed, "Miến Nà Rì", price_vnd=45_000)
    for number in range(1, scaled(50) + 1):
        source = a_checkout(a_line(shop), a_line(other))

        answers = at_once([partial(initialize, installed, source)] * THREADS)

        assert len({references(one) for one in answers}) == 1
        assert Order.objects.count() == PaymentCode.objects.count() == SaleorPart.objects.count() == 2 * number
    assert SaleorTransaction.objects.count() == THREADS * scaled(50)


def test_control_without_the_lock_tabs_make_orders_beside_each_other(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = a_shop_at(installed)
    source = a_checkout(a_line(shop))
    # given a look at what is there that is over before anybody writes, as it would be without one at a time
    monkeypatch.setattr(selling, "_locked_parts", lambda *_: [])

    at_once([partial(initialize, installed, source)] * 2)

    assert Order.objects.count() == 2


def test_one_refund_that_is_asked_for_many_times_at_once_is_one_promise(
    installed: Installation, scaled: Callable[[int], int]
) -> None:
    shop = a_shop_at(installed)
    for number in range(1, scaled(30) + 1):
        transaction, event = gid("TransactionItem"), gid("TransactionEvent")
        data = initialize(installed, a_checkout(a_line(shop)), transaction_id=transaction)["data"]
        pay(shop, data["reference"])

        answers = at_once([partial(refund_requested, installed, transaction, 20_000.0, event_id=event)] * THREADS)

        assert Counter(map(str, answers)).most_common() == [(str(answers[0]), THREADS)]
        assert GrantedRefund.objects.count() == SaleorRefundRequest.objects.count() == number
