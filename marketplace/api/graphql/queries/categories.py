"""`categories` and `category`: the OCOP programme's groups and sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from catalog.categories import Category as CategoryFacts
from catalog.categories import all_categories, category_by_no, category_by_slug, children_of
from catalog.search.words import folded_words
from catalog.selectors.counting import products_of_sets
from marketplace.api.graphql.connections import Connection, Slice
from marketplace.api.graphql.context import context
from marketplace.api.graphql.ids import integer_of
from marketplace.api.graphql.queries.arguments import exactly_one, not_both_filters
from marketplace.api.graphql.queries.product_where import AND, OR, check_size
from marketplace.api.graphql.queries.reading_inputs import Given, bounded, integers, lies_between, words_typed
from marketplace.api.graphql.types.categories import Category, CategoryConnection, category_page
from marketplace.api.graphql.types.common import paging
from marketplace.api.graphql.types.enums import CategorySortField, LanguageCodeEnum, OrderDirection
from marketplace.api.graphql.types.inputs import DateTimeRangeInput, MetadataFilter, non_null_items
from marketplace.api.graphql.types.translations import slug_language
from marketplace.core.text import name_sort_key

NAME = "categories"


class CategoryFilterInput(graphene.InputObjectType):
    """What categories must be; all that is given must hold."""

    search = graphene.String()
    metadata = non_null_items(MetadataFilter)
    ids = non_null_items(graphene.ID)
    slugs = non_null_items(graphene.String)
    updated_at = DateTimeRangeInput()


class CategoryWhereInput(graphene.InputObjectType):
    """What categories must be; all that is given must hold, and one of what stands under OR."""

    metadata = non_null_items(MetadataFilter)
    ids = non_null_items(graphene.ID)
    AND = non_null_items(lambda: CategoryWhereInput)
    OR = non_null_items(lambda: CategoryWhereInput)


class CategorySortingInput(graphene.InputObjectType):
    """In which order categories come; the programme's where nothing is said."""

    direction = OrderDirection(required=True)
    channel = graphene.String()
    field = CategorySortField(required=True)


class CategoryQueries(graphene.ObjectType):
    """What may be asked about categories."""

    categories = graphene.Field(
        CategoryConnection,
        filter=CategoryFilterInput(),
        where=CategoryWhereInput(),
        sort_by=CategorySortingInput(),
        level=graphene.Int(),
        **paging(),
    )
    category = graphene.Field(
        Category, id=graphene.ID(), slug=graphene.String(), slug_language_code=LanguageCodeEnum()
    )

    @staticmethod
    def resolve_categories(
        _root: None,
        info: GraphQLResolveInfo,
        *,
        filter: Given | None = None,
        where: Given | None = None,
        sort_by: Given | None = None,
        level: int | None = None,
        **asked: Any,
    ) -> Connection[CategoryFacts]:
        not_both_filters(filter, where)
        check_size(where or {})
        conditions = FILTERS if filter else WHERE
        found = [
            one
            for one in all_categories()
            if level in (None, one.level) and holds(one, filter or where or {}, conditions)
        ]
        page = category_page(_sorted(found, sort_by, info), asked=Slice(**asked), name=NAME)
        context(info).loaders.category_picture.expect(one.no for one in page.nodes)
        return page

    @staticmethod
    def resolve_category(
        _root: None,
        _info: GraphQLResolveInfo,
        *,
        id: str | None = None,
        slug: str | None = None,
        slug_language_code: Any = None,
    ) -> CategoryFacts | None:
        exactly_one(id=id, slug=slug)
        if id is not None:
            return category_by_no(integer_of(id, "Category"))
        return category_by_slug(slug or "", language=slug_language(slug_language_code))


def holds(one: Any, given: Given, conditions: Mapping[str, Callable[[Any, Any], bool]]) -> bool:
    """Whether a thing that is at hand is what a filter or a nested `where` asks for."""
    return (
        all(condition(one, given[name]) for name, condition in conditions.items() if given.get(name) is not None)
        and all(holds(one, inner, conditions) for inner in given.get(AND) or ())
        and (not given.get(OR) or any(holds(one, inner, conditions) for inner in given[OR]))
    )


def is_called(one: Any, text: str) -> bool:
    """Every typed word begins a word of the name or the description, in any language."""
    words = folded_words(" ".join(f"{texts.name} {texts.description}" for texts in one.texts.values()))
    return all(any(word.startswith(typed) for word in words) for typed in words_typed(text))


def has_metadata(one: Any, given: list[Given]) -> bool:
    """Every key is kept, with its value where one is given."""
    return all(
        wanted["key"] in one.metadata and wanted.get("value") in (None, one.metadata[wanted["key"]])
        for wanted in bounded(given)
    )


WHERE: Mapping[str, Callable[[Any, Any], bool]] = {
    "metadata": has_metadata,
    "ids": lambda one, given: one.no in integers(given, "Category"),
}
FILTERS: Mapping[str, Callable[[Any, Any], bool]] = {
    **WHERE,
    "search": is_called,
    "slugs": lambda one, given: one.slug in bounded(given),
    "updated_at": lambda one, given: lies_between(one.updated_at, given),
}


def _sorted(found: list[CategoryFacts], sort_by: Given | None, info: GraphQLResolveInfo) -> list[CategoryFacts]:
    if sort_by is None:
        return found
    keys: Mapping[str, Callable[[CategoryFacts], Any]] = {
        "NAME": lambda one: (name_sort_key(one.name), one.no),
        "SUBCATEGORY_COUNT": lambda one: (len(children_of(one)), one.no),
    }
    key = keys.get(sort_by["field"].value) or _by_count(info)
    return sorted(found, key=key, reverse=sort_by["direction"].value == "DESC")


def _by_count(info: GraphQLResolveInfo) -> Callable[[CategoryFacts], Any]:
    counts = products_of_sets(age_declared=context(info).age_declared)
    return lambda one: (sum(counts.get(number, 0) for number in one.set_numbers), one.no)
