"""The desk where one shop's part of a basket is ordered: what is bought, how it can be had, who buys."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from marketplace.core.phone import format_phone
from marketplace.orders.models import DeliveryRate, Order, SavedAddress
from marketplace.orders.selectors import BasketShop, checkout_contents, rates_of
from marketplace.people.models import User
from marketplace.places.models import Commune, Province
from marketplace.places.selectors import communes_of, list_provinces
from vendors.models import Warehouse
from vendors.selectors import warehouses_of

HOME: Final = "home"
REMEMBERED_S = 3600
"""How long the contact of an order is filled into the next one of the same basket: phones are shared."""


@dataclass(frozen=True)
class Desk:
    """All that the page of one shop's order shows and offers."""

    shop: BasketShop
    rates: list[DeliveryRate]
    pick_ups: list[Warehouse]
    provinces: list[Province]
    communes: list[Commune]
    """Of the province that is chosen, if one is."""

    @property
    def has_a_way(self) -> bool:
        """Whether the goods can be had at all."""
        return bool(self.rates or self.pick_ups)

    @property
    def only_way(self) -> str:
        """The one way to have the goods, as the form names it; empty where there is a choice."""
        ways = ([HOME] if self.rates else []) + [str(place.pk) for place in self.pick_ups]
        return ways[0] if len(ways) == 1 else ""

    @property
    def lowest_rate_vnd(self) -> int | None:
        """What sending costs at least, in đồng."""
        return min((rate.price_vnd for rate in self.rates), default=None)


def desk_for(checkout_id: uuid.UUID, *, province_code: str, now: datetime) -> Desk:
    """The desk of a checkout; nine statements. Raises `NotFound`."""
    shop = checkout_contents(checkout_id, now=now)
    rates = rates_of(shop.vendor)
    return Desk(
        shop=shop,
        rates=rates,
        pick_ups=[place for place in warehouses_of(shop.vendor) if place.pick_up],
        provinces=list_provinces() if rates else [],
        communes=communes_of(province_code) if rates else [],
    )


def known_contact(
    basket: uuid.UUID | None,
    *,
    user: User | None,
    saved: Sequence[SavedAddress],
    chosen: SavedAddress | None,
    now: datetime,
) -> Mapping[str, str]:
    """What is already known of the buyer, the nearest first.

    The address that they chose, the order just placed out of this basket, the address used last, who signed in.
    """
    if chosen is not None:
        return contact_at(chosen)
    if (last := _last_order(basket, now=now)) is not None:
        return _contact_of(last)
    if saved:
        return contact_at(saved[0])
    if user is None:
        return {}
    return {"phone": format_phone(user.phone) if user.phone else "", "name": user.name}


def contact_at(kept: SavedAddress) -> Mapping[str, str]:
    """A saved address as the form has it."""
    return {
        "phone": format_phone(kept.phone),
        "name": kept.name,
        "province": kept.commune.province_id,
        "commune": kept.commune_id,
        "street": kept.street,
    }


def _last_order(basket: uuid.UUID | None, *, now: datetime) -> Order | None:
    if basket is None:
        return None
    recent = Order.objects.filter(basket=basket, placed_at__gt=now - timedelta(seconds=REMEMBERED_S))
    return recent.select_related("shipping_address__commune").order_by("-placed_at").first()


def _contact_of(order: Order) -> Mapping[str, str]:
    contact = {"phone": format_phone(order.phone) if order.phone else ""}
    address = order.shipping_address
    if address is not None and address.commune is not None:
        contact |= {
            "name": address.name,
            "province": address.commune.province_id,
            "commune": address.commune.code,
            "street": address.street_address_1,
        }
    return contact
