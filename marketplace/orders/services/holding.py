"""Holding a checkout's stock and prices while its buyer pays before there is an order."""

from __future__ import annotations

from datetime import datetime, timedelta

from marketplace.core.many_rows import update_all
from marketplace.core.statements import update
from marketplace.orders.drafts import Draft, is_held
from marketplace.orders.locks import lock_stocks
from marketplace.orders.models import Checkout
from marketplace.orders.services import stock
from marketplace.orders.services.voucher_uses import give_back_held, hold_use

RESERVATION_S = 30 * 60
"""How long a checkout's stock and prices are held for its payment. A bank's notice may take some minutes."""
HOLD_S_MAX = 60 * 60
"""How long one hold lasts, however often it is renewed: nobody keeps goods, an old price or a voucher's use without
paying. Whoever asks after that is asked for the prices of then."""


def hold(draft: Draft, *, now: datetime) -> None:
    """Hold the draft's stock, prices and voucher for `RESERVATION_S` seconds from now.

    Again: renewed, at most until `HOLD_S_MAX` seconds after it began. A hold that is over begins anew. The
    checkout must be locked. Its own hold counts as free to it. Raises `InsufficientStock`.
    """
    checkout = draft.checkout
    hold_use(draft)
    mine = stock.reservations_of(checkout)
    stocks = lock_stocks(
        variant_ids=[line.variant.pk for line in draft.lines], stock_ids=[row.stock_id for row in mine]
    )
    held_on = stock.drop_reservations(mine, stocks)
    takings = stock.plan(
        stock.wanted_by_checkout([line.line for line in draft.lines]),
        stock.usable(stocks, also=held_on),
        first_warehouse_id=draft.delivery.pick_up_at_id if draft.delivery is not None else None,
    )
    stock.reserve(takings, stocks)
    stock.write(stocks)
    for line in draft.lines:
        line.line.held_price_vnd = line.unit_price_vnd
    update_all([line.line for line in draft.lines], ("held_price_vnd",))
    if checkout.held_since is None or not is_held(checkout, now=now):
        checkout.held_since = now
    until = now + timedelta(seconds=RESERVATION_S)
    checkout.reserved_until = min(until, checkout.held_since + timedelta(seconds=HOLD_S_MAX))
    checkout.updated_at = now
    update(checkout, ("reserved_until", "held_since", "held_discount_vnd", "updated_at"))


def release_hold(checkout: Checkout) -> None:
    """Give back what is held for a locked checkout, and forget the prices held with it."""
    if checkout.reserved_until is None:
        return
    give_back_held(checkout)
    mine = stock.reservations_of(checkout)
    stocks = lock_stocks(stock_ids=[row.stock_id for row in mine])
    stock.drop_reservations(mine, stocks)
    stock.write(stocks)
    checkout.lines.update(held_price_vnd=None)
    checkout.reserved_until = checkout.held_since = None
    update(checkout, ("reserved_until", "held_since", "held_discount_vnd"))
