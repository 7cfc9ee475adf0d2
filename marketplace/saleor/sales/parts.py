"""The vendors' parts of a Saleor order: those that our gateway made when it showed the codes, or made here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductVariant
from marketplace.core.actors import SYSTEM
from marketplace.core.statements import insert
from marketplace.orders.models import Order, OrderLine
from marketplace.orders.services.agreed import place_agreed_order
from marketplace.orders.services.ending import cancel_order
from marketplace.saleor.contacts import keep_contact
from marketplace.saleor.models import Installation, SaleorPart, SaleorSale, SaleorTransaction, ToTell
from marketplace.saleor.sales.reading import Sold
from marketplace.saleor.sales.telling import tell
from marketplace.saleor.sources import SourceLine, SourceSale
from marketplace.saleor.splitting import VendorShare, split

ROUNDED_VND_A_LINE_MAX: Final = 1
"""What took something off a whole order falls on a line of the order a đồng more or less than on the checkout's."""


def own_transactions(installation: Installation, sold: Sold) -> list[SaleorTransaction]:
    """The transactions of our gateway by which this sale was, or was to be, paid."""
    of_the_sale = (
        Q(saleor_id__in=sold.transaction_ids) | Q(source_id__in=sold.sale.ids) | Q(saleor_order_id=sold.sale.id)
    )
    return list(SaleorTransaction.objects.filter(of_the_sale, installation=installation).order_by("pk"))


def parts_of(installation: Installation, sold: Sold, transactions: Sequence[SaleorTransaction]) -> list[SaleorPart]:
    """The parts of the sale that count now, oldest first."""
    of_the_sale = Q(transaction__in=transactions) | Q(saleor_order_id=sold.sale.id)
    rows = SaleorPart.objects.filter(of_the_sale, installation=installation, is_replaced=False)
    return list(rows.select_related("order__vendor__commune", "transaction").order_by("pk"))


def agree_parts(
    sale: SaleorSale,
    parts: Sequence[SaleorPart],
    sold: Sold,
    variants: Mapping[str, ProductVariant],
    *,
    now: datetime,
) -> list[SaleorPart]:
    """The parts as the order was bought in the end, an order of ours for each vendor; their orders are locked.

    A part of other goods or another price that no money came for is replaced, and its order called off so that its
    code dies: the buyer saw a code, and changed the basket. One with money stays as it is. New parts get no payment
    code. Raises what `splitting.split` and `place_agreed_order` raise.
    """
    if parts and sold.is_ended:
        return list(parts)
    found = split(sold.sale, variants)
    by_vendor = {share.vendor.pk: share for share in found.shares if share.total_vnd}
    is_same_sum = sum(part.order.total_vnd for part in parts) == sum(one.total_vnd for one in by_vendor.values())
    rounded_vnd = ROUNDED_VND_A_LINE_MAX * len(sold.sale.lines) if is_same_sum else 0
    kept = []
    for part in parts:
        share = by_vendor.get(part.order.vendor_id)
        if _has_money(part.order) or _is_sold_so(part, share, sold, variants, rounded_vnd=rounded_vnd):
            kept.append(part)
        else:
            _replace(part, now=now)
    known = {part.order.vendor_id for part in kept}
    new = [share for vendor_id, share in by_vendor.items() if vendor_id not in known]
    if new or not parts:
        sale.others_vnd = found.others_vnd
    return kept + [_make_part(sale, share, sold, now=now) for share in new]


def _has_money(order: Order) -> bool:
    return order.charged_vnd > 0 or order.fully_charged_at is not None


def _is_sold_so(
    part: SaleorPart,
    share: VendorShare | None,
    sold: Sold,
    variants: Mapping[str, ProductVariant],
    *,
    rounded_vnd: int,
) -> bool:
    """Whether the part is what its vendor sold, at its price, give or take what was rounded."""
    if any(line.id in part.lines.values() and line.variant_id not in variants for line in sold.sale.lines):
        return True  # its goods are sold there no more, and the order has them all the same
    if share is None:
        return False
    mine = part.order.lines.values_list("variant_id", "quantity")
    theirs = [(line.variant.pk, line.quantity) for line in share.lines]
    return Counter(mine) == Counter(theirs) and abs(part.order.total_vnd - share.total_vnd) <= rounded_vnd


def _replace(part: SaleorPart, *, now: datetime) -> None:
    part.is_replaced = True
    part.save(update_fields=["is_replaced"])
    if part.order.status == Order.Status.UNCONFIRMED:
        cancel_order(actor=SYSTEM, order=part.order, reason=str(_("Người mua đã đổi đơn.")), now=now)


def _make_part(sale: SaleorSale, share: VendorShare, sold: Sold, *, now: datetime) -> SaleorPart:
    order = place_agreed_order(
        vendor=share.vendor,
        lines=share.lines,
        shipping_vnd=share.shipping_vnd,
        contact=keep_contact(sold.sale),
        is_paid_by_code=False,
        now=now,
    )
    line_ids = order.lines.order_by("position", "pk").values_list("pk", flat=True)
    part = SaleorPart(
        installation_id=sale.installation_id,
        order=order,
        saleor_order_id=sale.saleor_id,
        lines={str(ours): theirs for ours, theirs in zip(line_ids, share.line_ids, strict=True)},
    )
    insert(part)
    return part


def link_transactions(transactions: Iterable[SaleorTransaction], sold: Sold) -> None:
    """Transactions that were begun for a checkout pay this order now."""
    order_id, number = sold.sale.id, sold.sale.order_number
    for transaction in transactions:
        if (transaction.saleor_order_id, transaction.saleor_order_number) != (order_id, number):
            transaction.saleor_order_id, transaction.saleor_order_number = order_id, number
            transaction.save(update_fields=["saleor_order_id", "saleor_order_number"])


def link_parts(
    parts: Sequence[SaleorPart],
    sold: Sold,
    variants: Mapping[str, ProductVariant],
    *,
    now: datetime,
) -> list[str]:
    """Parts that our gateway made for a checkout are now the order's; answers in which way the two differ.

    What the buyer was asked for stays as it is: a difference is named for a person, and no money rewritten.
    """
    order_id = sold.sale.id
    theirs = [(line, variants[line.variant_id].pk) for line in sold.sale.lines if line.variant_id in variants]
    problems = []
    for part in parts:
        own = list(part.order.lines.order_by("position", "pk"))
        mapped, is_same = _mapped(own, theirs)
        if not is_same:
            name = part.order.vendor.name
            problems.append(str(_("Món của gian hàng {name} đã đổi ở Saleor.")).format(name=name))
        if part.saleor_order_id != order_id:
            _tell_what_happened(part, now=now)
        if part.saleor_order_id != order_id or part.lines != mapped:
            part.saleor_order_id, part.lines = order_id, mapped
            part.save(update_fields=["saleor_order_id", "lines"])
            _complete_contact(part.order, sold.sale)
    if any(line.total_vnd for line, _pk in theirs):
        problems.append(str(_("Đơn ở Saleor có món mà các phần ở chợ không có.")))
    return problems


def _tell_what_happened(part: SaleorPart, *, now: datetime) -> None:
    """What the vendor did before there was an order at the Saleor, it is told now that there is one."""
    if part.order.status == Order.Status.CANCELED:
        tell(part, ToTell.Kind.CANCELLED, now=now)
    elif part.order.fulfillments.exists():
        tell(part, ToTell.Kind.FULFILLED, now=now)


def _mapped(own: Sequence[OrderLine], theirs: list[tuple[SourceLine, int]]) -> tuple[dict[str, str], bool]:
    """Our line's id -> the Saleor's, and whether the lines are the same; `theirs` loses what was found.

    A Saleor's order line does not say which checkout line it was: the one of the same goods, quantity and price is
    taken, then one of the same goods.
    """
    mapped: dict[str, str] = {}
    is_same = True
    for line in own:
        alike = [pair for pair in theirs if pair[1] == line.variant_id]
        exact = [pair for pair in alike if (pair[0].quantity, pair[0].total_vnd) == (line.quantity, line.total_vnd)]
        found = next(iter(exact or alike), None)
        is_same = is_same and found is not None and found[0].quantity == line.quantity
        if found is not None:
            theirs.remove(found)
            mapped[str(line.pk)] = found[0].id
    return mapped, is_same


def _complete_contact(order: Order, sale: SourceSale) -> None:
    """Put what the Saleor was told after the code was shown where the part has nothing yet."""
    fields = ("email", "phone", "shipping_address", "billing_address", "delivery_name", "note")
    missing = [name for name in fields if not getattr(order, name)]
    told = keep_contact(sale) if missing else None
    changed = [name for name in missing if getattr(told, name)]
    for name in changed:
        setattr(order, name, getattr(told, name))
    if changed:
        order.save(update_fields=changed)
