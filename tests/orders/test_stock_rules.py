"""Stock under any sequence of what people do: never oversold, and its columns equal to the rows behind them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from catalog.models import ProductVariant, Stock
from marketplace.core.actors import ANONYMOUS, SYSTEM
from marketplace.orders.errors import (
    CannotCancel,
    CannotFulfil,
    InsufficientStock,
    OrderCancelled,
    QuantityTooLarge,
)
from marketplace.orders.models import Checkout, Order
from marketplace.orders.services.checkouts import LineWanted, add_lines
from marketplace.orders.services.codes import reserve_checkout
from marketplace.orders.services.ending import cancel_order, expire_due_orders, release_due_reservations
from marketplace.orders.services.fulfilling import LineFulfilled, fulfil_order
from marketplace.orders.services.placing import complete_checkout, place_paid_checkout
from marketplace.orders.services.stock import Wanted, plan
from tests.orders.factories import (
    NOW,
    a_paid_order,
    a_place,
    a_ready_checkout,
    a_shop,
    a_variant,
    an_order,
    assert_stock_adds_up,
    charge,
    stock_of,
)

pytestmark = pytest.mark.django_db


# --- Which stock a line takes from (pure) ---------------------------------------------------------


def shelf(pk: int, *, variant_id: int = 1, warehouse_id: int = 1, available: int = 1) -> Stock:
    return Stock(pk=pk, variant_id=variant_id, warehouse_id=warehouse_id, quantity=available)


def taken(wanted: list[Wanted[str]], shelves: list[Stock], first: int | None = None) -> list[tuple[str, int, int]]:
    takings = plan(wanted, shelves, first_warehouse_id=first)
    return [(taking.line, taking.stock_id, taking.quantity) for taking in takings]


def want(quantity: int, *, line: str = "a", variant_id: int | None = 1) -> Wanted[str]:
    return Wanted(line, variant_id, quantity, f"Món {line}", "hũ")


def test_a_line_takes_from_the_place_of_pick_up_then_from_the_fullest() -> None:
    shelves = [shelf(1, available=2), shelf(2, warehouse_id=2, available=9), shelf(3, warehouse_id=3, available=1)]

    assert taken([want(2)], shelves) == [("a", 2, 2)]
    assert taken([want(11)], shelves) == [("a", 2, 9), ("a", 1, 2)]
    assert taken([want(2)], shelves, 3) == [("a", 3, 1), ("a", 2, 1)]


def test_two_lines_never_take_the_same_unit() -> None:
    shelves = [shelf(1, available=3)]

    assert taken([want(2), want(1, line="b")], shelves) == [("a", 1, 2), ("b", 1, 1)]
    with pytest.raises(InsufficientStock) as refusal:
        taken([want(2), want(2, line="b")], shelves)
    assert str(refusal.value) == "Món b: chỉ còn 1 hũ."


def test_every_line_that_is_short_is_named_up_to_three() -> None:
    wanted = [want(1, line=name, variant_id=number) for number, name in enumerate("abcd", 1)]

    with pytest.raises(InsufficientStock) as refusal:
        taken(wanted, [])

    assert refusal.value.subjects == (1, 2, 3, 4)
    assert str(refusal.value) == "Món a: đã hết hàng. Món b: đã hết hàng. Món c: đã hết hàng."


def test_what_has_no_variant_any_more_is_short() -> None:
    with pytest.raises(InsufficientStock, match=r"Đã hết hàng\."):
        taken([want(1, variant_id=None)], [shelf(1)])


# --- The database stands behind it ----------------------------------------------------------------


@pytest.mark.parametrize("change", [{"allocated": 6}, {"allocated": 3, "reserved": 3}, {"reserved": -1}])
def test_the_database_itself_refuses_to_oversell(change: dict[str, int]) -> None:
    variant = a_variant(a_shop(), quantity=5)

    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.update(**change)

    assert stock_of(variant) == (5, 0, 0)


# --- Any sequence ---------------------------------------------------------------------------------

EXPECTED = (InsufficientStock, OrderCancelled, CannotCancel, CannotFulfil, QuantityTooLarge)
QUANTITIES = st.integers(min_value=1, max_value=4)


class PeopleBuying(RuleBasedStateMachine):
    """Buyers, a bank and a shop over two variants at two places; refusals are fine, wrong stock is not."""

    checkouts = Bundle("checkouts")
    orders = Bundle("orders")

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.whole = transaction.atomic()
        self.whole.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    @initialize(target=orders)
    def open_shop(self) -> object:
        vendor = a_shop()
        self.variants = [a_variant(vendor, quantity=6), a_variant(vendor, name="Chè Shan tuyết", quantity=4)]
        Stock.objects.create(variant=self.variants[0], warehouse=a_place(vendor), quantity=3)
        first, second = self.variants
        return multiple(an_order((first, 2), (second, 1)).pk, an_order((first, 3)).pk, a_paid_order((second, 2)).pk)

    def pick(self, second: bool) -> ProductVariant:
        return self.variants[1 if second else 0]

    @rule(target=checkouts, second=st.booleans(), quantity=QUANTITIES)
    def begin(self, second: bool, quantity: int) -> object:
        try:
            return a_ready_checkout((self.pick(second), quantity), now=self.now).pk
        except EXPECTED:
            return multiple()

    @rule(checkout_id=checkouts, second=st.booleans(), quantity=QUANTITIES)
    def add(self, checkout_id: object, second: bool, quantity: int) -> None:
        if Checkout.objects.filter(pk=checkout_id).exists():
            lines = [LineWanted(self.pick(second).pk, quantity)]
            self.attempt(lambda: add_lines(checkout_id=checkout_id, lines=lines, now=self.now))

    @rule(checkout_id=checkouts)
    def reserve(self, checkout_id: object) -> None:
        if Checkout.objects.filter(pk=checkout_id).exists():
            self.attempt(lambda: reserve_checkout(checkout_id=checkout_id, now=self.now))

    @rule(target=orders, checkout_id=consumes(checkouts), paid=st.booleans())
    def place(self, checkout_id: object, paid: bool) -> object:
        try:
            if paid:
                return place_paid_checkout(checkout_id=checkout_id, now=self.now).pk
            return complete_checkout(checkout_id=checkout_id, actor=ANONYMOUS, now=self.now).pk
        except EXPECTED:
            return multiple()

    @rule(order_id=orders, share=st.sampled_from([1, 2]))
    def pay(self, order_id: int, share: int) -> None:
        order = Order.objects.get(pk=order_id)
        self.attempt(lambda: charge(order, order.total_vnd // share, now=self.now))

    @rule(order_id=orders)
    def cancel(self, order_id: int) -> None:
        order = Order.objects.get(pk=order_id)
        self.attempt(lambda: cancel_order(actor=SYSTEM, order=order, reason="", now=self.now))

    @rule(order_id=orders, one=st.booleans())
    def fulfil(self, order_id: int, one: bool) -> None:
        order = Order.objects.get(pk=order_id)
        left = [line for line in order.lines.all() if line.quantity > line.quantity_fulfilled]
        part = [LineFulfilled(left[0].pk, 1)] if one and left else None
        self.attempt(lambda: fulfil_order(actor=SYSTEM, order=order, lines=part, now=self.now))

    @rule(minutes=st.sampled_from([5, 31]), worker=st.booleans())
    def time_passes(self, minutes: int, worker: bool) -> None:
        self.now += timedelta(minutes=minutes)
        if worker:
            expire_due_orders(now=self.now, at_most=100)
            release_due_reservations(now=self.now, at_most=100)

    @invariant()
    def stock_adds_up(self) -> None:
        assert_stock_adds_up()

    def attempt(self, act: object) -> None:
        try:
            act()
        except EXPECTED:
            return


def test_any_sequence_of_buying_paying_and_ending_keeps_the_stock_right(scaled: Callable[[int], int]) -> None:
    run_state_machine_as_test(
        PeopleBuying,
        settings=settings(
            max_examples=scaled(60),
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_check_of_the_storm_notices_a_wrong_column() -> None:
    """The control: what the sequence asserts after each step fails where a column and its rows differ."""
    an_order((a_variant(a_shop()), 1))
    assert_stock_adds_up()

    Stock.objects.update(allocated=2)

    with pytest.raises(AssertionError):
        assert_stock_adds_up()
