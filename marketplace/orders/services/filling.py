"""Opening a checkout and changing its lines, under its lock: the rules that pages and programs share."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from catalog.models import ProductVariant
from marketplace.orders.checks import line_quantity
from marketplace.orders.errors import InsufficientStock, Shortfall
from marketplace.orders.goods import (
    CHECKOUT_LINES_MAX,
    goods,
    require_for_sale,
    require_own_goods,
    too_many_lines,
)
from marketplace.orders.locks import lock_checkout
from marketplace.orders.models import Checkout, CheckoutLine
from marketplace.orders.selectors.stock import left_for
from marketplace.orders.services.holding import release_hold
from marketplace.people.models import User
from vendors.models import Vendor


def open_checkout(
    *,
    vendor: Vendor,
    channel: str,
    user: User | None,
    basket: uuid.UUID | None,
    contact: Mapping[str, str],
    now: datetime,
) -> Checkout:
    """A new checkout, or the one that the basket has at this shop; locked."""
    known = _in_basket(basket, vendor)
    if known is not None:
        return known
    checkout = Checkout(
        vendor=vendor, channel=channel, user=user, basket=basket, made_at=now, updated_at=now, **contact
    )
    try:
        with transaction.atomic():
            checkout.save(force_insert=True)
    except IntegrityError:
        # The same basket asked twice at once: the other request made the row a moment ago.
        made_meanwhile = _in_basket(basket, vendor)
        if made_meanwhile is None:
            raise
        return made_meanwhile
    return checkout


def _in_basket(basket: uuid.UUID | None, vendor: Vendor) -> Checkout | None:
    if basket is None:
        return None
    known = Checkout.objects.filter(basket=basket, vendor=vendor).values_list("pk", flat=True).first()
    return None if known is None else lock_checkout(known)


def add_to(checkout: Checkout, quantities: Mapping[int, int], *, age_declared: bool, now: datetime) -> None:
    """Add these quantities by variant to a locked checkout. Ends a hold; nothing is taken from stock yet.

    Raises `NotFound`, `OtherVendorsGoods`, `NotForSale`, `AgeNotDeclared`, `QuantityTooLarge`, `TooManyLines`,
    `InsufficientStock`.
    """
    variants = goods(quantities)
    checkout.age_declared = checkout.age_declared or age_declared
    require_own_goods(checkout, variants.values())
    for variant in variants.values():
        require_for_sale(variant, age_declared=checkout.age_declared)
    lines = {line.variant_id: line for line in checkout.lines.all()}
    if len(lines.keys() | quantities.keys()) > CHECKOUT_LINES_MAX:
        raise too_many_lines()
    together = {
        variant_id: line_quantity(added + (lines[variant_id].quantity if variant_id in lines else 0))
        for variant_id, added in quantities.items()
    }
    _require_enough(checkout, variants, together)
    release_hold(checkout)
    _write_lines(checkout, lines, together, now=now)
    checkout.updated_at = now
    checkout.save(update_fields=["age_declared", "updated_at"])


def put_quantity(checkout: Checkout, line: CheckoutLine, quantity: int, *, now: datetime) -> None:
    """Set a line of a locked checkout to this quantity; 0 takes it out. Ends a hold.

    Less than before is always taken, whatever is left. Raises as `add_to`.
    """
    if quantity > line.quantity:
        variants = goods([line.variant_id])
        require_for_sale(variants[line.variant_id], age_declared=checkout.age_declared)
        _require_enough(checkout, variants, {line.variant_id: quantity})
    release_hold(checkout)
    if quantity:
        line.quantity = quantity
        line.save(update_fields=["quantity"])
    else:
        line.delete()
    checkout.updated_at = now
    checkout.save(update_fields=["updated_at"])


def _write_lines(
    checkout: Checkout, lines: Mapping[int, CheckoutLine], together: Mapping[int, int], *, now: datetime
) -> None:
    changed = [lines[variant_id] for variant_id in together if variant_id in lines]
    for line in changed:
        line.quantity = together[line.variant_id]
    CheckoutLine.objects.bulk_update(changed, ["quantity"])
    # A microsecond apart, so that lines added together stay in the order in which they were named.
    CheckoutLine.objects.bulk_create(
        CheckoutLine(
            checkout=checkout,
            variant_id=variant_id,
            quantity=quantity,
            made_at=now + timedelta(microseconds=position),
        )
        for position, (variant_id, quantity) in enumerate(together.items())
        if variant_id not in lines
    )


def _require_enough(
    checkout: Checkout, variants: Mapping[int, ProductVariant], quantities: Mapping[int, int]
) -> None:
    # A courtesy to the buyer, without locks; what counts is the check when the order is placed.
    left = left_for(checkout, quantities)
    shortfalls = [
        Shortfall(variant_id, variants[variant_id].product.name, variants[variant_id].unit, left[variant_id])
        for variant_id, quantity in quantities.items()
        if quantity > left[variant_id]
    ]
    if shortfalls:
        raise InsufficientStock(shortfalls, named=len(quantities) > 1)
