"""A client that polls `transactionProcess` learns how to pay, and keeps the shop's goods not a minute longer."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest

from marketplace.core import clock
from marketplace.orders.models import Checkout
from tests.api.asking import ask
from tests.api.ids import gid
from tests.payments.factories import NOW, a_checkout, a_shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

PAY = """mutation($id: ID!) { transactionInitialize(id: $id, paymentGateway: {id: "market40.vietqr"})
  { data transaction { id } transactionEvent { id } errors { code } } }"""
POLL = """mutation($id: ID) { transactionProcess(id: $id)
  { data transaction { id } transactionEvent { id } errors { field code message } } }"""


def test_a_poll_renews_no_hold_and_says_when_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    checkout_id: uuid.UUID = a_checkout(a_shop())
    asked = ask(PAY, id=gid("Checkout", checkout_id))["transactionInitialize"]

    def polled(now: datetime) -> object:
        monkeypatch.setattr(clock, "now", lambda: now)
        return ask(POLL, id=asked["transaction"]["id"])["transactionProcess"]

    for minutes in (10, 20, 29):
        assert polled(NOW + timedelta(minutes=minutes)) == asked
    assert Checkout.objects.get().reserved_until == NOW + timedelta(minutes=30)
    assert polled(NOW + timedelta(minutes=30)) == {
        "data": None,
        "transaction": None,
        "transactionEvent": None,
        "errors": [
            {
                "field": "id",
                "code": "INVALID",
                "message": "Đã hết giờ giữ hàng và giá cho bạn. Nếu chưa chuyển tiền, bạn lấy mã mới rồi hãy trả.",
            }
        ],
    }
