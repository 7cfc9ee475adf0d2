"""Collections of goods. Resolved from `catalog.collections`, which derives them."""

from __future__ import annotations

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from catalog import collections
from catalog.models import Product as ProductRow
from marketplace.api.graphql.connections import Connection
from marketplace.api.graphql.context import context
from marketplace.api.graphql.queries.product_lists import product_arguments, product_page
from marketplace.api.graphql.types.common import Image, Node, WithMetadataFields, connection_of, global_id
from marketplace.api.graphql.types.enums import LanguageCodeEnum, ThumbnailFormatEnum
from marketplace.api.graphql.types.media import picture
from marketplace.api.graphql.types.scalars import JSONString
from marketplace.api.graphql.types.texts import editor_document
from marketplace.api.graphql.types.translations import CollectionTranslation, Translation, language_of
from marketplace.core.languages import SOURCE
from marketplace.orders.models import Channel


class Collection(WithMetadataFields):
    """Goods that have their stars, their province or their newness in common."""

    class Meta:
        interfaces = (Node,)

    id = global_id("Collection", key="no")
    name = graphene.String(required=True)
    slug = graphene.String(required=True)
    description = JSONString(resolver=lambda root, _info: editor_document(root.texts[SOURCE].description or ""))
    seo_title = graphene.String(resolver=lambda root, _info: root.texts[SOURCE].seo_title)
    seo_description = graphene.String(resolver=lambda root, _info: root.texts[SOURCE].seo_description)
    channel = graphene.String(resolver=lambda _root, _info: Channel.ONLINE.value)
    products = graphene.Field("marketplace.api.graphql.types.products.ProductConnection", **product_arguments())
    background_image = graphene.Field(Image, size=graphene.Int(), format=ThumbnailFormatEnum())
    translation = graphene.Field(CollectionTranslation, language_code=LanguageCodeEnum(required=True))

    @staticmethod
    def resolve_products(
        root: collections.Collection, info: GraphQLResolveInfo, **asked: Any
    ) -> Connection[ProductRow]:
        asker = context(info)
        within = collections.in_collection(root.no, today=asker.today, age_declared=asker.age_declared)
        return product_page(info, within=within, is_collection=True, **asked)

    @staticmethod
    def resolve_background_image(
        root: collections.Collection, info: GraphQLResolveInfo, size: int | None = None, format: Any = None
    ) -> dict[str, str] | None:
        return picture(context(info).loaders.collection_picture.load(root.no), size=size, form=format)

    @staticmethod
    def resolve_translation(
        root: collections.Collection, _info: GraphQLResolveInfo, *, language_code: Any
    ) -> Translation | None:
        texts = root.texts.get(language_of(language_code))
        return None if texts is None else Translation(root.no, texts)


CollectionConnection: Any = connection_of(Collection)
