"""`collections` and `collection`: goods that have stars, a province or newness in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from catalog.collections import (
    NEWEST_PRODUCTS_MAX,
    Kind,
    all_collections,
    collection_by_no,
    collection_by_slug,
)
from catalog.collections import Collection as CollectionFacts
from catalog.selectors.counting import products_of_provinces, products_of_sets, products_of_stars
from marketplace.api.graphql.connections import Connection, Slice, nothing, page_of_list
from marketplace.api.graphql.context import context
from marketplace.api.graphql.ids import integer_of
from marketplace.api.graphql.queries.arguments import exactly_one, not_both_filters
from marketplace.api.graphql.queries.categories import has_metadata, holds, is_called
from marketplace.api.graphql.queries.channels import is_online
from marketplace.api.graphql.queries.product_where import check_size
from marketplace.api.graphql.queries.reading_inputs import Given, bounded, integers
from marketplace.api.graphql.types.collections import Collection, CollectionConnection
from marketplace.api.graphql.types.common import paging
from marketplace.api.graphql.types.enums import (
    CollectionPublished,
    CollectionSortField,
    LanguageCodeEnum,
    OrderDirection,
)
from marketplace.api.graphql.types.inputs import MetadataFilter, non_null_items
from marketplace.api.graphql.types.translations import slug_language
from marketplace.core.text import name_sort_key

NAME = "collections"


class CollectionFilterInput(graphene.InputObjectType):
    """What collections must be; all that is given must hold."""

    published = CollectionPublished()
    search = graphene.String()
    metadata = non_null_items(MetadataFilter)
    ids = non_null_items(graphene.ID)
    slugs = non_null_items(graphene.String)
    channel = graphene.String()


class CollectionWhereInput(graphene.InputObjectType):
    """What collections must be; all that is given must hold, and one of what stands under OR."""

    metadata = non_null_items(MetadataFilter)
    ids = non_null_items(graphene.ID)
    AND = non_null_items(lambda: CollectionWhereInput)
    OR = non_null_items(lambda: CollectionWhereInput)


class CollectionSortingInput(graphene.InputObjectType):
    """In which order collections come: the newest goods, stars, provinces by name, where nothing is said."""

    direction = OrderDirection(required=True)
    channel = graphene.String()
    field = CollectionSortField(required=True)


class CollectionQueries(graphene.ObjectType):
    """What may be asked about collections."""

    collections = graphene.Field(
        CollectionConnection,
        filter=CollectionFilterInput(),
        where=CollectionWhereInput(),
        sort_by=CollectionSortingInput(),
        channel=graphene.String(),
        **paging(),
    )
    collection = graphene.Field(
        Collection,
        id=graphene.ID(),
        slug=graphene.String(),
        slug_language_code=LanguageCodeEnum(),
        channel=graphene.String(),
    )

    @staticmethod
    def resolve_collections(
        _root: None,
        info: GraphQLResolveInfo,
        *,
        filter: Given | None = None,
        where: Given | None = None,
        sort_by: Given | None = None,
        channel: str | None = None,
        **asked: Any,
    ) -> Connection[CollectionFacts]:
        not_both_filters(filter, where)
        check_size(where or {})
        page = Slice(**asked)
        if not is_online(channel) or not is_online((filter or {}).get("channel")):
            return nothing(asked=page, name=NAME)
        conditions = FILTERS if filter else WHERE
        rows = all_collections(age_declared=context(info).age_declared)
        found = [one for one in rows if holds(one, filter or where or {}, conditions)]
        shown = page_of_list(_sorted(found, sort_by, info), key=lambda one: one.no, asked=page, name=NAME)
        context(info).loaders.collection_picture.expect(one.no for one in shown.nodes)
        return shown

    @staticmethod
    def resolve_collection(
        _root: None,
        info: GraphQLResolveInfo,
        *,
        id: str | None = None,
        slug: str | None = None,
        slug_language_code: Any = None,
        channel: str | None = None,
    ) -> CollectionFacts | None:
        exactly_one(id=id, slug=slug)
        number = None if id is None else integer_of(id, "Collection")
        if not is_online(channel):
            return None
        age_declared = context(info).age_declared
        if number is not None:
            return collection_by_no(number, age_declared=age_declared)
        language = slug_language(slug_language_code)
        return collection_by_slug(slug or "", age_declared=age_declared, language=language)


WHERE: Mapping[str, Callable[[Any, Any], bool]] = {
    "metadata": has_metadata,
    "ids": lambda one, given: one.no in integers(given, "Collection"),
}
FILTERS: Mapping[str, Callable[[Any, Any], bool]] = {
    **WHERE,
    "published": lambda _one, given: bool(given.value == "PUBLISHED"),
    "search": is_called,
    "slugs": lambda one, given: one.slug in bounded(given),
}


def _sorted(found: list[CollectionFacts], sort_by: Given | None, info: GraphQLResolveInfo) -> list[CollectionFacts]:
    """Every collection is public since ever, so that the other fields leave the usual order."""
    if sort_by is None:
        return found
    is_backwards = bool(sort_by["direction"].value == "DESC")
    if sort_by["field"].value == "NAME":
        return sorted(found, key=lambda one: (name_sort_key(one.name), one.no), reverse=is_backwards)
    if sort_by["field"].value == "PRODUCT_COUNT":
        return sorted(found, key=_by_count(info), reverse=is_backwards)
    return found[::-1] if is_backwards else found


def _by_count(info: GraphQLResolveInfo) -> Callable[[CollectionFacts], tuple[int, int]]:
    asker = context(info)
    of_provinces = products_of_provinces(age_declared=asker.age_declared)
    of_stars = products_of_stars(today=asker.today, age_declared=asker.age_declared)
    of_sets = products_of_sets(age_declared=asker.age_declared)

    def count(one: CollectionFacts) -> int:
        if one.kind is Kind.NEWEST:
            return min(NEWEST_PRODUCTS_MAX, sum(of_sets.values()))
        return of_stars.get(int(one.value), 0) if one.kind is Kind.STARS else of_provinces.get(one.value, 0)

    return lambda one: (count(one), one.no)
