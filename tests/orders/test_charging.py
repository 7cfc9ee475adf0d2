"""What money does to an order: partial, full, too much, back again, late, after the end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from catalog.models import ProductVariant, Stock
from marketplace.core.actors import SYSTEM
from marketplace.core.errors import MarketError, NotFound
from marketplace.core.journal import JsonValue
from marketplace.core.models import JournalEvent
from marketplace.orders.errors import AmountWrong, InsufficientStock, OrderCancelled, RefundTooLarge
from marketplace.orders.models import Allocation, Order
from marketplace.orders.services.charging import (
    ChargeOutcome,
    charge_status,
    lock_order,
)
from marketplace.orders.services.ending import cancel_order, expire_due_orders
from marketplace.orders.services.fulfilling import fulfil_order
from tests.orders.factories import (
    NOW,
    a_paid_order,
    a_person,
    a_place,
    a_shop,
    a_variant,
    an_order,
    assert_stock_adds_up,
    charge,
    charge_locked,
    refund_locked,
    stock_of,
)

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
BANK: dict[str, JsonValue] = {"confirmation": "bank", "bank_date": "2026-11-23", "transaction_event": 77}


def refund(order: Order, amount_vnd: int) -> ChargeOutcome:
    with transaction.atomic():
        return refund_locked(lock_order(order.pk), amount_vnd, now=LATER, data=BANK)


def events(kind: str) -> list[JournalEvent]:
    return list(JournalEvent.objects.filter(kind=kind).order_by("id"))


@pytest.mark.parametrize(
    ("charged_vnd", "status"),
    [(0, "none"), (1, "partial"), (239_999, "partial"), (240_000, "full"), (240_001, "overcharged")],
)
def test_the_charge_status_is_what_saleor_calls_it(charged_vnd: int, status: str) -> None:
    assert charge_status(charged_vnd=charged_vnd, total_vnd=240_000) == status


# --- Money in -------------------------------------------------------------------------------------


def test_the_full_amount_confirms_the_order_and_counts_the_sale() -> None:
    vendor = a_shop()
    honey, tea = a_variant(vendor), a_variant(vendor, name="Chè Shan tuyết", price_vnd=90_000)
    order = an_order((honey, 2), (tea, 1))

    outcome = charge(order, 330_000, bank_date="2026-11-21")

    assert outcome == ChargeOutcome("none", "full", first_full=True, overcharged_vnd=0)
    order.refresh_from_db()
    assert (order.status, order.charge_status, order.charged_vnd) == ("unfulfilled", "full", 330_000)
    assert (order.fully_charged_at, order.expires_at, order.outstanding_vnd) == (NOW, None, 0)
    base = {"order": order.pk, "vendor": vendor.pk, "commune": "01273", "province": "04", "channel": "online"}
    assert [event.data for event in events("order.charged")] == [
        {
            **base,
            "confirmation": "bank",
            "bank_date": "2026-11-21",
            "transaction_event": 1,
            "amount_vnd": 330_000,
        }
    ]
    assert [event.data for event in events("order.fully_charged")] == [
        {
            **base,
            "day": "2026-11-21",
            "buyer_known": False,
            "lines": [
                {
                    "product": honey.product_id,
                    "variant": honey.pk,
                    "ocop_set": 5,
                    "quantity": 2,
                    "amount_vnd": 240_000,
                },
                {
                    "product": tea.product_id,
                    "variant": tea.pk,
                    "ocop_set": 5,
                    "quantity": 1,
                    "amount_vnd": 90_000,
                },
            ],
        }
    ]


def test_too_little_waits_for_the_rest_and_never_expires_by_itself() -> None:
    variant = a_variant(a_shop())
    order = an_order((variant, 2))

    assert charge(order, 100_000) == ChargeOutcome("none", "partial", first_full=False, overcharged_vnd=0)

    order.refresh_from_db()
    assert (order.status, order.charge_status, order.outstanding_vnd) == ("unconfirmed", "partial", 140_000)
    assert order.expires_at is None
    assert expire_due_orders(now=NOW + timedelta(days=365), at_most=10) == 0
    assert events("order.fully_charged") == []

    assert charge(order, 140_000).first_full
    order.refresh_from_db()
    assert (order.status, order.charge_status) == ("unfulfilled", "full")
    assert stock_of(variant) == (5, 2, 0)


def test_too_much_is_full_and_says_by_how_much() -> None:
    order = an_order((a_variant(a_shop()), 1))

    outcome = charge(order, 150_000)

    assert outcome == ChargeOutcome("none", "overcharged", first_full=True, overcharged_vnd=30_000)
    order.refresh_from_db()
    assert (order.status, order.charge_status, order.outstanding_vnd) == ("unfulfilled", "overcharged", 0)


def test_more_money_after_the_full_amount_counts_no_second_sale() -> None:
    order = a_paid_order((a_variant(a_shop()), 1))

    outcome = charge(order, 120_000, now=LATER)

    assert outcome == ChargeOutcome("full", "overcharged", first_full=False, overcharged_vnd=120_000)
    assert len(events("order.fully_charged")) == 1
    order.refresh_from_db()
    assert order.fully_charged_at == NOW


def test_where_the_shop_was_then_counts() -> None:
    order = an_order((a_variant(a_shop()), 1))
    moved: dict[str, JsonValue] = {**BANK, "commune": "07795", "province": "24"}

    with transaction.atomic():
        charge_locked(lock_order(order.pk), 120_000, data=moved)

    for kind in ("order.charged", "order.fully_charged"):
        assert (events(kind)[0].data["commune"], events(kind)[0].data["province"]) == ("07795", "24")


def test_without_a_bank_date_the_sale_is_of_vietnams_day() -> None:
    variant = a_variant(a_shop())
    order = an_order((variant, 1))
    Order.objects.update(user=a_person())
    late_evening_utc = NOW.replace(hour=18)

    with transaction.atomic():
        charge_locked(lock_order(order.pk), 120_000, now=late_evening_utc, data={})

    sale = events("order.fully_charged")[0].data
    assert (sale["day"], sale["buyer_known"]) == ("2026-11-23", True)


@pytest.mark.parametrize("amount_vnd", [0, -1, True, 1.5, "5", None, 1_000_000_000_000, 10**30])
def test_impossible_amounts_move_nothing(amount_vnd: int) -> None:
    order = a_paid_order((a_variant(a_shop()), 1))

    for move in (charge, refund):
        with pytest.raises(AmountWrong):
            move(order, amount_vnd)

    order.refresh_from_db()
    assert order.charged_vnd == 120_000
    assert len(events("order.charged")) == 1


def test_an_order_that_cannot_be_is_not_found() -> None:
    for order_id in (999_999, 0, -1, 2**63, True, "1"):
        with pytest.raises(NotFound):
            lock_order(order_id)  # type: ignore[arg-type]  # what a careless caller may send


# --- Money back -----------------------------------------------------------------------------------


def test_a_refund_lowers_what_came_and_leaves_the_sale_counted() -> None:
    order = a_paid_order((a_variant(a_shop()), 2))

    assert refund(order, 40_000) == ChargeOutcome("full", "partial", first_full=False, overcharged_vnd=0)
    order.refresh_from_db()
    assert (order.charged_vnd, order.charge_status, order.status) == (200_000, "partial", "unfulfilled")
    assert order.fully_charged_at == NOW
    assert events("order.refunded")[0].data["amount_vnd"] == 40_000

    assert charge(order, 40_000).first_full is False
    assert len(events("order.fully_charged")) == 1
    refund(order, 240_000)
    order.refresh_from_db()
    assert (order.charged_vnd, order.charge_status) == (0, "none")


def test_the_surplus_can_be_given_back() -> None:
    order = an_order((a_variant(a_shop()), 1))
    charge(order, 150_000)

    assert refund(order, 10_000).overcharged_vnd == 20_000
    assert refund(order, 20_000) == ChargeOutcome("overcharged", "full", first_full=False, overcharged_vnd=0)


def test_no_more_goes_back_than_came() -> None:
    order = an_order((a_variant(a_shop()), 1))
    charge(order, 50_000)

    with pytest.raises(RefundTooLarge) as refusal:
        refund(order, 50_001)

    assert refusal.value.code == "CANNOT_REFUND"
    order.refresh_from_db()
    assert order.charged_vnd == 50_000
    assert events("order.refunded") == []


# --- Money that comes late ------------------------------------------------------------------------


def expired(order: Order) -> Order:
    assert expire_due_orders(now=LATER, at_most=10) == 1
    order.refresh_from_db()
    assert order.status == "expired"
    return order


def test_late_money_revives_an_expired_order_whose_goods_are_there() -> None:
    variant = a_variant(a_shop())
    order = expired(an_order((variant, 2)))
    assert stock_of(variant) == (5, 0, 0)

    outcome = charge(order, 240_000, now=LATER)

    assert outcome == ChargeOutcome("none", "full", first_full=True, overcharged_vnd=0, revived=True)
    order.refresh_from_db()
    assert (order.status, order.ended_at, order.expires_at) == ("unfulfilled", None, None)
    assert stock_of(variant) == (5, 2, 0)
    kinds = JournalEvent.objects.filter(aggregate_id=order.number).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == [
        "order.placed",
        "order.expired",
        "order.revived",
        "order.charged",
        "order.fully_charged",
    ]
    assert_stock_adds_up()


def test_some_late_money_revives_it_too() -> None:
    variant = a_variant(a_shop())
    order = expired(an_order((variant, 2)))

    assert charge(order, 1_000, now=LATER).status_after == "partial"

    order.refresh_from_db()
    assert order.status == "unconfirmed"
    assert stock_of(variant) == (5, 2, 0)


def test_late_money_for_goods_that_are_gone_changes_nothing() -> None:
    variant = a_variant(a_shop(), quantity=2)
    order = expired(an_order((variant, 2)))
    other = an_order((variant, 1), now=LATER)

    with pytest.raises(InsufficientStock) as refusal:
        charge(order, 240_000, now=LATER)

    assert refusal.value.subjects == (variant.pk,)
    order.refresh_from_db()
    assert (order.status, order.charged_vnd) == ("expired", 0)
    assert events("order.charged") == events("order.revived") == []
    assert stock_of(variant) == (2, 1, 0)
    assert Allocation.objects.get().order_line.order == other


def test_late_money_for_a_variant_that_is_no_more_changes_nothing() -> None:
    variant = a_variant(a_shop())
    order = expired(an_order((variant, 1)))
    Stock.objects.all().delete()
    ProductVariant.objects.all().delete()

    with pytest.raises(InsufficientStock) as refusal:
        charge(order, 120_000, now=LATER)

    assert refusal.value.subjects == ()
    assert str(refusal.value) == "Đã hết hàng."


def test_a_revived_order_takes_from_its_place_of_pick_up_first() -> None:
    vendor = a_shop()
    variant = a_variant(vendor, quantity=1)
    elsewhere = Stock.objects.create(variant=variant, warehouse=a_place(vendor), quantity=50)
    order = expired(an_order((variant, 2)))

    charge(order, 240_000, now=LATER)

    taken = dict(Allocation.objects.values_list("stock_id", "quantity"))
    assert taken[elsewhere.pk] == 1
    assert sum(taken.values()) == 2


def test_money_for_a_cancelled_order_is_not_counted() -> None:
    variant = a_variant(a_shop())
    order = an_order((variant, 1))
    cancel_order(actor=SYSTEM, order=order, reason="", now=NOW)

    with pytest.raises(OrderCancelled) as refusal:
        charge(order, 120_000)

    assert isinstance(refusal.value, MarketError)
    order.refresh_from_db()
    assert (order.status, order.charged_vnd) == ("canceled", 0)
    assert events("order.charged") == []


def test_money_for_a_cancelled_order_that_came_before_can_go_back() -> None:
    order = a_paid_order((a_variant(a_shop()), 1))
    cancel_order(actor=SYSTEM, order=order, reason="", now=NOW)

    assert refund(order, 120_000).status_after == "none"

    order.refresh_from_db()
    assert (order.status, order.charged_vnd) == ("canceled", 0)


def test_money_after_the_goods_were_handed_over_leaves_the_status() -> None:
    order = a_paid_order((a_variant(a_shop()), 1))
    fulfil_order(actor=SYSTEM, order=order, now=NOW)

    charge(order, 5_000, now=LATER)

    order.refresh_from_db()
    assert (order.status, order.charge_status) == ("fulfilled", "overcharged")
