"""What a product's fields may hold: every value a person gives passes here once. Pure."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from catalog.models import PRICE_VND_MAX
from marketplace.core.errors import InvalidInput
from marketplace.core.money import format_vnd
from marketplace.core.text import BadText, clean_line, clean_text, fold

NAME_CHARACTERS_MAX = 160
DESCRIPTION_CHARACTERS_MAX = 5000
STORAGE_NOTE_CHARACTERS_MAX = 300
SHELF_LIFE_NOTE_CHARACTERS_MAX = 120
VARIANT_NAME_CHARACTERS_MAX = 80
UNIT_CHARACTERS_MAX = 40
SKU_CHARACTERS_MAX = 60
ALT_CHARACTERS_MAX = 160
REASON_CHARACTERS_MIN = 10
REASON_CHARACTERS_MAX = 300
STOCK_QUANTITY_MAX = 1_000_000

TEXT_CHARACTERS_MAX = {
    "description": DESCRIPTION_CHARACTERS_MAX,
    "storage_note": STORAGE_NOTE_CHARACTERS_MAX,
    "shelf_life_note": SHELF_LIFE_NOTE_CHARACTERS_MAX,
}
TRACE_CHARACTERS_MAX = {
    "brand": 120,
    "producer_name": 160,
    "producer_address": 200,
    "made_note": 120,
    "lot_number": 60,
    "materials_note": 300,
    "trace_code": 60,
}
"""What a product tells of where it comes from (Circular 02/2024/TT-BKHCN): the names are the model's."""


class BadPrice(InvalidInput):
    """A price is a whole number of đồng that one bank transfer can carry."""


class BadQuantity(InvalidInput):
    """A quantity is a whole number from 0 to `STOCK_QUANTITY_MAX`."""


def clean_name(text: str) -> str:
    """A product's name; it holds at least one letter or digit. Raises `BadText`."""
    name = clean_line(text, characters_max=NAME_CHARACTERS_MAX, field="name", required=True)
    if not fold(name):
        raise BadText(_("Tên sản phẩm cần có chữ."), field="name")
    return name


def clean_product_text(field: str, text: str) -> str:
    """One of the longer texts of `TEXT_CHARACTERS_MAX`; only the description has several lines. Raises `BadText`."""
    clean = clean_text if field == "description" else clean_line
    return clean(text, characters_max=TEXT_CHARACTERS_MAX[field], field=field)


def clean_trace(field: str, text: str) -> str:
    """One of the facts of `TRACE_CHARACTERS_MAX`, on one line. Raises `BadText`."""
    return clean_line(text, characters_max=TRACE_CHARACTERS_MAX[field], field=field)


def clean_unit(text: str) -> str:
    """What a price is for: "hũ", "chai 500 ml". Raises `BadText`."""
    return clean_line(text, characters_max=UNIT_CHARACTERS_MAX, field="unit", required=True)


def clean_variant_name(text: str, *, required: bool) -> str:
    """A size or kind: "Hũ 500 g". Raises `BadText`."""
    return clean_line(text, characters_max=VARIANT_NAME_CHARACTERS_MAX, field="name", required=required)


def clean_sku(text: str) -> str | None:
    """The shop's own code of a variant, or None for none: several variants may have none. Raises `BadText`."""
    return clean_line(text, characters_max=SKU_CHARACTERS_MAX, field="sku") or None


def clean_reason(text: str) -> str:
    """Why something is sent back: long enough that the shop knows what to do. Raises `BadText`."""
    reason = clean_line(text, characters_max=REASON_CHARACTERS_MAX, field="reason", required=True)
    if len(reason) < REASON_CHARACTERS_MIN:
        raise BadText(_("Hãy nói rõ cần sửa gì, để người bán biết cách làm."), field="reason")
    return reason


def check_price(price_vnd: int) -> int:
    """A price in đồng, 1 to `PRICE_VND_MAX`. Raises `BadPrice`."""
    if not _is_whole(price_vnd) or not 0 < price_vnd <= PRICE_VND_MAX:
        most = format_vnd(PRICE_VND_MAX)
        raise BadPrice(
            format_lazy(_("Giá phải là số tiền chẵn đồng, lớn hơn 0 và không quá {most}."), most=most),
            field="price_vnd",
        )
    return price_vnd


def check_quantity(quantity: int) -> int:
    """How many there are at a place, 0 to `STOCK_QUANTITY_MAX`. Raises `BadQuantity`."""
    if not _is_whole(quantity) or not 0 <= quantity <= STOCK_QUANTITY_MAX:
        raise BadQuantity(_("Số lượng phải là số nguyên từ 0 đến 1.000.000."), field="quantity")
    return quantity


def _is_whole(number: object) -> bool:
    """Whether it is an integer; Python counts True as one, people do not."""
    return isinstance(number, int) and not isinstance(number, bool)
