"""Money that a vendor promises to give back, and gives back."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from marketplace.core.actors import ANONYMOUS, SYSTEM, Actor
from marketplace.core.errors import InvalidInput, NotAllowed, NotFound
from marketplace.core.text import BadText
from marketplace.orders.errors import RefundTooLarge
from marketplace.orders.locks import lock_order
from marketplace.orders.models import Order
from payments.models import Confirmation, GrantedRefund, TransactionEvent, TransactionItem
from payments.selectors import granted_refunds, promised_vnd
from payments.services.amounts import AmountOutOfRange, NothingToPay
from payments.services.by_hand import mark_paid_by_hand, record_refund
from payments.services.giving_back import AllPromised
from payments.services.granting import PromiseEnded, cancel_granted_refund, grant_refund, settle_granted_refund
from payments.services.moving import Movement, refund
from tests.payments.factories import (
    NOW,
    PRICE_VND,
    Shop,
    a_shop,
    an_order,
    code_of,
    journal,
    moved,
    pay,
    rows,
    waiting,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("money_adds_up")]
LATER = NOW + timedelta(hours=2)
CLIENT_ID = uuid.UUID(int=7)


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


@pytest.fixture
def order(shop: Shop) -> Order:
    """Paid by the bank: 60.000 đồng."""
    order = an_order(shop)
    pay(shop, code_of(order))
    return order


def promise(shop: Shop, order: Order, amount: Any = 20_000, **more: Any) -> GrantedRefund:
    wanted: dict[str, Any] = {"actor": shop.seller, "reason": "Thiếu một gói", "now": NOW} | more
    return grant_refund(order=order, amount_vnd=amount, **wanted)


def keep(shop: Shop, granted: GrantedRefund, **more: Any) -> GrantedRefund:
    wanted: dict[str, Any] = {"actor": shop.seller, "confirmation": "vendor", "now": LATER} | more
    return settle_granted_refund(granted=granted, **wanted)


def charged(order: Order) -> int:
    return Order.objects.get(pk=order.pk).charged_vnd


def test_a_promise_moves_nothing_and_is_kept_by_a_refund(shop: Shop, order: Order) -> None:
    granted = promise(shop, order)
    assert (granted.status, granted.reason, granted.granted_by_id) == ("none", "Thiếu một gói", shop.seller.user_id)
    assert (charged(order), promised_vnd(order)) == (PRICE_VND, 20_000)
    assert moved(order) == [("charge_success", PRICE_VND, "bank")]

    kept = keep(shop, granted)

    assert (kept.status, kept.is_open, kept.updated_at) == ("success", False, LATER)
    assert (charged(order), promised_vnd(order)) == (40_000, 0)
    assert moved(order)[1:] == [("refund_success", 20_000, "vendor")]
    assert kept.events.get().transaction == TransactionItem.objects.get(order=order)
    assert granted_refunds(order) == [kept]
    told = journal("order.refund_granted")[0]
    assert (told["order"], told["granted_refund"], told["amount_vnd"]) == (order.pk, granted.pk, 20_000)


def test_no_more_is_promised_than_came_less_what_is_promised(shop: Shop, order: Order) -> None:
    promise(shop, order, 50_000)
    before = rows()

    for amount in (10_001, 0, -1, True, 1.5, "1", None):
        with pytest.raises(AmountOutOfRange):
            promise(shop, order, amount)

    assert (rows(), promised_vnd(order)) == (before, 50_000)
    promise(shop, order, 10_000)
    with pytest.raises(AllPromised):
        promise(shop, order, 1)
    with pytest.raises(NothingToPay):
        promise(shop, an_order(shop), 1)


def test_what_is_promised_is_not_refunded_a_second_time(shop: Shop, order: Order) -> None:
    promise(shop, order, 50_000)

    def give(amount: int) -> TransactionEvent:
        return record_refund(actor=shop.seller, order=order, amount_vnd=amount, confirmation="cash", now=NOW)

    with pytest.raises(AmountOutOfRange):
        give(10_001)
    give(10_000)
    with pytest.raises(AllPromised):
        give(1)


def test_a_promise_that_is_taken_back_frees_its_money(shop: Shop, order: Order) -> None:
    granted = promise(shop, order, PRICE_VND)

    ended = cancel_granted_refund(actor=shop.seller, granted=granted, now=LATER, client_id=CLIENT_ID)
    again = cancel_granted_refund(actor=shop.seller, granted=granted, now=LATER, client_id=CLIENT_ID)

    assert (ended.status, again, promised_vnd(order), charged(order)) == ("failure", ended, 0, PRICE_VND)
    assert journal("order.refund_withdrawn")[0]["granted_refund"] == granted.pk
    with pytest.raises(PromiseEnded):
        keep(shop, granted)
    with pytest.raises(PromiseEnded):
        cancel_granted_refund(actor=shop.seller, granted=granted, now=LATER)


def test_a_promise_is_made_and_kept_once_however_often_the_form_comes(shop: Shop, order: Order) -> None:
    first, again = (promise(shop, order, client_id=CLIENT_ID) for _ in range(2))
    assert first == again

    kept = [keep(shop, first, client_id=CLIENT_ID) for _ in range(2)]

    assert kept[0] == kept[1]
    assert charged(order) == 40_000
    with pytest.raises(PromiseEnded):
        keep(shop, first, confirmation="cash")
    assert charged(order) == 40_000


def test_a_promise_out_of_two_ways_of_paying_is_kept_by_two_refunds(shop: Shop) -> None:
    order = an_order(shop)
    mark_paid_by_hand(actor=shop.owner, order=order, amount_vnd=20_000, confirmation="cash", now=NOW)
    pay(shop, code_of(order), 40_000)

    kept = keep(shop, promise(shop, order, 55_000))

    taken = kept.events.order_by("pk").values_list("transaction__gateway", "amount_vnd", "confirmation")
    assert list(taken) == [("market40.vietqr", 40_000, "vendor"), ("market40.cash", 15_000, "vendor")]
    assert (kept.status, charged(order)) == ("success", 5_000)


def test_a_promise_of_too_much_money_closes_what_was_due(shop: Shop) -> None:
    order = an_order(shop)
    pay(shop, code_of(order), 100_000)
    granted = promise(shop, order, 40_000)
    assert waiting(shop) == [("refund_due", 40_000)]

    keep(shop, granted)

    assert waiting(shop) == []


def test_money_that_went_back_another_way_leaves_a_promise_that_cannot_be_kept(shop: Shop, order: Order) -> None:
    granted = promise(shop, order, 50_000)
    item = TransactionItem.objects.get(order=order)
    movement = Movement.by_hand(20_000, Confirmation.VENDOR, now=NOW)
    refund(lock_order(order.pk), item, movement=movement, actor=SYSTEM, now=NOW)  # as the card network's

    with pytest.raises(RefundTooLarge):
        keep(shop, granted)

    assert charged(order) == 40_000
    assert GrantedRefund.objects.get(pk=granted.pk).status == "none"


def test_only_who_may_handle_the_shops_money_promises_or_keeps(shop: Shop, order: Order) -> None:
    granted = promise(shop, order)
    agent = Actor(user_id=shop.seller.user_id, vendor_roles={shop.vendor.pk: "seller"}, helped_user_id=1)
    stranger = a_shop().owner
    before = rows()

    for actor, refusal in ((ANONYMOUS, NotFound), (stranger, NotFound), (agent, NotAllowed)):
        with pytest.raises(refusal):
            promise(shop, order, actor=actor)
        with pytest.raises(refusal):
            keep(shop, granted, actor=actor)
        with pytest.raises(refusal):
            cancel_granted_refund(actor=actor, granted=granted, now=NOW)

    assert (rows(), promised_vnd(order)) == (before, 20_000)


def test_what_makes_no_sense_is_refused(shop: Shop, order: Order) -> None:
    with pytest.raises(BadText):
        promise(shop, order, reason="x" * 201)
    granted = promise(shop, order, reason="")
    for confirmation in ("bank", "card", "", "friend"):
        with pytest.raises(InvalidInput):
            keep(shop, granted, confirmation=confirmation)
    assert str(granted) == f"20000 of order {order.pk} (none)"
