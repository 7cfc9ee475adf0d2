"""The rows of a file as goods: rows of one product joined, every value checked as a form's would be. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from catalog.imports.layouts import Column, Kind, Layout
from catalog.imports.markup import plain_text
from catalog.ocop_sets import all_sets, ocop_set
from catalog.values import (
    check_price,
    check_quantity,
    clean_name,
    clean_product_text,
    clean_sku,
    clean_unit,
    clean_variant_name,
)
from marketplace.core.errors import InvalidInput, MarketError
from marketplace.core.money import AMOUNT_TEXT_CHARACTERS_MAX, parse_vnd
from marketplace.core.tables import Cell, Row, text_of
from marketplace.core.text import fold

KINDS_A_PRODUCT_MAX: Final = 20
_NO_CENTS = re.compile(r"([0-9]+)[.,]0{1,2}")
"""Two zeros at most: three are thousands, as Vietnam writes them."""
_COUNT = re.compile(r"-?[0-9]{1,9}|-?[1-9][0-9]{0,2}(?:[., ][0-9]{3}){1,2}")
_SET_NUMBER = re.compile(r"[^\d]{0,12}([0-9]{1,2})(?![0-9])")
_ONLY_KIND = frozenset({"default title", "mac dinh", "default"})
_NOT_GOODS = ("dich vu", "combo")
_NO = frozenset({"0", "khong", "no", "false"})


class BadRow(InvalidInput):
    """A cell of a row says what cannot be."""


@dataclass(frozen=True)
class Defaults:
    """What holds where a file says nothing: the OCOP set, and what a price is for."""

    ocop_set: int | None = None
    unit: str = ""


@dataclass
class KindRead:
    """A size or kind out of one row."""

    row: int
    name: str
    unit: str
    price_vnd: int
    quantity: int | None
    sku: str | None = None
    variant_id: int | None = None


@dataclass
class GoodsRead:
    """A product out of one row or several. `problems` are sentences that keep it out, `notes` do not."""

    row: int
    name: str
    ocop_set: int = 0
    description: str = ""
    storage_note: str = ""
    shelf_life_note: str = ""
    kinds: list[KindRead] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_goods(table: Sequence[Row], layout: Layout, defaults: Defaults) -> list[GoodsRead]:
    """The products of a file in its order, each with its kinds; nothing raises, what is wrong is a problem."""
    below = [row for row in table if row.number > layout.heading_row]
    groups: dict[object, list[Row]] = {}
    for key, row in _keyed(below, layout):
        groups.setdefault(key, []).append(row)
    return [_product(rows, layout, defaults) for rows in groups.values()]


def _keyed(rows: Iterable[Row], layout: Layout) -> Iterator[tuple[object, Row]]:
    """Each row with what it shares with the rows of its product."""
    last: object = None
    for row in rows:
        name, kind = fold(layout.text(row, Column.NAME)), layout.text(row, Column.KIND)
        if layout.kind == Kind.SHOPIFY:
            key: object = ("handle", fold(layout.text(row, Column.GROUP))) if layout.cell(row, Column.GROUP) else last
            if layout.cell(row, Column.PRICE) is None and not name:
                continue  # a row that only holds a further picture's address
        elif layout.kind == Kind.KIOTVIET:
            parent = layout.text(row, Column.GROUP) or layout.text(row, Column.BASE)
            key = ("code", parent or layout.text(row, Column.SKU) or row.number)
        elif kind and (not name or last == ("name", name)):
            key = last if last is not None else ("row", row.number)
        else:
            key = ("name", name) if kind else ("row", row.number)
        last = key
        yield key, row


def _product(rows: Sequence[Row], layout: Layout, defaults: Defaults) -> GoodsRead:
    first = next((row for row in rows if layout.cell(row, Column.NAME) is not None), rows[0])
    goods = GoodsRead(row=first.number, name=layout.text(first, Column.NAME)[:80])
    if skipped := _why_no_goods(first, layout):
        goods.notes.append(skipped)
        return goods
    with _problems_noted(goods, first):
        _read_words(goods, first, layout, defaults)
    for row in rows:
        with _problems_noted(goods, row):
            goods.kinds.append(_kind(goods, row, layout, defaults, is_alone=len(rows) == 1))
    if len(goods.kinds) > KINDS_A_PRODUCT_MAX:
        goods.problems.append(_("Dòng {row}: mỗi sản phẩm có nhiều nhất 20 loại.").format(row=goods.row))
    if len({kind.name for kind in goods.kinds}) < len(goods.kinds):
        sentence = _("Dòng {row}: sản phẩm có hai loại trùng tên. Bạn ghi tên loại khác nhau.")
        goods.problems.append(sentence.format(row=goods.row))
    return goods


@contextmanager
def _problems_noted(goods: GoodsRead, row: Row) -> Iterator[None]:
    try:
        yield
    except MarketError as error:
        goods.problems.append(_("Dòng {row}: {problem}").format(row=row.number, problem=error))


def _why_no_goods(row: Row, layout: Layout) -> str:
    """Why a row is passed over that is no mistake: services, sets of other goods, what is not sold any more."""
    if layout.kind == Kind.KIOTVIET:
        if fold(layout.text(row, Column.TYPE)).startswith(_NOT_GOODS):
            return _("dịch vụ hoặc combo, chợ không nhận")
        if fold(layout.text(row, Column.ACTIVE)) in _NO:
            return _("đã ngừng kinh doanh")
    return ""


def _read_words(goods: GoodsRead, row: Row, layout: Layout, defaults: Defaults) -> None:
    goods.name = clean_name(layout.text(row, Column.NAME))
    goods.ocop_set = _set(layout.text(row, Column.SET), defaults)
    description = layout.text(row, Column.DESCRIPTION)
    if layout.kind != Kind.OWN:
        description = plain_text(description)
    goods.description = clean_product_text("description", description)
    goods.storage_note = clean_product_text("storage_note", layout.text(row, Column.STORAGE))
    goods.shelf_life_note = clean_product_text("shelf_life_note", layout.text(row, Column.SHELF_LIFE))


def _set(text: str, defaults: Defaults) -> int:
    """The number of an OCOP set, out of "6", "6 – Miến…" or the set's name."""
    if number := _SET_NUMBER.match(text):
        return ocop_set(int(number[1])).no
    named = [one.no for one in all_sets() if text and fold(one.name) == fold(text)]
    if named or defaults.ocop_set is not None:
        return named[0] if named else ocop_set(defaults.ocop_set or 0).no
    raise BadRow(_("chưa có nhóm hàng OCOP. Bạn ghi số 1–26 ở cột “Nhóm hàng OCOP”, hoặc chọn nhóm chung khi gửi."))


def _kind(goods: GoodsRead, row: Row, layout: Layout, defaults: Defaults, *, is_alone: bool) -> KindRead:
    name = _kind_name(row, layout)
    unit = layout.text(row, Column.UNIT) or defaults.unit
    quantity = _quantity(goods, row, layout)
    if layout.kind == Kind.KIOTVIET and not is_alone:
        # In KiotViet the same goods in another unit are a row whose stock is computed from the first one's.
        if layout.cell(row, Column.BASE) is not None:
            quantity = 0
            goods.notes.append(_("dòng {row} là đơn vị quy đổi: số lượng để 0, bạn khai sau").format(row=row.number))
        name = name or unit
    if not unit:
        raise BadRow(_("chưa ghi bán theo gì (gói, hũ, kg…). Bạn ghi cột “Bán theo”, hoặc điền chung khi gửi."))
    return KindRead(
        row=row.number,
        name=clean_variant_name(name, required=not is_alone),
        unit=clean_unit(unit),
        price_vnd=check_price(_price(layout.cell(row, Column.PRICE))),
        quantity=None if quantity is None else check_quantity(quantity),
        sku=clean_sku(layout.text(row, Column.SKU)),
        variant_id=_variant_id(layout.cell(row, Column.VARIANT_ID)),
    )


def _kind_name(row: Row, layout: Layout) -> str:
    texts = [layout.text(row, column) for column in (Column.KIND, Column.KIND_2, Column.KIND_3)]
    if layout.kind == Kind.KIOTVIET:  # "CỠ:500 g|MÀU:Đỏ"
        texts = [part.rpartition(":")[2].strip() for part in texts[0].split("|")]
    name = ", ".join(text for text in texts if text)
    return "" if fold(name) in _ONLY_KIND else name


def _price(cell: Cell) -> int:
    if cell is None:
        raise BadRow(_("chưa có giá bán."))
    if isinstance(cell, int):
        return cell
    if isinstance(cell, Decimal):
        if cell != cell.to_integral_value() or not cell.is_finite():
            raise BadRow(_("giá bán không chẵn đồng."))
        return int(cell)
    text = cell[: AMOUNT_TEXT_CHARACTERS_MAX + 1]
    whole = _NO_CENTS.fullmatch(text)
    return int(whole[1]) if whole else parse_vnd(text)


def _quantity(goods: GoodsRead, row: Row, layout: Layout) -> int | None:
    cell = layout.cell(row, Column.QUANTITY)
    if cell is None:
        return None
    text = text_of(cell)
    whole = _NO_CENTS.fullmatch(text)
    if whole is None and not _COUNT.fullmatch(text):
        raise BadRow(_("“{text}” không phải số nguyên.").format(text=text[:20]))
    count = int(whole[1][:12]) if whole else int(re.sub("[., ]", "", text))
    if count < 0:
        goods.notes.append(_("dòng {row} có tồn kho âm: ghi là 0").format(row=row.number))
    return max(0, count)


def _variant_id(cell: Cell) -> int | None:
    text = text_of(cell).strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= len("9" * 18)):
        raise BadRow(_("“Mã của chợ” chỉ có chữ số; bạn giữ nguyên như tệp chợ xuất ra."))
    return int(text)
