"""Amounts that people and programs ask to be paid or booked."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Conflict, InvalidInput
from marketplace.core.money import format_vnd
from marketplace.orders.checks import is_whole_number
from marketplace.orders.models import Order
from marketplace.orders.selectors import is_paid_elsewhere


class NothingToPay(Conflict):
    """The order is paid in full, or it was cancelled or has expired."""

    code = "INVALID"


class PaidElsewhere(NothingToPay):
    """The order's money is counted at the Saleor that it was bought at, and by nobody here."""


class AmountOutOfRange(InvalidInput):
    """The amount is no whole number of đồng from 1 up to what it may be at most."""


def checked_amount(amount_vnd: object, *, at_most_vnd: int) -> int:
    """`amount_vnd`, if it is a whole number of đồng, 1 to `at_most_vnd`. Raises `AmountOutOfRange`."""
    if not isinstance(amount_vnd, int) or not is_whole_number(amount_vnd) or not 1 <= amount_vnd <= at_most_vnd:
        sentence = _("Số tiền phải là số nguyên (đồng), từ 1 đến {most}.")
        raise AmountOutOfRange(format_lazy(sentence, most=format_vnd(at_most_vnd)), field="amount")
    return amount_vnd


def require_outstanding(order: Order) -> int:
    """What is still to be paid for the order, in đồng. Raises `NothingToPay` when that is nothing or it ended.

    An order that was paid in full once is paid: what is missing then was given back, and nobody owes it. Raises
    `PaidElsewhere` for what is paid at a Saleor.
    """
    if order.status == Order.Status.CANCELED:
        raise NothingToPay(_("Đơn này đã hủy, bạn đừng chuyển tiền nhé."))
    if not order.outstanding_vnd:
        raise NothingToPay(_("Đơn này đã được trả đủ."))
    if order.fully_charged_at is not None:
        raise NothingToPay(_("Đơn này đã được trả đủ một lần, rồi tiền được trả lại khách. Không thu thêm."))
    require_counted_here(order)
    return order.outstanding_vnd


def require_counted_here(order: Order) -> None:
    """Raises `PaidElsewhere` for an order whose money is written down at a Saleor alone."""
    if is_paid_elsewhere(order):
        sentence = _(
            "Đơn này bán ở Saleor và không trả bằng mã của chợ: bạn ghi tiền nhận hay trả lại ở Saleor, "
            "chợ tự lấy về."
        )
        raise PaidElsewhere(sentence)
