"""What a payment App may answer to a synchronous webhook, by Saleor's answer schemas; anything else is a failure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from tests.saleor.played.transport import Reply

MESSAGE_CHARACTERS_MAX = 512
METHOD_TYPE_CHARACTERS_MAX = 32
METHOD_NAME_CHARACTERS_MAX = 256
ACTIONS = frozenset({"CHARGE", "REFUND", "CANCEL"})
SESSION_RESULTS = frozenset(
    {f"{flow}_{end}" for flow in ("AUTHORIZATION", "CHARGE") for end in ("SUCCESS", "FAILURE", "REQUEST")}
    | {"AUTHORIZATION_ACTION_REQUIRED", "CHARGE_ACTION_REQUIRED", "CANCEL_SUCCESS"}
)
ACTION_RESULTS: Mapping[str, frozenset[str]] = {
    "TRANSACTION_CHARGE_REQUESTED": frozenset({"CHARGE_SUCCESS", "CHARGE_FAILURE"}),
    "TRANSACTION_REFUND_REQUESTED": frozenset({"REFUND_SUCCESS", "REFUND_FAILURE"}),
    "TRANSACTION_CANCELATION_REQUESTED": frozenset({"CANCEL_SUCCESS", "CANCEL_FAILURE"}),
}


class AnswerRefused(Exception):
    """Saleor cannot use the App's answer."""


@dataclass(frozen=True)
class Result:
    """An answer as Saleor reads it. `type` is empty where an App only promised to report later."""

    type: str
    psp_reference: str
    amount: int
    message: str
    external_url: str
    time: datetime | None
    actions: list[str] | None
    data: Any


def session_result(reply: Reply | None, *, asked: int) -> Result:
    """Of TRANSACTION_INITIALIZE_SESSION and TRANSACTION_PROCESS_SESSION. Raises `AnswerRefused`."""
    answer = _object(reply)
    result = answer.get("result")
    if result not in SESSION_RESULTS:
        raise AnswerRefused(f"Incorrect value for field: result. {result!r}")
    _check_method(answer.get("paymentMethodDetails"))
    needs_reference = str(result).endswith(("_REQUEST",)) or result in ("CHARGE_SUCCESS", "AUTHORIZATION_SUCCESS")
    return _result(answer, asked=asked, needs_reference=needs_reference)


def action_result(event: str, reply: Reply | None, *, asked: int) -> Result:
    """Of the three requested actions. Raises `AnswerRefused`."""
    answer = _object(reply)
    result = answer.get("result")
    if result is None:
        return _result(answer, asked=asked, needs_reference=True)
    if result not in ACTION_RESULTS[event]:
        raise AnswerRefused(f"Incorrect value for field: result. {result!r}")
    return _result(answer, asked=asked, needs_reference=str(result).endswith("_SUCCESS"))


def gateway_data(reply: Reply | None) -> Any:
    """Of PAYMENT_GATEWAY_INITIALIZE_SESSION. Raises `AnswerRefused`."""
    answer = _object(reply)
    if "data" not in answer:
        raise AnswerRefused("data: Field required")
    return answer["data"]


def _object(reply: Reply | None) -> dict[str, Any]:
    if reply is None or not 200 <= reply.status < 300:
        raise AnswerRefused("Failed to delivery request.")
    try:
        read = json.loads(reply.body, parse_constant=_no_constant)
    except ValueError as error:
        raise AnswerRefused("not JSON") from error
    if not isinstance(read, dict):
        raise AnswerRefused("not an object")
    return read


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _result(answer: dict[str, Any], *, asked: int, needs_reference: bool) -> Result:
    reference = answer.get("pspReference")
    if reference is not None and not isinstance(reference, str):
        raise AnswerRefused("pspReference: Input should be a valid string")
    if needs_reference and not reference:
        raise AnswerRefused("pspReference: Field required")
    return Result(
        type=answer.get("result") or "",
        psp_reference=reference or "",
        amount=_amount(answer.get("amount"), asked),
        message=str(answer.get("message") or "")[:MESSAGE_CHARACTERS_MAX],
        external_url=_url(answer.get("externalUrl")),
        time=_time(answer.get("time")),
        actions=_actions(answer.get("actions")),
        data=answer.get("data"),
    )


def _amount(given: Any, asked: int) -> int:
    if given is None:
        return asked
    try:
        amount = Decimal(str(given)) if not isinstance(given, bool) else Decimal("NaN")
    except InvalidOperation as error:
        raise AnswerRefused("amount: Input should be a valid decimal") from error
    if not amount.is_finite() or amount != amount.to_integral_value():
        raise AnswerRefused(f"amount: {given!r} is no amount of đồng")
    return int(amount)


def _url(given: Any) -> str:
    if given is None:
        return ""
    if not isinstance(given, str) or urlsplit(given).scheme not in ("http", "https"):
        raise AnswerRefused("externalUrl: Input should be a valid URL")
    return given


def _time(given: Any) -> datetime | None:
    if given is None:
        return None
    try:
        read = datetime.fromisoformat(given)
    except (ValueError, TypeError) as error:
        raise AnswerRefused("time: Expected ISO 8601 format.") from error
    if read.tzinfo is None:
        raise AnswerRefused("time: without its zone, nobody knows when that is")
    return read


def _actions(given: Any) -> list[str] | None:
    if given is None:
        return None
    if not isinstance(given, list):
        raise AnswerRefused("actions: Input should be a valid list")
    return [one for one in given if one in ACTIONS]


def _check_method(details: Any) -> None:
    if details is None:
        return
    if not isinstance(details, dict) or str(details.get("type")).upper() not in ("OTHER", "CARD", "GIFT_CARD"):
        raise AnswerRefused("paymentMethodDetails: Incorrect value for field: type")
    name = details.get("name")
    if not isinstance(name, str) or len(name) > METHOD_NAME_CHARACTERS_MAX:
        raise AnswerRefused("paymentMethodDetails.name: Field required")
    if len(str(details["type"])) > METHOD_TYPE_CHARACTERS_MAX:
        raise AnswerRefused("paymentMethodDetails.type: too long")
