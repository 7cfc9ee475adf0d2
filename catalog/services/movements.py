"""The stock book: every change of a quantity is a line of it, in the transaction of the change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from catalog.models import Stock, StockMovement
from marketplace.core.actors import Actor


@dataclass(frozen=True)
class Moved:
    """A stock as it is after the change, why it changed and by how many; `reference` is the order's number."""

    stock: Stock
    kind: StockMovement.Kind
    change: int
    reference: object = ""
    note: str = ""


def write_movements(moved: Iterable[Moved], *, vendor_id: int, actor: Actor, now: datetime) -> list[StockMovement]:
    """Write these changes into the shop's book in one statement; what did not change is no line.

    For services that hold the stocks' locks; runs in their transaction.
    """
    return StockMovement.objects.bulk_create(
        StockMovement(
            stock=one.stock,
            vendor_id=vendor_id,
            kind=one.kind,
            change=one.change,
            quantity_after=one.stock.quantity,
            note=one.note,
            reference=str(one.reference),
            actor_id=actor.user_id,
            happened_at=now,
        )
        for one in moved
        if one.change
    )
