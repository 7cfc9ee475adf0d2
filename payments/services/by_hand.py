"""Money that no bank tells of: cash over the counter, a transfer the vendor saw by themselves, a refund.

It moves the order's balance like any other and is never called confirmed.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput
from marketplace.core.requests_once import once
from marketplace.core.text import clean_line
from marketplace.orders.locks import lock_order
from marketplace.orders.models import Order
from marketplace.orders.selectors import must_be_cashless
from payments.models import Confirmation, TransactionEvent
from payments.models.transactions import REFERENCE_CHARACTERS_MAX
from payments.services.amounts import checked_amount, require_outstanding
from payments.services.giving_back import give_back, require_free_to_go_back
from payments.services.moving import BY_HAND_GATEWAYS, Movement, charge, item_by_hand
from payments.services.permissions import asker, require_money_handler


class CashNotAllowed(InvalidInput):
    """The law wants this order paid without cash."""


class Rest(StrEnum):
    """An amount that is known only once the order is locked; sent again, it is asked for in the same words."""

    OUTSTANDING = "outstanding"


def mark_paid_by_hand(
    *,
    actor: Actor,
    order: Order,
    amount_vnd: int | Rest,
    confirmation: str,
    now: datetime,
    reference: str = "",
    client_id: uuid.UUID | None = None,
) -> TransactionEvent:
    """Book what a member of the vendor received: `confirmation` CASH, or VENDOR for a transfer they saw.

    1 to the outstanding đồng, or all that is outstanding by then, counted on today's date in Vietnam; change given
    back is not a payment. `reference` is the bank's, where they read it. The same `client_id` again answers the same
    event. Raises `NotFound` for strangers, `NotAllowed` for agents, `AmountOutOfRange`, `NothingToPay`,
    `PaidElsewhere` for what is paid at a Saleor, `BadText`, `InsufficientStock` or `VoucherUsedUp` when an expired
    order's goods or its voucher's use are gone, and `CashNotAllowed` for alcohol sold online (Law 44/2019/QH14,
    article 16).
    """
    require_money_handler(actor, order.vendor)
    kind = by_hand_kind(confirmation)
    if kind == Confirmation.CASH and must_be_cashless(order):
        raise CashNotAllowed(_("Rượu bia bán qua mạng phải trả không dùng tiền mặt."), field="confirmation")
    of_bank = clean_line(reference, characters_max=REFERENCE_CHARACTERS_MAX, field="transaction_reference")
    answer = once(
        lambda: str(_mark_paid(order.pk, amount_vnd, kind=kind, reference=of_bank, actor=actor, now=now).pk),
        action="payments.mark_paid",
        owner=asker(actor),
        client_id=client_id,
        asked={"order": order.pk, "amount": amount_vnd, "confirmation": kind, "reference": of_bank},
        now=now,
    )
    return _event(answer)


def record_refund(
    *,
    actor: Actor,
    order: Order,
    amount_vnd: int,
    confirmation: str,
    now: datetime,
    client_id: uuid.UUID | None = None,
) -> TransactionEvent:
    """Write down that the vendor gave money back to the buyer: the market never holds it.

    1 to the charged đồng less those that are promised back (`granting.grant_refund`). Closes a refund that was
    due. More than one transaction holds is several events; the first is answered, and by the same `client_id`
    again. Raises `NotFound` for strangers, `NotAllowed` for agents, `AmountOutOfRange`, `NothingToPay` when
    nothing was paid, `PaidElsewhere` for what is paid at a Saleor, `AllPromised`.
    """
    require_money_handler(actor, order.vendor)
    kind = by_hand_kind(confirmation)
    answer = once(
        lambda: str(_refund(order.pk, amount_vnd, kind=kind, actor=actor, now=now).pk),
        action="payments.refund",
        owner=asker(actor),
        client_id=client_id,
        asked={"order": order.pk, "amount": amount_vnd, "confirmation": kind},
        now=now,
    )
    return _event(answer)


def _mark_paid(
    order_id: int, amount_vnd: int | Rest, *, kind: Confirmation, reference: str, actor: Actor, now: datetime
) -> TransactionEvent:
    order = lock_order(order_id)
    outstanding_vnd = require_outstanding(order)
    wanted = outstanding_vnd if amount_vnd is Rest.OUTSTANDING else amount_vnd
    amount = checked_amount(wanted, at_most_vnd=outstanding_vnd)
    item = item_by_hand(order, confirmation=kind, now=now)
    movement = Movement.by_hand(amount, kind, reference=reference, now=now)
    return charge(order, item, movement=movement, actor=actor, now=now)


def _refund(order_id: int, amount_vnd: int, *, kind: Confirmation, actor: Actor, now: datetime) -> TransactionEvent:
    order = lock_order(order_id)
    amount = checked_amount(amount_vnd, at_most_vnd=require_free_to_go_back(order))
    return give_back(order, amount, kind=kind, actor=actor, now=now)


def _event(answer: str) -> TransactionEvent:
    return TransactionEvent.objects.select_related("order").get(pk=int(answer))


def by_hand_kind(confirmation: str) -> Confirmation:
    """CASH or VENDOR: what a person may say. Raises `InvalidInput` for what only a bank or the card network says."""
    if confirmation not in BY_HAND_GATEWAYS:
        raise InvalidInput(_("Hãy chọn: tiền mặt hoặc tự thấy tiền vào tài khoản."), field="confirmation")
    return Confirmation(confirmation)
