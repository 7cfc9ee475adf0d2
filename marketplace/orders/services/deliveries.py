"""Ways of delivery: flat rates by how far an order goes, and pick-up at a place of the shop's, free of charge."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from marketplace.core import journal
from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput
from marketplace.core.money import format_vnd
from marketplace.orders.checks import is_whole_number
from marketplace.orders.drafts import is_held
from marketplace.orders.errors import DeliveryNotOffered
from marketplace.orders.locks import lock_checkout
from marketplace.orders.models import Checkout, CheckoutDelivery, DeliveryRate
from marketplace.orders.selectors.deliveries import rate_for, rates_of
from marketplace.orders.services.holding import release_hold
from vendors.access import require_seller
from vendors.models import Vendor, Warehouse
from vendors.selectors import warehouses_of

RATE_VND_MAX = 10_000_000
NAMES = {
    DeliveryRate.Zone.SAME_COMMUNE.value: gettext_noop("Giao trong xã, phường"),
    DeliveryRate.Zone.SAME_PROVINCE.value: gettext_noop("Giao trong tỉnh, thành phố"),
    DeliveryRate.Zone.COUNTRY.value: gettext_noop("Giao toàn quốc"),
}
"""Kept in Vietnamese, since the shop reads them; pages translate them where they show them."""
PICK_UP_NAME = gettext_noop("Nhận tại {place}")


@dataclass(frozen=True)
class Offer:
    """A way of delivery as it would be offered now, with its price in đồng."""

    rate: DeliveryRate | None
    pick_up_at: Warehouse | None
    name: str
    price_vnd: int

    @property
    def key(self) -> tuple[int | None, int | None]:
        """What makes it the same offer when it is made again."""
        return (self.rate.pk if self.rate else None, self.pick_up_at.pk if self.pick_up_at else None)


def set_delivery_rate(
    *, actor: Actor, vendor: Vendor, zone: str, price_vnd: int | None, now: datetime
) -> DeliveryRate | None:
    """Say what the shop asks for sending an order within a zone, in đồng; None: it does not send there.

    Orders that are placed keep their price. Raises `NotFound` for a stranger and `InvalidInput`.
    """
    require_seller(actor, vendor)
    if zone not in DeliveryRate.Zone.values:
        raise InvalidInput(_("Hãy chọn: trong xã, trong tỉnh hay toàn quốc."), field="zone")
    if price_vnd is not None and not (is_whole_number(price_vnd) and 0 <= price_vnd <= RATE_VND_MAX):
        sentence = _("Phí giao hàng từ 0 đến {most}.")
        raise InvalidInput(format_lazy(sentence, most=format_vnd(RATE_VND_MAX)), field="price_vnd")
    with transaction.atomic():
        if price_vnd is None:
            rate = None
            DeliveryRate.objects.filter(vendor=vendor, zone=zone).update(is_active=False)
        else:
            rate, _made = DeliveryRate.objects.update_or_create(
                vendor=vendor, zone=zone, defaults={"price_vnd": price_vnd, "is_active": True}
            )
        journal.record(
            kind="vendor.delivery_rate_set",
            aggregate_type="vendor",
            aggregate_id=vendor.pk,
            actor=actor,
            now=now,
            data={"vendor": vendor.pk, "zone": str(zone), "price_vnd": price_vnd},
        )
    return rate


def offer_deliveries(*, checkout_id: uuid.UUID, now: datetime) -> list[CheckoutDelivery]:
    """The ways of delivery for this checkout and its address now, the cheapest first.

    The same way keeps its id when asked again. While the checkout's stock is held for a payment, what was offered
    stays as it is, since its price is part of what the buyer was asked to pay. Raises `NotFound`.
    """
    with transaction.atomic():
        checkout = lock_checkout(checkout_id)
        if not is_held(checkout, now=now):
            renew_offers(checkout)
        return _in_order(list(checkout.offered_deliveries.all()))


def choose_delivery(*, checkout_id: uuid.UUID, delivery_id: uuid.UUID, now: datetime) -> Checkout:
    """Take one of the offered ways. Another one than before ends a hold, since the sum to pay changes.

    Raises `NotFound`, and `DeliveryNotOffered` when it is no longer or never was offered.
    """
    with transaction.atomic():
        checkout = lock_checkout(checkout_id)
        if checkout.delivery_id == delivery_id and is_held(checkout, now=now):
            return checkout
        release_hold(checkout)
        renew_offers(checkout)
        chosen = (
            checkout.offered_deliveries.filter(pk=delivery_id).first() if isinstance(delivery_id, uuid.UUID) else None
        )
        if chosen is None:
            raise DeliveryNotOffered(
                _("Cách nhận hàng này không còn. Bạn chọn lại giúp nhé."), field="delivery_method_id"
            )
        take_delivery(checkout, chosen, now=now)
    return checkout


def take_delivery(checkout: Checkout, chosen: CheckoutDelivery, *, now: datetime) -> None:
    """Put an offered way onto its locked checkout."""
    checkout.delivery = chosen
    checkout.updated_at = now
    checkout.save(update_fields=["delivery", "updated_at"])


def renew_offers(checkout: Checkout) -> list[CheckoutDelivery]:
    """Bring the offered ways of a locked checkout up to date: rows keep their ids, stale ones go.

    A chosen way that is no longer offered is chosen no more.
    """
    before = {(row.rate_id, row.pick_up_at_id): row for row in checkout.offered_deliveries.all()}
    rows = [_offered(checkout, offer, before.get(offer.key)) for offer in offers(checkout)]
    offered = {row.pk: row for row in rows}
    if checkout.delivery_id is not None and checkout.delivery_id not in offered:
        checkout.delivery = None
        checkout.save(update_fields=["delivery"])
    checkout.offered_deliveries.exclude(pk__in=offered).delete()
    if checkout.delivery_id is not None:
        # The copy in memory may carry the price that was just renewed.
        checkout.delivery = offered[checkout.delivery_id]
    return _in_order(rows)


def _offered(checkout: Checkout, offer: Offer, row: CheckoutDelivery | None) -> CheckoutDelivery:
    if row is None:
        return CheckoutDelivery.objects.create(
            checkout=checkout,
            rate=offer.rate,
            pick_up_at=offer.pick_up_at,
            name=offer.name,
            price_vnd=offer.price_vnd,
        )
    if (row.name, row.price_vnd) != (offer.name, offer.price_vnd):
        row.name, row.price_vnd = offer.name, offer.price_vnd
        row.save(update_fields=["name", "price_vnd"])
    return row


def offers(checkout: Checkout) -> list[Offer]:
    """What the shop offers for this checkout: the rate of the nearest zone that holds the address, and pick-ups.

    Two or three statements. Nothing is sent abroad, or without an address.
    """
    pick_ups = [
        Offer(None, place, PICK_UP_NAME.format(place=place.name), 0)
        for place in warehouses_of(checkout.vendor)
        if place.pick_up
    ]
    address = checkout.shipping_address
    commune = address.commune if address is not None else None
    rate = rate_for(checkout.vendor, commune, rates=rates_of(checkout.vendor)) if commune is not None else None
    sent = [] if rate is None else [Offer(rate, None, NAMES[rate.zone], rate.price_vnd)]
    return [*sent, *pick_ups]


def _in_order(rows: Sequence[CheckoutDelivery]) -> list[CheckoutDelivery]:
    return sorted(rows, key=lambda row: (row.price_vnd, row.rate_id or 0, row.pick_up_at_id or 0))
