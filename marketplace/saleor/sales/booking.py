"""Money of a sale that came to a Saleor past our gateway: each movement once, split over the vendors it is for.

Nobody of ours saw it, so that it is the word of who told us and never called confirmed (decisions 0012 and 0036): it
stands beside what a shop marks by hand, in the order's own transaction for that.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import SYSTEM
from marketplace.core.clock import vietnam_date
from marketplace.core.money import format_vnd
from marketplace.core.statements import insert
from marketplace.orders.discounts import shares
from marketplace.orders.models import Order
from marketplace.saleor.models import SaleorMovement, SaleorMovementShare, SaleorPart, SaleorSale
from marketplace.saleor.sales.movements import Movement
from marketplace.saleor.sales.reading import Sold
from payments.models import Confirmation, TransactionEvent
from payments.selectors import sums_of
from payments.services.moving import BY_HAND_GATEWAYS, charge, item_by_hand, refund
from payments.services.moving import Movement as Booked

DIGEST_SHOWN_CHARACTERS = 12


def book_movements(
    sale: SaleorSale,
    parts: Sequence[SaleorPart],
    sold: Sold,
    *,
    own: Collection[str],
    now: datetime,
) -> list[str]:
    """Book what moved and is not booked yet; `own` are our gateway's transactions, whose money the bank tells of.

    The parts' orders are locked. A charge falls on what each part still costs, a refund on what each part got this
    way, in proportion and together exactly; what falls on the Saleor's own goods is kept beside. A refund of more
    than came is not booked, and is tried again whenever the order changes. Answers what a person has to see to.
    Raises what `moving.charge` raises.
    """
    known = set(sale.movements.values_list("digest", flat=True))
    new = {one.digest: one for one in sold.movements if one.source_id not in own and one.digest not in known}
    number = sold.sale.order_number
    put_off = [one for one in new.values() if not _book_movement(sale, parts, one, number=number, now=now)]
    # What came later may be what an earlier refund was of.
    too_much = [one for one in put_off if not _book_movement(sale, parts, one, number=number, now=now)]
    sentence = str(_("Saleor đã hoàn {amount}, nhiều hơn số tiền chợ ghi đã nhận ở đó: chợ chưa ghi khoản hoàn này."))
    return [sentence.format(amount=format_vnd(one.amount_vnd)) for one in too_much] + _stray(sale, parts)


def _book_movement(
    sale: SaleorSale, parts: Sequence[SaleorPart], movement: Movement, *, number: str, now: datetime
) -> bool:
    """Book one movement, unless it gives back more than came; answers whether it is booked."""
    orders = [part.order for part in parts]
    found = _refunded(sale, orders, movement) if movement.is_refund else _charged(sale, orders, movement)
    if found is None:
        return False
    *amounts, others_vnd = found
    row = SaleorMovement(
        sale=sale,
        digest=movement.digest,
        is_refund=movement.is_refund,
        amount_vnd=movement.amount_vnd,
        others_vnd=others_vnd,
        happened_at=movement.happened_at,
    )
    insert(row)
    for order, amount_vnd in zip(orders, amounts, strict=True):
        if amount_vnd:
            event = _book(order, movement, amount_vnd, number=number, now=now)
            insert(SaleorMovementShare(movement=row, event=event))
    return True


def booked_vnd(sale: SaleorSale) -> int:
    """What came past our gateway and was booked, less what went back, in đồng."""
    return _kept_vnd(sale, "amount_vnd")


def others_kept_vnd(sale: SaleorSale) -> int:
    """What came for the Saleor's own goods of the sale, less what went back, in đồng."""
    return _kept_vnd(sale, "others_vnd")


def _kept_vnd(sale: SaleorSale, column: str) -> int:
    sums = {
        is_refund: sale.movements.filter(is_refund=is_refund).aggregate(sum=Sum(column))["sum"] or 0
        for is_refund in (False, True)
    }
    return int(sums[False] - sums[True])


def _charged(sale: SaleorSale, orders: Sequence[Order], movement: Movement) -> list[int]:
    """What of a charge is each order's and, last, nobody's of ours."""
    open_orders = [order.status != Order.Status.CANCELED for order in orders]
    missing = [order.outstanding_vnd if is_open else 0 for order, is_open in zip(orders, open_orders, strict=True)]
    missing.append(max(0, sale.others_vnd - others_kept_vnd(sale)))
    first_vnd = min(movement.amount_vnd, sum(missing))
    over_vnd = movement.amount_vnd - first_vnd
    parts = shares(first_vnd, of=missing) if first_vnd else [0] * len(missing)
    if not over_vnd:
        return parts
    if not all(open_orders):  # nothing more can come for a part that was called off
        return [*parts[:-1], parts[-1] + over_vnd]
    over = shares(over_vnd, of=[*(order.total_vnd for order in orders), sale.others_vnd])
    return [one + more for one, more in zip(parts, over, strict=True)]


def _refunded(sale: SaleorSale, orders: Sequence[Order], movement: Movement) -> list[int] | None:
    """What of a refund is each order's and, last, nobody's of ours; None where more went back than came this way."""
    came = [*(_kept_by_hand_vnd(order) for order in orders), max(0, others_kept_vnd(sale))]
    if movement.amount_vnd > sum(came):
        return None
    return shares(movement.amount_vnd, of=came)


def _kept_by_hand_vnd(order: Order) -> int:
    item = order.transactions.filter(gateway=BY_HAND_GATEWAYS[Confirmation.VENDOR]).first()
    if item is None:
        return 0
    sums = sums_of(item)
    return max(0, min(sums.charged_vnd - sums.refunded_vnd, order.charged_vnd))


def _book(order: Order, movement: Movement, amount_vnd: int, *, number: str, now: datetime) -> TransactionEvent:
    happened_at = min(movement.happened_at, now)
    booked = Booked(
        amount_vnd=amount_vnd,
        confirmation=Confirmation.VENDOR,
        happened_at=happened_at,
        bank_date=vietnam_date(happened_at),
        reference=f"saleor-{movement.digest[:DIGEST_SHOWN_CHARACTERS]}",
        message=str(_("Saleor báo, đơn {number}")).format(number=number),
    )
    item = item_by_hand(order, confirmation=Confirmation.VENDOR, now=now)
    book = refund if movement.is_refund else charge
    return book(order, item, movement=booked, actor=SYSTEM, now=now)


def _stray(sale: SaleorSale, parts: Sequence[SaleorPart]) -> list[str]:
    """Money that came for a part which its vendor had called off: it is nobody's of ours, and owed to the buyer."""
    stray_vnd = others_kept_vnd(sale) - sale.others_vnd
    if stray_vnd <= 0 or all(part.order.status != Order.Status.CANCELED for part in parts):
        return []
    sentence = _("Saleor đã nhận {amount} cho phần mà gian hàng đã hủy: cần trả lại người mua.")
    return [str(sentence).format(amount=format_vnd(stray_vnd))]
