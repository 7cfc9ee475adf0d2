"""Which columns a file of goods has, and whose way of writing goods it is. Pure.

Headings are compared folded, so that "Tên sản phẩm *" and "ten san pham" are one. The headings of others are theirs:
KiotViet's product file, Haravan's and Sapo's (which stand on Shopify's), Shopify's old and new one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _

from marketplace.core.tables import Cell, Row, UnreadableTable, text_of
from marketplace.core.text import fold

HEADING_ROWS_MAX: Final = 15
"""Titles may stand above the table."""


class Column(StrEnum):
    """What a column says."""

    VARIANT_ID = "variant_id"
    NAME = "name"
    SET = "set"
    PRICE = "price"
    UNIT = "unit"
    QUANTITY = "quantity"
    KIND = "kind"
    KIND_2 = "kind_2"
    KIND_3 = "kind_3"
    SKU = "sku"
    DESCRIPTION = "description"
    STORAGE = "storage"
    SHELF_LIFE = "shelf_life"
    GROUP = "group"
    """What rows of one product share."""
    BASE = "base"
    """KiotViet: the code of the goods that this row counts in another unit."""
    TYPE = "type"
    ACTIVE = "active"


class Kind(StrEnum):
    """Whose file it is."""

    OWN = "own"
    KIOTVIET = "kiotviet"
    SHOPIFY = "shopify"
    """Shopify's, and those of Haravan and Sapo."""


NAMES: Final = {
    Kind.OWN: _("Mẫu của chợ"),
    Kind.KIOTVIET: _("Tệp của KiotViet"),
    Kind.SHOPIFY: _("Tệp của Haravan, Sapo hoặc Shopify"),
}
_OWN: Final[Mapping[Column, tuple[str, ...]]] = {
    Column.VARIANT_ID: ("ma cua cho",),
    Column.NAME: ("ten san pham", "ten", "name"),
    Column.SET: ("nhom hang ocop", "nhom hang", "nhom ocop", "bo", "bo san pham", "set", "ocop set"),
    Column.PRICE: ("gia ban", "gia", "price"),
    Column.UNIT: ("ban theo", "don vi tinh", "don vi", "unit"),
    Column.QUANTITY: ("so luong con", "so luong", "ton kho", "quantity"),
    Column.KIND: ("loai", "kich co", "variant"),
    Column.SKU: ("ma hang", "sku"),
    Column.DESCRIPTION: ("chuyen cua san pham", "mo ta", "description"),
    Column.STORAGE: ("cach giu", "bao quan"),
    Column.SHELF_LIFE: ("han dung", "han su dung"),
}
_KIOTVIET: Final[Mapping[Column, tuple[str, ...]]] = {
    Column.NAME: ("ten hang", "ten hang hoa"),
    Column.PRICE: ("gia ban",),
    Column.UNIT: ("dvt",),
    Column.QUANTITY: ("ton kho",),
    Column.KIND: ("thuoc tinh",),
    Column.SKU: ("ma hang",),
    Column.DESCRIPTION: ("mo ta",),
    Column.GROUP: ("ma hh lien quan",),
    Column.BASE: ("ma dvt co ban",),
    Column.TYPE: ("loai hang",),
    Column.ACTIVE: ("dang kinh doanh",),
}
_SHOPIFY: Final[Mapping[Column, tuple[str, ...]]] = {
    Column.GROUP: ("handle", "url handle", "url", "duong dan alias"),
    Column.NAME: ("title", "ten", "ten san pham"),
    Column.PRICE: ("variant price", "price", "gia"),
    Column.UNIT: ("don vi tinh",),
    Column.QUANTITY: ("variant inventory qty", "inventory quantity", "so luong ton kho", "ton kho ban dau"),
    Column.KIND: ("option1 value", "gia tri thuoc tinh 1"),
    Column.KIND_2: ("option2 value", "gia tri thuoc tinh 2"),
    Column.KIND_3: ("option3 value", "gia tri thuoc tinh 3"),
    Column.SKU: ("variant sku", "sku", "ma sku", "ma phien ban san pham"),
    Column.DESCRIPTION: ("body html", "description", "mo ta", "mo ta san pham"),
}
_NEEDED: Final = {
    Kind.SHOPIFY: (_SHOPIFY, (Column.GROUP, Column.NAME, Column.PRICE)),
    Kind.KIOTVIET: (_KIOTVIET, (Column.NAME, Column.PRICE, Column.SKU)),
    Kind.OWN: (_OWN, (Column.NAME, Column.PRICE)),
}
"""The columns by which a layout is known, the most telling layout first."""


@dataclass(frozen=True)
class Layout:
    """Whose file it is, in which row its headings stand, and at which place each column is."""

    kind: Kind
    heading_row: int
    places: Mapping[Column, int]

    def cell(self, row: Row, column: Column) -> Cell:
        """What a row says in a column; None where there is no such column or nothing in it."""
        place = self.places.get(column)
        cell = row.cells[place] if place is not None and place < len(row.cells) else None
        return None if cell == "" else cell

    def text(self, row: Row, column: Column) -> str:
        """The same as text."""
        return text_of(self.cell(row, column))


def layout_of(table: Sequence[Row]) -> Layout:
    """The layout by the first row that names one. Raises `UnreadableTable` where none does."""
    for row in table[:HEADING_ROWS_MAX]:
        headings = [fold(text_of(cell)[:100]) for cell in row.cells]
        for kind, (columns, needed) in _NEEDED.items():
            places = _places(headings, columns)
            if all(column in places for column in needed):
                return Layout(kind, row.number, places)
    raise UnreadableTable(
        _("Không thấy dòng tiêu đề. Tệp cần có ít nhất hai cột “Tên sản phẩm” và “Giá bán”."), field="content"
    )


def _places(headings: Sequence[str], columns: Mapping[Column, tuple[str, ...]]) -> dict[Column, int]:
    """Where each column is: by the first of its headings that is there."""
    return {
        column: headings.index(found)
        for column, spellings in columns.items()
        if (found := next((one for one in spellings if one in headings), None)) is not None
    }
