"""Saleor's pages ("models"): the market's own texts, and one page for each public shop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from catalog.attributes import Assigned
from catalog.attributes import Attribute as AttributeFacts
from marketplace.api.graphql.ids import to_global_id
from marketplace.api.graphql.page_attributes import SHOP_ATTRIBUTES, shop_attributes
from marketplace.api.graphql.page_rows import PageKind, PageRow, PageText
from marketplace.api.graphql.types.attributes import (
    ASSIGNED_USUAL,
    AssignedAttribute,
    Attribute,
    ObjectWithAttributes,
    SelectedAttribute,
    named,
)
from marketplace.api.graphql.types.common import Node, WithMetadataFields, connection_of, global_id, non_null_list
from marketplace.api.graphql.types.enums import LanguageCodeEnum
from marketplace.api.graphql.types.scalars import JSONString, PositiveInt
from marketplace.api.graphql.types.translations import LanguageDisplay, language_of


class PageType(WithMetadataFields):
    """What a page is about: `legal` for the market's own texts, `vendor` for shops. Resolved from a `PageKind`."""

    class Meta:
        interfaces = (Node,)

    id = global_id("PageType", key="number")
    name = graphene.String(required=True, resolver=lambda root, _info: root.title)
    slug = graphene.String(required=True, resolver=lambda root, _info: root.value)
    attributes = graphene.List(graphene.NonNull(Attribute))

    @staticmethod
    def resolve_attributes(root: PageKind, _info: GraphQLResolveInfo) -> Sequence[AttributeFacts]:
        return SHOP_ATTRIBUTES if root is PageKind.VENDOR else ()


class PageTranslation(graphene.ObjectType):
    """The words of a page in a language. Resolved from the page's number, slug and words."""

    class Meta:
        interfaces = (Node,)

    id = graphene.ID(required=True)
    language = graphene.Field(LanguageDisplay, required=True, resolver=lambda root, _info: root[1].language)
    slug = graphene.String(description="The same in every language.", resolver=lambda root, _info: root[0].slug)
    title = graphene.String(resolver=lambda root, _info: root[1].title)
    content = JSONString(resolver=lambda root, _info: root[1].document)
    seo_title = graphene.String(resolver=lambda root, _info: root[1].title)
    seo_description = graphene.String(resolver=lambda root, _info: root[1].description)

    @staticmethod
    def resolve_id(root: tuple[PageRow, PageText], _info: GraphQLResolveInfo) -> str:
        page, text = root
        return to_global_id("PageTranslation", f"{page.pk}-{text.language}")


class Page(WithMetadataFields):
    """A text of the market's (page type `legal`) or a public shop (page type `vendor`). Resolved from a `PageRow`."""

    class Meta:
        interfaces = (Node, ObjectWithAttributes)

    id = global_id("Page")
    slug = graphene.String(required=True)
    title = graphene.String(required=True)
    content = JSONString(resolver=lambda root, _info: root.text.document)
    seo_title = graphene.String(resolver=lambda root, _info: root.title)
    seo_description = graphene.String(resolver=lambda root, _info: root.text.description)
    page_type = graphene.Field(PageType, required=True, resolver=lambda root, _info: root.kind)
    # What is not public is not shown at all: a shop before it was verified, a text before its day.
    is_published = graphene.Boolean(required=True, resolver=lambda _root, _info: True)
    published_at = graphene.DateTime()
    created = graphene.DateTime(required=True)
    attribute = graphene.Field(SelectedAttribute, slug=graphene.String(required=True))
    attributes = non_null_list(SelectedAttribute)
    assigned_attribute = graphene.Field(AssignedAttribute, slug=graphene.String(required=True))
    assigned_attributes = non_null_list(AssignedAttribute, limit=PositiveInt())
    translation = graphene.Field(PageTranslation, language_code=LanguageCodeEnum(required=True))

    @staticmethod
    def resolve_attribute(root: PageRow, _info: GraphQLResolveInfo, slug: str) -> Assigned | None:
        return named(attributes_of(root), slug)

    @staticmethod
    def resolve_attributes(root: PageRow, _info: GraphQLResolveInfo) -> list[Assigned]:
        return attributes_of(root)

    @staticmethod
    def resolve_assigned_attribute(root: PageRow, _info: GraphQLResolveInfo, slug: str) -> Assigned | None:
        return named(attributes_of(root), slug)

    @staticmethod
    def resolve_assigned_attributes(
        root: PageRow, _info: GraphQLResolveInfo, limit: int = ASSIGNED_USUAL
    ) -> list[Assigned]:
        return attributes_of(root)[:limit]

    @staticmethod
    def resolve_translation(
        root: PageRow, _info: GraphQLResolveInfo, *, language_code: Any
    ) -> tuple[PageRow, PageText] | None:
        text = root.text_in(language_of(language_code))
        return None if text is None else (root, text)


PageCountableConnection = connection_of(Page)


def attributes_of(page: PageRow) -> list[Assigned]:
    """What a page is known by: a shop by who it is and where it stands, a text by nothing."""
    return [] if page.vendor is None else shop_attributes(page.vendor)
