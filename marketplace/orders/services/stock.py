"""Taking stock for orders and checkouts, and giving it back. Never more than there is.

Every function here works on stocks that the caller locked (`locks.lock_stocks`), changes the rows in memory and
writes them once. What is free is decided by `plan`, which is pure; the database's own constraint
`stock_never_oversold` stands behind it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from catalog.models import Stock
from marketplace.core.many_rows import delete_by, update_all
from marketplace.core.statements import Given, Kept, insert
from marketplace.orders.errors import InsufficientStock, Shortfall
from marketplace.orders.models import Allocation, Channel, Checkout, CheckoutLine, Order, OrderLine, Reservation
from vendors.models import Warehouse

Key = TypeVar("Key")
_HELD: Kept[Reservation] = Kept(lambda: Reservation.objects.filter(checkout_line__checkout=Given("checkout")))


@dataclass(frozen=True)
class Wanted(Generic[Key]):
    """How many of a variant a line needs; `name` and `unit` are for the sentence if there are too few."""

    line: Key
    variant_id: int | None
    quantity: int
    name: str
    unit: str


@dataclass(frozen=True)
class Taking(Generic[Key]):
    """How many a line takes out of one stock."""

    line: Key
    stock_id: int
    quantity: int


def plan(
    wanted: Sequence[Wanted[Key]], stocks: Iterable[Stock], *, first_warehouse_id: int | None = None
) -> list[Taking[Key]]:
    """Which stock each line takes from: the place where goods are fetched first, then the fullest.

    Raises `InsufficientStock` naming every line that cannot be served.
    """
    shelves = sorted(stocks, key=lambda row: (row.warehouse_id != first_warehouse_id, -row.available, row.pk))
    free = {stock.pk: stock.available for stock in shelves}
    takings: list[Taking[Key]] = []
    shortfalls: list[Shortfall] = []
    for line in wanted:
        missing = line.quantity
        for stock in shelves:
            taken = min(missing, free[stock.pk]) if stock.variant_id == line.variant_id else 0
            if taken > 0:
                free[stock.pk] -= taken
                missing -= taken
                takings.append(Taking(line.line, stock.pk, taken))
        if missing:
            shortfalls.append(Shortfall(line.variant_id, line.name, line.unit, line.quantity - missing))
    if shortfalls:
        raise InsufficientStock(shortfalls, named=len(wanted) > 1)
    return takings


def first_place_of(order: Order) -> int | None:
    """Where an order's goods are taken first: where they are fetched; at the stall, what lies there."""
    if order.pick_up_at_id is not None or order.channel != Channel.STALL:
        return order.pick_up_at_id
    stalls = Warehouse.objects.filter(vendor=order.vendor_id, kind=Warehouse.Kind.STALL, is_active=True)
    return stalls.order_by("pk").values_list("pk", flat=True).first()


def wanted_by_checkout(lines: Iterable[CheckoutLine]) -> list[Wanted[CheckoutLine]]:
    """What a checkout's lines need, in the order of the lines."""
    return [
        Wanted(line, line.variant_id, line.quantity, line.variant.product.name, line.variant.unit) for line in lines
    ]


def wanted_by_order(lines: Iterable[OrderLine]) -> list[Wanted[OrderLine]]:
    """What is still to be handed over of an order's goods; an amount typed at the stall lies in no stock."""
    return [
        Wanted(line, line.variant_id, line.quantity_left, line.product_name, line.unit)
        for line in lines
        if line.quantity_left and not line.is_typed_amount
    ]


def usable(stocks: Mapping[int, Stock], *, also: Collection[int] = ()) -> list[Stock]:
    """Stocks that may be sold from: those at active places, and those in `also`, held there before it closed."""
    return [stock for stock in stocks.values() if stock.warehouse.is_active or stock.pk in also]


def allocate(takings: Iterable[Taking[OrderLine]], stocks: Mapping[int, Stock]) -> None:
    """Keep what an order's lines take. The stocks are changed in memory; `write` puts them down."""
    rows = [
        Allocation(order_line=taking.line, stock_id=taking.stock_id, quantity=taking.quantity) for taking in takings
    ]
    for row in rows:
        stocks[row.stock_id].allocated += row.quantity
    if rows:
        insert(*rows)


def reserve(takings: Iterable[Taking[CheckoutLine]], stocks: Mapping[int, Stock]) -> None:
    """Hold what a checkout's lines take. The stocks are changed in memory."""
    rows = [
        Reservation(checkout_line=taking.line, stock_id=taking.stock_id, quantity=taking.quantity)
        for taking in takings
    ]
    for row in rows:
        stocks[row.stock_id].reserved += row.quantity
    if rows:
        insert(*rows)


def reservations_of(checkout: Checkout) -> list[Reservation]:
    """What is held for a checkout at present."""
    return _HELD.all(checkout=checkout.pk)


def drop_reservations(rows: Sequence[Reservation], stocks: Mapping[int, Stock]) -> set[int]:
    """End these holds; the stocks are changed in memory. Answers the ids of the stocks they were on."""
    for row in rows:
        stocks[row.stock_id].reserved -= row.quantity
    if rows:
        delete_by(Reservation, "id", [row.pk for row in rows])
    return {row.stock_id for row in rows}


def allocations_of(order: Order) -> list[Allocation]:
    """What is allocated to an order and not yet handed over, in the order of stocks."""
    return list(Allocation.objects.filter(order_line__order=order).order_by("stock_id", "pk"))


def drop_allocations(rows: Sequence[Allocation], stocks: Mapping[int, Stock]) -> None:
    """Give back what an order had; the stocks are changed in memory."""
    for row in rows:
        stocks[row.stock_id].allocated -= row.quantity
    if rows:
        delete_by(Allocation, "id", [row.pk for row in rows])


def keep_allocations(rows: Sequence[Allocation]) -> None:
    """Write the quantities of these allocations down; those that came to nothing go."""
    Allocation.objects.filter(pk__in=[row.pk for row in rows if not row.quantity]).delete()
    Allocation.objects.bulk_update([row for row in rows if row.quantity], ["quantity"])


def write(stocks: Mapping[int, Stock]) -> None:
    """Put the changed stocks down; the database refuses the whole if one would be oversold."""
    update_all(list(stocks.values()), ("quantity", "allocated", "reserved"))
