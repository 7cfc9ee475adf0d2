import random
import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connections

from marketplace.core import journal
from marketplace.core.models import JournalDelivery
from marketplace.orders.models import Order
from marketplace.reporting import counted, kept, services
from marketplace.reporting.models import ProductMonth, SalesDay, TakingsDay
from marketplace.reporting.services import Difference, check, differing_days, rebuild
from marketplace.reporting.tally import Cells, Figure
from tests.plugins.database import at_once
from tests.reporting.factories import (
    DAM_THUY,
    HONEY,
    NENH,
    NOODLES,
    NOW,
    THUC_PHAN,
    TODAY,
    Sold,
    a_sale,
    a_shop,
    an_order,
    charge,
    deliver,
    goes_back_at_most,
    in_figures,
    in_transactions,
    refund,
)

YESTERDAY, NOVEMBER, OCTOBER = date(2026, 11, 21), date(2026, 11, 1), date(2026, 10, 1)
THREAD_S_MAX = 60


def all_rows() -> list[list[dict[str, object]]]:
    """All figures, without the rows' own numbers."""
    return [
        sorted(
            ({name: value for name, value in row.items() if name != "id"} for row in model.objects.values()),
            key=repr,
        )
        for model in (TakingsDay, SalesDay, ProductMonth)
    ]


@pytest.fixture
def market(db: None) -> list[list[dict[str, object]]]:
    """Sales of two days, two months and two provinces; answers the figures of them."""
    a_sale(a_shop(), Sold(2, 60_000, 11), day=YESTERDAY)
    a_sale(a_shop(), Sold(1, 60_000, 11), confirmation="cash", channel="stall")
    order = a_sale(a_shop(NENH), Sold(1, 150_000, 12, HONEY))
    refund(order, 50_000, "bank")
    charge(an_order(a_shop(THUC_PHAN), Sold(product=11)), 60_000, day=date(2026, 10, 31))
    deliver()
    return all_rows()


def test_figures_that_agree_with_the_journal_differ_nowhere(market: list[object]) -> None:
    assert check(now=NOW) == []
    assert differing_days(now=NOW) == []


def test_an_empty_market_has_nothing_to_differ(db: None) -> None:
    assert check(now=NOW) == []
    assert rebuild(now=NOW) == []


def test_figures_are_rebuilt_from_the_journal_alone_to_the_same_number(market: list[object]) -> None:
    for model in (TakingsDay, SalesDay, ProductMonth):
        model.objects.all().delete()

    rebuild(now=NOW)

    assert all_rows() == market
    assert in_figures() == in_transactions()


def test_control_an_altered_figure_is_named_with_its_day_and_put_right(market: list[object]) -> None:
    TakingsDay.objects.filter(commune_id=DAM_THUY, day=YESTERDAY).update(charged_bank_online_vnd=130_000)

    found = [Difference(Figure.TAKINGS, YESTERDAY, 1, 130_000, 120_000, NOW)]
    assert check(now=NOW) == found
    assert differing_days(now=NOW) == [YESTERDAY]
    assert rebuild(now=NOW) == found
    assert check(now=NOW) == []
    assert all_rows() == market


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (
            lambda: TakingsDay.objects.filter(commune_id=NENH).update(commune_id=THUC_PHAN),
            [Difference(Figure.TAKINGS, TODAY, 2, 160_000, 160_000, NOW)],
        ),
        (
            lambda: TakingsDay.objects.filter(commune_id=NENH).update(charges_bank_online=2),
            [Difference(Figure.TAKINGS, TODAY, 1, 160_000, 160_000, NOW)],
        ),
        (
            lambda: TakingsDay.objects.filter(day=YESTERDAY).delete(),
            [Difference(Figure.TAKINGS, YESTERDAY, 1, 0, 120_000, NOW)],
        ),
        (
            lambda: TakingsDay.objects.create(commune_id=NENH, day=date(2025, 1, 1), charged_cash_stall_vnd=1),
            [Difference(Figure.TAKINGS, date(2025, 1, 1), 1, 1, 0, NOW)],
        ),
        (
            lambda: SalesDay.objects.filter(ocop_set=HONEY).update(ocop_set=NOODLES),
            [Difference(Figure.SALES, TODAY, 2, 210_000, 210_000, NOW)],
        ),
        (
            lambda: ProductMonth.objects.filter(product_number=11, month=OCTOBER).update(amount_vnd=1),
            [Difference(Figure.PRODUCTS, OCTOBER, 1, 1, 60_000, NOW)],
        ),
        (
            lambda: ProductMonth.objects.filter(product_number=12).delete(),
            [Difference(Figure.PRODUCTS, NOVEMBER, 1, 180_000, 330_000, NOW)],
        ),
    ],
    ids=["wrong commune", "wrong count", "lost", "invented", "wrong set", "wrong month", "lost product"],
)
def test_control_whatever_is_wrong_is_named_and_put_right(
    market: list[object], spoil: Callable[[], object], expected: list[Difference]
) -> None:
    spoil()

    assert check(now=NOW) == expected
    assert check(now=NOW) == expected  # checking changes nothing
    assert rebuild(now=NOW) == expected
    assert check(now=NOW) == []
    assert all_rows() == market


def test_only_the_days_asked_for_are_put_right(market: list[object]) -> None:
    TakingsDay.objects.update(charged_bank_online_vnd=1)

    repaired = rebuild(now=NOW, days=[YESTERDAY])

    assert [(one.figure, one.period) for one in repaired] == [(Figure.TAKINGS, YESTERDAY)]
    assert [one.period for one in check(now=NOW)] == [date(2026, 10, 31), TODAY]
    assert [one.period for one in check(now=NOW, days=[TODAY])] == [TODAY]


def test_a_day_asked_for_puts_its_month_of_products_right(market: list[object]) -> None:
    ProductMonth.objects.update(quantity=99)

    repaired = rebuild(now=NOW, days=[YESTERDAY, TODAY])

    assert [(one.figure, one.period) for one in repaired] == [(Figure.PRODUCTS, NOVEMBER)]
    assert [one.period for one in check(now=NOW)] == [OCTOBER]


def test_what_is_not_delivered_yet_is_left_to_its_delivery(market: list[object]) -> None:
    charge(an_order(a_shop()), 60_000)

    assert check(now=NOW) == []
    assert rebuild(now=NOW) == []
    assert all_rows() == market

    deliver()
    assert check(now=NOW) == []
    assert in_figures() == in_transactions()


def test_what_failed_for_good_is_in_neither(market: list[object]) -> None:
    charge(an_order(a_shop()), 60_000)
    JournalDelivery.objects.filter(subscriber="figures", state="waiting").update(state="failed")

    deliver()

    assert check(now=NOW) == []
    assert all_rows() == market


def test_progress_is_told_part_by_part(market: list[object]) -> None:
    told: list[tuple[int, int]] = []

    check(now=NOW, progress=lambda done, of: told.append((done, of)))

    # Three days of takings and of sales, two months of products.
    assert told == [(number, 8) for number in range(1, 9)]


@pytest.mark.parametrize(
    ("difference", "sentence"),
    [
        (
            Difference(Figure.TAKINGS, YESTERDAY, 1, 130_000, 120_000, NOW),
            "Tiền thu ngày 21/11/2026: đang ghi 130.000\u00a0₫, đúng ra 120.000\u00a0₫ (khác 1 dòng)",
        ),
        (
            Difference(Figure.PRODUCTS, NOVEMBER, 2, 0, 60_000, NOW),
            "Sản phẩm bán tháng 11/2026: đang ghi 0\u00a0₫, đúng ra 60.000\u00a0₫ (khác 2 dòng)",
        ),
    ],
)
def test_a_difference_says_what_is_wrong(difference: Difference, sentence: str) -> None:
    assert str(difference) == sentence


# --- Any interleaving -----------------------------------------------------------------------------


class Storm:
    """Charges, refunds and deliveries in an order that a seed decides."""

    CHARGES = ("bank", "bank", "card", "vendor", "cash")

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.moment = NOW
        shops = [a_shop(code) for code in (DAM_THUY, THUC_PHAN, NENH)]
        self.orders = [self._order(self.random.choice(shops)) for _ in range(8)]

    def _order(self, shop: object) -> Order:
        lines = [
            Sold(
                self.random.randint(1, 3),
                self.random.randint(1, 9) * 1_000,
                self.random.choice([None, 11, 12]),
                self.random.choice([None, HONEY, NOODLES]),
            )
            for _ in range(self.random.randint(1, 4))
        ]
        return an_order(shop, *lines, channel=self.random.choice(["online", "stall"]))  # type: ignore[arg-type]  # a Vendor

    def step(self) -> None:
        self.random.choice([self.charge, self.charge, self.refund, self.move_shop, self.deliver_some])()

    def charge(self) -> None:
        order = self.random.choice(self.orders)
        amount_vnd = self.random.choice([1, 500, order.total_vnd // 2 or 1, order.total_vnd])
        charge(order, amount_vnd, self.random.choice(self.CHARGES), day=self.day())

    def refund(self) -> None:
        order = Order.objects.get(pk=self.random.choice(self.orders).pk)
        if most_vnd := goes_back_at_most(order):
            refund(order, self.random.randint(1, most_vnd), self.random.choice(self.CHARGES), day=self.day())

    def move_shop(self) -> None:
        shop = self.random.choice(self.orders).vendor
        shop.commune_id = self.random.choice([DAM_THUY, THUC_PHAN, NENH])
        shop.save(update_fields=["commune"])

    def deliver_some(self) -> None:
        """Waiting deliveries become due in any order; the journal keeps the order within each order's events."""
        for delivery in JournalDelivery.objects.filter(subscriber="figures", state="waiting"):
            delivery.not_before = self.moment + timedelta(seconds=self.random.randint(0, 9))
            delivery.save(update_fields=["not_before"])
        self.moment += timedelta(seconds=self.random.randint(0, 9))
        journal.deliver_waiting(now=self.moment, at_most=self.random.randint(1, 20))

    def day(self) -> date:
        return TODAY - timedelta(days=self.random.choice([0, 0, 1, 25]))


@pytest.mark.parametrize("seed", range(6))
def test_in_any_order_figures_equal_their_rebuild_and_the_transactions(db: None, seed: int) -> None:
    storm = Storm(seed)

    for _ in range(30):
        storm.step()
    halfway = check(now=NOW)
    journal.drain(now=storm.moment + timedelta(days=1))

    assert halfway == []
    assert check(now=NOW) == []
    assert in_figures() == in_transactions()
    sold = Order.objects.filter(fully_charged_at__isnull=False)
    amount_vnd = sum(order.total_vnd for order in sold)
    assert sum(SalesDay.objects.values_list("amount_vnd", flat=True)) == amount_vnd
    assert sum(ProductMonth.objects.values_list("amount_vnd", flat=True)) == amount_vnd
    paid = TakingsDay.objects.values_list("paid_orders_online", "paid_orders_stall")
    assert sum(map(sum, paid)) == sold.count()


# --- While sales go on ----------------------------------------------------------------------------


def deliver_in_thread() -> threading.Thread:
    """Another worker that delivers what waits, from now on."""

    def work() -> None:
        journal.drain(now=NOW + timedelta(hours=1))
        connections.close_all()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def between_reading_and_writing(patch: pytest.MonkeyPatch, happen: Callable[[], None]) -> None:
    """Let something happen after the journal was read for the last time and before the takings are put right."""
    recounted, readings = counted.recounted, iter(range(2))

    def and_then(figure: Figure, period: date) -> Cells:
        cells = recounted(figure, period)
        if figure is Figure.TAKINGS and next(readings) == 1:  # first without a lock, then with it
            happen()
        return cells

    patch.setattr(counted, "recounted", and_then)


def test_a_sale_delivered_during_a_rebuild_is_not_lost(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    a_sale(a_shop())
    charge(an_order(a_shop()), 45_000)
    TakingsDay.objects.update(charged_bank_online_vnd=1)
    workers: list[threading.Thread] = []

    with monkeypatch.context() as patch:
        between_reading_and_writing(patch, lambda: workers.append(deliver_in_thread()))
        rebuild(now=NOW, days=[TODAY])
    (worker,) = workers
    worker.join(THREAD_S_MAX)
    journal.drain(now=NOW + timedelta(days=1))

    assert check(now=NOW) == []
    assert in_figures() == in_transactions()


def test_control_a_rebuild_that_does_not_hold_the_figures_still_loses_it(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_sale(a_shop())
    charge(an_order(a_shop()), 45_000)
    TakingsDay.objects.update(charged_bank_online_vnd=1)

    with monkeypatch.context() as patch:
        patch.setattr(kept, "hold_still", lambda: None)
        between_reading_and_writing(patch, deliver)
        rebuild(now=NOW, days=[TODAY])

    assert check(now=NOW) == [Difference(Figure.TAKINGS, TODAY, 1, 60_000, 105_000, NOW)]


def test_checking_and_rebuilding_while_sales_storm_finds_nothing_wrong(committed_db: None) -> None:
    orders = [an_order(a_shop(code), Sold(product=11)) for code in (DAM_THUY, THUC_PHAN) * 8]

    def sell(some: list[Order]) -> list[Difference]:
        for order in some:
            charge(order, 60_000)
            journal.drain(now=NOW)
        return []

    def look() -> list[Difference]:
        return [*check(now=NOW), *rebuild(now=NOW), *check(now=NOW)]

    answers = at_once([lambda: sell(orders[::2]), lambda: sell(orders[1::2]), look, look])
    journal.drain(now=NOW + timedelta(days=1))

    assert answers == [[], [], [], []]
    assert services.check(now=NOW) == []
    assert in_figures() == in_transactions()
