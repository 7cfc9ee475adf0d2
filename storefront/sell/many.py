"""Prices and counts of many goods in one form: its rows, as they are and as they were typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from catalog.models import Product, ProductVariant, Stock
from catalog.selectors import stocks_of_variants, variants_of_vendor
from catalog.services import VariantChange, change_many, submit_many, withdraw_many
from catalog.values import STOCK_QUANTITY_MAX
from marketplace.core.errors import MarketError
from marketplace.core.money import AMOUNT_TEXT_CHARACTERS_MAX, in_groups, parse_vnd
from storefront.sell.desk import ID_MAX, Desk
from storefront.web import parse_number

ROWS_A_PAGE: Final = 12
TYPED_CHARACTERS_MAX: Final = AMOUNT_TEXT_CHARACTERS_MAX


@dataclass
class ManyRow:
    """One kind of one product with what stands in its fields, and what is wrong with it."""

    variant: ProductVariant
    product: Product
    stock: Stock | None
    """Where it lies, if at one place; goods at several places are counted on their own page."""
    price: str
    quantity: str = ""
    was: int = 0
    """The count that the person saw when they began to type."""
    errors: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The product's name with that of the kind."""
        return f"{self.product.name} – {self.variant.name}" if self.variant.name else self.product.name


def rows_of(desk: Desk, *, page: int) -> tuple[list[ManyRow], bool]:
    """A page of the shop's kinds by name, and whether more follow; two statements."""
    start = (page - 1) * ROWS_A_PAGE
    variants = list(variants_of_vendor(desk.actor, desk.vendor)[start : start + ROWS_A_PAGE + 1])
    return _rows(variants[:ROWS_A_PAGE]), len(variants) > ROWS_A_PAGE


def _rows(variants: list[ProductVariant]) -> list[ManyRow]:
    stocks = stocks_of_variants([one.pk for one in variants])
    rows = []
    for variant in variants:
        own = stocks.get(variant.pk, [])
        stock = own[0] if len(own) == 1 else None
        row = ManyRow(variant, variant.product, stock, in_groups(variant.price_vnd))
        if stock is not None:
            row.quantity, row.was = str(stock.quantity), stock.quantity
        rows.append(row)
    return rows


def typed_rows(desk: Desk, posted: Mapping[str, str]) -> tuple[list[ManyRow], list[VariantChange]]:
    """The rows that a form sent with what was typed, and the changes that follow where all can be read.

    Rows of other shops are passed over: nobody is told that they are there.
    """
    ids = [parse_number(name.removeprefix("price_"), least=1, most=ID_MAX) for name in posted if name[:6] == "price_"]
    wanted = [one for one in ids if one is not None][:ROWS_A_PAGE]
    rows = _rows(list(variants_of_vendor(desk.actor, desk.vendor).filter(pk__in=wanted)))
    return rows, [change for row in rows if (change := _typed(row, posted)) is not None]


def _typed(row: ManyRow, posted: Mapping[str, str]) -> VariantChange | None:
    """Put what was typed into the row, and answer what it asks to change."""
    price = quantity = None
    row.price = posted.get(f"price_{row.variant.pk}", row.price)[:TYPED_CHARACTERS_MAX]
    try:
        price = parse_vnd(row.price)
    except MarketError as error:
        row.errors.append(str(error))
    if row.stock is not None:
        row.quantity = posted.get(f"quantity_{row.stock.pk}", row.quantity)[:TYPED_CHARACTERS_MAX].strip()
        was = parse_number(posted.get(f"was_{row.stock.pk}"), least=0, most=STOCK_QUANTITY_MAX)
        row.was = row.was if was is None else was
        typed = parse_number(row.quantity.replace(".", ""), least=0, most=STOCK_QUANTITY_MAX)
        if typed is None:
            row.errors.append(_("Số lượng là số nguyên từ 0 đến 1.000.000."))
        elif typed != row.was:
            quantity = typed
    if price == row.variant.price_vnd:
        price = None
    if row.errors or (price is None and quantity is None):
        return None
    stock_id = row.stock.pk if row.stock is not None else None
    return VariantChange(row.variant.pk, price, stock_id, quantity, row.was)


def save_rows(desk: Desk, rows: list[ManyRow], changes: list[VariantChange], *, now: datetime) -> int:
    """Make the changes, all or none. Returns how many; a refusal is put to its row and raised again."""
    try:
        return change_many(actor=desk.actor, vendor=desk.vendor, changes=changes, now=now)
    except MarketError as error:
        for row in rows:
            if row.variant.pk in error.subjects:
                row.errors.append(str(error))
        raise


def act_on_chosen(desk: Desk, product_ids: list[int], *, withdraw: bool, now: datetime) -> int:
    """Hand the chosen products in, or take them off sale. Returns how many changed."""
    act = withdraw_many if withdraw else submit_many
    return act(actor=desk.actor, vendor=desk.vendor, product_ids=product_ids, now=now)
