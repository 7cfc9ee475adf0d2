"""One checkout finished many ways at once: clients that complete it, again and again, and the bank that tells of it.

Whatever comes first makes the order; everybody else is answered that one. The controls ask the same with one guard
off each, and fail.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from typing import Any

import pytest

from marketplace.orders.models import Checkout, Order, PaymentCode
from marketplace.orders.services import placing
from payments.invariants import violations
from payments.models import TransactionEvent, TransactionItem
from payments.pretend_bank import SignedNotice
from payments.services.notices import receive_notice
from payments.services.requesting import ask_for_checkout
from tests.api.asking import ask
from tests.api.ids import gid
from tests.payments.factories import NOW, PRICE_VND, Shop, a_checkout, a_notice, a_shop
from tests.plugins.database import at_once

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("committed_db", "still_clock")]
ROUNDS = 12
CLIENTS = 6
QUANTITY = 2

COMPLETE = """mutation($id: ID) { checkoutComplete(id: $id)
  { order { id number total { gross { amount } } paymentCode lines { quantity } } errors { field code } } }"""
PAY = """mutation($id: ID!, $key: String) { transactionInitialize(id: $id, idempotencyKey: $key,
  paymentGateway: {id: "market40.vietqr"}) { transaction { id } errors { field code } } }"""


@pytest.fixture
def still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marketplace.core.clock.now", lambda: NOW)


@pytest.fixture
def shop(committed_db: None) -> Shop:
    return a_shop(quantity=1_000)


def completed(checkout_id: uuid.UUID, key: uuid.UUID | None = None) -> dict[str, Any]:
    """What a client is told that completes the checkout; with the same key it is one request sent again."""
    headers = {} if key is None else {"Idempotency-Key": str(key)}
    answer: dict[str, Any] = ask(COMPLETE, headers=headers, id=gid("Checkout", checkout_id))["checkoutComplete"]
    return answer


def asked(checkout_id: uuid.UUID, key: str) -> dict[str, Any]:
    answer: dict[str, Any] = ask(PAY, id=gid("Checkout", checkout_id), key=key)["transactionInitialize"]
    return answer


def told(shop: Shop, notice: SignedNotice) -> None:
    receive_notice(provider="sepay", feed_id=str(shop.feed.pk), body=notice.body, headers=notice.headers, now=NOW)


def finish_at_once(shop: Shop, checkout_id: uuid.UUID) -> tuple[list[Any], list[Any]]:
    """Complete, complete again with one key, ask to pay with one key, and hear from the bank: all at one moment.

    Answers what completing answered, and what asking answered.
    """
    code = ask_for_checkout(checkout_id=checkout_id, now=NOW).code.code
    again = uuid.uuid4()
    notice = a_notice(shop.feed, shop.account, code, QUANTITY * PRICE_VND)
    completing = [partial(completed, checkout_id) for _client in range(CLIENTS // 2)]
    completing += [partial(completed, checkout_id, again) for _client in range(CLIENTS // 2)]
    asking = [partial(asked, checkout_id, "một lần") for _client in range(2)]
    calls: list[Callable[[], Any]] = [*completing, *asking, partial(told, shop, notice), partial(told, shop, notice)]
    answers = at_once(calls)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    return answers[:CLIENTS], answers[CLIENTS : CLIENTS + len(asking)]


def is_one_order(checkout_id: uuid.UUID, completions: list[Any], askings: list[Any]) -> None:
    """One order was made, paid once, and everybody was answered that one."""
    order = Order.objects.get(checkout_id=checkout_id)
    assert (
        completions
        == [
            {
                "order": {
                    "id": gid("Order", order.token),
                    "number": str(order.pk),
                    "total": {"gross": {"amount": float(QUANTITY * PRICE_VND)}},
                    "paymentCode": PaymentCode.objects.get(order=order).code,
                    "lines": [{"quantity": QUANTITY}],
                },
                "errors": [],
            }
        ]
        * CLIENTS
    )
    item = TransactionItem.objects.get(order=order)
    # Who asks after the money came is told that nothing is to be paid any more.
    paid_already = {"transaction": None, "errors": [{"field": None, "code": "INVALID"}]}
    assert [one for one in askings if one != paid_already] in (
        [],
        [{"transaction": {"id": gid("TransactionItem", item.pk)}, "errors": []}] * 2,
    )
    assert order.charged_vnd == order.total_vnd
    charged = TransactionEvent.objects.filter(order=order, type="charge_success")
    assert [event.amount_vnd for event in charged] == [QUANTITY * PRICE_VND]


def test_one_checkout_finished_by_clients_and_the_bank_at_once_is_one_order(
    shop: Shop, scaled: Callable[[int], int], record_property: Callable[[str, object], None]
) -> None:
    rounds = scaled(ROUNDS)
    for _round in range(rounds):
        checkout_id = a_checkout(shop, quantity=QUANTITY)
        is_one_order(checkout_id, *finish_at_once(shop, checkout_id))
    record_property("rounds", rounds)
    shop.stock.refresh_from_db()
    assert (Order.objects.count(), Checkout.objects.count()) == (rounds, 0)
    assert (shop.stock.allocated, shop.stock.reserved) == (rounds * QUANTITY, 0)
    assert violations() == []


def test_control_where_the_checkout_is_not_read_under_its_lock_the_answers_are_not_equal(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody finishes what was read before anybody wrote; the unique key of orders lets through one at most."""
    checkout_id = a_checkout(shop, quantity=QUANTITY)
    as_read = Checkout.objects.select_related("vendor__commune").get(pk=checkout_id)
    monkeypatch.setattr(placing, "lock_checkout_and_code", lambda _id: deepcopy(as_read))

    with pytest.raises(AssertionError):
        is_one_order(checkout_id, *finish_at_once(shop, checkout_id))

    assert Order.objects.count() <= 1


def test_control_where_nobody_looks_for_the_order_that_a_checkout_became_the_answers_are_not_equal(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout_id = a_checkout(shop, quantity=QUANTITY)
    monkeypatch.setattr(placing, "order_of_checkout", lambda _id: None)

    with pytest.raises(AssertionError):
        is_one_order(checkout_id, *finish_at_once(shop, checkout_id))

    assert Order.objects.count() == 1
