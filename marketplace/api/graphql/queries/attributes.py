"""`attributes` and `attribute`: what goods are known by. Nothing of it is in the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from catalog.attributes import ATTRIBUTES
from catalog.attributes import Attribute as AttributeFacts
from catalog.search.words import folded_words
from marketplace.api.graphql.connections import Connection, Slice, page_of_list
from marketplace.api.graphql.ids import integer_of
from marketplace.api.graphql.queries.arguments import exactly_one
from marketplace.api.graphql.queries.categories import holds
from marketplace.api.graphql.queries.reading_inputs import Given, bounded, integers, words_typed
from marketplace.api.graphql.types.attributes import Attribute
from marketplace.api.graphql.types.common import connection_of, paging
from marketplace.api.graphql.types.enums import AttributeTypeEnum
from marketplace.api.graphql.types.inputs import non_null_items

AttributeConnection: Any = connection_of(Attribute)


class AttributeFilterInput(graphene.InputObjectType):
    """What attributes must be; all that is given must hold."""

    search = graphene.String()
    ids = non_null_items(graphene.ID)
    type = AttributeTypeEnum()
    slugs = non_null_items(graphene.String)
    filterable_in_storefront = graphene.Boolean()


class AttributeQueries(graphene.ObjectType):
    """What may be asked about attributes."""

    attributes = graphene.Field(
        AttributeConnection,
        filter=AttributeFilterInput(),
        search=graphene.String(),
        channel=graphene.String(),
        **paging(),
    )
    attribute = graphene.Field(
        Attribute, id=graphene.ID(), slug=graphene.String(), external_reference=graphene.String()
    )

    @staticmethod
    def resolve_attributes(
        _root: None,
        _info: GraphQLResolveInfo,
        *,
        filter: Given | None = None,
        search: str | None = None,
        channel: str | None = None,
        **asked: Any,
    ) -> Connection[AttributeFacts]:
        given = {**(filter or {}), **({} if search is None else {"search": search})}
        found = [one for one in ATTRIBUTES.values() if holds(one, given, FILTERS)]
        return page_of_list(found, key=lambda one: one.no, asked=Slice(**asked), name="attributes")

    @staticmethod
    def resolve_attribute(
        _root: None,
        _info: GraphQLResolveInfo,
        *,
        id: str | None = None,
        slug: str | None = None,
        external_reference: str | None = None,
    ) -> AttributeFacts | None:
        exactly_one(id=id, slug=slug, externalReference=external_reference)
        if id is None:
            return ATTRIBUTES.get(slug or "")
        number = integer_of(id, "Attribute")
        return next((one for one in ATTRIBUTES.values() if one.no == number), None)


def _is_called(one: AttributeFacts, text: str) -> bool:
    words = folded_words(" ".join([one.slug, *one.names.values()]))
    return all(any(word.startswith(typed) for word in words) for typed in words_typed(text))


FILTERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "search": _is_called,
    "ids": lambda one, given: one.no in integers(given, "Attribute"),
    "type": lambda one, given: bool(one.owner_type.value == given.value),
    "slugs": lambda one, given: one.slug in bounded(given),
    "filterable_in_storefront": lambda one, given: one.has_choices is given,
}
