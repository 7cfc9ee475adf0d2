"""Packing: between the money and the road, so that two sellers do not pack one order, and none is forgotten."""

from __future__ import annotations

import uuid
from datetime import datetime

from marketplace.core.actors import Actor
from marketplace.core.requests_once import once
from marketplace.orders.events import record_order
from marketplace.orders.locks import lock_order
from marketplace.orders.models import Order
from marketplace.orders.services.fulfilling import require_open
from vendors.access import require_seller


def pack_order(*, actor: Actor, order: Order, now: datetime, client_id: uuid.UUID | None = None) -> None:
    """Say that all that is left of a paid order is packed. Packed already: nothing more happens.

    Raises `NotFound` for a stranger and `CannotFulfil` as `fulfil_order`; nothing is changed then.
    """
    _set_packed(actor=actor, order=order, packed=True, now=now, client_id=client_id)


def unpack_order(*, actor: Actor, order: Order, now: datetime, client_id: uuid.UUID | None = None) -> None:
    """Take back that it is packed, as long as it is not handed over. Not packed: nothing more happens.

    Raises what `pack_order` raises.
    """
    _set_packed(actor=actor, order=order, packed=False, now=now, client_id=client_id)


def _set_packed(*, actor: Actor, order: Order, packed: bool, now: datetime, client_id: uuid.UUID | None) -> None:
    require_seller(actor, order.vendor)

    def work() -> str:
        locked = lock_order(order.pk)
        require_open(locked)
        if (locked.packed_at is not None) != packed:
            locked.packed_at = now if packed else None
            locked.updated_at = now
            locked.save(update_fields=["packed_at", "updated_at"])
            record_order("order.packed" if packed else "order.unpacked", locked, actor=actor, now=now)
        return str(order.pk)

    once(work, action="order.pack", owner=f"order:{order.pk}", client_id=client_id, asked={"packed": packed}, now=now)
