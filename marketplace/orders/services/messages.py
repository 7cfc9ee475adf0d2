"""What a shop tells the buyer about an order: "the parcel leaves this afternoon"."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict
from marketplace.core.requests_once import once
from marketplace.core.text import clean_text
from marketplace.orders.events import record_order
from marketplace.orders.locks import lock_order
from marketplace.orders.models import MESSAGE_CHARACTERS_MAX, Order, OrderMessage
from vendors.access import require_seller

MESSAGES_AN_ORDER_MAX = 20


class TooManyMessages(Conflict):
    """The shop wrote to this buyer as often as it may."""


def tell_buyer(
    *, actor: Actor, order: Order, text: str, now: datetime, client_id: uuid.UUID | None = None
) -> OrderMessage:
    """Write to the order's buyer, who reads it on the order's page. The same `client_id` again: the same message.

    Raises `NotFound` for a stranger, `BadText`, `TooManyMessages`; nothing is changed then.
    """
    require_seller(actor, order.vendor)
    words = clean_text(text, characters_max=MESSAGE_CHARACTERS_MAX, field="text", required=True)

    def work() -> str:
        locked = lock_order(order.pk)
        if locked.messages.count() >= MESSAGES_AN_ORDER_MAX:
            sentence = _("Mỗi đơn nhắn được {most} lần. Bạn gọi điện cho khách giúp.")
            raise TooManyMessages(format_lazy(sentence, most=MESSAGES_AN_ORDER_MAX))
        made = OrderMessage.objects.create(order=locked, user_id=actor.user_id, text=words, made_at=now)
        # The buyer's open page asks by this whether anything is new.
        locked.updated_at = now
        locked.save(update_fields=["updated_at"])
        record_order("order.message_sent", locked, actor=actor, now=now, more={"message": made.pk})
        return str(made.pk)

    answer = once(
        work, action="order.tell", owner=f"order:{order.pk}", client_id=client_id, asked={"text": words}, now=now
    )
    return OrderMessage.objects.get(pk=int(answer))
