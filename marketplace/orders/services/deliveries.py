"""Ways of delivery: flat rates by how far an order goes, and pick-up at a place of the shop's, free of charge."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core import journal
from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput
from marketplace.core.money import format_vnd
from marketplace.core.statements import Given, Kept, insert, update
from marketplace.orders.checks import is_whole_number
from marketplace.orders.drafts import is_held
from marketplace.orders.errors import DeliveryNotOffered
from marketplace.orders.locks import lock_checkout
from marketplace.orders.models import Checkout, CheckoutDelivery, DeliveryRate
from marketplace.orders.selectors.deliveries import Offer, offers
from marketplace.orders.services.holding import release_hold
from vendors.access import require_seller
from vendors.models import Vendor

RATE_VND_MAX = 10_000_000

_OFFERED: Kept[CheckoutDelivery] = Kept(lambda: CheckoutDelivery.objects.filter(checkout=Given("checkout")))


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
            return renew_offers(checkout)
        return _in_order(_OFFERED.all(checkout=checkout.pk))


def choose_delivery(*, checkout_id: uuid.UUID, delivery_id: uuid.UUID, now: datetime) -> Checkout:
    """Take one of the offered ways. Another one than before ends a hold, since the sum to pay changes.

    Raises `NotFound`, and `DeliveryNotOffered` when it is no longer or never was offered.
    """
    with transaction.atomic():
        checkout = lock_checkout(checkout_id)
        if checkout.delivery_id == delivery_id and is_held(checkout, now=now):
            return checkout
        release_hold(checkout)
        chosen = next((row for row in renew_offers(checkout) if row.pk == delivery_id), None)
        if chosen is None:
            raise DeliveryNotOffered(
                _("Cách nhận hàng này không còn. Bạn chọn lại giúp nhé."), field="delivery_method_id"
            )
        take_delivery(checkout, chosen, now=now)
    return checkout


def take_off_delivery(*, checkout_id: uuid.UUID, now: datetime) -> Checkout:
    """Let the checkout have no way of delivery, until one is chosen again; where it had one, a hold ends with it.

    Raises `NotFound`.
    """
    with transaction.atomic():
        checkout = lock_checkout(checkout_id)
        if checkout.delivery_id is not None:
            release_hold(checkout)
            take_delivery(checkout, None, now=now)
    return checkout


def take_delivery(checkout: Checkout, chosen: CheckoutDelivery | None, *, now: datetime) -> None:
    """Put an offered way, or none, onto its locked checkout."""
    checkout.delivery = chosen
    checkout.updated_at = now
    update(checkout, ("delivery", "updated_at"))


def renew_offers(checkout: Checkout) -> list[CheckoutDelivery]:
    """Bring the offered ways of a locked checkout up to date: rows keep their ids, stale ones go.

    A chosen way that is no longer offered is chosen no more.
    """
    before = {(row.rate_id, row.pick_up_at_id): row for row in _OFFERED.all(checkout=checkout.pk)}
    rows = [_offered(checkout, offer, before.get(offer.key)) for offer in offers(checkout)]
    new = [row for row in rows if row._state.adding]
    if new:
        insert(*new)
    offered = {row.pk: row for row in rows}
    if checkout.delivery_id is not None and checkout.delivery_id not in offered:
        checkout.delivery = None
        update(checkout, ("delivery",))
    stale = [row.pk for row in before.values() if row.pk not in offered]
    if stale:
        checkout.offered_deliveries.filter(pk__in=stale).delete()
    if checkout.delivery_id is not None:
        # The copy in memory may carry the price that was just renewed.
        checkout.delivery = offered[checkout.delivery_id]
    return _in_order(rows)


def _offered(checkout: Checkout, offer: Offer, row: CheckoutDelivery | None) -> CheckoutDelivery:
    if row is None:
        return CheckoutDelivery(
            checkout=checkout,
            rate=offer.rate,
            pick_up_at=offer.pick_up_at,
            name=offer.name,
            price_vnd=offer.price_vnd,
        )
    if (row.name, row.price_vnd) != (offer.name, offer.price_vnd):
        row.name, row.price_vnd = offer.name, offer.price_vnd
        update(row, ("name", "price_vnd"))
    return row


def _in_order(rows: Sequence[CheckoutDelivery]) -> list[CheckoutDelivery]:
    return sorted(rows, key=lambda row: (row.price_vnd, row.rate_id or 0, row.pick_up_at_id or 0))
