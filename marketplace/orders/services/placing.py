"""Making an order out of a checkout: stock taken, prices and names frozen, a code to pay with. One transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import SYSTEM, Actor
from marketplace.core.journal import JsonValue
from marketplace.core.metadata import Change
from marketplace.core.requests_once import once
from marketplace.core.statements import insert, update
from marketplace.orders.checks import known_uuid
from marketplace.orders.drafts import Draft, contact_phone, is_held, require_ready, shop_of
from marketplace.orders.errors import DeliveryNotOffered, InsufficientStock, no_such_checkout
from marketplace.orders.events import record_order
from marketplace.orders.expiry import UNPAID_ORDER_S
from marketplace.orders.locks import lock_checkout_and_code, lock_stocks
from marketplace.orders.models import Channel, Checkout, Order, OrderLine
from marketplace.orders.selectors.orders import order_of_checkout
from marketplace.orders.services import stock
from marketplace.orders.services.clearing import forget_checkout
from marketplace.orders.services.codes import issue_code, live_code_of_checkout
from marketplace.orders.services.deliveries import renew_offers
from marketplace.orders.services.saved_addresses import keep_if_possible
from marketplace.orders.services.voucher_uses import (
    draft_with_voucher,
    require_first_use,
    use_for_order,
    without_refused_voucher,
)

TYPED_AMOUNT_NAME = "Hàng tại sạp"
"""What the line of an amount typed at the stall is called, as names of goods are: in Vietnamese."""


def complete_checkout(
    *,
    checkout_id: uuid.UUID,
    actor: Actor,
    now: datetime,
    client_id: uuid.UUID | None = None,
    metadata: Mapping[str, str] | None = None,
) -> Order:
    """Place the order, unpaid: its stock is allocated, its code is live, it expires after `UNPAID_ORDER_S`.

    Prices are read now, unless the buyer was just asked to pay others (`codes.reserve_checkout`). Completing a
    checkout again, at once or later, answers the order that it became. A voucher counts as used from now on.
    `metadata` is added to the checkout's texts, which the order takes over.
    Raises `NotFound`, what `drafts.require_ready` raises, `VoucherNotApplicable` also for a voucher that the buyer
    used before, `DeliveryNotOffered`, `NoBankAccount`, `InsufficientStock`; nothing is changed then.
    """

    placed: list[Order] = []

    def complete() -> str:
        found = locked_or_placed(checkout_id)
        if isinstance(found, Checkout):
            if metadata:
                found.metadata = Change(put=metadata).of(found.metadata)
            found = _complete(found, actor=actor, now=now)
        placed.append(found)
        return str(found.pk)

    answer = once(
        complete,
        action="checkout.complete",
        owner=f"checkout:{known_uuid(checkout_id)}",
        client_id=client_id,
        asked={},
        now=now,
    )
    return placed[0] if placed else Order.objects.select_related("vendor__commune").get(pk=int(answer))


def place_paid_checkout(*, checkout_id: uuid.UUID, now: datetime) -> Order:
    """Place the order of a checkout whose money came: out of its hold, or of free stock where that has ended.

    Placed already: that order. The sale was agreed, so a product that was withdrawn meanwhile is no reason to
    refuse; a voucher that may not be had any more takes nothing off. Called inside the transaction that books the
    money. Raises `NotFound`, `InsufficientStock` (also for a checkout that was emptied); nothing is changed then.
    """
    with transaction.atomic():
        found = locked_or_placed(checkout_id)
        if isinstance(found, Order):
            return found
        draft = without_refused_voucher(draft_with_voucher(found, now=now))
        if not draft.lines:
            raise InsufficientStock([])
        return place_draft(draft, actor=SYSTEM, now=now)


def locked_or_placed(checkout_id: uuid.UUID) -> Checkout | Order:
    """The checkout, locked with its code, or the order that it became. Raises `NotFound` for neither."""
    checkout = lock_checkout_and_code(checkout_id)
    found = checkout or order_of_checkout(checkout_id)
    if found is None:
        raise no_such_checkout()
    return found


def _complete(checkout: Checkout, *, actor: Actor, now: datetime) -> Order:
    if not is_held(checkout, now=now):
        was_chosen = checkout.delivery_id is not None
        renew_offers(checkout)
        if was_chosen and checkout.delivery_id is None:
            raise DeliveryNotOffered(
                _("Cách nhận hàng đã chọn không còn. Bạn chọn lại giúp nhé."),
                field="delivery",
                code="INVALID_SHIPPING_METHOD",
            )
    draft = draft_with_voucher(checkout, now=now)
    require_ready(draft)
    require_first_use(draft)
    return place_draft(draft, actor=actor, now=now)


def place_draft(draft: Draft, *, actor: Actor, now: datetime) -> Order:
    """The order of a draft that is ready, its checkout locked; inside the caller's transaction.

    Raises `InsufficientStock`, `NoBankAccount`; the caller's transaction takes all of it back then.
    """
    checkout = draft.checkout
    use_for_order(draft)
    mine = stock.reservations_of(checkout)
    stocks = lock_stocks(
        variant_ids=[line.variant.pk for line in draft.lines], stock_ids=[row.stock_id for row in mine]
    )
    held_on = stock.drop_reservations(mine, stocks)
    order = _order_of(draft, actor=actor, now=now)
    takings = stock.plan(
        stock.wanted_by_order(_lines_of(order, draft)),
        stock.usable(stocks, also=held_on),
        first_warehouse_id=stock.first_place_of(order),
    )
    stock.allocate(takings, stocks)
    stock.write(stocks)
    _take_code(checkout, order, now=now)
    _keep_addresses(checkout, order, now=now)
    forget_checkout(checkout)
    record_order("order.placed", order, actor=actor, now=now, more=_agreed(order))
    return order


def _keep_addresses(checkout: Checkout, order: Order, *, now: datetime) -> None:
    """Put the addresses among those that the checkout's person keeps, where they wanted that."""
    if checkout.user_id is None:
        return
    wanted = (
        (checkout.shipping_address, checkout.save_shipping_address, False),
        (checkout.billing_address, checkout.save_billing_address, True),
    )
    for address, is_wanted, for_bills in wanted:
        if address is not None and is_wanted:
            keep_if_possible(
                user_id=checkout.user_id,
                address=address,
                phone=address.phone or order.phone,
                for_bills=for_bills,
                now=now,
            )


def _agreed(order: Order) -> dict[str, JsonValue]:
    """What was agreed on, as the journal keeps it."""
    if order.voucher_id is None:
        return {"total_vnd": order.total_vnd}
    return {"total_vnd": order.total_vnd, "voucher": order.voucher_id, "discount_vnd": order.discount_vnd}


def _order_of(draft: Draft, *, actor: Actor, now: datetime) -> Order:
    checkout, shop = draft.checkout, shop_of(draft.checkout)
    is_stall = checkout.channel == Channel.STALL
    voucher = draft.discount.voucher if draft.discount is not None and draft.discount_vnd else None
    order = Order(
        checkout_id=checkout.pk,
        basket=checkout.basket,
        vendor=shop,
        channel=checkout.channel,
        origin=Order.Origin.STALL if is_stall else Order.Origin.CHECKOUT,
        # At a stall it is the seller who is signed in, not the buyer.
        user_id=checkout.user_id or (None if is_stall else actor.user_id),
        email=checkout.email,
        phone=contact_phone(checkout),
        language_code=checkout.language_code,
        shipping_address=checkout.shipping_address,
        billing_address=checkout.billing_address,
        delivery_name=draft.delivery.name if draft.delivery is not None else "",
        pick_up_at_id=draft.delivery.pick_up_at_id if draft.delivery is not None else None,
        note=checkout.note,
        metadata=checkout.metadata,
        private_metadata=checkout.private_metadata,
        subtotal_vnd=draft.subtotal_vnd,
        discount_vnd=draft.discount_vnd,
        voucher=voucher,
        voucher_code=voucher.code if voucher is not None else "",
        voucher_counts=voucher is not None,
        shipping_vnd=draft.shipping_vnd,
        total_vnd=draft.total_vnd,
        placed_at=now,
        updated_at=now,
        expires_at=now + timedelta(seconds=UNPAID_ORDER_S[checkout.channel]),
        is_demo=shop.is_demo,
    )
    insert(order)
    return order


def _lines_of(order: Order, draft: Draft) -> list[OrderLine]:
    lines = [
        OrderLine(
            order=order,
            position=position,
            variant=wanted.variant,
            product_id_then=wanted.variant.product_id,
            product_name=wanted.variant.product.name,
            variant_name=wanted.variant.name,
            unit=wanted.variant.unit,
            ocop_set=wanted.variant.product.ocop_set,
            quantity=wanted.line.quantity,
            unit_price_vnd=wanted.unit_price_vnd,
            discount_vnd=share_vnd,
            total_vnd=wanted.total_vnd - share_vnd,
            metadata=wanted.line.metadata,
        )
        for position, (wanted, share_vnd) in enumerate(zip(draft.lines, draft.line_discounts_vnd, strict=True))
    ]
    if draft.typed_vnd:
        lines.append(_typed_line(order, draft.typed_vnd, position=len(lines)))
    insert(*lines)
    return lines


def _typed_line(order: Order, amount_vnd: int, *, position: int) -> OrderLine:
    """What an amount stands for that was typed at the stall: no product, so no set and no stock (decision 0024)."""
    return OrderLine(
        order=order,
        position=position,
        product_name=TYPED_AMOUNT_NAME,
        quantity=1,
        unit_price_vnd=amount_vnd,
        total_vnd=amount_vnd,
    )


def _take_code(checkout: Checkout, order: Order, *, now: datetime) -> None:
    code = live_code_of_checkout(checkout)
    if code is None:
        issue_code(vendor=order.vendor, order=order, now=now)
        return
    code.order = order
    code.checkout = None
    update(code, ("order", "checkout"))
