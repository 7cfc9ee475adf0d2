"""Outages between a Saleor and the market, of minutes and of an hour: no payment is lost or counted twice."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from marketplace.saleor.models import Installation, SaleorReport
from marketplace.saleor.reports import sending
from tests.faults.saleor_sales import STEP_S, Street, charged_by_code_vnd, require_agreement
from tests.payments.factories import Shop, a_shop
from tests.saleor.played.saleor import PlayedSaleor
from tests.saleor.played.server import Asked
from tests.saleor.played.world import Thing
from tests.saleor.working import MarketAtWork

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("committed_db")]
ORDERS = 1_000
ORDERS_OF_AN_HOUR = 300
ORDERS_WITH_DEATHS = 300
ORDERS_MIN = 12
FIVE_MINUTES_S = 300
AN_HOUR_S = 3_600
SEED = 20_261_127
DEATHS = 0.2
"""How many of the reports of money end in a death."""
ANSWERS_LOST = 0.1
EVENTS_REPEATED = 0.3
Note = Callable[[str, object], None]


Open = Callable[[int], Street]


@pytest.fixture
def open_street(
    saleor: PlayedSaleor,
    installation: Installation,
    sold_there: Callable[[Shop], Thing],
    at_work: MarketAtWork,
    scaled: Callable[[int], int],
) -> Open:
    """A function that begins so many sales, at full size, and brings a third of their steps behind them."""
    shops = [a_shop(), a_shop("Cơ sở Nếnh", commune="07795", price_vnd=45_000)]
    street = Street(saleor, at_work, [(shop, sold_there(shop)) for shop in shops], random.Random(SEED))

    def begin(full_size: int) -> Street:
        street.open(max(scaled(full_size), ORDERS_MIN))
        street.go_on(tries=street.steps_left // 3)
        return street

    return begin


def through(street: Street, outage_s: int) -> None:
    """People go on all the time that somebody is away: as many tries as half of what is left."""
    tries = street.steps_left // 2
    before = street.saleor.world.now
    street.go_on(tries=tries, step_s=outage_s / tries)
    left_s = outage_s - (street.saleor.world.now - before).total_seconds()
    if left_s > 0:
        street.saleor.pass_time(left_s)
    street.work()


def note_all(street: Street, note: Note) -> None:
    note("orders there", len(street.saleor.world.kinds["Order"]))
    note("paid there, in đồng", sum(order["totalCharged"] for order in street.saleor.world.kinds["Order"]))
    note("webhooks lost", len(street.saleor.post.lost))
    for what, count in street.seen.items():
        note(what, count)


@pytest.mark.parametrize(("outage_s", "orders"), [(FIVE_MINUTES_S, ORDERS), (AN_HOUR_S, ORDERS_OF_AN_HOUR)])
def test_while_the_market_is_away_nothing_is_lost(
    open_street: Open, outage_s: int, orders: int, record_property: Note
) -> None:
    street = open_street(orders)
    street.market_goes()
    through(street, outage_s)
    street.market_returns()

    street.end_all()

    note_all(street, record_property)
    assert street.seen["tries in vain"] > 0
    require_agreement(street)


@pytest.mark.parametrize(("outage_s", "orders"), [(FIVE_MINUTES_S, ORDERS), (AN_HOUR_S, ORDERS_OF_AN_HOUR)])
def test_while_the_saleor_is_away_nothing_is_lost(
    open_street: Open, outage_s: int, orders: int, record_property: Note
) -> None:
    street = open_street(orders)
    street.saleor_goes()
    through(street, outage_s)
    waiting = SaleorReport.objects.filter(state="waiting").count()
    street.saleor_returns()

    street.end_all()

    note_all(street, record_property)
    record_property("reports that waited", waiting)
    assert waiting > 0
    require_agreement(street)


def test_events_out_of_order_and_repeated_and_answers_lost_change_no_amount(
    open_street: Open, record_property: Note
) -> None:
    street = open_street(ORDERS)
    dice = random.Random(SEED)
    street.saleor.post.loses_answer = lambda: dice.random() < ANSWERS_LOST
    kept: list[object] = []
    deliver = street.saleor.deliver

    def in_any_order() -> int:
        due = [one for one in street.saleor.waiting if one.not_before <= street.saleor.world.now]
        again = [one for one in due if dice.random() < EVENTS_REPEATED]
        mixed = [*due, *again]
        dice.shuffle(mixed)
        street.saleor.deliver_in(mixed)
        kept.extend(again)
        return len(mixed)

    street.saleor.deliver = in_any_order  # type: ignore[method-assign] # this Saleor has a worker without order
    street.go_on(tries=street.steps_left)
    street.saleor.deliver = deliver  # type: ignore[method-assign] # and is well again
    street.saleor.post.loses_answer = lambda: False

    street.end_all()

    note_all(street, record_property)
    record_property("webhooks sent again", len(kept))
    assert kept
    require_agreement(street)


def dying(street: Street) -> None:
    """The Saleor dies in the middle of some of the reports of money."""
    dice = random.Random(SEED)

    def maybe_die(asked: Asked) -> None:
        tells_of_money = asked.operation == "TransactionEventReport" and asked.variables["type"] == "CHARGE_SUCCESS"
        if tells_of_money and dice.random() < DEATHS:
            street.saleor.world.dies_after = dice.choice(["event", "sums"])
            street.seen["deaths"] += 1

    street.saleor.front.before_answer = maybe_die


def test_a_saleor_that_dies_between_event_and_effect_loses_no_payment(
    open_street: Open, record_property: Note
) -> None:
    street = open_street(ORDERS_WITH_DEATHS)
    dying(street)

    street.end_all()

    note_all(street, record_property)
    assert street.seen["deaths"] > 0
    require_agreement(street)


def test_control_without_reading_back_a_death_between_event_and_effect_loses_a_payment(
    open_street: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    street = open_street(ORDERS_WITH_DEATHS)

    def believe(_saleor: object, report: SaleorReport, *, now: object) -> None:
        SaleorReport.objects.filter(pk=report.pk).update(state=SaleorReport.State.DONE)

    monkeypatch.setattr(sending, "read_back", believe)
    dying(street)

    for _round in range(3):
        street.go_on(tries=street.steps_left, step_s=STEP_S)
        street.at_work.settle()

    assert street.seen["deaths"] > 0
    assert charged_by_code_vnd(street) < street.paid_vnd
