"""`transactionEventReport`, as Saleor 3.24 does it: the event is committed first, its effect comes after."""

from __future__ import annotations

from typing import Any

from tests.saleor.played import metadata
from tests.saleor.played.items import add_event
from tests.saleor.played.registry import Asking, Died, PermissionDenied, Refusal, mutation
from tests.saleor.played.transactions import (
    OTHER_AMOUNT,
    SETS_REFERENCE,
    count_source,
    count_transaction,
    existing,
    fail,
    source_of,
)
from tests.saleor.played.world import Thing, World

AMOUNT_FROM = {
    "CHARGE_FAILURE": ("CHARGE_SUCCESS", "CHARGE_REQUEST", "AUTHORIZATION_SUCCESS", "AUTHORIZATION_REQUEST"),
    "REFUND_FAILURE": ("REFUND_SUCCESS", "REFUND_REQUEST", "CHARGE_SUCCESS", "CHARGE_REQUEST", "CHARGE_FAILURE"),
    "CANCEL_FAILURE": ("CANCEL_SUCCESS", "CANCEL_REQUEST", "AUTHORIZATION_SUCCESS", "AUTHORIZATION_REQUEST"),
    "AUTHORIZATION_FAILURE": ("AUTHORIZATION_SUCCESS", "AUTHORIZATION_REQUEST"),
    "REFUND_REVERSE": ("REFUND_SUCCESS",),
    "CHARGE_BACK": ("CHARGE_SUCCESS",),
}
"""Types that may come without an amount, and the events of the same reference that it is taken from."""
MESSAGE_CHARACTERS_MAX = 512


@mutation("transactionEventReport", "HANDLE_PAYMENTS")
def report(
    asking: Asking,
    type: str,
    pspReference: str,
    id: str | None = None,
    token: str | None = None,
    amount: Any = None,
    **given: Any,
) -> dict[str, Any]:
    """Report an event. Raises `Refusal`, `PermissionDenied`, and `Died` where a test asked for it."""
    world = asking.world
    transaction = _found(world, id, token)
    if transaction["owner"] is not None and transaction["owner"] is not asking.app:
        raise PermissionDenied("OWNER", "HANDLE_PAYMENTS")
    told: Thing = {
        "type": type,
        "pspReference": pspReference,
        "amount": _amount(world, type, pspReference, amount),
        "transaction": transaction,
        "message": (given.get("message") or "")[:MESSAGE_CHARACTERS_MAX],
        "externalUrl": given.get("externalUrl") or "",
        "createdBy": asking.app,
        "createdAt": given.get("time") or world.moment(),
        "grantedRefund": _granted(transaction, type, pspReference),
    }
    known = existing(transaction, type, pspReference)
    if known is not None:
        _require_same(world, told, known)
        _set_actions(transaction, given.get("availableActions"))
        return {"alreadyProcessed": True, "transaction": transaction, "transactionEvent": known}
    if type == "AUTHORIZATION_SUCCESS" and any(one["type"] == type for one in transaction["events"]):
        raise Refusal("type", "ALREADY_EXISTS", "Event with `AUTHORIZATION_SUCCESS` already reported.")
    del told["transaction"]
    event = add_event(world, transaction, told.pop("type"), told.pop("amount"), **told)
    _die(world, "event")
    _take_effect(world, event, given)
    return {"alreadyProcessed": False, "transaction": transaction, "transactionEvent": event}


def _require_same(world: World, told: Thing, known: Thing) -> None:
    if known["amount"] != told["amount"]:
        fail(world, told, OTHER_AMOUNT)
        raise Refusal("pspReference", "INCORRECT_DETAILS", OTHER_AMOUNT)


def _take_effect(world: World, event: Thing, given: dict[str, Any]) -> None:
    transaction = event["transaction"]
    if event["type"] in SETS_REFERENCE and not transaction["pspReference"]:
        transaction["pspReference"] = event["pspReference"]
    _set_actions(transaction, given.get("availableActions"))
    metadata.put(transaction, given.get("transactionMetadata"))
    metadata.put(transaction, given.get("transactionPrivateMetadata"), is_private=True)
    before = count_transaction(world, transaction)
    if given.get("transactionMetadata") or given.get("transactionPrivateMetadata"):
        world.tell("TRANSACTION_ITEM_METADATA_UPDATED", transaction=transaction)
    _die(world, "sums")
    count_source(world, transaction, before)
    refresh_granted(event["grantedRefund"])


def _set_actions(transaction: Thing, actions: list[str] | None) -> None:
    if actions is not None:
        transaction["actions"] = actions


def _die(world: World, place: str) -> None:
    if world.dies_after == place:
        world.dies_after = ""
        raise Died(f"after the {place}")


def refresh_granted(granted: Thing | None) -> None:
    """A granted refund stands as its last event says."""
    if granted is None:
        return
    told = [
        one
        for one in granted["transaction"]["events"]
        if one["grantedRefund"] is granted and str(one["type"]).startswith("REFUND_")
    ]
    if told:
        last = str(max(told, key=lambda one: one["createdAt"])["type"]).removeprefix("REFUND_")
        granted["status"] = {"SUCCESS": "SUCCESS", "REQUEST": "PENDING", "FAILURE": "FAILURE"}.get(last, "NONE")


def _found(world: World, thing_id: str | None, token: str | None) -> Thing:
    if (thing_id is None) == (token is None):
        raise Refusal("id", "GRAPHQL_ERROR", "Exactly one of arguments is required: 'id', 'token'.")
    found = world.first("TransactionItem", token=token) if token else world.find(thing_id, "TransactionItem")
    if found is None:
        raise Refusal("id" if thing_id else "token", "NOT_FOUND", f"Couldn't resolve to a node: {thing_id or token}")
    assert source_of(found)
    return found


def _amount(world: World, kind: str, psp_reference: str, given: Any) -> int:
    if given is not None:
        return round(given)  # Saleor rounds to the currency's places, of which the đồng has none
    if kind == "INFO":
        return 0
    if kind not in AMOUNT_FROM:
        raise Refusal("amount", "REQUIRED", f"The `amount` field is required for {kind} event.")
    told = [
        one
        for one in world.kinds["TransactionEvent"]
        if one["pspReference"] == psp_reference and one["type"] in AMOUNT_FROM[kind]
    ]
    if not told:
        raise Refusal("amount", "REQUIRED", f"Unable to deduce the amount for {kind} event.")
    return int(max(told, key=lambda one: one["createdAt"])["amount"])


def _granted(transaction: Thing, kind: str, psp_reference: str) -> Thing | None:
    if not kind.startswith("REFUND_"):
        return None
    requests = [
        one
        for one in transaction["events"]
        if one["type"] == "REFUND_REQUEST" and one["pspReference"] == psp_reference
    ]
    granted: Thing | None = requests[-1]["grantedRefund"] if requests else None
    return granted
