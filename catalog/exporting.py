"""A shop's goods as a file in our own layout, which may be brought back: one row a kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from catalog.models import Product, ProductVariant
from catalog.ocop_sets import all_sets, ocop_set
from catalog.selectors.stocks import quantity_by_variant
from marketplace.core.actors import Actor
from marketplace.core.tables import Cell, write_csv, write_xlsx
from vendors.access import require_seller
from vendors.models import Vendor

HEADINGS: Final = (
    "Mã của chợ",
    "Tên sản phẩm",
    "Nhóm hàng OCOP",
    "Loại",
    "Giá bán",
    "Bán theo",
    "Số lượng",
    "Mã hàng",
    "Chuyện của sản phẩm",
    "Cách giữ",
    "Hạn dùng",
    "Trạng thái",
)
"""Vietnamese whatever the page's language: they are what the file is known by when it comes back."""
WIDTHS: Final = (12, 34, 30, 16, 12, 16, 10, 14, 50, 30, 20, 14)
EXAMPLES: Final[tuple[tuple[Cell, ...], ...]] = (
    ("Miến dong Phia Đén", 6, "Gói 500 g", "60k", "gói", 40, "MD-500", "Tráng tay.", "Nơi khô ráo", "12 tháng"),
    ("Miến dong Phia Đén", "", "Gói 1 kg", "110k", "gói", 20, "MD-1000", "", "", ""),
    ("Mật ong bạc hà", 4, "", "1tr2", "can 5 lít", 6, "", "", "", "24 tháng"),
)


def export_rows(*, actor: Actor, vendor: Vendor) -> list[list[Cell]]:
    """Headings, then every kind of every product of the shop; two statements. Raises `NotFound` for strangers."""
    require_seller(actor, vendor)
    variants = list(
        ProductVariant.objects.filter(product__vendor=vendor, is_active=True)
        .select_related("product")
        .order_by("product__sort_key", "product_id", "position", "pk")
    )
    lying = quantity_by_variant([one.pk for one in variants])
    rows: list[list[Cell]] = [[*HEADINGS]]
    rows.extend(_rows(variants, lying))
    return rows


def _rows(variants: list[ProductVariant], lying: dict[int, int]) -> Iterator[list[Cell]]:
    last = 0
    for one in variants:
        product, is_first = one.product, one.product_id != last
        last = one.product_id
        words: list[Cell] = (
            [product.description, product.storage_note, product.shelf_life_note] if is_first else [""] * 3
        )
        label = str(Product.Listing(product.listing).label)
        row: list[Cell] = [
            one.pk,
            product.name,
            f"{product.ocop_set} – {ocop_set(product.ocop_set).name}",
            one.name,
            one.price_vnd,
            one.unit,
            lying.get(one.pk, 0),
            one.sku or "",
            *(words if is_first else [""] * len(words)),
            label,
        ]
        yield row


def export_csv(*, actor: Actor, vendor: Vendor) -> bytes:
    """The shop's goods as CSV. Raises `NotFound` for strangers."""
    return write_csv(export_rows(actor=actor, vendor=vendor))


def export_xlsx(*, actor: Actor, vendor: Vendor) -> bytes:
    """The shop's goods as XLSX. Raises `NotFound` for strangers."""
    return write_xlsx([(_("Hàng"), export_rows(actor=actor, vendor=vendor), WIDTHS)])


def template_xlsx() -> bytes:
    """An empty file to fill in, with examples and the 26 sets on sheets of their own behind it."""
    columns = HEADINGS[1:-1]
    sets: list[list[Cell]] = [["Số", "Nhóm hàng OCOP"]]
    sets.extend([one.no, one.name] for one in all_sets())
    examples: list[list[Cell]] = [list(columns), *(list(row) for row in EXAMPLES)]
    return write_xlsx(
        [
            ("Hàng", [list(columns)], WIDTHS[1:-1]),
            ("Ví dụ", examples, WIDTHS[1:-1]),
            ("26 nhóm hàng", sets, (8, 90)),
        ]
    )
