"""Asking what became of a payment tells how to pay, and neither writes anything nor holds anything for longer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace.core.actors import ANONYMOUS
from marketplace.core.errors import NotFound
from marketplace.orders.models import Checkout
from marketplace.orders.services.checkouts import set_line_quantity
from marketplace.orders.services.ending import release_due_reservations
from marketplace.orders.services.placing import complete_checkout
from payments.asked import HoldIsOver, how_to_pay, transaction_by_id
from payments.services.requesting import payment_for_checkout, payment_for_order
from tests.payments.factories import NOW, PRICE_VND, Shop, a_checkout, a_shop, an_order, code_of, pay, rows

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def test_how_to_pay_a_checkout_is_answered_as_it_was_and_holds_it_no_longer(shop: Shop) -> None:
    checkout_id = a_checkout(shop, quantity=3)
    first = payment_for_checkout(checkout_id=checkout_id, now=NOW)
    before = (rows(), Checkout.objects.values().get())

    for minutes in (1, 29):
        again = how_to_pay(transaction_by_id(first.transaction.pk), now=NOW + minutes * MINUTE)
        assert again == first
        assert again.event == first.event

    assert (rows(), Checkout.objects.values().get()) == before
    assert Checkout.objects.get().reserved_until == NOW + 30 * MINUTE


def test_of_a_part_that_was_asked_for_that_part_is_answered(shop: Shop) -> None:
    checkout_id = a_checkout(shop, quantity=3)
    first = payment_for_checkout(checkout_id=checkout_id, amount_vnd=10_000, now=NOW)

    again = how_to_pay(transaction_by_id(first.transaction.pk), now=NOW)

    assert (again.amount_vnd, again.outstanding_vnd, again.event) == (10_000, 180_000, first.event)


@pytest.mark.parametrize("is_swept", [False, True])
def test_when_the_hold_is_over_nobody_is_told_to_pay_and_late_money_still_counts(shop: Shop, is_swept: bool) -> None:
    checkout_id = a_checkout(shop)
    first = payment_for_checkout(checkout_id=checkout_id, now=NOW)
    if is_swept:
        release_due_reservations(now=NOW + 30 * MINUTE, at_most=10)
    before = rows()

    with pytest.raises(HoldIsOver) as refusal:
        how_to_pay(transaction_by_id(first.transaction.pk), now=NOW + 30 * MINUTE)

    assert (refusal.value.code, rows()) == ("INVALID", before)
    assert pay(shop, first.memo).state == "booked"


def test_goods_that_changed_are_not_paid_by_the_code_of_before_until_it_is_asked_for_anew(shop: Shop) -> None:
    checkout_id = a_checkout(shop, quantity=2)
    first = payment_for_checkout(checkout_id=checkout_id, now=NOW)
    set_line_quantity(checkout_id=checkout_id, variant_id=shop.variant.pk, quantity=1, now=NOW)
    with pytest.raises(HoldIsOver):
        how_to_pay(transaction_by_id(first.transaction.pk), now=NOW)

    anew = payment_for_checkout(checkout_id=checkout_id, now=NOW + MINUTE)

    assert how_to_pay(transaction_by_id(first.transaction.pk), now=NOW + MINUTE) == anew
    assert anew.amount_vnd == PRICE_VND


def test_a_checkout_that_becomes_an_order_meanwhile_is_paid_as_that_order(shop: Shop) -> None:
    checkout_id = a_checkout(shop)
    asked = payment_for_checkout(checkout_id=checkout_id, now=NOW)
    found_before = transaction_by_id(asked.transaction.pk)
    order = complete_checkout(checkout_id=checkout_id, actor=ANONYMOUS, now=NOW)

    for item in (found_before, transaction_by_id(asked.transaction.pk)):
        told = how_to_pay(item, now=NOW)
        assert (told.reference, told.expires_at) == (code_of(order), order.expires_at)


def test_an_orders_payment_is_answered_as_it_was(shop: Shop) -> None:
    asked = payment_for_order(order=an_order(shop), now=NOW)

    assert how_to_pay(transaction_by_id(asked.transaction.pk), now=NOW) == asked


def test_a_checkout_that_is_gone_is_not_found(shop: Shop) -> None:
    checkout_id = a_checkout(shop)
    item = transaction_by_id(payment_for_checkout(checkout_id=checkout_id, now=NOW).transaction.pk)
    release_due_reservations(now=NOW + 30 * MINUTE, at_most=10)
    Checkout.objects.all().delete()

    for found in (item, transaction_by_id(item.pk)):
        with pytest.raises(NotFound):
            how_to_pay(found, now=NOW)
