"""A checkout's payment asked for: again, with keys, by programs."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from marketplace.core.actors import SYSTEM
from marketplace.people.programs import make_app
from payments.models import TransactionEvent, TransactionItem
from tests.api.asking import ask
from tests.api.checkouts.steps import COMPLETE, NEEDS, PAY, bearer, forbidden, ready
from tests.api.ids import gid
from tests.payments.factories import NOW, Shop, a_notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


def test_a_payment_asked_for_with_a_key_is_answered_by_it_after_the_money_came(shop: Shop) -> None:
    key = ready(shop)
    first = ask(PAY, id=key, key="lần 1")["transactionInitialize"]
    again = ask(PAY, id=key, key="lần 1")["transactionInitialize"]
    notice = a_notice(shop.feed, shop.account, first["data"]["reference"], 70_000)
    paid = Client().post(
        f"/payments/notices/sepay/{shop.feed.pk}/",
        data=notice.body,
        content_type="application/json",
        headers=notice.headers,
    )
    assert paid.status_code == 200

    after = ask(PAY, id=key, key="lần 1")["transactionInitialize"]
    other_amount = ask(PAY, id=key, key="lần 1", amount=5)["transactionInitialize"]
    new_key = ask(PAY, id=key, key="lần 2")["transactionInitialize"]

    assert first == again
    assert after == {
        "data": None,
        "transaction": first["transaction"],
        "transactionEvent": {"type": "CHARGE_SUCCESS"},
        "errors": [],
    }
    assert [one["errors"][0]["code"] for one in (other_amount, new_key)] == ["UNIQUE", "INVALID"]
    assert TransactionItem.objects.get().idempotency_key == "lần 1"
    assert TransactionEvent.objects.count() == 2


def test_a_key_that_is_long_is_kept_as_its_hash_and_one_that_is_too_long_refused(shop: Shop) -> None:
    key = ready(shop)

    ask(PAY, id=key, key="a" * 512)
    refused = ask(PAY, id=key, key="a" * 513)["transactionInitialize"]["errors"]

    kept = TransactionItem.objects.get().idempotency_key
    assert len(kept or "") == 64
    assert ask(PAY, id=key, key="lần 2")["transactionInitialize"]["errors"] == []
    assert TransactionItem.objects.get().idempotency_key == kept
    assert refused == [{"field": "idempotencyKey", "code": "INVALID"}]


def test_only_the_shops_own_program_says_the_action_and_nothing_is_authorized(shop: Shop, other: Shop) -> None:
    key = ready(shop)

    for stranger in (None, other.owner.user_id):
        assert forbidden(PAY, user=stranger, id=key, action="CHARGE") == f"{NEEDS}HANDLE_PAYMENTS"
    assert not TransactionItem.objects.exists()
    mine = bearer(shop.owner.user_id)
    held = ask(PAY, headers=mine, id=key, action="AUTHORIZATION")["transactionInitialize"]
    assert held["errors"] == [{"field": "action", "code": "INVALID"}]
    assert ask(PAY, headers=mine, id=key, action="CHARGE")["transactionInitialize"]["errors"] == []
    wrong = ask(PAY, id=key, address="nhà")["transactionInitialize"]["errors"]
    assert wrong == [{"field": "customerIpAddress", "code": "INVALID"}]
    assert ask(PAY, id=key, address="2001:db8::1")["transactionInitialize"]["errors"] == []
    _app, token = make_app(actor=SYSTEM, name="Cổng ví", permissions={"HANDLE_PAYMENTS"}, now=NOW)
    by_program = ask(PAY, headers={"Authorization": f"Bearer {token}"}, id=key, action="CHARGE")
    assert by_program["transactionInitialize"]["errors"] == []


GATEWAYS = """mutation($id: ID!, $amount: PositiveDecimal) { paymentGatewayInitialize(id: $id, amount: $amount)
  { gatewayConfigs { id data errors { code } } errors { field code } } }"""


def test_gateways_tell_what_an_order_still_costs_and_ask_nobody(shop: Shop) -> None:
    key = ready(shop)
    before = ask(GATEWAYS, id=key, amount=5000)["paymentGatewayInitialize"]["gatewayConfigs"]
    order = ask(COMPLETE, id=key)["checkoutComplete"]["order"]["id"]

    of_order = ask(GATEWAYS, id=order)["paymentGatewayInitialize"]["gatewayConfigs"]

    assert (before[0]["data"]["amount"], of_order[0]["data"]["amount"]) == (5000, 70_000)
    assert ask(GATEWAYS, id=key)["paymentGatewayInitialize"]["gatewayConfigs"] == of_order
    for amount in (70_001, 0.5, 0):
        refused = ask(GATEWAYS, id=order, amount=amount)["paymentGatewayInitialize"]
        assert refused == {"gatewayConfigs": None, "errors": [{"field": "amount", "code": "INVALID"}]}
    missing = ask(GATEWAYS, id=gid("Checkout", uuid.uuid4()))["paymentGatewayInitialize"]
    assert missing["errors"] == [{"field": "id", "code": "NOT_FOUND"}]
    assert not TransactionItem.objects.exists()
