"""Money of an order that is paid at a Saleor is written down there alone: here it would be counted twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from marketplace.core.actors import Actor
from marketplace.orders.models import Order, PaymentCode
from marketplace.orders.services.agreed import AgreedContact, AgreedLine, place_agreed_order
from payments.models import Confirmation, ReviewItem, TransactionEvent
from payments.services.amounts import PaidElsewhere
from payments.services.by_hand import mark_paid_by_hand, record_refund
from payments.services.granting import grant_refund
from payments.services.moving import Movement, charge, item_by_hand
from payments.services.requesting import payment_for_order
from payments.services.reviewing import book_from_review
from tests.payments.factories import NOW, PRICE_VND, Shop, a_shop, fresh, moved, pay

pytestmark = pytest.mark.django_db
SENTENCE = "Đơn này bán ở Saleor và không trả bằng mã của chợ: bạn ghi tiền nhận hay trả lại ở Saleor, chợ tự lấy về."
Act = Callable[[Shop, Order], object]


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def sold_at_a_saleor(shop: Shop, *, by_code: bool) -> Order:
    line = AgreedLine(
        variant=shop.variant,
        product_name="Miến dong",
        variant_name="",
        quantity=1,
        unit_price_vnd=PRICE_VND,
        total_vnd=PRICE_VND,
    )
    with transaction.atomic():
        return place_agreed_order(
            vendor=shop.vendor,
            lines=[line],
            shipping_vnd=0,
            contact=AgreedContact(),
            is_paid_by_code=by_code,
            now=NOW,
        )


def told_by_the_saleor(order: Order, actor: Actor, amount_vnd: int) -> None:
    """As the bridge books what the Saleor says."""
    with transaction.atomic():
        item = item_by_hand(order, confirmation=Confirmation.VENDOR, now=NOW)
        movement = Movement.by_hand(amount_vnd, Confirmation.VENDOR, now=NOW)
        charge(order, item, movement=movement, actor=actor, now=NOW)


def mark(shop: Shop, order: Order) -> object:
    return mark_paid_by_hand(actor=shop.owner, order=order, amount_vnd=20_000, confirmation="cash", now=NOW)


def book_a_transfer(shop: Shop, order: Order) -> object:
    pay(shop, "tien mien dong", 20_000)
    item = ReviewItem.objects.get(kind="unmatched")
    return book_from_review(actor=shop.owner, item=item, order=order, now=NOW)


def ask_to_pay(_shop: Shop, order: Order) -> object:
    return payment_for_order(order=order, now=NOW)


def give_back(shop: Shop, order: Order) -> object:
    return record_refund(actor=shop.owner, order=order, amount_vnd=20_000, confirmation="vendor", now=NOW)


def promise(shop: Shop, order: Order) -> object:
    return grant_refund(actor=shop.owner, order=order, amount_vnd=20_000, reason="", now=NOW)


@pytest.mark.parametrize("act", [mark, book_a_transfer, ask_to_pay, give_back, promise])
def test_money_of_an_order_that_is_paid_at_a_saleor_is_refused_here(act: Act, shop: Shop) -> None:
    order = sold_at_a_saleor(shop, by_code=False)
    told_by_the_saleor(order, shop.owner, 30_000)

    with pytest.raises(PaidElsewhere) as refused:
        act(shop, fresh(order))

    assert str(refused.value.message) == SENTENCE
    assert moved(order) == [("charge_success", 30_000, "vendor")]
    assert not PaymentCode.objects.filter(order=order).exists()


@pytest.mark.parametrize("act", [mark, book_a_transfer, ask_to_pay, give_back, promise])
def test_one_that_is_paid_by_our_code_takes_it_as_every_order(act: Act, shop: Shop) -> None:
    order = sold_at_a_saleor(shop, by_code=True)
    told_by_the_saleor(order, shop.owner, 30_000)

    answer: Any = act(shop, fresh(order))

    if isinstance(answer, TransactionEvent):
        assert answer.amount_vnd == 20_000
    assert answer is not None
