"""Twenty different parts of one payment may be asked for: nobody fills the books with questions."""

from __future__ import annotations

import uuid

import pytest

from marketplace.orders.models import Checkout
from payments.models import TransactionEvent
from payments.services.requesting import (
    ASKED_AMOUNTS_MAX,
    TooManyAmounts,
    payment_for_checkout,
    payment_for_order,
)
from tests.payments.factories import NOW, PRICE_VND, Shop, a_checkout, a_shop, an_order, code_of, pay, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def test_an_order_is_asked_for_in_twenty_amounts_and_no_more(shop: Shop) -> None:
    order = an_order(shop)
    for amount_vnd in range(1, 21):
        payment_for_order(order=order, amount_vnd=amount_vnd, now=NOW)
    before = rows()

    with pytest.raises(TooManyAmounts) as refusal:
        payment_for_order(order=order, amount_vnd=21, now=NOW)

    assert (refusal.value.code, refusal.value.field, ASKED_AMOUNTS_MAX) == ("INVALID", "amount", 20)
    assert payment_for_order(order=order, amount_vnd=20, now=NOW).amount_vnd == 20
    assert rows() == before


def test_the_whole_may_always_be_asked_for_and_so_may_the_rest(shop: Shop) -> None:
    order = an_order(shop)
    for amount_vnd in range(1, 21):
        payment_for_order(order=order, amount_vnd=amount_vnd, now=NOW)

    assert payment_for_order(order=order, now=NOW).amount_vnd == PRICE_VND
    pay(shop, code_of(order), 45_000)
    assert payment_for_order(order=order, amount_vnd=15_000, now=NOW).amount_vnd == 15_000


def test_a_checkout_is_asked_for_in_twenty_amounts_and_a_refusal_renews_no_hold(shop: Shop) -> None:
    checkout_id: uuid.UUID = a_checkout(shop)
    for amount_vnd in range(1, 21):
        payment_for_checkout(checkout_id=checkout_id, amount_vnd=amount_vnd, now=NOW)
    before = Checkout.objects.values().get()

    with pytest.raises(TooManyAmounts):
        payment_for_checkout(checkout_id=checkout_id, amount_vnd=21, now=NOW)

    assert (Checkout.objects.values().get(), TransactionEvent.objects.count()) == (before, 20)
    assert payment_for_checkout(checkout_id=checkout_id, now=NOW).amount_vnd == PRICE_VND
