"""An App of the tests' own, that the played Saleor is tried with."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from tests.saleor.played.saleor import PlayedSaleor, playing
from tests.saleor.played.transport import NoConnection, Reply
from tests.saleor.played.world import Thing

APP_URL = "http://app.example.vn"
SESSION = """
subscription { event { issuedAt version recipient { id } ... on TransactionInitializeSession {
  merchantReference action { amount actionType } sourceObject { __typename ... on Checkout { id
  totalPrice { gross { amount currency } } } } } } }
"""
PROCESS = "subscription { event { issuedAt ... on TransactionProcessSession { merchantReference } } }"
REFUND = """
subscription { event { issuedAt ... on TransactionRefundRequested { transaction { id }
  action { amount actionType } grantedRefund { id } } } }
"""
ORDER_PAID = "subscription { event { issuedAt ... on OrderFullyPaid { order { id totalCharged { amount } } } } }"
REPORT = """
mutation Report($id: ID, $token: UUID, $type: TransactionEventTypeEnum!, $psp: String!, $amount: PositiveDecimal) {
  transactionEventReport(id: $id, token: $token, type: $type, pspReference: $psp, amount: $amount) {
    alreadyProcessed transaction { chargedAmount { amount } } transactionEvent { type amount { amount } }
    errors { field code message } } }
"""
SUMS = """
query Sums($id: ID!) { transaction(id: $id) { chargedAmount { amount } chargePendingAmount { amount }
  refundedAmount { amount } events { type pspReference amount { amount } } order { chargeStatus } } }
"""


@dataclass
class SmallApp:
    """What reached it, and what it answers next."""

    got: list[tuple[str, str, bytes, Mapping[str, str]]] = field(default_factory=list)
    manifest: dict[str, Any] = field(default_factory=dict)
    answers: list[Any] = field(default_factory=list)
    is_away: bool = False

    def __call__(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        if self.is_away:
            raise NoConnection
        self.got.append((method, url, body, headers))
        if method == "GET":
            return Reply(200, json.dumps(self.manifest).encode())
        answer = self.answers.pop(0) if self.answers else {}
        return answer if isinstance(answer, Reply) else Reply(200, json.dumps(answer).encode())


@pytest.fixture
def small_app() -> SmallApp:
    return SmallApp(
        manifest={
            "id": "small.app",
            "name": "Nhỏ",
            "version": "1.0",
            "permissions": ["HANDLE_PAYMENTS", "MANAGE_ORDERS"],
            "tokenTargetUrl": f"{APP_URL}/register",
            "requiredSaleorVersion": ">=3.20 <4",
            "webhooks": [
                {
                    "name": name,
                    "targetUrl": f"{APP_URL}/hooks",
                    "query": query,
                    kind: [event],
                }
                for name, query, kind, event in (
                    ("session", SESSION, "syncEvents", "TRANSACTION_INITIALIZE_SESSION"),
                    ("process", PROCESS, "syncEvents", "TRANSACTION_PROCESS_SESSION"),
                    ("refund", REFUND, "syncEvents", "TRANSACTION_REFUND_REQUESTED"),
                    ("paid", ORDER_PAID, "asyncEvents", "ORDER_FULLY_PAID"),
                )
            ],
        }
    )


@pytest.fixture
def played(small_app: SmallApp) -> Iterator[PlayedSaleor]:
    with playing(small_app) as saleor:
        yield saleor


@pytest.fixture
def app(played: PlayedSaleor, small_app: SmallApp) -> Thing:
    installed = played.install(f"{APP_URL}/manifest.json")
    small_app.got.clear()
    return installed


def asked(
    saleor: PlayedSaleor, query: str, variables: Mapping[str, Any] | None = None, *, token: str = ""
) -> dict[str, Any]:
    """The answer to a question over HTTP, its status as `status`."""
    response = requests.post(
        saleor.api_url,
        json={"query": query, "variables": dict(variables or {})},
        headers={"Authorization": f"Bearer {token}"} if token else {},
        timeout=10,
    )
    return {"status": response.status_code, **response.json()}


def reported(saleor: PlayedSaleor, transaction: Thing, kind: str, psp: str, amount: int | None) -> dict[str, Any]:
    """What `transactionEventReport` answers to the App."""
    variables = {"id": transaction["id"], "type": kind, "psp": psp, "amount": amount}
    answer = asked(saleor, REPORT, variables, token=saleor.app["authToken"])
    told: dict[str, Any] = answer["data"]["transactionEventReport"]
    return told


def sums(saleor: PlayedSaleor, transaction: Thing) -> dict[str, Any]:
    """What the App reads back of a transaction."""
    answer = asked(saleor, SUMS, {"id": transaction["id"]}, token=saleor.app["authToken"])
    told: dict[str, Any] = answer["data"]["transaction"]
    return told
