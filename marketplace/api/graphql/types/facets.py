"""How many products of a search lie under each value, so that nobody narrows to nothing. Ours: Saleor has no facets.

Resolved from `catalog.search.Facets`. Objects are loaded for a whole facet at once, and only for one that is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import graphene
from graphql import GraphQLResolveInfo

from catalog.categories import Category as CategoryFacts
from catalog.categories import category_by_no
from catalog.search import Facets
from marketplace.api.graphql.selections import selected
from marketplace.api.graphql.types.categories import Category
from marketplace.api.graphql.types.common import non_null_list
from marketplace.api.graphql.types.places import Commune, Province
from marketplace.api.graphql.types.vendors import Vendor
from marketplace.places import models as places
from vendors.selectors import public_vendors

FACET_VALUES_MAX = 100
"""Of each facet, those that hold the most products."""

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Counted(Generic[Thing]):
    """A value and how many of the products found have it."""

    value: Thing
    count: int


def _facet(name: str, of: Any, field: str, description: str) -> Any:
    """The type of one facet's rows: the value under its own name, and its count."""
    return type(
        name,
        (graphene.ObjectType,),
        {
            "__doc__": description,
            field: graphene.Field(of, required=True, resolver=lambda root, _info: root.value),
            "count": graphene.Int(required=True),
        },
    )


ProvinceFacet = _facet("ProvinceFacet", Province, "province", "A province of origin and how many products it has.")
CommuneFacet = _facet("CommuneFacet", Commune, "commune", "A commune of origin and how many products it has.")
CategoryFacet = _facet("CategoryFacet", Category, "category", "An OCOP set and how many products it has.")
StarsFacet = _facet("StarsFacet", graphene.Int, "stars", "Stars that may be shown and how many products have them.")
VendorFacet = _facet("VendorFacet", Vendor, "vendor", "A shop and how many products it has.")


class ProductFacets(graphene.ObjectType):
    """How many products were found under each value, the most first, at most 100 values a facet.

    Each facet is counted under the filters of all the others, so that another of its values can be taken instead.
    """

    provinces = non_null_list(ProvinceFacet)
    communes = non_null_list(CommuneFacet)
    categories = non_null_list(CategoryFacet)
    stars = non_null_list(StarsFacet)
    vendors = non_null_list(VendorFacet)
    in_stock = graphene.Int(required=True, description="How many can be got now.")
    is_exact = graphene.Boolean(
        required=True, description="False where too many were found: then the newest 2,000 are counted."
    )

    @staticmethod
    def resolve_provinces(root: Facets, info: GraphQLResolveInfo) -> list[Counted[Any]]:
        most = _most(root.provinces)
        if "province" not in selected(info):
            return _numbers(most)
        return _counted(most, places.Province.objects.in_bulk(list(most)))

    @staticmethod
    def resolve_communes(root: Facets, info: GraphQLResolveInfo) -> list[Counted[Any]]:
        most = _most(root.communes)
        if "commune" not in selected(info):
            return _numbers(most)
        return _counted(most, places.Commune.objects.select_related("province").in_bulk(list(most)))

    @staticmethod
    def resolve_categories(root: Facets, _info: GraphQLResolveInfo) -> list[Counted[CategoryFacts]]:
        most = _most(root.sets)
        found = {number: category_by_no(number) for number in most}
        return _counted(most, {number: one for number, one in found.items() if one is not None})

    @staticmethod
    def resolve_stars(root: Facets, _info: GraphQLResolveInfo) -> list[Counted[int]]:
        return [Counted(stars, count) for stars, count in root.stars.items()]

    @staticmethod
    def resolve_vendors(root: Facets, info: GraphQLResolveInfo) -> list[Counted[Any]]:
        most = _most(root.vendors)
        if "vendor" not in selected(info):
            return _numbers(most)
        return _counted(most, public_vendors().in_bulk(list(most)))


Key = TypeVar("Key")


def _most(counts: Mapping[Key, int]) -> dict[Key, int]:
    return dict(list(counts.items())[:FACET_VALUES_MAX])


def _counted(counts: Mapping[Key, int], values: Mapping[Key, Thing]) -> list[Counted[Thing]]:
    return [Counted(values[key], count) for key, count in counts.items() if key in values]


def _numbers(counts: Mapping[Key, int]) -> list[Counted[Any]]:
    """Where the values themselves are not asked for: each of them is there, since goods that are shown have it."""
    return [Counted(key, count) for key, count in counts.items()]
