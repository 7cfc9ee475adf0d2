"""Saleor 3.24's own demands on what its synchronous payment webhooks are answered, written down as checks of ours.

Read from its webhook/response_schemas/transaction.py and its json_schemas: the results that an event may be answered
with, what must stand in each, and of which kind.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

NEEDS_REFERENCE = {"AUTHORIZATION_SUCCESS", "CHARGE_SUCCESS", "AUTHORIZATION_REQUEST", "CHARGE_REQUEST"}
SESSION_RESULTS = NEEDS_REFERENCE | {
    "AUTHORIZATION_FAILURE",
    "CHARGE_FAILURE",
    "AUTHORIZATION_ACTION_REQUIRED",
    "CHARGE_ACTION_REQUIRED",
    "CANCEL_SUCCESS",
}
FIELDS = {"result", "pspReference", "amount", "time", "externalUrl", "message", "actions"}
SESSION_FIELDS = FIELDS | {"data", "paymentMethodDetails"}
ACTIONS = {"CHARGE", "REFUND", "CANCEL"}
MESSAGE_CHARACTERS_MAX = 512


def session(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer of an *_INITIALIZE_SESSION or *_PROCESS_SESSION, if Saleor would take it."""
    assert answer["result"] in SESSION_RESULTS
    assert answer.keys() <= SESSION_FIELDS
    if answer["result"] in NEEDS_REFERENCE:
        assert "pspReference" in answer
    _common(answer)
    return answer


def action(answer: dict[str, Any], kind: str) -> dict[str, Any]:
    """The answer of a *_REQUESTED of a `kind` (CHARGE, REFUND, CANCEL), if Saleor would take it."""
    assert answer.keys() <= FIELDS
    if "result" not in answer:
        assert answer.keys() <= {"pspReference", "actions"}
        assert "pspReference" in answer
    else:
        assert answer["result"] in {f"{kind}_SUCCESS", f"{kind}_FAILURE"}
        if answer["result"].endswith("SUCCESS"):
            assert "pspReference" in answer
    _common(answer)
    return answer


def gateway(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer of PAYMENT_GATEWAY_INITIALIZE_SESSION, if Saleor would take it."""
    assert answer.keys() == {"data"}
    json.dumps(answer)
    return answer


def _common(answer: dict[str, Any]) -> None:
    json.dumps(answer, allow_nan=False)
    if "pspReference" in answer:
        assert isinstance(answer["pspReference"], str)
        assert 0 < len(answer["pspReference"]) <= 512
    if "amount" in answer:
        assert isinstance(answer["amount"], int)
        assert answer["amount"] > 0, "Saleor takes 0 for no amount and puts in what it asked for"
    if "time" in answer:
        assert datetime.fromisoformat(answer["time"]).tzinfo is not None
    assert isinstance(answer.get("message", ""), str)
    assert len(answer.get("message", "")) <= MESSAGE_CHARACTERS_MAX
    assert set(answer.get("actions", ())) <= ACTIONS
