"""Many at once: one transfer is booked once, every transfer is booked, and the sums stay right."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from catalog.models import Stock
from marketplace.core.models import SecurityCounter
from marketplace.orders.models import Order
from marketplace.orders.services.codes import reserve_checkout
from marketplace.orders.services.ending import release_due_reservations
from payments.invariants import violations
from payments.models import BankNotice, NoticeDelivery, ReviewItem, TransactionEvent, TransactionItem
from payments.pretend_bank import SignedNotice, sign_sepay
from payments.services import booking
from payments.services.amounts import NothingToPay
from payments.services.by_hand import mark_paid_by_hand, record_refund
from payments.services.notices import NotAuthentic, NoticeAnswer, sweep_received
from payments.services.requesting import payment_for_order
from tests.payments.factories import (
    NOW,
    PRICE_VND,
    SECRET,
    Shop,
    a_checkout,
    a_notice,
    a_shop,
    an_order,
    code_of,
    moved,
    send,
    waiting,
)
from tests.plugins.database import at_once

pytestmark = pytest.mark.usefixtures("committed_db")
WAYS = 50
LATER = NOW + timedelta(hours=2)


def sending(shop: Shop, notice: SignedNotice) -> Callable[[], NoticeAnswer]:
    return partial(send, shop.feed, notice)


def in_other_bytes(notice: SignedNotice, way: int) -> SignedNotice:
    """The same notice, written and signed differently: other blanks, another order of keys, another moment."""
    fields = list(json.loads(notice.body).items())
    fields = fields[way % len(fields) :] + fields[: way % len(fields)]
    body = json.dumps(dict(fields), indent=way % 7).encode() + b" " * way
    return sign_sepay(body, secret=SECRET, auth="hmac", now=NOW - timedelta(seconds=way))


def all_answered(answers: list[NoticeAnswer | Exception]) -> bool:
    return all(isinstance(one, NoticeAnswer) and one.content == {"success": True} for one in answers)


def test_one_notice_fifty_ways_at_once_is_booked_once() -> None:
    shop = a_shop()
    order = an_order(shop, quantity=10)
    notice = a_notice(shop.feed, shop.account, code_of(order))
    ways = [in_other_bytes(notice, way) for way in range(WAYS)]
    assert len({way.body for way in ways}) == WAYS

    answers = at_once([sending(shop, way) for way in ways])

    assert all_answered(answers)
    sweep_received(now=NOW)
    assert moved(order) == [("charge_success", PRICE_VND, "bank")]
    assert (BankNotice.objects.count(), NoticeDelivery.objects.count()) == (1, 1)
    assert Order.objects.get(pk=order.pk).charged_vnd == PRICE_VND
    assert violations() == []


def test_control_a_look_up_before_an_insert_without_the_unique_key_books_twice() -> None:
    """If this fails, the storm above may prove nothing: two looked, found nothing, and both booked."""
    shop = a_shop()
    order = an_order(shop, quantity=10)
    both_looked = threading.Barrier(2)

    def look_then_send(way: int) -> NoticeAnswer | None:
        known = BankNotice.objects.filter(feed=shop.feed, bank_reference="FT26326001").exists()
        both_looked.wait(60)
        # An id of its own for each stands for a table without the unique key.
        notice = a_notice(shop.feed, shop.account, code_of(order), notice_id=way, referenceCode="FT26326001")
        return None if known else send(shop.feed, notice)

    at_once([partial(look_then_send, way) for way in (1, 2)])

    assert moved(order) == [("charge_success", PRICE_VND, "bank")] * 2
    assert ReviewItem.objects.count() == 1  # the rest of the price, for one order that was charged twice


def test_fifty_parts_of_one_price_at_once_are_all_booked() -> None:
    shop = a_shop()
    order = an_order(shop)
    notices = [a_notice(shop.feed, shop.account, code_of(order), 1_000 + part) for part in range(WAYS)]

    answers = at_once([sending(shop, notice) for notice in notices])

    assert all_answered(answers)
    while sweep_received(now=NOW):
        pass
    total = sum(1_000 + part for part in range(WAYS))
    assert Order.objects.get(pk=order.pk).charged_vnd == total == 51_225
    assert len(moved(order)) == WAYS
    assert waiting(shop) == [("partial", PRICE_VND - total)]
    assert TransactionItem.objects.count() == 1
    assert violations() == []


def test_a_last_part_and_a_whole_price_at_once_never_lose_money() -> None:
    shop = a_shop()
    order = an_order(shop)
    notices = [a_notice(shop.feed, shop.account, code_of(order)) for _ in range(8)]

    answers = at_once([sending(shop, notice) for notice in notices])

    assert all_answered(answers)
    sweep_received(now=NOW)
    assert moved(order) == [("charge_success", PRICE_VND, "bank")]
    assert waiting(shop) == [("unmatched", PRICE_VND)] * 7
    assert violations() == []


def test_six_paid_checkouts_for_five_units_make_five_orders_and_one_task() -> None:
    shop = a_shop(quantity=5)
    codes = []
    for _buyer in range(6):
        codes.append(reserve_checkout(checkout_id=a_checkout(shop), now=NOW).code)
        release_due_reservations(now=LATER, at_most=10)
    notices = [a_notice(shop.feed, shop.account, code, now=LATER) for code in codes]

    answers = at_once([partial(send, shop.feed, notice, now=LATER) for notice in notices])

    assert all_answered(answers)
    sweep_received(now=LATER)
    assert sorted(BankNotice.objects.values_list("state", flat=True)) == ["booked"] * 5 + ["review"]
    assert Order.objects.filter(charge_status="full").count() == 5
    shelf = Stock.objects.get(pk=shop.stock.pk)
    assert (shelf.quantity, shelf.allocated, shelf.reserved) == (5, 5, 0)
    assert waiting(shop) == [("unmatched", PRICE_VND)]
    assert violations() == []


def test_sweepers_beside_each_other_finish_each_notice_once(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = a_shop(quantity=20)
    orders = [an_order(shop) for _ in range(12)]
    with monkeypatch.context() as broken:
        broken.setattr(booking, "charge", lambda *_, **__: 1 / 0)
        for order in orders:
            send(shop.feed, a_notice(shop.feed, shop.account, code_of(order)))
    assert set(BankNotice.objects.values_list("state", flat=True)) == {"received"}

    finished = at_once([partial(sweep_received, now=NOW)] * 4)

    assert sum(count for count in finished if isinstance(count, int)) == 12
    assert [len(moved(order)) for order in orders] == [1] * 12
    assert violations() == []


def test_the_bank_and_the_seller_at_once_pay_an_order_once() -> None:
    shop = a_shop()
    order = an_order(shop)
    notice = a_notice(shop.feed, shop.account, code_of(order))

    def by_hand() -> TransactionEvent:
        return mark_paid_by_hand(actor=shop.seller, order=order, amount_vnd=PRICE_VND, confirmation="cash", now=NOW)

    _answer, marked = at_once([sending(shop, notice), by_hand])

    assert [amount for _kind, amount, _who in moved(order)] == [PRICE_VND]
    assert isinstance(marked, NothingToPay) or waiting(shop) == [("unmatched", PRICE_VND)]
    assert violations() == []


def test_refunds_at_once_never_give_back_more_than_came() -> None:
    shop = a_shop()
    order = an_order(shop)
    send(shop.feed, a_notice(shop.feed, shop.account, code_of(order)))
    half = partial(record_refund, actor=shop.owner, order=order, amount_vnd=40_000, confirmation="cash", now=NOW)

    answers = at_once([half, half, half])

    assert sum(isinstance(answer, TransactionEvent) for answer in answers) == 1
    assert Order.objects.get(pk=order.pk).charged_vnd == 20_000
    assert violations() == []


def test_asking_for_a_payment_many_times_at_once_makes_one_transaction() -> None:
    shop = a_shop()
    order = an_order(shop)

    answers = at_once([partial(payment_for_order, order=order, now=NOW)] * 8)

    assert len({answer.payload for answer in answers if not isinstance(answer, Exception)}) == 1
    assert not any(isinstance(answer, Exception) for answer in answers)
    assert (TransactionItem.objects.count(), TransactionEvent.objects.count()) == (1, 1)


def test_refusals_at_once_are_all_counted() -> None:
    shop = a_shop()
    forged = SignedNotice(b"{}", {})

    answers = at_once([sending(shop, forged)] * 8)

    assert all(isinstance(answer, NotAuthentic) for answer in answers)
    assert SecurityCounter.objects.get().count == 8
