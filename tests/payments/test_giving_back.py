"""Out of which of an order's transactions money goes back."""

from __future__ import annotations

import pytest

from marketplace.core.actors import SYSTEM
from marketplace.orders.locks import lock_order
from payments.models import Confirmation, TransactionItem
from payments.services.by_hand import mark_paid_by_hand, record_refund
from payments.services.moving import STRIPE_GATEWAY, Movement, charge
from tests.payments.factories import NOW, a_shop, an_order

pytestmark = pytest.mark.django_db


def test_the_cards_money_goes_back_last_since_it_goes_back_to_the_card(db: None) -> None:
    shop = a_shop()
    order = an_order(shop, quantity=2)
    mark_paid_by_hand(actor=shop.owner, order=order, amount_vnd=20_000, confirmation="cash", now=NOW)
    card = TransactionItem.objects.create(gateway=STRIPE_GATEWAY, order=order, made_at=NOW)
    paid = Movement(
        amount_vnd=100_000, confirmation=Confirmation.CARD, happened_at=NOW, bank_date=NOW.date(), reference="pi_1"
    )
    charge(lock_order(order.pk), card, movement=paid, actor=SYSTEM, now=NOW)

    first, second = (
        record_refund(actor=shop.owner, order=order, amount_vnd=20_000, confirmation="cash", now=NOW)
        for _ in range(2)
    )

    assert (first.transaction.gateway, second.transaction) == ("market40.cash", card)
