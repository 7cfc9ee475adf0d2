"""Addresses, in and out: `countryArea` is the province, `city` the commune."""

from __future__ import annotations

from typing import Any

import graphene
from django.utils.translation import gettext as _

from marketplace.api.graphql.types.common import Node, global_id
from marketplace.api.graphql.types.enums import CountryCode
from marketplace.core.errors import InvalidInput
from marketplace.orders.services.addresses import VIETNAM
from marketplace.orders.services.addresses import AddressInput as AddressWanted


class CountryDisplay(graphene.ObjectType):
    """A country; resolved from its code. Only the market's own is written out."""

    code = graphene.String(required=True, resolver=lambda root, _info: root)
    country = graphene.String(required=True, resolver=lambda root, _info: "Việt Nam" if root == VIETNAM else root)


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
