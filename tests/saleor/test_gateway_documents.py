"""Our documents for paying at a Saleor, held against Saleor's own schema."""

from __future__ import annotations

import pytest
from graphql import parse, validate

from marketplace.saleor.client import document, subscription
from marketplace.saleor.events import SYNC_EVENTS
from tests.api.contract.saleor_sdl import saleor_schema

GATEWAY = {
    "payment_gateway_initialize_session",
    "transaction_cancelation_requested",
    "transaction_charge_requested",
    "transaction_initialize_session",
    "transaction_process_session",
    "transaction_refund_requested",
}


def test_all_six_payment_events_are_answered() -> None:
    assert SYNC_EVENTS.keys() >= GATEWAY


@pytest.mark.parametrize("event", sorted(GATEWAY))
def test_a_payment_subscription_is_valid_and_asks_whom_it_is_for(event: str) -> None:
    text = subscription(event)

    assert validate(saleor_schema(), parse(text)) == []
    for field in ("issuedAt", "version", "recipient"):
        assert field in text


def test_a_plain_refunds_body_is_without_errors() -> None:
    # `grantedRefund { … }` adds an `errors` key where no refund was granted
    assert "grantedRefund {" not in subscription("transaction_refund_requested")


@pytest.mark.parametrize("name", ["TransactionEventReport", "TransactionSums"])
def test_a_document_of_ours_is_valid(name: str) -> None:
    assert validate(saleor_schema(), parse(document(name))) == []
