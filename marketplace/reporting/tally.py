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
        unknown = increment.amounts.keys() - set(COLUMNS[increment.figure])
        if unknown or min(increment.amounts.values()) < 0:
            raise UncountableEvent(f"{increment.figure} cannot hold {dict(increment.amounts)}")
    return added


def add_up(parts: Iterable[Increment], *, figure: Figure) -> Cells:
    """The rows of one figure that the parts make together."""
    cells: Cells = {}
    for part in parts:
        if part.figure is figure:
            cells.setdefault(part.key, Counter()).update(part.amounts)
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
        by_set.setdefault((province, day, channel, ocop_set), Counter(orders=1)).update(sold, lines=1)
        product = int(line["product"] or NO_PRODUCT)
        by_product.setdefault((province, month_of(day), product), Counter(orders=1)).update(sold)
    return [
        order,
        *(Increment(Figure.SALES, key, amounts) for key, amounts in by_set.items()),
        *(Increment(Figure.PRODUCTS, key, amounts) for key, amounts in by_product.items()),
    ]
