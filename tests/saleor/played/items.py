"""Transactions of a played Saleor as things: a new one, and what is written down of it."""

from __future__ import annotations

from typing import Any

from tests.saleor.played.sums import AMOUNTS
from tests.saleor.played.world import Thing, World, key_of


def new_transaction(world: World, source: Thing, *, owner: Thing | None, **fields: Any) -> Thing:
    """A transaction of a checkout or order, on which nothing moved yet; `owner` is the App that may report of it."""
    is_checkout = source["__typename"] == "Checkout"
    given: Thing = {
        "idempotencyKey": None,
        "name": "",
        "message": "",
        "pspReference": "",
        "externalUrl": "",
        "actions": [],
        "paymentMethodDetails": None,
        "reason": None,
        "reasonReference": None,
    }
    transaction = world.add(
        "TransactionItem",
        **dict.fromkeys(AMOUNTS, 0),
        owner=owner,
        createdBy=owner,
        createdAt=world.moment(),
        modifiedAt=world.moment(),
        checkout=source if is_checkout else None,
        order=None if is_checkout else source,
        events=[],
        **given | fields,
    )
    transaction["token"] = key_of(transaction["id"])
    source["transactions"].append(transaction)
    return transaction


def add_event(
    world: World,
    transaction: Thing,
    kind: str,
    amount: int,
    *,
    counts: bool = True,
    pspReference: str = "",
    **fields: Any,
) -> Thing:
    """Write an event of a transaction down; its sums are not counted yet."""
    event = world.add(
        "TransactionEvent",
        **{
            "type": kind,
            "amount": amount,
            "counts": counts,
            "pspReference": pspReference,
            "createdAt": world.moment(),
            "message": "",
            "externalUrl": "",
            "createdBy": None,
            "idempotencyKey": None,
            "grantedRefund": None,
            "transaction": transaction,
        }
        | fields,
    )
    transaction["events"].append(event)
    return event
