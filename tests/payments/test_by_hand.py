"""Money that no bank tells of, and money that went back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from catalog.models import Product
from marketplace.core.actors import ANONYMOUS, Actor
from marketplace.core.errors import InvalidInput, NotAllowed, NotFound
from marketplace.core.requests_once import SameIdOtherContent
from marketplace.orders.errors import InsufficientStock
from marketplace.orders.models import Order
from marketplace.orders.services.ending import cancel_order, expire_due_orders
from payments.models import TransactionEvent, TransactionItem
from payments.services.amounts import AmountOutOfRange, NothingToPay
from payments.services.by_hand import CashNotAllowed, mark_paid_by_hand, record_refund
from tests.payments.factories import (
    NOW,
    PRICE_VND,
    Shop,
    a_shop,
    an_order,
    code_of,
    fresh,
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


def mark(shop: Shop, order: Order, amount: Any = PRICE_VND, **more: Any) -> TransactionEvent:
    wanted: dict[str, Any] = {"actor": shop.seller, "confirmation": "cash", "now": NOW} | more
    return mark_paid_by_hand(order=order, amount_vnd=amount, **wanted)


def give_back(shop: Shop, order: Order, amount: Any = PRICE_VND, **more: Any) -> TransactionEvent:
    wanted: dict[str, Any] = {"actor": shop.seller, "confirmation": "cash", "now": NOW} | more
    return record_refund(order=order, amount_vnd=amount, **wanted)


@pytest.mark.parametrize("confirmation", ["cash", "vendor"])
def test_a_seller_marks_an_order_paid_and_it_is_never_called_the_banks_word(shop: Shop, confirmation: str) -> None:
    order = an_order(shop)

    event = mark(shop, order, confirmation=confirmation)

    assert (fresh(order).status, fresh(order).charge_status) == ("unfulfilled", "full")
    assert moved(order) == [("charge_success", PRICE_VND, confirmation)]
    assert (event.actor_id, event.notice_id, event.bank_date.isoformat()) == (shop.seller.user_id, None, "2026-11-22")
    assert event.transaction.gateway == f"market40.{confirmation}"
    assert journal("order.charged")[0]["confirmation"] == confirmation


def test_cash_of_just_after_midnight_counts_on_vietnams_day(shop: Shop) -> None:
    night = datetime(2026, 11, 22, 17, 5, tzinfo=UTC)  # 00:05 on the 23rd in Vietnam

    assert mark(shop, an_order(shop, now=night), now=night).bank_date.isoformat() == "2026-11-23"


def test_cash_in_parts_and_a_transfer_add_up_in_one_order(shop: Shop) -> None:
    order = an_order(shop)

    mark(shop, order, 10_000)
    mark(shop, order, 5_000)
    assert waiting(shop) == [("partial", 45_000)]
    pay(shop, code_of(order), 45_000)

    assert fresh(order).charge_status == "full"
    assert (TransactionItem.objects.count(), waiting(shop)) == (2, [])


@pytest.mark.parametrize("amount", [0, -1, PRICE_VND + 1, True, 1.5, "60000", None, 10**30])
def test_only_one_to_outstanding_whole_dong_are_marked(shop: Shop, amount: object) -> None:
    order = an_order(shop)
    before = rows()

    with pytest.raises(AmountOutOfRange):
        mark(shop, order, amount)

    assert rows() == before


@pytest.mark.parametrize("confirmation", ["bank", "card", "", "x"])
def test_nobody_speaks_for_the_bank(shop: Shop, confirmation: str) -> None:
    order = an_order(shop)
    before = rows()

    for act in (mark, give_back):
        with pytest.raises(InvalidInput):
            act(shop, order, confirmation=confirmation)

    assert rows() == before


def strangers(shop: Shop) -> list[tuple[Actor, type[Exception]]]:
    other = a_shop("Hộ ông Páo")
    return [
        (ANONYMOUS, NotFound),
        (other.owner, NotFound),
        (Actor(user_id=1, is_operator=True), NotFound),
        (Actor(user_id=1, commune_codes=frozenset({"01501"})), NotFound),
        (replace(shop.seller, user_id=1, helped_user_id=shop.owner.user_id), NotAllowed),
    ]


@pytest.mark.parametrize("act", [mark, give_back])
def test_strangers_do_not_find_the_order_and_agents_never_touch_money(
    shop: Shop, act: Callable[..., TransactionEvent]
) -> None:
    order = an_order(shop)
    pay(shop, code_of(order), 30_000)

    for actor, error in strangers(shop):
        before = rows()
        with pytest.raises(error):
            act(shop, order, 1_000, actor=actor)
        assert rows() == before


@pytest.mark.parametrize(("act", "kind"), [(mark, "charge_success"), (give_back, "refund_success")])
def test_the_same_request_again_is_done_once(shop: Shop, act: Callable[..., TransactionEvent], kind: str) -> None:
    order = an_order(shop)
    pay(shop, code_of(order), 30_000)

    first = act(shop, order, 10_000, client_id=CLIENT_ID)
    again = act(shop, order, 10_000, client_id=CLIENT_ID)

    assert again == first
    assert [one for one in moved(order) if one[1] == 10_000] == [(kind, 10_000, "cash")]
    with pytest.raises(SameIdOtherContent):
        act(shop, order, 11_000, client_id=CLIENT_ID)
    assert act(shop, order, 10_000, client_id=CLIENT_ID, actor=shop.owner) != first


def test_a_paid_or_cancelled_order_is_not_marked_again(shop: Shop) -> None:
    paid, cancelled = an_order(shop), an_order(shop)
    pay(shop, code_of(paid))
    cancel_order(actor=shop.owner, order=cancelled, reason="", now=NOW)

    for order in (paid, cancelled):
        with pytest.raises(NothingToPay):
            mark(shop, order)


def test_cash_revives_an_expired_order_or_is_refused_with_its_goods_gone(shop: Shop) -> None:
    revived, gone = an_order(shop, quantity=2), an_order(shop, quantity=2)
    expire_due_orders(now=LATER, at_most=10)
    an_order(shop, quantity=8, now=LATER)
    mark(shop, revived, 120_000, now=LATER)
    before = rows()

    with pytest.raises(InsufficientStock):
        mark(shop, gone, 120_000, now=LATER, client_id=CLIENT_ID)

    assert rows() == before
    assert (fresh(revived).status, fresh(gone).status) == ("unfulfilled", "expired")


# --- Money that went back -------------------------------------------------------------------------


def test_a_refund_is_taken_from_what_came_and_the_sale_stays_made(shop: Shop) -> None:
    order = an_order(shop)
    pay(shop, code_of(order))

    event = give_back(shop, order, 20_000, confirmation="vendor")

    assert (event.type, event.amount_vnd, event.confirmation) == ("refund_success", 20_000, "vendor")
    assert (fresh(order).charge_status, fresh(order).charged_vnd) == ("partial", 40_000)
    assert waiting(shop) == []
    refunded = journal("order.refunded")[0]
    assert (refunded["amount_vnd"], refunded["transaction_event"]) == (20_000, event.pk)
    assert event.transaction.payment_code is not None


def test_giving_back_what_came_too_much_closes_the_task(shop: Shop) -> None:
    order = an_order(shop)
    pay(shop, code_of(order), 100_000)

    give_back(shop, order, 15_000)
    assert waiting(shop) == [("refund_due", 25_000)]
    give_back(shop, order, 25_000)

    assert waiting(shop) == []
    assert fresh(order).charge_status == "full"


def test_a_refund_is_taken_from_the_transaction_that_holds_most(shop: Shop) -> None:
    order = an_order(shop)
    mark(shop, order, 20_000)
    pay(shop, code_of(order), 40_000)

    assert give_back(shop, order, 30_000).transaction.gateway == "market40.vietqr"
    assert give_back(shop, order, 5_000).transaction.gateway == "market40.cash"


@pytest.mark.parametrize("amount", [0, -1, PRICE_VND + 1, True, 1.5, "1", None])
def test_no_more_goes_back_than_came(shop: Shop, amount: object) -> None:
    order = an_order(shop)
    pay(shop, code_of(order))
    before = rows()

    with pytest.raises(AmountOutOfRange):
        give_back(shop, order, amount)

    assert rows() == before


def test_nothing_goes_back_where_nothing_came(shop: Shop) -> None:
    with pytest.raises(NothingToPay):
        give_back(shop, an_order(shop))


def test_alcohol_sold_at_a_distance_is_never_marked_as_paid_in_cash() -> None:
    """Law 44/2019/QH14, article 16."""
    shop = a_shop()
    order = an_order(shop)
    Product.objects.filter(pk=shop.variant.product_id).update(is_alcohol=True)

    with pytest.raises(CashNotAllowed):
        mark_paid_by_hand(actor=shop.seller, order=order, amount_vnd=PRICE_VND, confirmation="cash", now=NOW)

    assert moved(order) == []
    mark_paid_by_hand(actor=shop.seller, order=order, amount_vnd=PRICE_VND, confirmation="vendor", now=NOW)
    assert moved(order) == [("charge_success", PRICE_VND, "vendor")]
