"""`products`, `product`, `productVariant`: the catalogue as shoppers may see it."""

from __future__ import annotations

from typing import Any

import graphene
from django.db.models import QuerySet
from graphql import GraphQLError, GraphQLResolveInfo

from catalog import models
from catalog.search import browse_products, ids_by_relevance
from catalog.selectors import product_by_id, product_by_slug, variant_by_id
from marketplace.api.graphql.connections import (
    Connection,
    Edge,
    Slice,
    nothing,
    page_of_list,
    page_of_rows,
)
from marketplace.api.graphql.context import context
from marketplace.api.graphql.ids import integer_of
from marketplace.api.graphql.queries.arguments import exactly_one
from marketplace.api.graphql.queries.channels import is_online
from marketplace.api.graphql.queries.product_filters import (
    RANK,
    ProductFilterInput,
    ProductOrder,
    is_descending,
    named_ones,
    search_filters,
    sorted_by,
)
from marketplace.api.graphql.types.common import paging
from marketplace.api.graphql.types.products import Product, ProductConnection, ProductVariant
from marketplace.core.clock import vietnam_date
from marketplace.core.errors import NotFound

NAME = "products"
PLACES = ("vendor__commune__province", "vendor__market_site", "commune_of_origin__province")


class ProductQueries(graphene.ObjectType):
    """What may be asked of the catalogue."""

    products = graphene.Field(
        ProductConnection,
        filter=ProductFilterInput(),
        sort_by=ProductOrder(),
        search=graphene.String(),
        channel=graphene.String(),
        **paging(),
    )
    product = graphene.Field(Product, id=graphene.ID(), slug=graphene.String(), channel=graphene.String())
    product_variant = graphene.Field(ProductVariant, id=graphene.ID(), channel=graphene.String())

    @staticmethod
    def resolve_products(
        _root: None,
        info: GraphQLResolveInfo,
        *,
        filter: dict[str, Any] | None = None,
        sort_by: dict[str, Any] | None = None,
        search: str | None = None,
        channel: str | None = None,
        **asked: Any,
    ) -> Connection[models.Product]:
        page = Slice(**asked)
        if not is_online(channel):
            return nothing(asked=page, name=NAME)
        given = filter or {}
        products = named_ones(_browsed(info, given), given)
        found = _found(products, search or given.get("search") or "", sort=sort_by or {}, page=page)
        context(info).loaders.expect_products(product.pk for product in found.nodes)
        return found

    @staticmethod
    def resolve_product(
        _root: None,
        info: GraphQLResolveInfo,
        *,
        id: str | None = None,
        slug: str | None = None,
        channel: str | None = None,
    ) -> models.Product | None:
        exactly_one(id=id, slug=slug)
        age_declared = context(info).age_declared
        if not is_online(channel):
            return None
        try:
            if id is not None:
                return product_by_id(integer_of(id, "Product"), age_declared=age_declared)
            return product_by_slug(slug or "", age_declared=age_declared)
        except NotFound:
            return None

    @staticmethod
    def resolve_product_variant(
        _root: None, info: GraphQLResolveInfo, *, id: str | None = None, channel: str | None = None
    ) -> models.ProductVariant | None:
        exactly_one(id=id)
        if not is_online(channel):
            return None
        try:
            return variant_by_id(integer_of(id or "", "ProductVariant"), age_declared=context(info).age_declared)
        except NotFound:
            return None


def _browsed(info: GraphQLResolveInfo, given: dict[str, Any]) -> QuerySet[models.Product]:
    asked = context(info)
    return browse_products(
        today=vietnam_date(asked.now), age_declared=asked.age_declared, filters=search_filters(given)
    )


def _found(
    products: QuerySet[models.Product], text: str, *, sort: dict[str, Any], page: Slice
) -> Connection[models.Product]:
    field = sort.get("field")
    is_by_rank = field.value == RANK if field is not None else bool(text)
    if is_by_rank and not text:
        raise GraphQLError("Sorting by RANK needs a search text.")
    if is_by_rank:
        ids = ids_by_relevance(products, text=text)
        return _ranked(ids if field is None or is_descending(sort) else ids[::-1], page)
    if text:
        products = products.filter(pk__in=ids_by_relevance(products, text=text))
    rows, keys = sorted_by(products, sort)
    return page_of_rows(rows.select_related(*PLACES), keys=keys, asked=page, name=NAME)


def _ranked(ids: list[int], page: Slice) -> Connection[models.Product]:
    """The products of a page of ids in their order; one that went meanwhile is left out."""
    shown = page_of_list(ids, key=lambda one: one, asked=page, name=NAME)
    rows = models.Product.objects.select_related(*PLACES).in_bulk(list(shown.nodes))
    edges = [Edge(rows[edge.node], edge.cursor) for edge in shown.edges if edge.node in rows]
    return Connection(edges, shown.page_info, shown.count)
