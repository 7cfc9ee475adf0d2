"""Shops that bring their goods in a file, and what became of them."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from catalog.models import GoodsImport, Product, Stock
from catalog.selectors import variants_of
from catalog.services import importing
from catalog.services.importing import bring_goods, confirm_import, steps_of
from tests.catalog.factories import NOW, Shop

GOOD = "tên;bộ;giá;đơn vị;số lượng;mô tả\nMật ong bạc hà;4;125k;hũ 500 g;10;Ong nuôi\nMiến dong;6;85.000;gói;20;\n"


def xlsx(rows: Sequence[Sequence[Any]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    book.save(out)
    return out.getvalue()


def brought(shop: Shop, content: bytes | str, **more: Any) -> GoodsImport:
    """The owner brings this file; nothing is taken of it yet."""
    raw = content.encode() if isinstance(content, str) else content
    return bring_goods(actor=shop.owner, vendor=shop.vendor, content=raw, now=NOW, **more)


def taken(shop: Shop, content: bytes | str, **more: Any) -> GoodsImport:
    """The owner brings this file and confirms it, and all of its batches are done."""
    found = confirm_import(actor=shop.owner, goods_import=brought(shop, content, **more), now=NOW)
    while importing.continue_imports(now=NOW):
        found.refresh_from_db()
    return found


def words(found: GoodsImport) -> list[tuple[str, str, list[str]]]:
    """What is done with each product, its name, and what is said of it."""
    return [(step.action, step.name, step.words) for step in steps_of(found)]


def kinds(name: str) -> list[tuple[str, str, int, int, str | None]]:
    """Name, unit, price, stock and code of each kind of a product."""
    product = Product.objects.get(name=name)
    return [
        (one.name, one.unit, one.price_vnd, Stock.objects.get(variant=one).quantity, one.sku)
        for one in variants_of(product)
    ]
