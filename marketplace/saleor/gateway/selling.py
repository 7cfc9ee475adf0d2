"""The orders of ours behind a sale at a Saleor: one for each vendor, made once, renewed, or replaced.

All that is written here is written under the lock of the installation's row, so that two tabs, a storefront that
asks twice and two Saleor workers make one order a vendor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import SYSTEM
from marketplace.core.errors import Conflict
from marketplace.core.statements import insert
from marketplace.orders.locks import lock_order
from marketplace.orders.models import Order
from marketplace.orders.services.agreed import place_agreed_order, renew_agreed_order
from marketplace.orders.services.codes import live_code_of_order
from marketplace.orders.services.ending import cancel_order
from marketplace.saleor.contacts import keep_contact
from marketplace.saleor.models import Installation, SaleorPart, SaleorTransaction
from marketplace.saleor.sources import SourceSale
from marketplace.saleor.splitting import VendorShare


class MoneyCameBefore(Conflict):
    """Money came for a part of the sale that is another one now: only its vendor can settle that."""


class VendorMayNotSell(Conflict):
    """The vendor is not verified, or was stopped from selling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A vendor's part of a sale with its order, as they are now."""

    row: SaleorPart
    order: Order

    @property
    def is_paid(self) -> bool:
        """Whether nobody owes anything for it, also where money went back afterwards."""
        return not self.order.outstanding_vnd or self.order.fully_charged_at is not None


def begin_sale(
    *,
    installation: Installation,
    transaction_id: str,
    sale: SourceSale,
    wanted: Sequence[VendorShare],
    amount_vnd: int,
    now: datetime,
) -> list[Part]:
    """The sale's parts, each with its order of ours; begun by this transaction of the Saleor where there were none.

    Unchanged parts are the same orders with the same codes, given their whole time again. A part that changed, or
    that is wanted no more, is marked as replaced and its unpaid order cancelled: money that still comes for it waits
    for its vendor like all late money. Raises `MoneyCameBefore`, `VendorMayNotSell`, what `place_agreed_order`
    raises; nothing is changed then.
    """
    with transaction.atomic():
        # Nothing else is the sale's own before its first row. NO KEY: rows that name the installation do not wait.
        Installation.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=installation.pk)
        row = _transaction(installation, transaction_id, sale, amount_vnd=amount_vnd, now=now)
        wanted_by_vendor = {share.vendor.pk: share for share in wanted}
        kept = [part for part in _locked_parts(installation, sale.ids) if _stays(part, wanted_by_vendor, now=now)]
        for part in kept:
            _adopt(part, row, now=now)
        known = {part.order.vendor_id for part in kept}
        new = [_place(row, share, sale, now=now) for share in wanted if share.vendor.pk not in known]
        place = {share.vendor.pk: number for number, share in enumerate(wanted)}
        return sorted([*kept, *new], key=lambda part: place[part.order.vendor_id])


def parts_of_sale(installation: Installation, source_ids: Sequence[str]) -> list[Part]:
    """The parts of a sale that count now, in the order they were made; two statements, each found by indexes."""
    return [Part(row=row, order=row.order) for row in _rows(installation, source_ids)]


def transaction_of(installation: Installation, transaction_id: str) -> SaleorTransaction | None:
    """Our row of a Saleor's TransactionItem, if the sale was ever begun by it."""
    return SaleorTransaction.objects.filter(installation=installation, saleor_id=transaction_id).first()


def source_ids_of(row: SaleorTransaction) -> tuple[str, ...]:
    """The ids that the sale of a transaction has at the Saleor: the Checkout's and the Order's that it became."""
    return tuple(filter(None, (row.source_id, row.saleor_order_id)))


def _rows(installation: Installation, source_ids: Sequence[str]) -> list[SaleorPart]:
    begun = SaleorTransaction.objects.filter(Q(source_id__in=source_ids) | Q(saleor_order_id__in=source_ids))
    # One OR over both tables has no index. Whose it is, is looked at here: by it alone a database would find all.
    own = [pk for pk, owner in begun.values_list("pk", "installation_id") if owner == installation.pk]
    rows = SaleorPart.objects.filter(Q(transaction__in=own) | Q(saleor_order_id__in=source_ids), is_replaced=False)
    found = rows.select_related("transaction", "order__vendor__commune").order_by("pk")
    return [row for row in found if row.installation_id == installation.pk]


def _locked_parts(installation: Installation, source_ids: Sequence[str]) -> list[Part]:
    rows = sorted(_rows(installation, source_ids), key=lambda row: row.order_id)
    return [Part(row=row, order=lock_order(row.order_id)) for row in rows]


def _transaction(
    installation: Installation, transaction_id: str, sale: SourceSale, *, amount_vnd: int, now: datetime
) -> SaleorTransaction:
    row, _made = SaleorTransaction.objects.get_or_create(
        installation=installation,
        saleor_id=transaction_id,
        defaults={
            "source": sale.kind,
            "source_id": sale.id,
            "saleor_order_id": sale.order_id,
            "saleor_order_number": sale.order_number,
            "amount_vnd": amount_vnd,
            "made_at": now,
        },
    )
    return row


def _stays(part: Part, wanted: Mapping[int, VendorShare], *, now: datetime) -> bool:
    """Whether the part is what its vendor sells now; renewed then, else replaced. Order locked."""
    share, order = wanted.get(part.order.vendor_id), part.order
    has_money = order.charged_vnd > 0 or order.fully_charged_at is not None
    is_called_off = order.status == Order.Status.CANCELED
    if share is not None and not is_called_off and _is_same(order, share):
        # An order that came from the Saleor itself, unpaid, runs out there and not here.
        if not has_money and (order.expires_at is not None or order.status == Order.Status.EXPIRED):
            renew_agreed_order(order=order, now=now)
        return True
    if has_money and not is_called_off:
        raise MoneyCameBefore(_("Đã có tiền chuyển cho đơn này trước khi đơn đổi. Bạn liên hệ gian hàng giúp nhé."))
    part.row.is_replaced = True
    part.row.save(update_fields=["is_replaced"])
    if order.status == Order.Status.UNCONFIRMED:
        cancel_order(actor=SYSTEM, order=order, reason=str(_("Người mua đã đổi đơn.")), now=now)
    return False


def _is_same(order: Order, share: VendorShare) -> bool:
    mine = [
        (line.variant_id, line.quantity, line.total_vnd)
        for line in order.lines.order_by("position", "pk").only("variant_id", "quantity", "total_vnd")
    ]
    theirs = [(line.variant.pk, line.quantity, line.total_vnd) for line in share.lines]
    return order.shipping_vnd == share.shipping_vnd and mine == theirs


def _adopt(part: Part, row: SaleorTransaction, *, now: datetime) -> None:
    """An order that came from the Saleor unpaid is paid by us now: its money is reported with this transaction.

    Its code is what lets its money be counted here. Order locked.
    """
    if part.row.transaction_id is None:
        part.row.transaction = row
        part.row.save(update_fields=["transaction"])
        live_code_of_order(order=part.order, now=now)


def _place(row: SaleorTransaction, share: VendorShare, sale: SourceSale, *, now: datetime) -> Part:
    if not share.vendor.may_sell:
        raise VendorMayNotSell(_("Gian hàng {name} đang tạm ngừng bán.").format(name=share.vendor.name))
    order = place_agreed_order(
        vendor=share.vendor,
        lines=share.lines,
        shipping_vnd=share.shipping_vnd,
        contact=keep_contact(sale),
        is_paid_by_code=True,
        now=now,
    )
    line_ids = order.lines.order_by("position", "pk").values_list("pk", flat=True)
    part = SaleorPart(
        installation_id=row.installation_id,
        transaction=row,
        order=order,
        saleor_order_id=sale.order_id,
        lines={str(ours): theirs for ours, theirs in zip(line_ids, share.line_ids, strict=True)},
    )
    insert(part)
    return Part(row=part, order=order)
