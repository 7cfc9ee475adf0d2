"""Categories: the OCOP programme's groups and its 26 product sets. Resolved from `catalog.categories`."""

from __future__ import annotations

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from catalog import categories
from catalog.models import Product as ProductRow
from marketplace.api.graphql.connections import Connection, Slice, page_of_list
from marketplace.api.graphql.context import context
from marketplace.api.graphql.queries.product_lists import product_arguments, product_page
from marketplace.api.graphql.types.common import (
    Image,
    Node,
    WithMetadataFields,
    connection_of,
    global_id,
    paging,
)
from marketplace.api.graphql.types.enums import LanguageCodeEnum, ThumbnailFormatEnum
from marketplace.api.graphql.types.media import picture
from marketplace.api.graphql.types.scalars import JSONString
from marketplace.api.graphql.types.texts import editor_document
from marketplace.api.graphql.types.translations import CategoryTranslation, Translation, language_of
from marketplace.core.languages import SOURCE


class Category(WithMetadataFields):
    """A group of OCOP product sets, or one of the sets."""

    class Meta:
        interfaces = (Node,)

    id = global_id("Category", key="no")
    name = graphene.String(required=True)
    slug = graphene.String(required=True)
    description = JSONString(resolver=lambda root, _info: editor_document(root.texts[SOURCE].description or ""))
    seo_title = graphene.String(resolver=lambda root, _info: root.texts[SOURCE].seo_title)
    seo_description = graphene.String(resolver=lambda root, _info: root.texts[SOURCE].seo_description)
    level = graphene.Int(required=True)
    updated_at = graphene.DateTime(required=True)
    parent = graphene.Field(lambda: Category)
    ancestors = graphene.Field(lambda: CategoryConnection, **paging())
    children = graphene.Field(lambda: CategoryConnection, **paging())
    products = graphene.Field(
        "marketplace.api.graphql.types.products.ProductConnection",
        channel=graphene.String(),
        **product_arguments(),
    )
    background_image = graphene.Field(Image, size=graphene.Int(), format=ThumbnailFormatEnum())
    translation = graphene.Field(CategoryTranslation, language_code=LanguageCodeEnum(required=True))

    @staticmethod
    def resolve_parent(root: categories.Category, _info: GraphQLResolveInfo) -> categories.Category | None:
        return None if root.parent_no is None else categories.category_by_no(root.parent_no)

    @staticmethod
    def resolve_ancestors(
        root: categories.Category, _info: GraphQLResolveInfo, **asked: Any
    ) -> Connection[categories.Category]:
        parent = None if root.parent_no is None else categories.category_by_no(root.parent_no)
        return category_page([] if parent is None else [parent], asked=Slice(**asked), name="ancestors")

    @staticmethod
    def resolve_children(
        root: categories.Category, info: GraphQLResolveInfo, **asked: Any
    ) -> Connection[categories.Category]:
        found = category_page(list(categories.children_of(root)), asked=Slice(**asked), name="children")
        context(info).loaders.category_picture.expect(one.no for one in found.nodes)
        return found

    @staticmethod
    def resolve_products(root: categories.Category, info: GraphQLResolveInfo, **asked: Any) -> Connection[ProductRow]:
        return product_page(info, within=categories.in_category(root), **asked)

    @staticmethod
    def resolve_background_image(
        root: categories.Category, info: GraphQLResolveInfo, size: int | None = None, format: Any = None
    ) -> dict[str, str] | None:
        return picture(context(info).loaders.category_picture.load(root.no), size=size, form=format)

    @staticmethod
    def resolve_translation(
        root: categories.Category, _info: GraphQLResolveInfo, *, language_code: Any
    ) -> Translation | None:
        texts = root.texts.get(language_of(language_code))
        return None if texts is None else Translation(root.no, texts)


CategoryConnection: Any = connection_of(Category)


def category_page(rows: list[categories.Category], *, asked: Slice, name: str) -> Connection[categories.Category]:
    """A page of categories that are at hand."""
    return page_of_list(rows, key=lambda one: one.no, asked=asked, name=name)
