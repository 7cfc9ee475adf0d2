"""A voucher is used no oftener than it may be, however many buy at once. The controls show it without the guards."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from marketplace.core.actors import ANONYMOUS
from marketplace.orders.errors import VoucherNotApplicable
from marketplace.orders.models import Checkout, Order, PaymentCode, Voucher
from marketplace.orders.selectors.vouchers import miscounted_vouchers
from marketplace.orders.services.codes import reserve_checkout
from marketplace.orders.services.placing import complete_checkout
from tests.orders.factories import NOW, a_ready_checkout, a_shop, a_variant, assert_stock_adds_up
from tests.orders.fates import end_and_pay_at_once
from tests.orders.vouching import a_voucher, apply, used
from tests.plugins.database import at_once

pytestmark = pytest.mark.usefixtures("committed_db")

BUYERS = 24
USES = 5


def ready_with_voucher(count: int = BUYERS, **changes: object) -> tuple[Voucher, list[Checkout]]:
    """A voucher, and checkouts of different buyers that name it; one transaction, which is quicker."""
    with transaction.atomic():
        shop = a_shop()
        voucher, variant = a_voucher(shop, **changes), a_variant(shop, quantity=1000)
        checkouts = [a_ready_checkout((variant, 1)) for _buyer in range(count)]
        for checkout in checkouts:
            apply(checkout)
    return voucher, checkouts


def completing(checkout: Checkout) -> Callable[[], Order]:
    return lambda: complete_checkout(checkout_id=checkout.pk, actor=ANONYMOUS, now=NOW)


def test_many_buyers_at_once_use_a_voucher_as_often_as_it_may_be() -> None:
    voucher, checkouts = ready_with_voucher(usage_limit=USES)

    answers = at_once([completing(checkout) for checkout in checkouts])

    assert sum(isinstance(answer, Order) for answer in answers) == USES
    assert sum(isinstance(answer, VoucherNotApplicable) for answer in answers) == BUYERS - USES
    assert (used(voucher), Order.objects.filter(voucher_counts=True).count()) == (USES, USES)
    assert list(miscounted_vouchers()) == []
    assert_stock_adds_up()


def use_without_lock(voucher: Voucher, everybody_has_read: threading.Barrier, *, blindly: bool) -> bool:
    """Read, wait until all have read, then write what was read and one more: what the lock is against."""
    seen = Voucher.objects.get(pk=voucher.pk)
    everybody_has_read.wait(60)
    if seen.usage_limit is not None and seen.used >= seen.usage_limit and not blindly:
        return False
    Voucher.objects.filter(pk=voucher.pk).update(used=seen.used + 1)
    return True


def test_control_without_the_lock_everybody_gets_the_discount_and_the_count_says_one() -> None:
    voucher, _none = ready_with_voucher(0, usage_limit=USES)
    everybody_has_read = threading.Barrier(BUYERS)

    answers = at_once(
        [lambda: use_without_lock(voucher, everybody_has_read, blindly=False) for _buyer in range(BUYERS)]
    )

    assert answers == [True] * BUYERS
    assert used(voucher) == 1


def test_control_without_the_check_the_database_refuses_one_use_too_many() -> None:
    voucher, _none = ready_with_voucher(0, usage_limit=1)
    Voucher.objects.update(used=1)

    answers = at_once([lambda: use_without_lock(voucher, threading.Barrier(1), blindly=True)])

    assert isinstance(answers[0], IntegrityError)
    assert used(voucher) == 1


def test_one_phone_at_once_uses_a_code_of_one_each_once() -> None:
    voucher, checkouts = ready_with_voucher(12, apply_once_per_customer=True)

    answers = at_once([completing(checkout) for checkout in checkouts])

    assert sum(isinstance(answer, Order) for answer in answers) == 1
    assert sum(isinstance(answer, VoucherNotApplicable) for answer in answers) == 11
    assert used(voucher) == 1


def test_holds_and_orders_at_once_share_the_uses() -> None:
    voucher, checkouts = ready_with_voucher(16, usage_limit=USES)

    def reserving(checkout: Checkout) -> Callable[[], PaymentCode]:
        return lambda: reserve_checkout(checkout_id=checkout.pk, now=NOW)

    calls: list[Callable[[], Order | PaymentCode]] = [
        completing(checkout) if position % 2 else reserving(checkout) for position, checkout in enumerate(checkouts)
    ]
    answers = at_once(calls)

    assert sum(isinstance(answer, Order | PaymentCode) for answer in answers) == USES
    assert used(voucher) == USES
    assert list(miscounted_vouchers()) == []


def test_expiry_cancelling_and_late_money_at_once_leave_the_count_right() -> None:
    voucher, checkouts = ready_with_voucher(USES, usage_limit=USES)
    orders = [completing(checkout)() for checkout in checkouts]

    end_and_pay_at_once(orders)

    for order in Order.objects.all():
        assert order.voucher_counts == (order.status == Order.Status.UNFULFILLED), order.status
    assert used(voucher) == Order.objects.filter(voucher_counts=True).count()
    assert list(miscounted_vouchers()) == []
    assert_stock_adds_up()
