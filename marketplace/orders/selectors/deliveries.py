"""What may be asked about delivery."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from marketplace.orders.models import DeliveryRate
from marketplace.places.models import Commune
from vendors.models import Vendor

_WIDENING = (
    DeliveryRate.Zone.SAME_COMMUNE,
    DeliveryRate.Zone.SAME_PROVINCE,
    DeliveryRate.Zone.COUNTRY,
)


def delivery_zone(vendor: Vendor, commune: Commune) -> DeliveryRate.Zone:
    """How far from the shop a commune is: the same, in its province, or elsewhere in the country."""
    if commune.pk == vendor.commune_id:
        return DeliveryRate.Zone.SAME_COMMUNE
    if commune.province_id == vendor.commune.province_id:
        return DeliveryRate.Zone.SAME_PROVINCE
    return DeliveryRate.Zone.COUNTRY


def rates_of(vendor: Vendor) -> list[DeliveryRate]:
    """What the shop asks for sending, nearest zone first; one statement."""
    rates = {rate.zone: rate for rate in DeliveryRate.objects.filter(vendor=vendor, is_active=True)}
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
