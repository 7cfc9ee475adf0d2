"""A payment webhook that comes again, byte by byte, whatever became of the first."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.orders.models import Order
from marketplace.saleor.gateway import sessions
from marketplace.saleor.models import WebhookReceipt
from tests.saleor.played.transport import Reply, through_django
from tests.saleor.reports.paying import Paying


class Wire:
    """What went over the wire to the market, to be sent again."""

    def __init__(self) -> None:
        self.sent: list[tuple[Any, ...]] = []
        self.replies: list[Reply | None] = []

    def __call__(self, *request: Any, **more: Any) -> Reply | None:
        self.sent.append((request, more))
        self.replies.append(through_django(*request, **more))
        return self.replies[-1]

    def again(self) -> Reply | None:
        request, more = self.sent[-1]
        return through_django(*request, **more)


@pytest.fixture
def wire(market: Paying) -> Wire:
    made = Wire()
    market.saleor.post.transport = made
    return made


def test_it_is_answered_the_same_and_nothing_is_done_again(market: Paying, wire: Wire) -> None:
    _shop, variant = market.shop()
    market.begin((variant, 1))

    assert wire.again() == wire.replies[-1]
    assert (Order.objects.count(), WebhookReceipt.objects.count()) == (1, 1)


def test_one_that_died_before_it_was_answered_is_answered_with_the_orders_that_it_made(
    market: Paying, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    _shop, variant = market.shop()
    checkout = market.saleor.make_checkout((variant, 1))

    def die(*_: object, **__: object) -> None:
        raise RuntimeError("the process is gone")

    with monkeypatch.context() as dying:
        dying.setattr(sessions, "_codes", die)
        _transaction, event, _data = market.saleor.initialize(checkout)
    assert event["type"] == "CHARGE_FAILURE"
    assert (Order.objects.count(), WebhookReceipt.objects.get().answer) == (1, None)

    reply = wire.again()

    assert reply is not None
    assert WebhookReceipt.objects.get().answer["result"] == "CHARGE_ACTION_REQUIRED"
    assert Order.objects.count() == 1
