"""Money that a process recorded that did not listen for the Saleors: a cron job, or the bridge was switched off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from marketplace.core import journal
from marketplace.core.models import JournalDelivery
from marketplace.orders.models import Order
from marketplace.orders.services.fulfilling import fulfil_order
from marketplace.saleor.models import Installation, SaleorReport
from marketplace.saleor.reports import catching_up, writing
from marketplace.saleor.reports.catching_up import SETTLED_S, catch_up
from marketplace.saleor.reports.tasks import catch_up_reports
from marketplace.saleor.sales import telling
from payments.models import GrantedRefund
from payments.services.granting import cancel_granted_refund
from tests.payments.factories import an_order, code_of
from tests.saleor.reports.paying import Paying, told


@contextmanager
def nobody_listens() -> Iterator[None]:
    """As in a process that was started without `SALEOR_API_URLS`."""
    ours = {name: journal._subscriptions.pop(name) for name in (writing.SUBSCRIBER, telling.SUBSCRIBER)}
    yield
    journal._subscriptions.update(ours)


def look(market: Paying, *, after_s: int = SETTLED_S) -> int:
    market.saleor.pass_time(after_s)
    found = catch_up(now=market.now)
    market.hear()
    return found


def test_money_that_nobody_heard_of_is_reported(market: Paying) -> None:
    shop, variant = market.shop()
    begun = market.begin((variant, 1))
    with nobody_listens():
        market.bank(shop, begun.data["reference"], referenceCode="FT1")
    market.send()
    assert (told(), begun.transaction["chargedAmount"]) == ([], 0)

    assert look(market) == 1
    market.send()

    assert told() == [("CHARGE_SUCCESS", "FT1", 60_000, "done")]
    assert (begun.transaction["chargedAmount"], begun.source["chargeStatus"]) == (60_000, "FULL")
    # and once only
    assert look(market) == 0
    assert len(told()) == 1


def test_the_end_of_a_refund_that_nobody_heard_of_is_reported(market: Paying) -> None:
    shop, variant = market.shop()
    begun = market.begin((variant, 1))
    market.bank(shop, begun.data["reference"])
    market.send()
    market.saleor.request(begun.transaction, "REFUND")
    market.saleor.deliver()
    with nobody_listens():
        cancel_granted_refund(actor=shop.owner, granted=GrantedRefund.objects.get(), now=market.now)
        market.hear()

    assert look(market) == 1
    market.send()

    assert (begun.transaction["chargedAmount"], begun.transaction["refundPendingAmount"]) == (60_000, 0)


def test_what_was_handed_over_and_nobody_heard_of_is_told(market: Paying) -> None:
    shop, variant = market.shop()
    order = market.saleor.make_order((variant, 1))
    begun = market.begin_for(order)
    market.bank(shop, begun.data["reference"])
    with nobody_listens():
        fulfil_order(actor=shop.owner, order=Order.objects.get(), lines=None, tracking_number="", now=market.now)

    assert look(market) == 1
    assert Order.objects.get().saleor_part.to_tell.get().kind == "fulfilled"


def test_money_is_looked_at_only_when_all_before_it_must_be_there(market: Paying) -> None:
    shop, variant = market.shop()
    begun = market.begin((variant, 1))
    with nobody_listens():
        market.bank(shop, begun.data["reference"])

    assert look(market, after_s=SETTLED_S - 1) == 0
    assert Installation.objects.get().journal_seen_to is None
    assert look(market, after_s=1) == 1


def test_a_look_goes_on_where_the_last_one_stopped_and_is_bounded(
    market: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catching_up, "EVENTS_A_LOOK_MAX", 1)
    monkeypatch.setattr(catching_up, "LOOKS_A_ROUND_MAX", 2)
    shop, variant = market.shop()
    begun = market.begin((variant, 1))
    with nobody_listens():
        for number in range(3):
            market.bank(shop, begun.data["reference"], 20_000, referenceCode=f"FT{number}")

    assert look(market) == 2
    assert look(market) == 1
    market.send()

    assert [(amount, state) for _kind, _reference, amount, state in told()] == [(20_000, "done")] * 3


def test_what_was_heard_and_what_no_saleor_sold_is_left_alone(market: Paying) -> None:
    shop, variant = market.shop()
    begun = market.begin((variant, 1))
    market.bank(shop, begun.data["reference"])
    with nobody_listens():
        market.bank(shop, code_of(an_order(shop, now=market.now)))
    deliveries = JournalDelivery.objects.filter(subscriber=writing.SUBSCRIBER).count()

    assert look(market) == 0
    assert JournalDelivery.objects.filter(subscriber=writing.SUBSCRIBER).count() == deliveries


def test_where_nothing_was_sold_yet_there_is_nothing_to_look_at(market: Paying) -> None:
    assert look(market) == 0
    assert Installation.objects.get().journal_seen_to is None


def test_without_a_saleor_the_task_does_nothing(market: Paying, settings: Any) -> None:
    shop, variant = market.shop()
    begun = market.begin((variant, 1))
    with nobody_listens():
        market.bank(shop, begun.data["reference"])
    market.saleor.pass_time(SETTLED_S)
    settings.SALEOR_API_URLS = ()
    assert catch_up_reports(market.now) == 0

    settings.SALEOR_API_URLS = (market.saleor.api_url,)
    assert catch_up_reports(market.now) == 1
    market.hear()
    assert SaleorReport.objects.count() == 1
