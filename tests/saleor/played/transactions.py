"""Transactions of a played Saleor: how they begin, what the App is asked of them, and what becomes of its answers."""

from __future__ import annotations

from typing import Any

from tests.saleor.played.answers import AnswerRefused, Result, gateway_data, session_result
from tests.saleor.played.checkouts import count_checkout
from tests.saleor.played.items import add_event, new_transaction
from tests.saleor.played.orders import money_moved
from tests.saleor.played.registry import Asking, Refusal, query, worked_out
from tests.saleor.played.sums import AMOUNTS, sums_of
from tests.saleor.played.webhooks import Post
from tests.saleor.played.world import CURRENCY, Thing, World

FINAL = frozenset(
    f"{flow}_{end}" for flow in ("AUTHORIZATION", "CHARGE") for end in ("SUCCESS", "FAILURE", "REQUEST")
)
NOT_REPEATED = frozenset({"AUTHORIZATION_ACTION_REQUIRED", "CHARGE_ACTION_REQUIRED", "INFO"})
"""Types of which every report is a new event."""
SETS_REFERENCE = frozenset({"AUTHORIZATION_REQUEST", "AUTHORIZATION_SUCCESS", "CHARGE_REQUEST", "CHARGE_SUCCESS"})
OTHER_AMOUNT = "The transaction with provided `pspReference` and `type` already exists with different amount."


def initialize_gateway(world: World, post: Post, app: Thing, source: Thing, *, data: Any = None) -> Any:
    """`paymentGatewayInitialize`: what the App answers. Raises `AnswerRefused`."""
    subject = {"sourceObject": source, "data": data, "amount": outstanding(source)}
    return gateway_data(post.ask_now("PAYMENT_GATEWAY_INITIALIZE_SESSION", app, subject))


def initialize(
    world: World,
    post: Post,
    app: Thing,
    source: Thing,
    *,
    amount_vnd: int | None = None,
    data: Any = None,
    idempotency_key: str = "",
) -> tuple[Thing, Thing, Any]:
    """`transactionInitialize` with our gateway: the transaction, the event that came of it, and the App's data.

    The same key for the same checkout and amount finds the transaction that it made.
    """
    amount = outstanding(source) if amount_vnd is None else amount_vnd
    key = idempotency_key or f"key-{world.number()}"
    transaction = next((one for one in source["transactions"] if one["idempotencyKey"] == key), None)
    if transaction is None:
        transaction = new_transaction(world, source, owner=app, idempotencyKey=key)
    request = next((one for one in transaction["events"] if one["idempotencyKey"] == key), None)
    if request is None:
        request = add_event(world, transaction, "CHARGE_REQUEST", amount, counts=False, idempotencyKey=key)
    elif request["amount"] != amount:
        raise Refusal(
            "idempotencyKey", "UNIQUE", "Different transaction with provided idempotency key already exists."
        )
    subject = _session(transaction, source, amount, data) | {"idempotencyKey": key}
    return transaction, *_heard(world, post, "TRANSACTION_INITIALIZE_SESSION", app, request, subject)


def process(world: World, post: Post, transaction: Thing, *, data: Any = None) -> tuple[Thing, Any]:
    """`transactionProcess`: the event, and the App's data; from Saleor's own record once there is a final event."""
    for event in transaction["events"]:
        if event["type"] in FINAL and event["counts"]:
            return event, None
    request = next(one for one in transaction["events"] if one["type"] == "CHARGE_REQUEST")
    subject = _session(transaction, source_of(transaction), request["amount"], data)
    app = transaction["owner"]
    return _heard(world, post, "TRANSACTION_PROCESS_SESSION", app, request, subject)


def source_of(transaction: Thing) -> Thing:
    """The order or checkout that a transaction pays."""
    source: Thing = transaction["order"] or transaction["checkout"]
    return source


def outstanding(source: Thing) -> int:
    """What is not paid, authorized or under way yet, in đồng."""
    names = ("chargedAmount", "chargePendingAmount", "authorizedAmount", "authorizePendingAmount")
    come = sum(one[name] for one in source["transactions"] for name in names)
    whole: int = source["totalPrice"] if source["__typename"] == "Checkout" else source["total"]
    return max(whole - come, 0)


def fail(world: World, event: Thing, cause: str) -> Thing:
    """The failure that Saleor writes down beside an event that it could not use: it does not count."""
    action = str(event["type"]).partition("_")[0]
    kind = event["type"] if action == "INFO" else f"{action}_FAILURE"
    return add_event(
        world,
        event["transaction"],
        kind,
        event["amount"],
        counts=False,
        pspReference=event["pspReference"],
        message=cause,
        grantedRefund=event["grantedRefund"],
    )


def existing(transaction: Thing, kind: str, psp_reference: str) -> Thing | None:
    """The event of this type and reference that a report would repeat."""
    if kind in NOT_REPEATED:
        return None
    return next(
        (one for one in transaction["events"] if one["type"] == kind and one["pspReference"] == psp_reference), None
    )


def take_effect(world: World, transaction: Thing) -> None:
    """Count a transaction's sums anew, and what they mean for its checkout or order."""
    count_source(world, transaction, count_transaction(world, transaction))


def count_transaction(world: World, transaction: Thing) -> dict[str, int]:
    """Count a transaction's sums anew; answers what they were before."""
    before = {name: transaction[name] for name in AMOUNTS}
    transaction.update(sums_of(transaction["events"]))
    transaction["modifiedAt"] = world.moment()
    return before


def count_source(world: World, transaction: Thing, before: dict[str, int]) -> None:
    """Count anew what a transaction pays, and tell of it."""
    source = source_of(transaction)
    if source["__typename"] == "Checkout":
        count_checkout(world, source)
    else:
        money_moved(world, source, transaction, before)


def event_of(world: World, transaction: Thing, result: Result, *, app: Thing, granted: Thing | None = None) -> Thing:
    """The event that an App's answer makes, or the one it repeats. Raises `AnswerRefused` for another amount."""
    known = existing(transaction, result.type, result.psp_reference)
    if known is not None:
        if known["amount"] != result.amount:
            raise AnswerRefused(OTHER_AMOUNT)
        return known
    return add_event(
        world,
        transaction,
        result.type,
        result.amount,
        pspReference=result.psp_reference,
        message=result.message,
        externalUrl=result.external_url,
        createdBy=app,
        createdAt=result.time or world.moment(),
        grantedRefund=granted,
    )


def _session(transaction: Thing, source: Thing, amount: int, data: Any) -> dict[str, Any]:
    return {
        "transaction": transaction,
        "sourceObject": source,
        "data": data,
        "merchantReference": transaction["id"],
        "customerIpAddress": "203.0.113.7",
        "action": {"amount": amount, "currency": CURRENCY, "actionType": "CHARGE"},
    }


def _heard(
    world: World, post: Post, event: str, app: Thing, request: Thing, subject: dict[str, Any]
) -> tuple[Thing, Any]:
    reply = post.ask_now(event, app, subject)
    try:
        result = session_result(reply, asked=request["amount"])
        transaction = request["transaction"]
        if result.type.endswith("_REQUEST"):
            made = request
            made.update(type=result.type, amount=result.amount, pspReference=result.psp_reference, counts=True)
        else:
            made = event_of(world, transaction, result, app=app)
            request["pspReference"] = made["pspReference"]
    except AnswerRefused as error:
        return fail(world, request, str(error)), None
    if result.psp_reference:
        transaction["pspReference"] = result.psp_reference
    if made["type"] in SETS_REFERENCE:
        if result.actions is not None:
            transaction["actions"] = result.actions
        take_effect(world, transaction)
    return made, result.data


@query("transaction", "HANDLE_PAYMENTS")
def _transaction(asking: Asking, id: str | None = None, token: str | None = None) -> Thing | None:
    if token is not None:
        return asking.world.first("TransactionItem", token=token)
    return asking.world.find(id, "TransactionItem")


@worked_out("TransactionItem", "events")
def _events(_asking: Asking, transaction: Thing) -> list[Thing]:
    # Newest first, as Saleor's own loader sorts them.
    return transaction["events"][::-1]
