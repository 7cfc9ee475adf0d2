"""Whole numbers and keys as they come from outside: of the right kind and within what the database holds. Pure."""

from __future__ import annotations

import uuid

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import NotFound
from marketplace.core.phone import InvalidPhone, parse_phone
from marketplace.orders.errors import AmountWrong, QuantityTooLarge, QuantityWrong
from marketplace.orders.models import LINE_QUANTITY_MAX

ROW_ID_MAX = 2**63 - 1
AMOUNT_VND_MAX = 999_999_999_999
"""What one order may cost and one booking may move; the same bound as `payments.matching`."""


def is_whole_number(value: object) -> bool:
    """Whether this is an int; a bool is none, although Python counts it as one."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_row_id(value: object) -> bool:
    """Whether a row may have this key: a whole number that the column can hold."""
    return isinstance(value, int) and is_whole_number(value) and 1 <= value <= ROW_ID_MAX


def known_uuid(value: object) -> uuid.UUID:
    """The value as it is. Raises `NotFound` for what can be nobody's secret."""
    if not isinstance(value, uuid.UUID):
        raise NotFound(_("Không tìm thấy."))
    return value


def line_quantity(value: object, *, least: int = 1) -> int:
    """How many of one thing. Raises `QuantityWrong` below `least`, `QuantityTooLarge`."""
    if not isinstance(value, int) or not is_whole_number(value):
        raise QuantityWrong(_("Số lượng phải là một số nguyên."), field="quantity", code="INVALID")
    if value < least:
        raise QuantityWrong(_("Số lượng phải từ 1 trở lên."), field="quantity")
    if value > LINE_QUANTITY_MAX:
        raise QuantityTooLarge(
            format_lazy(_("Mỗi món chỉ đặt được tối đa {most}."), most=LINE_QUANTITY_MAX), field="quantity"
        )
    return value


def moved_amount(value: object) -> int:
    """Đồng that move: 1 to `AMOUNT_VND_MAX`. Raises `AmountWrong`."""
    if not isinstance(value, int) or not is_whole_number(value) or not 1 <= value <= AMOUNT_VND_MAX:
        raise AmountWrong(_("Số tiền phải là số nguyên (đồng), lớn hơn 0."), field="amount")
    return value


def phone_number(text: str, *, field: str) -> str:
    """The number in E.164 form. Raises `InvalidPhone` naming `field`."""
    try:
        return parse_phone(text)
    except InvalidPhone as error:
        raise InvalidPhone(error.message, field=field) from error
