"""Addresses, in and out: `countryArea` is the province, `city` the commune."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import graphene
from django.utils.translation import gettext as _

from marketplace.api.graphql.types.common import Node, global_id
from marketplace.api.graphql.types.enums import CountryCode
from marketplace.core.errors import InvalidInput
from marketplace.core.names import parts_of_name
from marketplace.orders.models import SavedAddress
from marketplace.orders.services.addresses import VIETNAM
from marketplace.orders.services.addresses import AddressInput as AddressWanted
from marketplace.places.models import Commune

KEPT = "kept-"
NO_ROW = 0
KEPT_DIGITS_MAX = 19


class CountryDisplay(graphene.ObjectType):
    """A country; resolved from its code. Only the market's own is written out."""

    code = graphene.String(required=True, resolver=lambda root, _info: root)
    country = graphene.String(required=True, resolver=lambda root, _info: "Việt Nam" if root == VIETNAM else root)


@dataclass(frozen=True)
class KeptAddress:
    """An address that a person keeps for their next order, with the fields of an order's own.

    Its id has a prefix: an order's address is another row, and clients keep what they read by id.
    """

    row: SavedAddress
    company_name: str = ""
    street_address_2: str = ""
    country: str = VIETNAM

    @property
    def pk(self) -> str:
        return f"{KEPT}{self.row.pk}"

    @property
    def first_name(self) -> str:
        return parts_of_name(self.row.name).first

    @property
    def last_name(self) -> str:
        return parts_of_name(self.row.name).last

    @property
    def street_address_1(self) -> str:
        return self.row.street

    @property
    def postal_code(self) -> str:
        return self.row.postal_code

    @property
    def phone(self) -> str:
        return self.row.phone

    @property
    def commune(self) -> Commune:
        return self.row.commune

    @property
    def commune_id(self) -> str:
        return self.row.commune_id


class Address(graphene.ObjectType):
    """An address. Below the commune Vietnam has no area since July 2025, so `cityArea` is empty."""

    class Meta:
        interfaces = (Node,)

    id = global_id("Address")
    first_name = graphene.String(required=True)
    last_name = graphene.String(required=True)
    company_name = graphene.String(required=True)
    street_address_1 = graphene.String(required=True)
    street_address_2 = graphene.String(required=True)
    city = graphene.String(required=True, resolver=lambda root, _info: root.commune.name if root.commune else "")
    city_area = graphene.String(required=True, resolver=lambda _root, _info: "")
    country_area = graphene.String(
        required=True, resolver=lambda root, _info: root.commune.province.name if root.commune else ""
    )
    postal_code = graphene.String(required=True)
    country = graphene.Field(CountryDisplay, required=True)
    phone = graphene.String()
    commune_code = graphene.String(resolver=lambda root, _info: root.commune_id)


class AddressInput(graphene.InputObjectType):
    """An address. Province and commune by name or code."""

    first_name = graphene.String()
    last_name = graphene.String()
    company_name = graphene.String()
    street_address_1 = graphene.String()
    street_address_2 = graphene.String()
    city = graphene.String()
    city_area = graphene.String()
    country_area = graphene.String()
    postal_code = graphene.String()
    country = CountryCode()
    phone = graphene.String()


def address_wanted(given: dict[str, Any]) -> AddressWanted:
    """The address as orders read it. Raises `InvalidInput` for an area below the commune: there is none."""
    values = {name: value for name, value in given.items() if value is not None}
    if values.pop("city_area", "").strip():
        raise InvalidInput(_("Địa chỉ không còn cấp huyện. Bạn bỏ trống mục này."), field="city_area")
    country = values.pop("country", None)
    return AddressWanted(**values, country=VIETNAM if country is None else country.value)


def kept_number(key: str) -> int:
    """The row of a kept address out of the key in its id; `NO_ROW` for any other address. Pure."""
    number = key.removeprefix(KEPT)
    is_kept = key != number and number.isascii() and number.isdigit() and len(number) <= KEPT_DIGITS_MAX
    return int(number) if is_kept else NO_ROW
