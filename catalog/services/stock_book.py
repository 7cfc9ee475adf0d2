"""Goods that come in and go out by hand: what was received, spoiled, given away or sold outside the market."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from catalog.models import Stock, StockMovement
from catalog.own_models import NOTE_CHARACTERS_MAX
from catalog.services.changes import journal_product, keep_changed, lock_product
from catalog.services.movements import Moved, write_movements
from catalog.services.variants import require_not_below_sold
from catalog.values import STOCK_QUANTITY_MAX, BadQuantity, check_quantity
from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput
from marketplace.core.requests_once import once
from marketplace.core.text import clean_line
from vendors.access import require_seller

_KIND = StockMovement.Kind
COMING = (_KIND.RECEIVED, _KIND.RETURNED)
GOING = (_KIND.SOLD_ELSEWHERE, _KIND.SPOILED, _KIND.USED)
"""What a person may write; handing over an order, counting and the opening are written by what does them."""


class BadMovementKind(InvalidInput):
    """Not a reason for which a person brings or takes goods."""


class NotSoMany(BadQuantity):
    """More would go than lie there free, or more would lie there than the market counts."""


def move_stock(
    *,
    actor: Actor,
    stock: Stock,
    kind: str,
    quantity: int,
    now: datetime,
    note: str = "",
    client_id: uuid.UUID | None = None,
) -> StockMovement:
    """Take `quantity` (1 or more) in or out of a stock, as `kind` says, and write it into the book.

    The same `client_id` again answers the same line. Raises `NotFound` for strangers, `BadMovementKind`,
    `BadQuantity`, `NotSoMany`, `BelowWhatIsSold` for what is sold or held already, `BadText`.
    """
    require_seller(actor, stock.variant.product.vendor)
    if kind not in {*COMING, *GOING}:
        raise BadMovementKind(_("Bạn chọn vì sao hàng vào hay ra."), field="kind")
    if not check_quantity(quantity):
        raise BadQuantity(_("Số lượng ít nhất là 1."), field="quantity")
    said = clean_line(note, characters_max=NOTE_CHARACTERS_MAX, field="note")
    change = quantity if kind in COMING else -quantity

    def work() -> str:
        product = lock_product(stock.variant.product_id)
        locked = Stock.objects.select_for_update().get(pk=stock.pk)
        _require_possible(locked, locked.quantity + change)
        locked.quantity += change
        locked.save(update_fields=["quantity"])
        moved = Moved(locked, _KIND(kind), change, note=said)
        line = write_movements([moved], vendor_id=product.vendor_id, actor=actor, now=now)[0]
        keep_changed(product, now=now)
        ids = {"variant": locked.variant_id, "warehouse": locked.warehouse_id, "movement": line.pk}
        journal_product(product, "stock.moved", actor=actor, now=now, **ids, change=change)
        return str(line.pk)

    asked = {"stock": stock.pk, "kind": str(kind), "quantity": quantity, "note": said}
    owner = f"user:{actor.user_id}"
    answer = once(work, action="catalog.move_stock", owner=owner, client_id=client_id, asked=asked, now=now)
    return StockMovement.objects.get(pk=int(answer))


def _require_possible(stock: Stock, quantity: int) -> None:
    if quantity < 0:
        raise NotSoMany(_("Ở đây không có nhiều như vậy."), field="quantity")
    if quantity > STOCK_QUANTITY_MAX:
        raise NotSoMany(_("Số lượng phải là số nguyên từ 0 đến 1.000.000."), field="quantity")
    require_not_below_sold(stock, quantity)
