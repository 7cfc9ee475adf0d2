"""The sale over the counter: goods or a typed amount become an order, paid by the code on the seller's phone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.requests_once import once
from marketplace.orders.checks import moved_amount
from marketplace.orders.drafts import draft_of, require_ready
from marketplace.orders.errors import CheckoutNotReady, NotForSale
from marketplace.orders.goods import LineWanted, summed
from marketplace.orders.models import Channel, Order
from marketplace.orders.services.filling import add_to, open_checkout
from marketplace.orders.services.placing import place_draft
from vendors.access import require_seller
from vendors.models import Vendor


def sell_at_stall(
    *,
    actor: Actor,
    vendor: Vendor,
    now: datetime,
    lines: Sequence[LineWanted] = (),
    amount_vnd: int = 0,
    age_declared: bool = False,
    client_id: uuid.UUID | None = None,
) -> Order:
    """An unpaid order of the channel `stall`: these goods, and `amount_vnd` đồng for what is in no catalogue.

    Its stock is allocated, its code is live, and its goods are handed over by the money itself
    (`charging.apply_charge`). `age_declared`: the seller saw that the buyer of alcohol is 18 or over. The same
    `client_id` again answers the same order. Raises `NotFound` for a stranger, `NotForSale` also for a shop that may
    not sell, `CheckoutNotReady` for neither goods nor an amount, `AmountWrong`, `TotalTooLarge`, `NoBankAccount`,
    `InsufficientStock`, and what `checkouts.create_checkout` raises of lines; nothing is changed then.
    """
    require_seller(actor, vendor)
    if not vendor.may_sell:
        raise NotForSale(_("Gian hàng được xã xác minh rồi mới bán được."), code="UNAVAILABLE_VARIANT_IN_CHANNEL")
    quantities = summed(lines)
    typed_vnd = moved_amount(amount_vnd) if amount_vnd else 0
    if not (quantities or typed_vnd):
        raise CheckoutNotReady(_("Bạn gõ số tiền hoặc chọn hàng trước nhé."), field="amount", code="NO_LINES")

    def sell() -> str:
        # The checkout lives only inside this transaction: what makes an order of goods is the same as on the pages.
        checkout = open_checkout(
            vendor=vendor, channel=Channel.STALL, user=None, basket=None, contact={"email": "", "phone": ""}, now=now
        )
        add_to(checkout, quantities, age_declared=age_declared, now=now)
        draft = replace(draft_of(checkout, now=now), typed_vnd=typed_vnd)
        require_ready(draft)
        return str(place_draft(draft, actor=actor, now=now).pk)

    asked = {"vendor": vendor.pk, "lines": quantities, "amount": typed_vnd, "age_declared": age_declared}
    made = once(sell, action="order.stall", owner=f"user:{actor.user_id}", client_id=client_id, asked=asked, now=now)
    return Order.objects.select_related("vendor__commune").get(pk=int(made))
