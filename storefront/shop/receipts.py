"""An order written out as a receipt to print or keep: who sold what to whom, and what was paid, says whom.

The law on consumers (19/2023/QH15, articles 37 and 38) gives the buyer of a sale at a distance a copy to keep. It is
no tax invoice, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from marketplace.core.clock import VIETNAM
from marketplace.core.money import amount_in_words, format_vnd
from marketplace.core.phone import format_phone
from marketplace.orders.models import Order
from payments.models import MONEY_MOVES, TransactionEvent
from storefront.templatetags.shop import address_words, delivery_words
from storefront.templatetags.work import confirmation_words

MOVES_SHOWN_MAX = 50
ENDED = frozenset({Order.Status.CANCELED.value, Order.Status.EXPIRED.value})


@dataclass(frozen=True)
class Line:
    """Something sold, what was taken off (below 0), or the way it came: how many at which price, and the sum."""

    name: str
    count: str
    total_vnd: int

    @property
    def amount(self) -> str:
        """The sum as it stands on the receipt."""
        if not self.total_vnd:
            return _("không mất phí")
        return f"−{format_vnd(-self.total_vnd)}" if self.total_vnd < 0 else format_vnd(self.total_vnd)


@dataclass(frozen=True)
class Move:
    """Money that came, or went back (below 0), in đồng."""

    what: str
    moment: str
    amount_vnd: int

    @property
    def back_vnd(self) -> int:
        """What went back, in đồng."""
        return max(0, -self.amount_vnd)


@dataclass(frozen=True)
class ReceiptSheet:
    """All that stands on a receipt, in the reader's language."""

    title: str
    number: str
    placed: str
    seller: list[str]
    """The shop as the law has it named: name, address, registration, phone."""
    buyer: list[str]
    lines: list[Line]
    total_vnd: int
    moves: list[Move]
    paid_vnd: int
    left_vnd: int
    is_paid: bool
    is_demo: bool
    remark: str

    @property
    def total_in_words(self) -> str:
        """The total as it is said."""
        return amount_in_words(self.total_vnd, capitalised=True)


def receipt_of(order: Order) -> ReceiptSheet:
    """The receipt of an order as it stands now; one statement besides the order's own."""
    was_paid = order.fully_charged_at is not None
    is_paid = bool(order.charged_vnd) and (was_paid or not order.outstanding_vnd)
    return ReceiptSheet(
        title=_("Biên nhận") if is_paid or was_paid else _("Phiếu đặt hàng"),
        number=order.number,
        placed=_moment(order.placed_at),
        seller=_seller(order),
        buyer=_buyer(order),
        lines=_lines(order),
        total_vnd=order.total_vnd,
        moves=_moves(order),
        paid_vnd=order.charged_vnd,
        left_vnd=0 if was_paid or order.status in ENDED else order.outstanding_vnd,
        is_paid=is_paid,
        is_demo=order.is_demo,
        remark=_remark(order, is_paid=is_paid),
    )


def _remark(order: Order, *, is_paid: bool) -> str:
    if order.status == Order.Status.CANCELED:
        return _("Đơn này đã hủy.")
    if order.status == Order.Status.EXPIRED:
        return _("Đơn này đã hết hạn.")
    if order.fully_charged_at and not order.charged_vnd:
        return _("Tiền đơn này đã trả lại người mua.")
    return "" if is_paid else _("Đơn này chưa trả đủ tiền.")


def _seller(order: Order) -> list[str]:
    vendor = order.vendor
    address = ", ".join(part for part in (vendor.address_line, vendor.commune.label) if part)
    number = vendor.registration_number
    registered = _("Mã số thuế, đăng ký: %(number)s") % {"number": number} if number else ""
    return [part for part in (vendor.name, address, registered, format_phone(vendor.phone)) if part]


def _buyer(order: Order) -> list[str]:
    phone = format_phone(order.phone) if order.phone else order.email
    address = order.shipping_address
    where = address_words(address) if address is not None and order.pick_up_at_id is None else ""
    return [part for part in (phone, where) if part]


def _lines(order: Order) -> list[Line]:
    goods = [
        Line(
            name=f"{line.product_name}, {line.variant_name}" if line.variant_name else line.product_name,
            count=f"{line.quantity} {line.unit} × {format_vnd(line.unit_price_vnd)}".replace("  ", " "),
            total_vnd=line.undiscounted_total_vnd,
        )
        for line in order.lines.all()
    ]
    return [*goods, *_discount(order), Line(delivery_words(order), "", order.shipping_vnd)]


def _discount(order: Order) -> list[Line]:
    if not order.discount_vnd:
        return []
    return [Line(_("Giảm giá, mã %(code)s") % {"code": order.voucher_code}, "", -order.discount_vnd)]


def _moves(order: Order) -> list[Move]:
    rows = TransactionEvent.objects.filter(order=order, type__in=MONEY_MOVES).order_by("pk")[:MOVES_SHOWN_MAX]
    return [
        Move(
            what=str(confirmation_words(row.confirmation)) if came else _("Trả lại người mua"),
            moment=_moment(row.happened_at),
            amount_vnd=row.amount_vnd if came else -row.amount_vnd,
        )
        for row in rows
        for came in [row.type == TransactionEvent.Type.CHARGE_SUCCESS]
    ]


def _moment(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).strftime("%H:%M · %d/%m/%Y")
