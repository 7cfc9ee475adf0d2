"""Programs that handle payments report by Saleor's `transactionEventReport`, with its words and codes."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.core.actors import SYSTEM
from marketplace.people.programs import make_app
from payments.models import TransactionEvent, TransactionItem
from payments.services.requesting import payment_for_order
from tests.api.ids import gid
from tests.api.offices import office
from tests.api.sellers.working import PERMISSION, done, of, refusal
from tests.payments.factories import NOW, PRICE_VND, Shop, a_shop, an_order, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

REPORT = """mutation($id: ID, $token: UUID, $type: TransactionEventTypeEnum!, $psp: String!, $amount: PositiveDecimal,
  $time: DateTime, $texts: [MetadataInput!]) { transactionEventReport(id: $id, token: $token, type: $type,
  pspReference: $psp, amount: $amount, time: $time, message: "Đã nhận", externalUrl: "https://pay.example.vn/1",
  availableActions: [REFUND], transactionMetadata: $texts) {
    alreadyProcessed
    transaction { id chargedAmount { amount } refundedAmount { amount } metadata { key value }
      order { chargeStatus } }
    transactionEvent { type pspReference message createdAt amount { amount currency } }
    errors { field message code } } }"""
OTHER_AMOUNT = {
    "field": "pspReference",
    "message": "The transaction with provided `pspReference` and `type` already exists with different amount.",
    "code": "INCORRECT_DETAILS",
}
Headers = dict[str, str]


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


@pytest.fixture
def program(db: None) -> Headers:
    _app, token = make_app(actor=SYSTEM, name="Cổng ví", permissions={"HANDLE_PAYMENTS"}, now=NOW)
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def asked(shop: Shop) -> TransactionItem:
    return payment_for_order(order=an_order(shop), now=NOW).transaction


def charged(asked: TransactionItem, **more: Any) -> dict[str, Any]:
    return {
        "id": gid("TransactionItem", asked.pk),
        "type": "CHARGE_SUCCESS",
        "psp": "FT1",
        "amount": PRICE_VND,
    } | more


def test_a_program_reports_money_that_came_and_reports_it_again(program: Headers, asked: TransactionItem) -> None:
    first = done(REPORT, program, **charged(asked, texts=[{"key": "phí", "value": "0"}]))

    booked = TransactionEvent.objects.get(type="charge_success")
    assert first == {
        "alreadyProcessed": False,
        "transaction": {
            "id": gid("TransactionItem", booked.transaction_id),
            "chargedAmount": {"amount": 60_000},
            "refundedAmount": {"amount": 0},
            "metadata": [{"key": "phí", "value": "0"}],
            "order": {"chargeStatus": "FULL"},
        },
        "transactionEvent": {
            "type": "CHARGE_SUCCESS",
            "pspReference": "FT1",
            "message": "Đã nhận",
            "createdAt": NOW.isoformat(),
            "amount": {"amount": 60_000, "currency": "VND"},
        },
        "errors": [],
    }
    by_token = {"id": None, "token": str(asked.pk)}
    assert done(REPORT, program, **charged(asked, **by_token)) == first | {"alreadyProcessed": True}
    assert done(REPORT, program, **charged(asked, amount=1))["errors"] == [OTHER_AMOUNT]


def test_the_operator_may_and_nobody_else_whatever_they_name(shop: Shop, asked: TransactionItem) -> None:
    _app, other = make_app(actor=SYSTEM, name="Khác", permissions={"MANAGE_ORDERS"}, now=NOW)
    strangers = [{}, of(shop.owner), office("commune", "01501"), {"Authorization": f"Bearer {other}"}]

    for who in strangers:
        for id in (gid("TransactionItem", asked.pk), "x", None):
            assert refusal(REPORT, who, **charged(asked, id=id)) == f"{PERMISSION}HANDLE_PAYMENTS"

    assert asked.order is not None
    assert fresh(asked.order).charged_vnd == 0
    assert done(REPORT, office("operator"), **charged(asked))["errors"] == []


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"id": None}, "id", "INVALID"),
        ({"id": "x"}, "id", "GRAPHQL_ERROR"),
        ({"id": gid("TransactionItem", "0f2d3c1e-52c8-4d2c-9a55-1b6f3d7a9e04")}, "id", "NOT_FOUND"),
        ({"type": "AUTHORIZATION_SUCCESS"}, "type", "INVALID"),
        ({"psp": ""}, "pspReference", "REQUIRED"),
        ({"amount": None}, "amount", "REQUIRED"),
        ({"amount": 0.5}, "amount", "INVALID"),
        ({"amount": 60_001}, "amount", "INVALID"),
        ({"time": "2026-11-22T10:00:00"}, "time", "INVALID"),
        ({"texts": [{"key": " ", "value": ""}]}, "input", "REQUIRED"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    program: Headers, asked: TransactionItem, wrong: dict[str, Any], field: str, code: str
) -> None:
    answer = done(REPORT, program, **charged(asked, **wrong))

    assert [(error["field"], error["code"]) for error in answer["errors"]] == [(field, code)]
    assert not TransactionEvent.objects.filter(type="charge_success").exists()
