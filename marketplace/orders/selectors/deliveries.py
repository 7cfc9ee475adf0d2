"""What may be asked about delivery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from marketplace.core.statements import Given, Kept
from marketplace.orders.drafts import is_held
from marketplace.orders.models import Checkout, DeliveryRate
from marketplace.places.models import Commune
from vendors.models import Vendor, Warehouse

NAMES = {
    DeliveryRate.Zone.SAME_COMMUNE.value: gettext_noop("Giao trong xã, phường"),
    DeliveryRate.Zone.SAME_PROVINCE.value: gettext_noop("Giao trong tỉnh, thành phố"),
    DeliveryRate.Zone.COUNTRY.value: gettext_noop("Giao toàn quốc"),
}
"""Kept in Vietnamese, since the shop reads them; pages translate them where they show them."""
PICK_UP_NAME = gettext_noop("Nhận tại {place}")

PICK_UPS_MAX = 100

_WIDENING = (
    DeliveryRate.Zone.SAME_COMMUNE,
    DeliveryRate.Zone.SAME_PROVINCE,
    DeliveryRate.Zone.COUNTRY,
)


_PICK_UPS: Kept[Warehouse] = Kept(
    lambda: Warehouse.objects.filter(vendor=Given("vendor"), is_active=True, pick_up=True).order_by("pk")[
        :PICK_UPS_MAX
    ]
)
_RATES: Kept[DeliveryRate] = Kept(lambda: DeliveryRate.objects.filter(vendor=Given("vendor"), is_active=True))


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


class ChosenDelivery(Enum):
    """How a checkout's chosen way of delivery stands beside what its shop offers now."""

    AS_OFFERED = "as offered"
    CHANGED = "changed"
    """Offered still, under another name or at another price, which the order would have."""
    GONE = "gone"
    """Not offered any more: no order can be placed with it."""


def delivery_zone(vendor: Vendor, commune: Commune) -> DeliveryRate.Zone:
    """How far from the shop a commune is: the same, in its province, or elsewhere in the country."""
    if commune.pk == vendor.commune_id:
        return DeliveryRate.Zone.SAME_COMMUNE
    if commune.province_id == vendor.commune.province_id:
        return DeliveryRate.Zone.SAME_PROVINCE
    return DeliveryRate.Zone.COUNTRY


def rates_of(vendor: Vendor) -> list[DeliveryRate]:
    """What the shop asks for sending, nearest zone first; one statement."""
    rates = {rate.zone: rate for rate in _RATES.all(vendor=vendor.pk)}
    return [rates[zone] for zone in _WIDENING if zone in rates]


def rate_for(vendor: Vendor, commune: Commune, *, rates: Sequence[DeliveryRate]) -> DeliveryRate | None:
    """Which of `rates` applies to a commune: the one of the narrowest zone that holds it; None where none does."""
    holds = _WIDENING[_WIDENING.index(delivery_zone(vendor, commune)) :]
    by_zone = {rate.zone: rate for rate in rates}
    return next((by_zone[zone] for zone in holds if zone in by_zone), None)


def vendors_sending_to(*, province_code: str, commune_code: str | None = None) -> QuerySet[Vendor]:
    """The shops that send to a commune or, where just the province is known, to any place in it: for lists.

    A shop that sends within its own commune only, sends nowhere of which just the province is known.
    """
    zones = DeliveryRate.Zone
    reached = Q(zone=zones.COUNTRY) | Q(zone=zones.SAME_PROVINCE, vendor__commune__province_id=province_code)
    if commune_code is not None:
        reached |= Q(zone=zones.SAME_COMMUNE, vendor__commune_id=commune_code)
    return Vendor.objects.filter(pk__in=DeliveryRate.objects.filter(reached, is_active=True).values("vendor_id"))


def offers(checkout: Checkout) -> list[Offer]:
    """What the shop offers for this checkout: the rate of the nearest zone that holds the address, and pick-ups.

    Two or three statements. Nothing is sent abroad, or without an address; nothing is offered by no shop.
    """
    shop = checkout.vendor
    if shop is None:
        return []
    pick_ups = [
        Offer(None, place, PICK_UP_NAME.format(place=place.name), 0) for place in _PICK_UPS.all(vendor=shop.pk)
    ]
    address = checkout.shipping_address
    commune = address.commune if address is not None else None
    rate = rate_for(shop, commune, rates=rates_of(shop)) if commune is not None else None
    sent = [] if rate is None else [Offer(rate, None, NAMES[rate.zone], rate.price_vnd)]
    return [*sent, *pick_ups]


def chosen_delivery(checkout: Checkout, *, now: datetime) -> ChosenDelivery | None:
    """How the chosen way of delivery stands; None where none is chosen. Statements as `offers`.

    While the checkout's stock is held for a payment, what was offered counts as it was.
    """
    chosen = checkout.delivery
    if chosen is None:
        return None
    if is_held(checkout, now=now):
        return ChosenDelivery.AS_OFFERED
    offered = {offer.key: offer for offer in offers(checkout)}.get((chosen.rate_id, chosen.pick_up_at_id))
    if offered is None:
        return ChosenDelivery.GONE
    is_same = (offered.name, offered.price_vnd) == (chosen.name, chosen.price_vnd)
    return ChosenDelivery.AS_OFFERED if is_same else ChosenDelivery.CHANGED
