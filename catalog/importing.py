"""A shop's goods out of a CSV file: every row is tried, and all are kept or none."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.services import create_product
from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput, MarketError
from marketplace.core.money import parse_vnd
from marketplace.core.text import fold
from vendors.access import require_seller
from vendors.models import Vendor

IMPORT_BYTES_MAX = 10 * 1024 * 1024
IMPORT_ROWS_MAX = 2000
HEADINGS = {
    "name": ("name", "ten", "ten san pham"),
    "ocop_set": ("ocop set", "set", "bo", "bo san pham"),
    "price": ("price", "gia", "gia ban"),
    "unit": ("unit", "don vi", "don vi tinh"),
    "quantity": ("quantity", "so luong", "ton kho"),
    "description": ("description", "mo ta"),
}
REQUIRED = ("name", "ocop_set", "price", "unit", "quantity")


class UnreadableImport(InvalidInput):
    """The file is too large, no text, or lacks a column that every product needs."""


@dataclass(frozen=True)
class ImportOutcome:
    """What became of each row, in Vietnamese, and whether the whole was kept."""

    lines: tuple[str, ...]
    ok: bool
    added: int


class _KeepNothing(Exception):
    """Undoes the rows tried so far."""


def import_products(
    *, actor: Actor, vendor: Vendor, content: bytes, now: datetime, dry_run: bool = False
) -> ImportOutcome:
    """Add every row of a CSV file to the shop as a draft; a mistake in one row keeps all of them out.

    Columns: name, set (1-26), price ("125k" is fine), unit, quantity, and description if wanted; Vietnamese headings
    are understood. Raises `UnreadableImport` when there is nothing to try, `NotFound` for a stranger.
    """
    require_seller(actor, vendor)
    rows = list(_rows(content))
    lines: list[str] = []
    failed = 0
    try:
        with transaction.atomic():
            for number, row in enumerate(rows, start=2):
                line, problem = _try(row, number=number, actor=actor, vendor=vendor, now=now)
                lines.append(line)
                failed += problem
            if failed or dry_run:
                raise _KeepNothing
    except _KeepNothing:
        lines.append(_summary(len(rows), failed))
        return ImportOutcome(tuple(lines), ok=not failed, added=0)
    lines.append(_("Đã thêm {count} sản phẩm.").format(count=len(rows)))
    return ImportOutcome(tuple(lines), ok=True, added=len(rows))


def _summary(rows: int, failed: int) -> str:
    if failed:
        return _("{failed} dòng có lỗi trên {rows} dòng: chưa thêm gì.").format(failed=failed, rows=rows)
    return _("{rows} dòng đều đúng: chưa thêm gì vì chỉ thử.").format(rows=rows)


def _try(row: Mapping[str, str], *, number: int, actor: Actor, vendor: Vendor, now: datetime) -> tuple[str, bool]:
    try:
        with transaction.atomic():
            product = create_product(
                actor=actor,
                vendor=vendor,
                name=row["name"],
                ocop_set=_whole(row["ocop_set"]),
                price_vnd=parse_vnd(row["price"]),
                unit=row["unit"],
                quantity=_whole(row["quantity"]),
                description=row.get("description", ""),
                now=now,
            )
    except MarketError as problem:
        return _("Dòng {number}: {problem}").format(number=number, problem=problem), True
    return _("Dòng {number}: {name}").format(number=number, name=product.name), False


def _whole(text: str) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        raise InvalidInput(_("“{text}” không phải số nguyên.").format(text=digits[:20]))
    return int(digits)


def _rows(content: bytes) -> Iterator[dict[str, str]]:
    if len(content) > IMPORT_BYTES_MAX:
        raise UnreadableImport(_("Tệp lớn quá 10 MiB."), field="file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableImport(_("Tệp phải là CSV mã UTF-8."), field="file") from error
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UnreadableImport(_("Tệp CSV bị hỏng: {problem}").format(problem=error), field="file") from error
    yield from _named(table)


def _named(table: list[list[str]]) -> Iterator[dict[str, str]]:
    columns = [_column(heading) for heading in (table[0] if table else [])]
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise UnreadableImport(_("Thiếu cột: {names}.").format(names=", ".join(missing)), field="file")
    filled = [cells for cells in table[1:] if any(cell.strip() for cell in cells)]
    if len(filled) > IMPORT_ROWS_MAX:
        raise UnreadableImport(_("Nhiều nhất {most} dòng một lần.").format(most=IMPORT_ROWS_MAX), field="file")
    for cells in filled:
        padded = cells + [""] * (len(columns) - len(cells))
        yield {name: cell for name, cell in zip(columns, padded, strict=False) if name}


def _column(heading: str) -> str:
    folded = fold(heading)
    return next((name for name, spellings in HEADINGS.items() if folded in spellings), "")
