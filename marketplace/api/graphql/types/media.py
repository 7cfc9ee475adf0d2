"""Pictures: their addresses in the size and the form that a client asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from catalog import models
from catalog.pictures import Form, picture_url
from marketplace.api.graphql.context import absolute_url
from marketplace.api.graphql.ids import to_global_id
from marketplace.api.graphql.types.common import Node, global_id
from marketplace.api.graphql.types.enums import (
    MediaChoicesSortField,
    OrderDirection,
    ProductMediaType,
    ThumbnailFormatEnum,
)
from marketplace.api.graphql.types.scalars import JSONString

THUMBNAIL_EDGE_PIXELS = 256
"""Saleor's size of a thumbnail that is asked for without one."""
WEBP = "WEBP"


def sized_url(
    media: models.ProductMedia, size: int | None, *, form: Any = None, usual: int = THUMBNAIL_EDGE_PIXELS
) -> str:
    """The address of the smallest file that is at least so large.

    WebP where it is asked for and there; else JPEG, which every client shows: nobody makes AVIF here.
    """
    wants_webp = form is not None and form.value == WEBP and media.is_complete
    edge = usual if size is None else size
    return absolute_url(picture_url(media, edge, form=Form.WEBP if wants_webp else Form.JPEG))


def picture(media: models.ProductMedia | None, *, size: int | None, form: Any) -> dict[str, str] | None:
    """What `Image` is resolved from; None where there is no photo."""
    return None if media is None else {"url": sized_url(media, size, form=form), "alt": media.alt}


class ProductMedia(graphene.ObjectType):
    """A photo."""

    class Meta:
        interfaces = (Node,)

    id = global_id("ProductMedia")
    alt = graphene.String(required=True)
    type = graphene.Field(ProductMediaType, required=True, resolver=lambda _root, _info: "IMAGE")
    oembed_data = JSONString(
        required=True, description="Of a video elsewhere, which none is.", resolver=lambda _root, _info: {}
    )
    sort_order = graphene.Int(resolver=lambda root, _info: root.position)
    url = graphene.String(required=True, size=graphene.Int(), format=ThumbnailFormatEnum())
    product_id = graphene.ID(resolver=lambda root, _info: to_global_id("Product", root.product_id))

    @staticmethod
    def resolve_url(
        root: models.ProductMedia, _info: GraphQLResolveInfo, size: int | None = None, format: Any = None
    ) -> str:
        return sized_url(root, size, form=format, usual=root.width)


class MediaSortingInput(graphene.InputObjectType):
    """In which order photos come."""

    direction = OrderDirection(required=True)
    field = MediaChoicesSortField(required=True)


def sorted_media(media: list[models.ProductMedia], sort_by: Mapping[str, Any] | None) -> list[models.ProductMedia]:
    """The photos in the order asked for; in the shop's own where none is."""
    if sort_by is None:
        return media
    return sorted(media, key=lambda one: one.pk, reverse=sort_by["direction"].value == "DESC")
