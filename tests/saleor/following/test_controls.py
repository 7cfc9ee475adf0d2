"""What each guard is for: taken away, the fault appears that it keeps out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Sum

from marketplace.core.journal import drain
from marketplace.orders.models import Order
from marketplace.saleor.client import Saleor, SaleorAway
from marketplace.saleor.models import SaleorMovement, SaleorMovementShare, SaleorReport, SaleorSale
from marketplace.saleor.sales import catching_up
from marketplace.saleor.tasks import tell_saleors
from tests.saleor.following.conftest import Market
from tests.saleor.played.world import Thing


def charged_vnd() -> int:
    return Order.objects.aggregate(sum=Sum("charged_vnd"))["sum"] or 0


def forget_movements() -> None:
    SaleorMovementShare.objects.all().delete()
    SaleorMovement.objects.all().delete()


@pytest.mark.parametrize("is_kept", [True, False])
def test_without_its_record_a_movement_is_booked_again_by_the_next_event(is_kept: bool, market: Market) -> None:
    there = market.paid_otherwise(1)
    if not is_kept:
        forget_movements()
    market.saleor.world.tell("ORDER_UPDATED", order=there)
    market.settle()

    assert charged_vnd() == (60_000 if is_kept else 120_000)


@pytest.mark.parametrize("is_kept", [True, False])
def test_without_its_mark_money_that_saleor_told_of_is_told_back_and_counted_twice_there(
    is_kept: bool, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = market.saleor.make_order((market.variants[0], 1))
    market.saleor.initialize(there)
    market.settle()
    if not is_kept:
        monkeypatch.setattr("marketplace.saleor.reports.writing.SaleorMovementShare.objects", Nothing())
    market.saleor.mark_as_paid(there)
    market.settle()

    assert SaleorReport.objects.filter(type="CHARGE_SUCCESS").exists() is not is_kept
    assert there["totalCharged"] == (60_000 if is_kept else 120_000)


class Nothing:
    """A table that knows of nothing."""

    def filter(self, **_by: object) -> Nothing:
        return self

    def exists(self) -> bool:
        return False


@pytest.mark.parametrize("asks", [True, False])
def test_without_asking_first_what_saleor_knows_a_lost_answer_hands_over_twice(
    asks: bool, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = market.paid_otherwise(2)
    market.hand_over(market.part(there, market.shops[0]), market.shops[0], quantity=1)
    drain(now=market.saleor.world.now)
    really = Saleor.ask
    lost: list[str] = []

    def ask(self: Saleor, name: str, variables: Any) -> dict[str, Any]:
        told = really(self, name, variables)
        if name == "OrderToTell" and not asks:
            told["order"]["lines"] = [line | {"quantityFulfilled": 0} for line in told["order"]["lines"]]
        if name == "OrderFulfill" and not lost:
            lost.append(name)
            raise SaleorAway("the answer was lost")
        return told

    monkeypatch.setattr(Saleor, "ask", ask)
    for _try in range(2):
        tell_saleors(market.saleor.world.now)
        market.saleor.pass_time(60)

    assert [line["quantityFulfilled"] for line in there["lines"]] == [1 if asks else 2]


@pytest.mark.parametrize("is_kept", [True, False])
def test_without_the_moment_of_what_was_taken_an_older_state_undoes_a_newer(is_kept: bool, market: Market) -> None:
    there = market.paid_otherwise(1)
    if not is_kept:
        SaleorSale.objects.update(changed_there_at=None)
    there.update(status="CANCELED", updatedAt=there["updatedAt"] - timedelta(hours=1))
    market.saleor.world.tell("ORDER_UPDATED", order=there)
    market.settle()

    assert Order.objects.get().status == ("unfulfilled" if is_kept else "canceled")


@pytest.mark.parametrize("overlap", [True, False])
def test_without_an_overlap_an_order_that_was_committed_late_is_missed(
    overlap: bool, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not overlap:
        monkeypatch.setattr(catching_up, "OVERLAP", timedelta(0))
    an_order_whose_events_are_lost(market)
    market.saleor.pass_time(60)
    market.catch_up()
    market.settle()
    there = an_order_whose_events_are_lost(market)
    there["updatedAt"] -= timedelta(minutes=2)
    market.saleor.pass_time(300)

    assert market.catch_up() == (1 if overlap else 0)


def an_order_whose_events_are_lost(market: Market) -> Thing:
    there = market.saleor.make_order((market.variants[0], 1))
    market.saleor.waiting.clear()
    return there
