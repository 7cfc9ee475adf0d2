"""`addressValidationRules`: which fields an address has, and the names of provinces and communes."""

from __future__ import annotations

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.types.address_rules import AddressValidationData
from marketplace.api.graphql.types.enums import CountryCode
from marketplace.orders.address_rules import AddressRules, address_rules


class AddressQueries(graphene.ObjectType):
    """What may be asked about addresses."""

    address_validation_rules = graphene.Field(
        AddressValidationData,
        country_code=CountryCode(required=True),
        country_area=graphene.String(),
        city=graphene.String(),
        city_area=graphene.String(),
    )

    @staticmethod
    def resolve_address_validation_rules(
        _root: None, _info: GraphQLResolveInfo, *, country_code: Any, country_area: str | None = None, **_below: Any
    ) -> AddressRules:
        """`city` and `cityArea` change nothing: below the commune Vietnam has no area."""
        return address_rules(country=country_code.value, country_area=country_area)
