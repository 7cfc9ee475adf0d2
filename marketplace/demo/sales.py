"""Thirty days of past sales, each gone through like any other: basket, order, transfer, notice, handing over."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from catalog.models import ProductVariant
from marketplace.core.actors import ANONYMOUS, SYSTEM
from marketplace.core.clock import VIETNAM
from marketplace.core.errors import MarketError
from marketplace.demo.cast import SHOP_OF_DEMO_OWNER, demo_phone
from marketplace.demo.catalogue import number_from
from marketplace.demo.neighbours import of_neighbours
from marketplace.orders.models import Order
from marketplace.orders.services.checkouts import (
    LineWanted,
    choose_delivery,
    create_checkout,
    offer_deliveries,
    set_phone,
)
from marketplace.orders.services.fulfilling import fulfil_order
from marketplace.orders.services.packing import pack_order
from marketplace.orders.services.placing import complete_checkout
from payments.models import Confirmation, Feed
from payments.pretend_bank import sepay_notice
from payments.services.by_hand import mark_paid_by_hand
from payments.services.notices import receive_notice
from payments.services.requesting import payment_for_order

PAST_DAYS = 30
SALES_A_DAY = 4
BY_HAND_ONE_IN = 9
HANDED_OVER_AFTER = timedelta(hours=3)
PACKED_AFTER = timedelta(minutes=40)
PACKED_ONE_IN = 3
HANDED_OVER_BEFORE_DAYS = 2
BUYER_NUMBERS_START = 800
NAMESPACE = uuid.UUID("0d4f5b0e-2c1e-4a5c-9a55-40c4040c4040")
NOTICE_NUMBERS_START = 9_000_000_000

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class PastSale:
    """What was bought when; `key` tells it from all others."""

    key: str
    variant: ProductVariant
    quantity: int
    at: datetime
    days_ago: int


def play_past_sales(*, now: datetime, progress: Progress) -> None:
    """Play the sales of the days before today that were not played yet."""
    if Order.objects.filter(is_demo=True).exists() and _all_played(now):
        return
    variants = list(
        ProductVariant.objects.filter(product__is_demo=True, product__listing="published", product__is_alcohol=False)
        .select_related("product__vendor")
        .order_by("pk")
    )
    own = [variant for variant in variants if variant.product.vendor.name == SHOP_OF_DEMO_OWNER]
    beside = of_neighbours(variants)
    for day in range(PAST_DAYS, 0, -1):
        for number in range(SALES_A_DAY):
            # A third of the sales are the demo owner's, so that their pages have something to show.
            _play(_sale(variants if number % 3 else own, day=day, number=number, now=now))
        _play(_sale(beside, day=day, number=SALES_A_DAY, now=now))
        progress(PAST_DAYS - day + 1, PAST_DAYS, "Ngày bán thử")


def _all_played(now: datetime) -> bool:
    # A market that was built once is not filled up again each day: its own sales go on from there.
    return Order.objects.filter(is_demo=True).count() >= PAST_DAYS * SALES_A_DAY * 9 // 10


def _sale(variants: list[ProductVariant], *, day: int, number: int, now: datetime) -> PastSale:
    key = f"sale {day} {number}"
    morning = (now.astimezone(VIETNAM) - timedelta(days=day)).replace(hour=7, minute=0, second=0, microsecond=0)
    return PastSale(
        key=key,
        variant=variants[number_from(key, len(variants))],
        quantity=1 + number_from(f"how many {key}", 3),
        at=morning + timedelta(minutes=number_from(f"minute {key}", 12 * 60)),
        days_ago=day,
    )


def _play(sale: PastSale) -> None:
    try:
        with transaction.atomic():  # one commit on the disk instead of five
            order = _order(sale)
    except MarketError:
        return  # sold out by the sales before it: nobody bought then
    if order.charged_vnd == 0:
        _pay(order, sale)
    order.refresh_from_db()
    if order.status != Order.Status.UNFULFILLED:
        return
    if sale.days_ago > HANDED_OVER_BEFORE_DAYS:
        fulfil_order(actor=SYSTEM, order=order, now=sale.at + HANDED_OVER_AFTER)
    elif number_from(f"packed {sale.key}", PACKED_ONE_IN) == 0:
        pack_order(actor=SYSTEM, order=order, now=sale.at + PACKED_AFTER)


def _order(sale: PastSale) -> Order:
    checkout = create_checkout(
        actor=ANONYMOUS,
        vendor=sale.variant.product.vendor,
        lines=[LineWanted(variant_id=sale.variant.pk, quantity=sale.quantity)],
        client_id=uuid.uuid5(NAMESPACE, sale.key),
        now=sale.at,
    )
    done = Order.objects.filter(checkout_id=checkout.pk).first()
    if done is not None:
        return done
    phone = demo_phone(BUYER_NUMBERS_START + number_from(f"buyer {sale.key}", 120))
    set_phone(checkout_id=checkout.pk, phone=phone, now=sale.at)
    offered = offer_deliveries(checkout_id=checkout.pk, now=sale.at)
    choose_delivery(checkout_id=checkout.pk, delivery_id=offered[0].pk, now=sale.at)
    return complete_checkout(checkout_id=checkout.pk, actor=ANONYMOUS, now=sale.at)


def _pay(order: Order, sale: PastSale) -> None:
    paid_at = sale.at + timedelta(minutes=2)
    if number_from(f"hand {sale.key}", BY_HAND_ONE_IN) == 0:
        kinds = (Confirmation.CASH, Confirmation.VENDOR)
        kind = kinds[number_from(f"kind {sale.key}", len(kinds))]
        mark_paid_by_hand(actor=SYSTEM, order=order, amount_vnd=order.total_vnd, confirmation=kind, now=paid_at)
        return
    instruction = payment_for_order(order=order, now=sale.at)
    feed = Feed.objects.filter(vendor_id=order.vendor_id, provider=Feed.Provider.SEPAY).earliest("made_at")
    notice = sepay_notice(
        secret=feed.secret,
        auth=feed.auth,
        account_number=instruction.account_number,
        amount_vnd=instruction.amount_vnd,
        content=instruction.memo,
        notice_id=NOTICE_NUMBERS_START + order.pk,
        now=paid_at,
    )
    receive_notice(
        provider=feed.provider, feed_id=str(feed.pk), body=notice.body, headers=notice.headers, now=paid_at
    )
