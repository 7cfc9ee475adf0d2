"""`productFacets`: how many products of a search lie under each value. Ours: Saleor has no facets."""

from __future__ import annotations

from dataclasses import replace

import graphene
from graphql import GraphQLResolveInfo

from catalog.categories import category_by_no
from catalog.search import Facets, SearchFilters, count_facets
from marketplace.api.graphql.context import context
from marketplace.api.graphql.ids import integer_of
from marketplace.api.graphql.queries.arguments import not_both_filters
from marketplace.api.graphql.queries.channels import is_online
from marketplace.api.graphql.queries.product_filters import (
    IN_STOCK,
    ProductFilterInput,
    filter_condition,
    search_filters,
)
from marketplace.api.graphql.queries.product_lists import viewer_of
from marketplace.api.graphql.queries.product_where import ProductWhereInput, check_size, product_where
from marketplace.api.graphql.queries.reading_inputs import Given
from marketplace.api.graphql.types.facets import ProductFacets

NO_FACETS = Facets(provinces={}, communes={}, sets={}, stars={}, vendors={}, in_stock=0, is_exact=True)


class FacetQueries(graphene.ObjectType):
    """What may be asked before narrowing a search."""

    product_facets = graphene.Field(
        ProductFacets,
        required=True,
        search=graphene.String(),
        filter=ProductFilterInput(),
        where=ProductWhereInput(),
        channel=graphene.String(),
    )

    @staticmethod
    def resolve_product_facets(
        _root: None,
        info: GraphQLResolveInfo,
        *,
        search: str | None = None,
        filter: Given | None = None,
        where: Given | None = None,
        channel: str | None = None,
    ) -> Facets:
        not_both_filters(filter, where)
        given = dict(filter or {})
        if not is_online(channel) or not is_online(given.get("channel")):
            return NO_FACETS
        context(info).conditions.count(check_size(filter or where or {}))
        viewer = viewer_of(info)
        filters = _facet_filters(given)
        return count_facets(
            today=viewer.today,
            age_declared=viewer.age_declared,
            text=search or given.get("search") or "",
            filters=filters,
            within=filter_condition(given, viewer) & product_where(where or {}, viewer),
            matches=context(info).matches,
        )


def _facet_filters(given: dict[str, object]) -> SearchFilters:
    """The filters that are facets themselves, taken out of what is given: each is left out of its own count."""
    filters = search_filters(given)
    asked = given.get("stock_availability")
    if asked is not None and getattr(asked, "value", "") == IN_STOCK:
        del given["stock_availability"]
        filters = replace(filters, in_stock=True)
    categories = given.get("categories")
    if isinstance(categories, list) and len(categories) == 1:
        category = category_by_no(integer_of(categories[0], "Category"))
        if category is not None and category.set_numbers == (category.no,):
            del given["categories"]
            filters = replace(filters, ocop_set=category.no)
    return filters
