"""Writing down that money went back to a buyer, and how much of an order's money is free to go back.

Every function here runs inside the caller's transaction, with the order locked.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Case, F, Sum, When
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict
from marketplace.orders.errors import RefundTooLarge
from marketplace.orders.models import Order
from payments.models import MONEY_IN, MONEY_OUT, Confirmation, GrantedRefund, TransactionEvent, TransactionItem
from payments.selectors import going_back_by_card_vnd, promised_vnd
from payments.services.amounts import NothingToPay, require_counted_here
from payments.services.moving import BY_HAND_GATEWAYS, VIETQR_GATEWAY, Movement, refund


class AllPromised(Conflict):
    """All that the order was charged is promised back already, or is on its way back to a card."""


def require_free_to_go_back(order: Order) -> int:
    """The đồng of an order that came, and are neither promised back nor on their way back to a card.

    Raises `NothingToPay` or `AllPromised` where that is nothing, `PaidElsewhere` for what is paid at a Saleor.
    """
    if not order.charged_vnd:
        raise NothingToPay(_("Đơn này chưa nhận khoản tiền nào."))
    require_counted_here(order)
    free_vnd = order.charged_vnd - promised_vnd(order) - going_back_by_card_vnd(order)
    if free_vnd <= 0:
        raise AllPromised(_("Số tiền này đã hứa trả lại khách, hoặc đang trả qua thẻ."))
    return free_vnd


def give_back(
    order: Order,
    amount_vnd: int,
    *,
    kind: Confirmation,
    actor: Actor,
    now: datetime,
    granted: GrantedRefund | None = None,
) -> TransactionEvent:
    """Book that a person gave back `amount_vnd`, taken from the transactions that hold most of the order's money.

    No transaction gives more than came into it, so a large refund is several events. Answers the first. Raises
    `RefundTooLarge` of orders.
    """
    if amount_vnd > order.charged_vnd - going_back_by_card_vnd(order):
        raise RefundTooLarge(_("Không thể hoàn nhiều hơn số tiền đã nhận."), field="amount")
    events = []
    for item, part_vnd in _parts(order, amount_vnd):
        movement = Movement.by_hand(part_vnd, kind, now=now, granted_refund_id=granted.pk if granted else None)
        events.append(refund(order, item, movement=movement, actor=actor, now=now))
    return events[0]


def _parts(order: Order, amount_vnd: int) -> Iterator[tuple[TransactionItem, int]]:
    """Which transaction gives how much: the fullest first, cards last."""
    moved = Sum(
        Case(
            When(events__type__in=MONEY_IN, then=F("events__amount_vnd")),
            When(events__type__in=MONEY_OUT, then=-F("events__amount_vnd")),
            default=0,
        )
    )
    items = TransactionItem.objects.filter(events__order=order).annotate(balance_vnd=moved).filter(balance_vnd__gt=0)
    left_vnd = amount_vnd
    usual = {VIETQR_GATEWAY, *BY_HAND_GATEWAYS.values()}
    for item in sorted(items.order_by("-balance_vnd", "made_at", "pk"), key=lambda item: item.gateway not in usual):
        if left_vnd:
            part_vnd = min(left_vnd, item.balance_vnd)
            left_vnd -= part_vnd
            yield item, part_vnd
