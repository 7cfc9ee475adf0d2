"""Orders that end without a sale give their stock back, once."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import transaction

from marketplace.core.actors import ANONYMOUS, Actor
from marketplace.core.errors import NotFound
from marketplace.core.models import JournalEvent
from marketplace.core.tasks import periodic_tasks
from marketplace.core.text import BadText
from marketplace.orders.errors import CannotCancel
from marketplace.orders.locks import lock_order
from marketplace.orders.models import Allocation, Order
from marketplace.orders.services.codes import code_by_text, reserve_checkout
from marketplace.orders.services.ending import (
    cancel_order,
    cancel_own_unpaid_order,
    cancel_unpaid_order,
    expire_due_orders,
)
from marketplace.orders.services.fulfilling import LineFulfilled, fulfil_order
from tests.orders.factories import (
    NOW,
    a_member,
    a_paid_order,
    a_ready_checkout,
    a_shop,
    a_variant,
    an_order,
    assert_stock_adds_up,
    charge,
    stock_of,
)

pytestmark = pytest.mark.django_db

HALF_AN_HOUR = NOW + timedelta(minutes=30)


def ends(kind: str) -> list[dict[str, object]]:
    return [event.data for event in JournalEvent.objects.filter(kind=kind).order_by("id")]


# --- Expiry ---------------------------------------------------------------------------------------


def test_an_unpaid_order_expires_after_half_an_hour_and_frees_its_stock() -> None:
    variant = a_variant(a_shop())
    order = an_order((variant, 2))
    code = order.payment_codes.get()

    assert expire_due_orders(now=HALF_AN_HOUR - timedelta(seconds=1), at_most=10) == 0
    assert stock_of(variant) == (5, 2, 0)
    assert expire_due_orders(now=HALF_AN_HOUR, at_most=10) == 1
    assert expire_due_orders(now=HALF_AN_HOUR, at_most=10) == 0

    order.refresh_from_db()
    assert (order.status, order.ended_at, order.expires_at) == ("expired", HALF_AN_HOUR, None)
    assert stock_of(variant) == (5, 0, 0)
    assert not Allocation.objects.exists()
    assert code_by_text(code.code) == code
    assert [data["order"] for data in ends("order.expired")] == [order.pk]


def test_expiry_stops_at_the_number_asked_for_and_takes_the_oldest_first() -> None:
    variant = a_variant(a_shop())
    orders = [an_order((variant, 1), now=NOW + timedelta(minutes=number)) for number in range(3)]

    assert expire_due_orders(now=NOW + timedelta(hours=1), at_most=2) == 2

    statuses = {order.pk: order.status for order in Order.objects.all()}
    assert [statuses[order.pk] for order in orders] == ["expired", "expired", "unconfirmed"]


def test_money_that_came_keeps_an_order_from_expiring() -> None:
    variant = a_variant(a_shop())
    charge(an_order((variant, 1)), 1)
    a_paid_order((variant, 1))

    assert expire_due_orders(now=NOW + timedelta(days=30), at_most=10) == 0
    assert stock_of(variant) == (5, 2, 0)


def test_expiry_and_the_end_of_holds_come_round_by_themselves() -> None:
    variant = a_variant(a_shop())
    an_order((variant, 1))
    reserve_checkout(checkout_id=a_ready_checkout((variant, 1)).pk, now=NOW)
    tasks = {task.name: task for task in periodic_tasks()}
    later = NOW + timedelta(hours=1)

    assert tasks["orders.expire_unpaid"].run(later) == 1
    assert tasks["orders.release_reservations"].run(later) == 1

    assert stock_of(variant) == (5, 0, 0)


# --- Cancelling by the shop -----------------------------------------------------------------------


def test_the_shop_cancels_an_unpaid_order_with_a_reason_for_the_buyer() -> None:
    vendor = a_shop()
    variant = a_variant(vendor)
    order = an_order((variant, 2))
    seller = a_member(vendor, role="seller")

    cancelled = cancel_order(actor=seller, order=order, reason="  Hết mật ong vụ này ", now=NOW)

    assert (cancelled.status, cancelled.end_reason) == ("canceled", "Hết mật ong vụ này")
    assert (cancelled.ended_at, cancelled.expires_at) == (NOW, None)
    assert stock_of(variant) == (5, 0, 0)
    event = JournalEvent.objects.get(kind="order.cancelled")
    assert (event.actor_id, event.data["charged_vnd"], event.data["vendor"]) == (seller.user_id, 0, vendor.pk)
    assert "Hết mật ong" not in str(event.data)


def test_cancelling_a_paid_order_says_how_much_goes_back() -> None:
    vendor = a_shop()
    variant = a_variant(vendor)
    order = a_paid_order((variant, 2))

    cancelled = cancel_order(actor=a_member(vendor), order=order, reason="", now=NOW)

    assert (cancelled.status, cancelled.charged_vnd, cancelled.charge_status) == ("canceled", 240_000, "full")
    assert ends("order.cancelled")[0]["charged_vnd"] == 240_000
    assert stock_of(variant) == (5, 0, 0)


def test_cancelling_again_changes_nothing_more() -> None:
    vendor = a_shop()
    variant = a_variant(vendor)
    order = an_order((variant, 2))
    member = a_member(vendor)

    cancel_order(actor=member, order=order, reason="Hết hàng", now=NOW)
    again = cancel_order(actor=member, order=order, reason="Khác", now=HALF_AN_HOUR)

    assert (again.end_reason, again.ended_at) == ("Hết hàng", NOW)
    assert len(ends("order.cancelled")) == 1
    assert_stock_adds_up()


def test_strangers_cannot_cancel() -> None:
    vendor = a_shop()
    variant = a_variant(vendor)
    order = an_order((variant, 1))
    other = a_member(a_shop("che-shan"))

    for actor in (ANONYMOUS, other, Actor(user_id=1, commune_codes=frozenset({"01273"}))):
        with pytest.raises(NotFound):
            cancel_order(actor=actor, order=order, reason="", now=NOW)

    order.refresh_from_db()
    assert order.status == "unconfirmed"
    assert stock_of(variant) == (5, 1, 0)


def test_what_was_handed_over_or_has_ended_cannot_be_cancelled() -> None:
    vendor = a_shop()
    variant = a_variant(vendor)
    member = a_member(vendor)
    partly, wholly = a_paid_order((variant, 2)), a_paid_order((variant, 1))
    gone = an_order((variant, 1))
    part = [LineFulfilled(partly.lines.get().pk, 1)]
    fulfil_order(actor=member, order=partly, lines=part, now=NOW)
    fulfil_order(actor=member, order=wholly, now=NOW)
    expire_due_orders(now=HALF_AN_HOUR, at_most=10)

    for order in (partly, wholly, gone):
        with pytest.raises(CannotCancel) as refusal:
            cancel_order(actor=member, order=order, reason="", now=NOW)
        assert refusal.value.code == "CANNOT_CANCEL_ORDER"

    assert ends("order.cancelled") == []
    assert_stock_adds_up()


@pytest.mark.parametrize("reason", ["a" * 301, "mưa\x00gió"])
def test_a_bad_reason_cancels_nothing(reason: str) -> None:
    vendor = a_shop()
    order = an_order((a_variant(vendor), 1))

    with pytest.raises(BadText):
        cancel_order(actor=a_member(vendor), order=order, reason=reason, now=NOW)

    order.refresh_from_db()
    assert order.status == "unconfirmed"


# --- Calling off what nobody paid -----------------------------------------------------------------


@pytest.mark.parametrize("has_run_out", [False, True])
def test_an_unpaid_order_is_called_off_also_after_its_time(has_run_out: bool) -> None:
    variant = a_variant(a_shop())
    order = an_order((variant, 2))
    expire_due_orders(now=HALF_AN_HOUR if has_run_out else NOW, at_most=10)

    with transaction.atomic():
        cancel_unpaid_order(order=lock_order(order.pk), reason="Nơi bán đã hủy thanh toán.", now=HALF_AN_HOUR)
    with transaction.atomic():  # and again, which changes nothing more
        cancel_unpaid_order(order=lock_order(order.pk), reason="Khác", now=HALF_AN_HOUR)

    order.refresh_from_db()
    assert (order.status, order.end_reason, order.expires_at) == ("canceled", "Nơi bán đã hủy thanh toán.", None)
    assert [data["charged_vnd"] for data in ends("order.cancelled")] == [0]
    assert len(ends("order.expired")) == has_run_out
    assert stock_of(variant) == (5, 0, 0)
    assert_stock_adds_up()


def test_an_order_with_money_or_on_its_way_is_not_called_off_as_unpaid() -> None:
    variant = a_variant(a_shop())
    paid, begun = a_paid_order((variant, 1)), an_order((variant, 1))
    charge(begun, 1_000)

    for order in (paid, begun):
        with pytest.raises(CannotCancel), transaction.atomic():
            cancel_unpaid_order(order=lock_order(order.pk), reason="", now=NOW)

    assert ends("order.cancelled") == []


# --- Cancelling by the buyer ----------------------------------------------------------------------


def test_a_buyer_cancels_their_unpaid_order_by_its_link() -> None:
    variant = a_variant(a_shop())
    order = an_order((variant, 2))

    assert cancel_own_unpaid_order(token=order.token, now=NOW).status == "canceled"
    assert cancel_own_unpaid_order(token=order.token, now=NOW).status == "canceled"

    assert stock_of(variant) == (5, 0, 0)
    assert JournalEvent.objects.get(kind="order.cancelled").actor_id is None


def test_a_buyer_cannot_cancel_once_money_came_or_the_order_ended() -> None:
    variant = a_variant(a_shop())
    begun, paid, gone = an_order((variant, 1)), a_paid_order((variant, 1)), an_order((variant, 1))
    charge(begun, 1_000)
    expire_due_orders(now=HALF_AN_HOUR, at_most=10)

    for order in (begun, paid, gone):
        with pytest.raises(CannotCancel):
            cancel_own_unpaid_order(token=order.token, now=NOW)

    assert ends("order.cancelled") == []
    assert stock_of(variant) == (5, 2, 0)


@pytest.mark.parametrize("token", [uuid.uuid4(), "abc", None, 1])
def test_an_unknown_link_cancels_nothing(token: uuid.UUID) -> None:
    with pytest.raises(NotFound):
        cancel_own_unpaid_order(token=token, now=NOW)
