"""What the demo market sells: real OCOP names, with whatever the sources lack invented and marked so.

Everything here is pure and deterministic: the same file gives the same shops, places and prices.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from marketplace.core.text import fold, slugify_vietnamese

ALCOHOL_SETS = frozenset({14, 15})
HEALTH_SET = 18
PRICE_STEP_VND = 1000
CERTIFICATE_MONTHS = 36

# What an invented price lies between, in đồng, and the unit it is for, by OCOP set.
SET_PRICES: dict[int, tuple[int, int, str]] = {
    1: (25_000, 90_000, "kg"),
    2: (90_000, 260_000, "kg"),
    3: (28_000, 75_000, "túi 1 kg"),
    4: (120_000, 280_000, "hũ 500 g"),
    5: (20_000, 60_000, "gói"),
    6: (30_000, 85_000, "gói 500 g"),
    7: (35_000, 120_000, "gói 250 g"),
    8: (80_000, 320_000, "túi 500 g"),
    9: (45_000, 140_000, "chai 500 ml"),
    10: (30_000, 90_000, "lọ 100 g"),
    11: (80_000, 350_000, "hộp 200 g"),
    12: (60_000, 180_000, "hộp 30 túi lọc"),
    13: (90_000, 220_000, "gói 500 g"),
    14: (70_000, 180_000, "chai 500 ml"),
    15: (90_000, 240_000, "chai 500 ml"),
    16: (8_000, 20_000, "chai 500 ml"),
    17: (15_000, 45_000, "chai 330 ml"),
    18: (120_000, 450_000, "hộp"),
    19: (40_000, 160_000, "chai"),
    20: (60_000, 200_000, "lọ"),
    21: (80_000, 400_000, "chiếc"),
    22: (120_000, 600_000, "chiếc"),
    23: (60_000, 200_000, "chậu"),
    24: (80_000, 300_000, "chậu"),
    25: (50_000, 200_000, "con"),
    26: (150_000, 500_000, "lượt"),
}
INVENTED_GIVEN_NAMES = (
    "An", "Bình", "Chiến", "Dung", "Hà", "Hạnh", "Hoa", "Hùng", "Lan", "Liên",
    "Mai", "Minh", "Nga", "Phương", "Quyên", "Sơn", "Thanh", "Thảo", "Tuyết", "Vinh",
)  # fmt: skip


@dataclass(frozen=True)
class DemoProduct:
    """One product of the demo market. `invented` names in Vietnamese what no source said."""

    key: str
    name: str
    set_no: int
    stars: int | None
    alcohol: bool
    maker: str
    maker_kind: str
    locality: str | None
    province: str
    province_old: str
    price_vnd: int
    unit: str
    quantity: int
    issued_on: date
    source: str
    as_of: str
    invented: tuple[str, ...]

    @property
    def description(self) -> str:
        """The text of its page: what the source says, and plainly what was made up for the demo."""
        made_up = ", ".join(self.invented)
        return (
            f"{self.name} là sản phẩm OCOP được nguồn công khai nhắc tới ({self.as_of}).\n\n"
            f"Đây là dữ liệu của chợ thử. Phần đặt ra để thử: {made_up}."
        )


@cache
def demo_products(today: date) -> tuple[DemoProduct, ...]:
    """All products of the demo market; certificates are dated so that most are valid on `today`."""
    rows: list[dict[str, Any]] = json.loads(
        files("marketplace.demo").joinpath("data/ocop_products.json").read_text(encoding="utf-8")
    )
    return tuple(_product(row, today=today) for row in rows)


def number_from(text: str, below: int) -> int:
    """A number from 0 to `below` - 1 that only depends on the text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % below


def _product(row: dict[str, Any], *, today: date) -> DemoProduct:
    name = str(row["name_vi"])
    set_no = int(row["set_no"])
    key = slugify_vietnamese(f"{name} {row['province_old']}")
    low, high, unit = SET_PRICES[set_no]
    price = (
        row["approx_price_vnd"] or low + number_from(f"price {key}", (high - low) // PRICE_STEP_VND) * PRICE_STEP_VND
    )
    maker, invented_maker = _maker(row, key)
    return DemoProduct(
        key=key,
        name=name,
        set_no=set_no,
        stars=row["stars"],
        alcohol=set_no in ALCOHOL_SETS,
        maker=maker,
        maker_kind=_kind(maker),
        locality=row["locality_in_source"],
        province=str(row["province"]),
        province_old=str(row["province_old"]),
        price_vnd=int(price),
        unit="kg" if row["approx_price_vnd"] else unit,
        quantity=80 + number_from(f"stock {key}", 180),
        issued_on=today - timedelta(days=40 + number_from(f"issued {key}", 1000)),
        source=str(row["source"]),
        as_of=str(row["as_of"]),
        invented=_invented(row, invented_maker=invented_maker),
    )


def _maker(row: dict[str, Any], key: str) -> tuple[str, bool]:
    if row["producer"]:
        return str(row["producer"]).removesuffix("(inferred)").strip(), False
    # Makers that no source names: a few invented households a province share their goods.
    given = INVENTED_GIVEN_NAMES[number_from(f"maker {row['province_old']} {key}", len(INVENTED_GIVEN_NAMES) // 2)]
    return f"Hộ {given} ({row['province_old']})", True


def _kind(maker: str) -> str:
    words = fold(maker)
    if words.startswith(("hop tac xa", "htx", "to hop tac", "lien hiep")):
        return "cooperative"
    if words.startswith(("cong ty", "doanh nghiep", "dntn")):
        return "enterprise"
    return "household"


def _invented(row: dict[str, Any], *, invented_maker: bool) -> tuple[str, ...]:
    parts = [] if row["approx_price_vnd"] else ["giá"]
    parts += ["số lượng", "hình vẽ", "số và ngày giấy chứng nhận"]
    if invented_maker:
        parts.append("tên người bán")
    if not row["locality_in_source"]:
        parts.append("xã, phường")
    return tuple(parts)


def makers(products: Sequence[DemoProduct]) -> dict[str, list[DemoProduct]]:
    """The goods of each maker, makers in the order of the file."""
    goods: dict[str, list[DemoProduct]] = {}
    for product in products:
        goods.setdefault(product.maker, []).append(product)
    return goods
