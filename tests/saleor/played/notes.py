"""Notes that staff and Apps write on an order of a played Saleor."""

from __future__ import annotations

from typing import Any

from tests.saleor.played.orders import touch
from tests.saleor.played.registry import Asking, Refusal, mutation
from tests.saleor.played.world import Thing


@mutation("orderNoteAdd", "MANAGE_ORDERS")
def _order_note_add(asking: Asking, order: str, input: Thing) -> dict[str, Any]:
    found = asking.world.find(order, "Order")
    if found is None:
        raise Refusal("id", "NOT_FOUND", f"Couldn't resolve to a node: {order}")
    if not input["message"].strip():
        raise Refusal("message", "REQUIRED", "Message can't be empty.")
    event = asking.world.add("OrderEvent", type="NOTE_ADDED", message=input["message"], date=asking.world.moment())
    found["events"].append(event)
    touch(asking.world, found)
    asking.world.tell("ORDER_UPDATED", order=found)
    return {"order": found, "event": event}
