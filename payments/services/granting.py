"""Refunds that a vendor promises, and keeps: Saleor's granted refunds. The market moves none of the money."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict
from marketplace.core.requests_once import once
from marketplace.core.text import clean_line
from marketplace.orders.events import record_order
from marketplace.orders.locks import lock_order
from marketplace.orders.models import Order
from payments.models import GrantedRefund
from payments.models.refunds import REASON_CHARACTERS_MAX
from payments.services.amounts import checked_amount
from payments.services.by_hand import by_hand_kind
from payments.services.giving_back import give_back, require_free_to_go_back
from payments.services.permissions import asker, require_money_handler


class PromiseEnded(Conflict):
    """The promise was kept or taken back before."""


def grant_refund(
    *, actor: Actor, order: Order, amount_vnd: int, reason: str, now: datetime, client_id: uuid.UUID | None = None
) -> GrantedRefund:
    """Promise the buyer that money goes back: Saleor's orderGrantRefundCreate. Moves no balance.

    1 to the charged đồng less those promised before. `reason`: at most `REASON_CHARACTERS_MAX` characters, for the
    buyer to read. The same `client_id` again answers the same promise. Raises `NotFound` for strangers,
    `NotAllowed` for agents, `BadText`, `AmountOutOfRange`, `NothingToPay`, `PaidElsewhere`, `AllPromised`.
    """
    require_money_handler(actor, order.vendor)
    why = clean_line(reason, characters_max=REASON_CHARACTERS_MAX, field="reason")

    def grant() -> str:
        locked = lock_order(order.pk)
        amount = checked_amount(amount_vnd, at_most_vnd=require_free_to_go_back(locked))
        granted = GrantedRefund.objects.create(
            order=locked,
            amount_vnd=amount,
            reason=why,
            granted_by_id=actor.user_id,
            granted_at=now,
            updated_at=now,
        )
        _record("order.refund_granted", granted, locked, actor=actor, now=now)
        return str(granted.pk)

    asked = {"order": order.pk, "amount": amount_vnd, "reason": why}
    return _once(grant, "payments.grant_refund", actor=actor, asked=asked, client_id=client_id, now=now)


def settle_granted_refund(
    *,
    actor: Actor,
    granted: GrantedRefund,
    confirmation: str,
    now: datetime,
    client_id: uuid.UUID | None = None,
) -> GrantedRefund:
    """Write down that the vendor kept a promise: by transfer (VENDOR) or in CASH. All of it, as one refund.

    The same `client_id` again answers the same. Raises `NotFound` for strangers, `NotAllowed` for agents,
    `InvalidInput`, `PromiseEnded`, and `RefundTooLarge` of orders where other refunds left less than was promised.
    """
    require_money_handler(actor, granted.order.vendor)
    kind = by_hand_kind(confirmation)

    def settle() -> str:
        order, mine = _lock_waiting(granted)
        give_back(order, mine.amount_vnd, kind=kind, actor=actor, now=now, granted=mine)
        _end(mine, GrantedRefund.Status.SUCCESS, now=now)
        return str(mine.pk)

    asked = {"granted": granted.pk, "confirmation": str(kind)}
    return _once(settle, "payments.settle_granted", actor=actor, asked=asked, client_id=client_id, now=now)


def cancel_granted_refund(
    *, actor: Actor, granted: GrantedRefund, now: datetime, client_id: uuid.UUID | None = None
) -> GrantedRefund:
    """Take a promise back that was not kept yet: it ends as Saleor's FAILURE, and its money is free again.

    The same `client_id` again answers the same. Raises `NotFound` for strangers, `NotAllowed` for agents,
    `PromiseEnded`.
    """
    require_money_handler(actor, granted.order.vendor)

    def cancel() -> str:
        order, mine = _lock_waiting(granted)
        _end(mine, GrantedRefund.Status.FAILURE, now=now)
        _record("order.refund_withdrawn", mine, order, actor=actor, now=now)
        return str(mine.pk)

    return _once(
        cancel, "payments.cancel_granted", actor=actor, asked={"granted": granted.pk}, client_id=client_id, now=now
    )


def _once(
    act: Callable[[], str],
    action: str,
    *,
    actor: Actor,
    asked: dict[str, object],
    client_id: uuid.UUID | None,
    now: datetime,
) -> GrantedRefund:
    answer = once(act, action=action, owner=asker(actor), client_id=client_id, asked=asked, now=now)
    return GrantedRefund.objects.select_related("order__vendor").get(pk=int(answer))


def _lock_waiting(granted: GrantedRefund) -> tuple[Order, GrantedRefund]:
    """The order, locked, and its promise as it is now. Whoever changes a promise holds its order."""
    order = lock_order(granted.order_id)
    mine = GrantedRefund.objects.get(pk=granted.pk)
    if mine.status != GrantedRefund.Status.NONE:
        raise PromiseEnded(_("Khoản hứa trả này đã xong."))
    return order, mine


def _end(granted: GrantedRefund, status: GrantedRefund.Status, *, now: datetime) -> None:
    granted.status = status
    granted.updated_at = now
    granted.save(update_fields=["status", "updated_at"])


def _record(kind: str, granted: GrantedRefund, order: Order, *, actor: Actor, now: datetime) -> None:
    more = {"granted_refund": granted.pk, "amount_vnd": granted.amount_vnd}
    record_order(kind, order, actor=actor, now=now, more=more)
