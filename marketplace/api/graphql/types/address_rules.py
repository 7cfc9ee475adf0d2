"""Saleor's rules of addresses. Resolved from `marketplace.orders.address_rules.AddressRules`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import graphene
from graphene.utils.str_converters import to_camel_case
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.types.common import non_null_list
from marketplace.orders.address_rules import AddressRules
from marketplace.orders.services.addresses import VIETNAM


def _words(name: str) -> Any:
    """A list of the names of fields, as clients write them."""
    return non_null_list(
        graphene.String, resolver=lambda root, _info: [to_camel_case(field) for field in getattr(root, name)]
    )


def _nothing() -> Any:
    return non_null_list(graphene.String, resolver=lambda _root, _info: [])


def _says(word: str) -> Any:
    return graphene.String(required=True, resolver=lambda _root, _info: word)


class ChoiceValue(graphene.ObjectType):
    """A name that a field of an address may have. Resolved from the name."""

    raw = graphene.String(description="What to send.", resolver=lambda root, _info: root)
    verbose = graphene.String(description="What to show.", resolver=lambda root, _info: root)


class AddressValidationData(graphene.ObjectType):
    """What an address must and may say in a country.

    In Vietnam `countryArea` is the province or city and `city` the commune, ward or special zone. Names come as the
    official table of July 2025 writes them, and checkouts take every one of them. Nothing is written in capitals.
    """

    country_code = graphene.String(required=True, resolver=lambda root, _info: root.country)
    country_name = graphene.String(
        required=True, resolver=lambda root, _info: "Việt Nam" if root.country == VIETNAM else root.country
    )
    address_format = graphene.String(required=True, resolver=lambda root, _info: root.format)
    address_latin_format = graphene.String(required=True, resolver=lambda root, _info: root.format)
    allowed_fields = _words("allowed_fields")
    required_fields = _words("required_fields")
    upper_fields = _nothing()
    country_area_type = _says("province")
    country_area_choices = non_null_list(ChoiceValue)
    city_type = _says("city")
    city_choices = non_null_list(ChoiceValue)
    city_area_type = _says("suburb")
    city_area_choices = non_null_list(ChoiceValue, resolver=lambda _root, _info: [])
    postal_code_type = _says("postal")
    postal_code_matchers = _nothing()
    postal_code_examples = _nothing()
    postal_code_prefix = _says("")

    @staticmethod
    def resolve_country_area_choices(root: AddressRules, _info: GraphQLResolveInfo) -> Iterable[str]:
        return [province.name for province in root.provinces]

    @staticmethod
    def resolve_city_choices(root: AddressRules, _info: GraphQLResolveInfo) -> Iterable[str]:
        return [commune.name for commune in root.communes]
