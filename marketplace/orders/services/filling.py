"""Opening a checkout and changing its lines, under its lock: the rules that pages and programs share."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductVariant
from marketplace.core.many_rows import update_all
from marketplace.core.metadata import Change
from marketplace.core.statements import Given, Kept, insert, update
from marketplace.orders.checks import line_quantity
from marketplace.orders.errors import InsufficientStock, Shortfall, TooManyLines
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
from marketplace.orders.services.settling import settle_shop
from marketplace.people.models import User
from vendors.models import Vendor

BASKET_SHOPS_MAX = 30

_LINES: Kept[CheckoutLine] = Kept(lambda: CheckoutLine.objects.filter(checkout=Given("checkout")))

Texts: TypeAlias = Mapping[int, Mapping[str, str]]
"""What programs keep with lines: texts by key, by variant."""


def open_checkout(
    *,
    vendor: Vendor,
    channel: str,
    user: User | None,
    basket: uuid.UUID | None,
    contact: Mapping[str, str],
    now: datetime,
) -> Checkout:
    """A new checkout, or the one that the basket has at this shop; locked.

    Raises `TooManyLines` beyond `BASKET_SHOPS_MAX` shops in one basket.
    """
    fresh = Checkout(vendor=vendor, channel=channel, user=user, basket=basket, made_at=now, updated_at=now, **contact)
    return opened(fresh, basket)


def opened(fresh: Checkout, basket: uuid.UUID | None) -> Checkout:
    """`fresh`, written down, or the checkout that `basket` has at its shop already; locked. Raises as above."""
    if basket is None:
        insert(fresh)
        return fresh
    known = _in_basket(basket, fresh.vendor)
    if known is not None:
        return known
    _require_room(basket)
    try:
        with transaction.atomic():
            insert(fresh)
    except IntegrityError:
        # The same basket asked twice at once: the other request made the row a moment ago.
        made_meanwhile = _in_basket(basket, fresh.vendor)
        if made_meanwhile is None:
            raise
        return made_meanwhile
    return fresh


def _require_room(basket: uuid.UUID) -> None:
    if Checkout.objects.filter(basket=basket).count() >= BASKET_SHOPS_MAX:
        sentence = _("Giỏ hàng chỉ chứa hàng của tối đa {most} gian hàng. Bạn đặt bớt trước nhé.")
        raise TooManyLines(format_lazy(sentence, most=BASKET_SHOPS_MAX), field="basket")


def _in_basket(basket: uuid.UUID, vendor: Vendor | None) -> Checkout | None:
    known = Checkout.objects.filter(basket=basket, vendor=vendor).values_list("pk", flat=True).first()
    return None if known is None else lock_checkout(known)


@dataclass(frozen=True)
class Filling:
    """What is known of goods that come into a checkout, and of that, beside how many they are."""

    texts: Texts = field(default_factory=dict)
    """The lines' metadata by variant."""
    variants: Mapping[int, ProductVariant] | None = None
    """The goods, where they are at hand."""
    is_new: bool = False
    """Whether the checkout was written down a moment ago, as of now, and has no lines."""
    may_change_shop: bool = False
    """Whether a checkout with nothing in it becomes one of the shop whose goods these are."""


def add_to(
    checkout: Checkout,
    quantities: Mapping[int, int],
    *,
    age_declared: bool,
    now: datetime,
    filling: Filling | None = None,
) -> None:
    """Add these quantities by variant to a locked checkout. Ends a hold; nothing is taken from stock yet.

    Raises `NotFound`, `OtherVendorsGoods`, `NotForSale`, `AgeNotDeclared`, `QuantityTooLarge`, `TooManyLines`,
    `InsufficientStock`.
    """
    filling = filling or Filling()
    variants = filling.variants if filling.variants is not None else goods(quantities)
    before = checkout.age_declared, checkout.updated_at
    checkout.age_declared = checkout.age_declared or age_declared
    lines = {} if filling.is_new else lines_of(checkout)
    if filling.may_change_shop and not lines:
        settle_shop(checkout, list(variants.values()))
    require_own_goods(checkout, variants.values())
    for variant in variants.values():
        require_for_sale(variant, age_declared=checkout.age_declared)
    if len(lines.keys() | quantities.keys()) > CHECKOUT_LINES_MAX:
        raise too_many_lines()
    together = {
        variant_id: line_quantity(added + (lines[variant_id].quantity if variant_id in lines else 0))
        for variant_id, added in quantities.items()
    }
    _require_enough(checkout, variants, together)
    release_hold(checkout)
    _write_lines(checkout, lines, together, texts=filling.texts, now=now)
    checkout.updated_at = now
    if (checkout.age_declared, checkout.updated_at) != before:
        update(checkout, ("age_declared", "updated_at"))


def put_quantities(
    checkout: Checkout, wanted: Mapping[int, int], *, texts: Texts, age_declared: bool, now: datetime
) -> None:
    """Set several variants of a locked checkout to these quantities; 0 takes one out. Ends a hold.

    Raises as `add_to`. What becomes less is taken as it is; only what becomes more must be on sale and there.
    """
    lines = lines_of(checkout)
    more = {
        variant_id: quantity
        for variant_id, quantity in wanted.items()
        if quantity > (lines[variant_id].quantity if variant_id in lines else 0)
    }
    checkout.age_declared = checkout.age_declared or age_declared
    if more:
        variants = goods(more)
        if not lines:
            settle_shop(checkout, list(variants.values()))
        require_own_goods(checkout, variants.values())
        for variant in variants.values():
            require_for_sale(variant, age_declared=checkout.age_declared)
        _require_enough(checkout, variants, more)
    if len(lines.keys() | more.keys()) > CHECKOUT_LINES_MAX:
        raise too_many_lines()
    release_hold(checkout)
    gone = [lines[variant_id].pk for variant_id, quantity in wanted.items() if not quantity and variant_id in lines]
    if gone:
        checkout.lines.filter(pk__in=gone).delete()
    left = {variant_id: quantity for variant_id, quantity in wanted.items() if quantity}
    _write_lines(checkout, lines, left, texts=texts, now=now)
    checkout.updated_at = now
    update(checkout, ("age_declared", "updated_at"))


def lines_of(checkout: Checkout) -> dict[int, CheckoutLine]:
    """A checkout's lines by their variants, in no order."""
    return {line.variant_id: line for line in _LINES.all(checkout=checkout.pk)}


def take_out(checkout: Checkout, lines: Sequence[CheckoutLine], *, now: datetime) -> None:
    """Take these lines out of their locked checkout. Ends a hold."""
    release_hold(checkout)
    checkout.lines.filter(pk__in=[line.pk for line in lines]).delete()
    checkout.updated_at = now
    update(checkout, ("updated_at",))


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
        update(line, ("quantity",))
    else:
        line.delete()
    checkout.updated_at = now
    update(checkout, ("updated_at",))


def _write_lines(
    checkout: Checkout,
    lines: Mapping[int, CheckoutLine],
    together: Mapping[int, int],
    *,
    texts: Texts,
    now: datetime,
) -> None:
    changed = [lines[variant_id] for variant_id in together if variant_id in lines]
    for line in changed:
        line.quantity = together[line.variant_id]
        line.metadata = Change(put=texts.get(line.variant_id, {})).of(line.metadata)
    if changed:
        update_all(changed, ("quantity", "metadata"))
    # A microsecond apart, so that lines added together stay in the order in which they were named.
    new = [
        CheckoutLine(
            checkout=checkout,
            variant_id=variant_id,
            quantity=quantity,
            metadata=Change(put=texts.get(variant_id, {})).of({}),
            made_at=now + timedelta(microseconds=position),
        )
        for position, (variant_id, quantity) in enumerate(together.items())
        if variant_id not in lines
    ]
    if new:
        insert(*new)


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
