"""What the shop asks for sending: the form, and the zones that it changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import InvalidInput
from marketplace.orders.models import DeliveryRate
from marketplace.orders.selectors.deliveries import rates_of
from marketplace.orders.services.deliveries import set_delivery_rate
from storefront.sell.desk import Desk
from storefront.sell.fields import VndField
from storefront.settling import AskingForm
from vendors.models import Vendor


class DeliveryForm(AskingForm):
    """A price in đồng for each zone; an empty one: not offered. The fields are named as the zones are."""

    same_commune = VndField(label=_("Giao trong xã, phường"), required=False)
    same_province = VndField(label=_("Giao trong tỉnh, thành phố"), required=False)
    country = VndField(label=_("Giao toàn quốc"), required=False)


def prices_of(vendor: Vendor) -> dict[str, int | None]:
    """What the shop asks for each zone at present; one statement."""
    known = {rate.zone: rate.price_vnd for rate in rates_of(vendor)}
    return {zone: known.get(zone) for zone in DeliveryRate.Zone.values}


def save_prices(desk: Desk, *, wanted: dict[str, Any], now: datetime) -> None:
    """Set the zones whose price is another now: all of them, or none when one is refused, at its field."""
    known = prices_of(desk.vendor)
    with transaction.atomic():
        for zone in DeliveryRate.Zone.values:
            if wanted[zone] != known[zone]:
                _set(desk, zone=zone, price_vnd=wanted[zone], now=now)


def _set(desk: Desk, *, zone: str, price_vnd: int | None, now: datetime) -> None:
    try:
        set_delivery_rate(actor=desk.actor, vendor=desk.vendor, zone=zone, price_vnd=price_vnd, now=now)
    except InvalidInput as error:
        error.field = zone
        raise
