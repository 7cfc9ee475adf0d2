"""Lists of products: all of the market's, of a category, of a collection. One way to filter, sort and page them."""

from __future__ import annotations

from typing import Any

import graphene
from django.db.models import Q, QuerySet
from graphql import GraphQLError, GraphQLResolveInfo

from catalog.conditions import Viewer
from catalog.models import Product
from catalog.search import Matches, SearchFilters, browse_products, ids_by_relevance
from marketplace.api.graphql.connections import (
    Connection,
    Edge,
    Slice,
    nothing,
    page_of_list,
    page_of_rows,
)
from marketplace.api.graphql.context import context
from marketplace.api.graphql.queries.arguments import not_both_filters
from marketplace.api.graphql.queries.channels import is_online
from marketplace.api.graphql.queries.product_filters import (
    RANK,
    RATING,
    ProductFilterInput,
    ProductOrder,
    filter_condition,
    is_descending,
    search_filters,
    sorted_by,
)
from marketplace.api.graphql.queries.product_pages import is_plain, loading, page_of_everything, products_of_ids
from marketplace.api.graphql.queries.product_where import ProductWhereInput, check_size, product_where
from marketplace.api.graphql.queries.reading_inputs import Given
from marketplace.api.graphql.selections import selected, selected_anywhere
from marketplace.api.graphql.types.common import paging
from vendors.access import shops_in_reach

NAME = "products"


def product_arguments() -> dict[str, Any]:
    """The arguments of every list of products, but for `channel`."""
    return {
        "filter": ProductFilterInput(),
        "where": ProductWhereInput(),
        "sort_by": ProductOrder(),
        "search": graphene.String(),
        **paging(),
    }


def product_page(
    info: GraphQLResolveInfo,
    *,
    within: Q | None = None,
    is_collection: bool = False,
    filter: Given | None = None,
    where: Given | None = None,
    sort_by: Given | None = None,
    search: str | None = None,
    channel: str | None = None,
    **asked: Any,
) -> Connection[Product]:
    """A page of the products `within` a condition, as the arguments of the field say.

    Raises `GraphQLError` in Saleor's words for what cannot be asked, `InvalidId`, `BadFilter`, `BadText`.
    """
    page = Slice(**asked)
    not_both_filters(filter, where)
    given = filter or {}
    if not is_online(channel) or not is_online(given.get("channel")):
        return nothing(asked=page, name=NAME)
    context(info).conditions.count(check_size(filter or where or {}))
    viewer = viewer_of(info)
    filters = search_filters(given)
    own = shops_in_reach(context(info).actor)
    text = search or given.get("search") or ""
    sort, fields = sort_by or {}, selected(info)
    if within is None and not given and not where and not text and not own and is_plain(sort):
        found = page_of_everything(sort, page=page, viewer=viewer, fields=fields, name=NAME)
    else:
        shown = browse_products(today=viewer.today, age_declared=viewer.age_declared, filters=filters, own=own)
        products = shown.filter(within or Q(), filter_condition(given, viewer), product_where(where or {}, viewer))
        found = _found(
            products,
            text,
            filters=filters,
            sort=sort,
            page=page,
            viewer=viewer,
            is_collection=is_collection,
            fields=fields,
            matches=context(info).matches,
        )
    context(info).loaders.fields = selected_anywhere(info)
    context(info).loaders.expect_products(product.pk for product in found.nodes)
    return found


def viewer_of(info: GraphQLResolveInfo) -> Viewer:
    """On what the answer depends beside the rows."""
    asker = context(info)
    return Viewer(asker.today, asker.age_declared)


def _found(
    products: QuerySet[Product],
    text: str,
    *,
    filters: SearchFilters,
    sort: Given,
    page: Slice,
    viewer: Viewer,
    is_collection: bool,
    fields: frozenset[str],
    matches: Matches,
) -> Connection[Product]:
    field = sort.get("field")
    if field is None:
        is_by_rank = bool(text) and sort.get("attribute_id") is None
    else:
        # Nobody rates goods here: who searches for the best rated, as Saleor's storefront does, gets what fits best.
        is_by_rank = field.value == RANK or (field.value == RATING and bool(text))
    if is_by_rank and not text:
        raise GraphQLError("Sorting by RANK is available only when using a search filter or search argument.")
    if is_by_rank:
        ids = ids_by_relevance(products, text=text, filters=filters, matches=matches)
        in_order = ids if field is None or is_descending(sort) else ids[::-1]
        return _ranked(in_order, page, viewer=viewer, fields=fields)
    if text:
        products = products.filter(pk__in=ids_by_relevance(products, text=text, filters=filters, matches=matches))
    rows, keys = sorted_by(products, sort, viewer, is_collection=is_collection)
    return page_of_rows(loading(rows, fields, sorted_by=keys), keys=keys, asked=page, name=NAME)


def _ranked(ids: list[int], page: Slice, *, viewer: Viewer, fields: frozenset[str]) -> Connection[Product]:
    """The products of a page of ids in their order; one that went meanwhile, or was taken away, is left out."""
    shown = page_of_list(ids, key=lambda one: one, asked=page, name=NAME)
    found = products_of_ids(list(shown.nodes), viewer=viewer, fields=fields)
    edges = [Edge(found[edge.node], edge.cursor) for edge in shown.edges if edge.node in found]
    return Connection(edges, shown.page_info, shown.count)
