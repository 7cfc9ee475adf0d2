"""Orders whose goods and prices another system agreed on with the buyer: a Saleor that this market is an App of."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from catalog.models import ProductVariant
from marketplace.core.actors import SYSTEM
from marketplace.core.statements import insert
from marketplace.orders.errors import AmountWrong
from marketplace.orders.events import record_order
from marketplace.orders.expiry import UNPAID_ORDER_S
from marketplace.orders.locks import require_transaction
from marketplace.orders.models import Address, Channel, Order, OrderLine
from marketplace.orders.services.codes import issue_code
from vendors.models import Vendor


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedLine:
    """One line as the other system sold it. `total_vnd` is what is paid for it; below price times quantity, the
    difference was taken off."""

    variant: ProductVariant
    product_name: str
    variant_name: str
    quantity: int
    unit_price_vnd: int
    total_vnd: int

    @property
    def discount_vnd(self) -> int:
        """What was taken off the line, in đồng."""
        return self.unit_price_vnd * self.quantity - self.total_vnd


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedContact:
    """Who buys, and where the goods go, as the other system was told."""

    email: str = ""
    phone: str = ""
    shipping_address: Address | None = None
    billing_address: Address | None = None
    delivery_name: str = ""
    note: str = ""
    language_code: str = "vi"


def place_agreed_order(
    *,
    vendor: Vendor,
    lines: Sequence[AgreedLine],
    shipping_vnd: int,
    contact: AgreedContact,
    is_paid_by_code: bool,
    now: datetime,
) -> Order:
    """Keep one vendor's part of a sale that another system made; inside the caller's transaction.

    Its stock is that system's own: nothing is allocated here, also when it is handed over. `is_paid_by_code`: it gets
    a payment code, and its time to be paid ends like an online order's. Raises `AmountWrong` for prices that do not
    add up or come to nothing, `NoBankAccount`.
    """
    require_transaction()
    subtotal = sum(line.unit_price_vnd * line.quantity for line in lines)
    discount = sum(line.discount_vnd for line in lines)
    total = subtotal - discount + shipping_vnd
    if total <= 0 or shipping_vnd < 0 or any(line.discount_vnd < 0 or line.total_vnd < 0 for line in lines):
        raise AmountWrong(_("Các khoản của đơn hàng không khớp nhau."), field="amount")
    order = Order(
        token=uuid.uuid4(),
        vendor=vendor,
        channel=Channel.ONLINE,
        origin=Order.Origin.SALEOR,
        email=contact.email,
        phone=contact.phone,
        language_code=contact.language_code,
        shipping_address=contact.shipping_address,
        billing_address=contact.billing_address,
        delivery_name=contact.delivery_name,
        note=contact.note,
        subtotal_vnd=subtotal,
        discount_vnd=discount,
        shipping_vnd=shipping_vnd,
        total_vnd=total,
        placed_at=now,
        updated_at=now,
        expires_at=now + timedelta(seconds=UNPAID_ORDER_S[Channel.ONLINE]) if is_paid_by_code else None,
        is_demo=vendor.is_demo,
    )
    insert(order)
    _keep_lines(order, lines)
    if is_paid_by_code:
        issue_code(vendor=vendor, order=order, now=now)
    record_order("order.placed", order, actor=SYSTEM, now=now, more={"total_vnd": total})
    return order


def renew_agreed_order(*, order: Order, now: datetime) -> None:
    """Give the buyer the whole time to pay again: they ask for the code anew, for the very same goods.

    The order is locked, unpaid, waiting or expired, and keeps its code; the other system holds its stock.
    """
    require_transaction()
    is_revived = order.status == Order.Status.EXPIRED
    order.status = Order.Status.UNCONFIRMED
    order.ended_at = None
    order.expires_at = now + timedelta(seconds=UNPAID_ORDER_S[Channel.ONLINE])
    order.updated_at = now
    order.save(update_fields=["status", "ended_at", "expires_at", "updated_at"])
    if is_revived:
        record_order("order.revived", order, actor=SYSTEM, now=now)


def _keep_lines(order: Order, lines: Sequence[AgreedLine]) -> None:
    rows = [
        OrderLine(
            order=order,
            position=position,
            variant=line.variant,
            product_id_then=line.variant.product_id,
            product_name=line.product_name,
            variant_name=line.variant_name,
            unit=line.variant.unit,
            ocop_set=line.variant.product.ocop_set,
            quantity=line.quantity,
            unit_price_vnd=line.unit_price_vnd,
            discount_vnd=line.discount_vnd,
            total_vnd=line.total_vnd,
        )
        for position, line in enumerate(lines)
    ]
    insert(*rows)
