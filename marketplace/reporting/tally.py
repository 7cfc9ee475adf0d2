"""What one event of the journal adds to the figures. Pure: the same function counts a sale as it happens and
counts all sales anew, so that the two can only differ where a row was lost or altered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from marketplace.reporting.models import (
    NO_OCOP_SET,
    NO_PRODUCT,
    PRODUCT_COLUMNS,
    SALES_COLUMNS,
    TAKINGS_COLUMNS,
    takings_column,
)

CHARGED = "order.charged"
REFUNDED = "order.refunded"
FULLY_CHARGED = "order.fully_charged"
COUNTED_KINDS = frozenset({CHARGED, REFUNDED, FULLY_CHARGED})


class Figure(StrEnum):
    """The tables of figures, in the order in which one event moves them (and locks their rows)."""

    TAKINGS = "takings"
    SALES = "sales"
    PRODUCTS = "products"


COLUMNS = {
    Figure.TAKINGS: TAKINGS_COLUMNS,
    Figure.SALES: SALES_COLUMNS,
    Figure.PRODUCTS: PRODUCT_COLUMNS,
}
COLUMN_NAMES = {figure: frozenset(columns) for figure, columns in COLUMNS.items()}

Key = tuple[str | int | date, ...]
"""What a row is found by, its place first and its period (day, or first day of a month) second."""

Cells = dict[Key, Counter[str]]
"""Rows of one figure: their key and what is in each column that is not 0."""


class UncountableEvent(ValueError):
    """An event whose confirmation, channel, kind or amount no column is for: a fault of the program that wrote it."""


@dataclass(frozen=True)
class Increment:
    """What is added to one row of one figure."""

    figure: Figure
    key: Key
    amounts: Mapping[str, int]


def increments(kind: str, data: Mapping[str, Any]) -> list[Increment]:
    """What the event adds to which rows. Raises `UncountableEvent`."""
    if kind not in COUNTED_KINDS:
        raise UncountableEvent(f"{kind} moves no figure")
    added = _sale(data) if kind == FULLY_CHARGED else [_money(kind, data)]
    for increment in added:
        if not increment.amounts.keys() <= COLUMN_NAMES[increment.figure] or min(increment.amounts.values()) < 0:
            raise UncountableEvent(f"{increment.figure} cannot hold {dict(increment.amounts)}")
    return added


def add_up(parts: Iterable[Increment], *, figure: Figure) -> Cells:
    """The rows of one figure that the parts make together."""
    cells: Cells = {}
    for part in parts:
        if part.figure is figure:
            _add(cells, part.key, part.amounts)
    return {key: amounts for key, amounts in cells.items() if any(amounts.values())}


def month_of(day: date) -> date:
    """The first day of the day's month."""
    return day.replace(day=1)


def _money(kind: str, data: Mapping[str, Any]) -> Increment:
    """A charge or refund, on the bank's date, in the commune the vendor was in then."""
    count, amount = ("charges", "charged") if kind == CHARGED else ("refunds", "refunded")
    source = str(data["confirmation"]), str(data["channel"])
    return Increment(
        Figure.TAKINGS,
        (str(data["commune"]), date.fromisoformat(data["bank_date"])),
        {takings_column(count, *source): 1, takings_column(amount, *source): int(data["amount_vnd"])},
    )


def _sale(data: Mapping[str, Any]) -> list[Increment]:
    """An order that is paid in full for the first time: the order itself, its goods by set and by product."""
    day, channel, province = date.fromisoformat(data["day"]), str(data["channel"]), str(data["province"])
    order = Increment(Figure.TAKINGS, (str(data["commune"]), day), {f"paid_orders_{channel}": 1})
    by_set: Cells = {}
    by_product: Cells = {}
    for line in data["lines"]:
        sold = {"quantity": int(line["quantity"]), "amount_vnd": int(line["amount_vnd"])}
        ocop_set = int(line["ocop_set"] or NO_OCOP_SET)
        _add(by_set, (province, day, channel, ocop_set), {"lines": 1, **sold})
        product = int(line["product"] or NO_PRODUCT)
        _add(by_product, (province, month_of(day), product), sold)
    return [
        order,
        *(Increment(Figure.SALES, key, {"orders": 1, **amounts}) for key, amounts in by_set.items()),
        *(Increment(Figure.PRODUCTS, key, {"orders": 1, **amounts}) for key, amounts in by_product.items()),
    ]


def _add(cells: Cells, key: Key, amounts: Mapping[str, int]) -> None:
    row = cells.get(key)
    if row is None:
        row = cells[key] = Counter()
    for column, amount in amounts.items():  # five times quicker than Counter.update
        row[column] += amount
