"""Saleor's menus. Resolved from `marketplace.api.graphql.menu_rows`, which makes them of what the market has."""

from __future__ import annotations

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import absolute_url, context
from marketplace.api.graphql.ids import to_global_id
from marketplace.api.graphql.menu_rows import MenuItemRow, MenuRow
from marketplace.api.graphql.types.categories import Category
from marketplace.api.graphql.types.collections import Collection
from marketplace.api.graphql.types.common import Node, WithMetadataFields, global_id
from marketplace.api.graphql.types.enums import LanguageCodeEnum
from marketplace.api.graphql.types.pages import Page
from marketplace.api.graphql.types.translations import LanguageDisplay, language_of


class MenuItemTranslation(graphene.ObjectType):
    """The name of an item in a language. Resolved from the item and the language."""

    class Meta:
        interfaces = (Node,)

    id = graphene.ID(required=True)
    language = graphene.Field(LanguageDisplay, required=True, resolver=lambda root, _info: root[1])
    name = graphene.String(required=True, resolver=lambda root, _info: root[0].names[root[1]])

    @staticmethod
    def resolve_id(root: tuple[MenuItemRow, str], _info: GraphQLResolveInfo) -> str:
        item, language = root
        return to_global_id("MenuItemTranslation", f"{item.pk}-{language}")


class MenuItem(WithMetadataFields):
    """An item of a menu: it leads to a category, a collection, a page, or an address of the market's own pages."""

    class Meta:
        interfaces = (Node,)

    id = global_id("MenuItem")
    name = graphene.String(required=True)
    level = graphene.Int(required=True)
    menu = graphene.Field(lambda: Menu, required=True)
    parent = graphene.Field(lambda: MenuItem)
    children = graphene.List(graphene.NonNull(lambda: MenuItem))
    category = graphene.Field(Category)
    collection = graphene.Field(Collection)
    page = graphene.Field(Page)
    url = graphene.String(resolver=lambda root, _info: root.path and absolute_url(root.path))
    translation = graphene.Field(MenuItemTranslation, language_code=LanguageCodeEnum(required=True))

    @staticmethod
    def resolve_translation(
        root: MenuItemRow, _info: GraphQLResolveInfo, *, language_code: Any
    ) -> tuple[MenuItemRow, str] | None:
        language = language_of(language_code)
        return (root, language) if language in root.names else None


def items_of(menu: MenuRow, info: GraphQLResolveInfo) -> list[MenuItemRow]:
    """The items of a menu; the pictures of what they lead to may be asked for together."""
    loaders = context(info).loaders
    for item in menu.all_items:
        if item.category is not None:
            loaders.category_picture.expect([item.category.no])
        if item.collection is not None:
            loaders.collection_picture.expect([item.collection.no])
    return menu.items


class Menu(WithMetadataFields):
    """A menu: `navbar` leads to goods, `footer` to the texts that the market is bound by."""

    class Meta:
        interfaces = (Node,)

    id = global_id("Menu")
    name = graphene.String(required=True, resolver=lambda root, _info: root.slug)
    slug = graphene.String(required=True)
    items = graphene.List(graphene.NonNull(MenuItem), resolver=items_of)


def menu_row(slug: str, info: GraphQLResolveInfo) -> MenuRow:
    """The menu of this slug, as the asker may see it."""
    asker = context(info)
    return MenuRow(slug=slug, today=asker.today, age_declared=asker.age_declared)
