"""Changing many products at once: all of what is asked, or nothing of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from catalog.models import Product, ProductVariant, Stock
from catalog.services.changes import lock_products
from catalog.services.reviewing import MAY_BE_SUBMITTED, submit_for_review, withdraw_product
from catalog.services.variants import set_stock, update_variant
from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict, InvalidInput, MarketError, NotFound
from vendors.access import require_seller
from vendors.models import Vendor

CHANGES_AT_ONCE_MAX = 100


class TooManyAtOnce(InvalidInput):
    """More changes than one form of ours sends."""


class StockMovedMeanwhile(Conflict):
    """Goods came or went after the page with the count had been opened."""


class RefusedChange(InvalidInput):
    """One of the changes was refused, and with it all of them; `subjects` names its variant or product."""


@dataclass(frozen=True)
class VariantChange:
    """What is to be changed of one variant; None leaves a thing as it is. `stock_was` is what the person saw."""

    variant_id: int
    price_vnd: int | None = None
    stock_id: int | None = None
    quantity: int | None = None
    stock_was: int | None = None


def change_many(*, actor: Actor, vendor: Vendor, changes: Sequence[VariantChange], now: datetime) -> int:
    """New prices and counts of several variants of a shop. Returns how many variants there were.

    Raises `NotFound` for strangers and for foreign variants, `TooManyAtOnce`, and `RefusedChange` with the reason of
    the first change that is refused; nothing is changed then.
    """
    require_seller(actor, vendor)
    _require_few(changes)
    own = ProductVariant.objects.filter(pk__in=[one.variant_id for one in changes], product__vendor=vendor)
    variants = {one.pk: one for one in own.select_related("product")}
    wanted_stocks = [one.stock_id for one in changes if one.stock_id is not None]
    with transaction.atomic():
        lock_products({one.product_id for one in variants.values()})
        stocks = _locked_stocks(wanted_stocks, variants)
        for change in changes:
            variant = variants.get(change.variant_id)
            if variant is None:
                raise NotFound(_("Không tìm thấy sản phẩm này."))
            try:
                _change(actor, variant, change, stocks, now=now)
            except MarketError as error:
                sentence = format_lazy("{name}: {reason}", name=variant.product.name, reason=error.message)
                raise RefusedChange(sentence, field=error.field, subjects=[variant.pk]) from error
    return len(changes)


def _locked_stocks(stock_ids: Collection[int], variants: Collection[int]) -> dict[int, Stock]:
    """Those of the stocks that are of these variants, locked in the order in which orders lock theirs."""
    own = Stock.objects.filter(pk__in=stock_ids, variant_id__in=variants).select_related("warehouse")
    return {one.pk: one for one in own.select_for_update(of=("self",), no_key=True).order_by("pk")}


def _change(
    actor: Actor, variant: ProductVariant, change: VariantChange, stocks: dict[int, Stock], *, now: datetime
) -> None:
    if change.price_vnd is not None and change.price_vnd != variant.price_vnd:
        update_variant(actor=actor, variant=variant, price_vnd=change.price_vnd, now=now)
    if change.quantity is None or change.stock_id is None:
        return
    stock = stocks.get(change.stock_id)
    if stock is None or stock.variant_id != variant.pk:
        raise NotFound(_("Không tìm thấy."))
    # Read under its lock: what an order took meanwhile must not be written over by an old count.
    if change.stock_was is not None and stock.quantity != change.stock_was:
        sentence = _("số lượng vừa đổi thành {count} trong lúc bạn sửa. Bạn xem lại rồi gửi lần nữa.")
        raise StockMovedMeanwhile(format_lazy(sentence, count=stock.quantity), field="quantity")
    if change.quantity != stock.quantity:
        set_stock(actor=actor, variant=variant, warehouse=stock.warehouse, quantity=change.quantity, now=now)
        stock.quantity = change.quantity


def submit_many(*, actor: Actor, vendor: Vendor, product_ids: Sequence[int], now: datetime) -> int:
    """Ask for review of several products; those in review or on sale stay as they are. Returns how many were sent.

    Raises `NotFound`, `TooManyAtOnce`, and `RefusedChange` with the reason of the first that is refused.
    """
    sent = 0
    with transaction.atomic():
        for product in _own_products(actor, vendor, product_ids):
            if product.listing not in MAY_BE_SUBMITTED:
                continue
            try:
                submit_for_review(actor=actor, product=product, now=now)
            except MarketError as error:
                sentence = format_lazy("{name}: {reason}", name=product.name, reason=error.message)
                raise RefusedChange(sentence, subjects=[product.pk]) from error
            sent += 1
    return sent


def withdraw_many(*, actor: Actor, vendor: Vendor, product_ids: Sequence[int], now: datetime) -> int:
    """Take several products off sale. Returns how many were not off it yet. Raises `NotFound`, `TooManyAtOnce`."""
    gone = 0
    with transaction.atomic():
        for product in _own_products(actor, vendor, product_ids):
            if product.listing != Product.Listing.WITHDRAWN:
                withdraw_product(actor=actor, product=product, now=now)
                gone += 1
    return gone


def _own_products(actor: Actor, vendor: Vendor, product_ids: Sequence[int]) -> list[Product]:
    require_seller(actor, vendor)
    _require_few(product_ids)
    found = list(Product.objects.filter(pk__in=product_ids, vendor=vendor).order_by("pk"))
    if len(found) != len(set(product_ids)):
        raise NotFound(_("Không tìm thấy sản phẩm này."))
    return found


def _require_few(things: Sequence[object]) -> None:
    if len(things) > CHANGES_AT_ONCE_MAX:
        raise TooManyAtOnce(_("Mỗi lần chỉ sửa được 100 món. Bạn chia ra nhiều lần giúp."))
